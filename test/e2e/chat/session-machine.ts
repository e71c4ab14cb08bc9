import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPENAI } from "../../support/model-answers.ts";
import { KEYS, type Pty, type PtyOptions, shellPty } from "../../support/pty.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { type Reply, scriptedServer, stream } from "../../support/scripted-server.ts";

export const KEY = "sk-0123456789abcdef0123";

export type Session = Pty & {
  /** The process of `qwen` itself. */
  readonly pid: () => number;
  /** Waits for the end: the exit code, and a terminal as it was before. */
  readonly expectEnd: (exitCode: number) => Promise<void>;
};

/** A whole answer of a model. */
export const says = (text: string): Reply => stream([OPENAI.text(text), OPENAI.finish]);

/** A machine on which a model is set up that answers with `replies`, and what was said to it. */
export async function withModel(...replies: readonly Reply[]) {
  const { origin, requests } = await scriptedServer(...replies);
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", baseUrl: `${origin}/v1`, envKey: "M_KEY" }] },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    env: { M_KEY: KEY },
  });
  const said = () =>
    requests.map(({ body }) =>
      JSON.parse(body).messages.map(({ content }: { content: string }) => content),
    );
  return { at, said, origin };
}

/** Opens a session in a shell that looks at the terminal before and after it. */
export function startSession(
  at: Machine,
  args: readonly string[] = [],
  options: PtyOptions = {},
): Session {
  const quoted = args.map((argument) => `'${argument}'`).join(" ");
  const script = `stty -a >../before; sh -c 'echo $$ >../pid; exec qwen "$@"' sh ${quoted}; echo "rc=$?"; stty -a >../after`;
  const pty = shellPty(at, script, { ...options, env: { QWEN_OFFLINE: "", ...options.env } });
  const read = (name: string): string => readFileSync(join(at.home, name), "utf8");
  /** How a terminal is set, whatever its size. */
  const settings = (name: string): string => read(name).replace(/rows \d+; columns \d+;/, "");
  return {
    ...pty,
    pid: () => Number(read("pid")),
    expectEnd: async (exitCode) => {
      await pty.waitFor(`rc=${exitCode}\n`);
      expect(await pty.exitCode()).toBe(0);
      expect(settings("after")).toBe(settings("before"));
      const raw = pty.raw();
      expect(raw.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(raw.lastIndexOf("\u001b[?25l"));
      expect(raw.lastIndexOf("\u001b[?2004l")).toBeGreaterThanOrEqual(
        raw.lastIndexOf("\u001b[?2004h"),
      );
    },
  };
}

/** Goes through the menu of `qwen auth`, up to the key of an endpoint of one's own. */
export async function enterEndpoint(
  pty: Pick<Pty, "press" | "waitFor">,
  { baseUrl, key }: { readonly baseUrl: string; readonly key: string },
): Promise<void> {
  await pty.waitFor("Select authentication method:");
  pty.press(KEYS.down + KEYS.enter);
  await pty.waitFor("Select API key type:");
  pty.press(KEYS.up + KEYS.enter);
  await pty.waitFor("Select the protocol:");
  pty.press(KEYS.enter);
  await pty.waitFor("Enter the base URL:");
  pty.press(`${baseUrl}${KEYS.enter}`);
  await pty.waitFor("Enter your API key");
  pty.press(`${key}${KEYS.enter}`);
}

export function settingsOf(at: Machine) {
  return JSON.parse(readFileSync(at.settings, "utf8"));
}
