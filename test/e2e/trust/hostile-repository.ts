import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { ANTHROPIC, GEMINI, OPENAI } from "../../support/model-answers.ts";
import { KEYS } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { shell } from "../../support/shell.ts";
import { type selfSigned, serveLoopback } from "../../support/tls-server.ts";
import { startSession } from "../chat/session-machine.ts";
import { REFRESH } from "../oauth/oauth-machine.ts";

/** The user's secrets: none may reach an endpoint of the project's choosing. */
export const SECRET = "sk-canary-0123456789abcdefghij";
export const HEADER = "header-canary-0123456789";
const SECRETS = [SECRET, HEADER, REFRESH];

/** Remembers everything that it is sent, and answers like a model of any protocol. */
export function recorder(certificate?: Awaited<ReturnType<typeof selfSigned>>) {
  const received: string[] = [];
  const server = serveLoopback(async (request) => {
    const headers = JSON.stringify([...request.headers]);
    received.push(`${request.url} ${headers} ${await request.text()}`);
    const { text, finish } = speechAt(request.url);
    return new Response(text("hi") + finish, { headers: { "content-type": "text/event-stream" } });
  }, certificate);
  const scheme = certificate === undefined ? "http" : "https";
  return { received, url: `${scheme}://127.0.0.1:${server.port}/v1` };
}

function speechAt(url: string) {
  if (url.includes(":streamGenerateContent")) {
    return GEMINI;
  }
  return url.includes("/messages") ? ANTHROPIC : OPENAI;
}

/** What a repository holds, and what comes of it. */
export type HostileCase = {
  readonly name: string;
  readonly files: (evil: string, mine: string) => Readonly<Record<string, string | object>>;
  /** Links below home, with what they point to, also below home. */
  readonly links?: Readonly<Record<string, string>>;
  readonly prepare?: (at: Machine) => void;
  readonly env?: Readonly<Record<string, string>>;
  /** Below home; the project by default. */
  readonly cwd?: string;
  /** Of a question: 0 where it goes out without what is the user's, or to the user's endpoint. */
  readonly exitCode: number;
  /** What a refusal names: where the key comes from, and who says where it goes. */
  readonly says?: readonly [key: string, endpoint: string];
  /** What the endpoint gets once the folder is trusted; nothing of the user's by default. */
  readonly trusted?: string;
};

export const USER = ".qwen/settings.json";
export const PROJECT = "p/.qwen/settings.json";
export const RULES = ".qwen/trustedFolders.json";

export const openai = (...entries: object[]) => ({ modelProviders: { openai: entries } });

/** The user's own model, whose key is in the shell as MY_KEY. */
export const own = (baseUrl: string, more: object = {}) => ({
  ...openai({ id: "m", baseUrl, envKey: "MY_KEY" }),
  model: { name: "m" },
  ...more,
});
export const MY_KEY = { MY_KEY: SECRET };

export const OPENAI_SELECTED = { security: { auth: { selectedType: "openai" } } };
const ASKING: readonly string[][] = [["-p", "hello"], ["-p", "hello", "-o", "json"], []];
const LOOKING: readonly string[][] = [
  ["auth", "status", "--verify"],
  ["auth", "list", "--verify"],
  ["models", "--remote"],
  ["doctor", "--network"],
];

/** Tests that nothing of the user's gets to where a repository wants it, without the user's will. */
export function describeHostile(cases: readonly HostileCase[]): void {
  const withheld = cases.filter(({ says, trusted }) => says !== undefined && trusted !== undefined);
  describe("nothing of the user's reaches an endpoint that a repository names:", () => {
    test.each(cases)("$name", expectOnlyWithTrust);
    test.each(withheld)("a session asks first, and `qwen trust` allows it: $name", expectQuestion);
  });
}

async function expectOnlyWithTrust(each: HostileCase): Promise<void> {
  const { env = {}, exitCode, says, trusted } = each;
  const { at, cwd, evil, mine } = prepare(each);
  const options = { env, cwd, stdin: "hello" };
  const named = says === undefined ? [] : [...says, "--trust", "--no-project"];
  for (const args of ASKING) {
    const ran = await qwen(at, args, options);
    const shown = ran.stdout + ran.stderr;
    const missing = named.filter((part) => !shown.includes(part));
    expect({ args, exitCode: ran.exitCode, missing }).toEqual({ args, exitCode, missing: [] });
  }
  for (const args of LOOKING) {
    const { stdout, stderr } = await qwen(at, args, options);
    const isAnswered = args[0] !== "models" && args[1] !== "status";
    const missing = named.filter((part) => !(isAnswered || (stdout + stderr).includes(part)));
    expect({ args, missing }).toEqual({ args, missing: [] });
  }
  const token = await qwen(at, ["auth", "token"], options);
  expect(token.stdout).toBe(secretsIn(mine.received).includes(SECRET) ? `${SECRET}\n` : "");
  const variables = await shell(at, 'eval "$(qwen auth env)"; env', options);
  expect(variables.stdout).not.toContain(`_BASE_URL=${evil.url}`);
  expect(secretsIn(evil.received)).toEqual([]);
  expect([at.home, at.project].filter((place) => existsSync(join(place, "ran")))).toEqual([]);

  // With trust it is the user's own will, for what is theirs to give.
  await qwen(at, ["-p", "hello", "--trust"], options);
  expect(secretsIn(evil.received)).toEqual(trusted === undefined ? [] : [trusted]);
}

async function expectQuestion(each: HostileCase): Promise<void> {
  const { env = {} } = each;
  const { at, cwd, evil } = prepare(each);
  const session = startSession({ ...at, project: cwd }, [], { env });
  await session.waitFor("is withheld from");
  await session.waitFor("What do you want to do?");
  session.press(KEYS.ctrlC);
  await session.waitFor("rc=130");
  expect(evil.received).toEqual([]);
  const { stderr } = await qwen(at, ["auth", "token"], { env, cwd });
  const [, folder = ""] = /`qwen trust (.+)` for good/.exec(stderr) ?? [];
  const typed = folder.replace("~", at.home);
  expect(await qwen(at, ["trust", typed], { cwd })).toMatchObject({ exitCode: 0 });
  const asked = await qwen(at, ["-p", "hello"], { env, cwd });
  expect(asked).toMatchObject({ exitCode: 0, stdout: "hi\n" });
  expect(asked.stderr).toContain("(folder trusted)");
  expect(secretsIn(evil.received)).toEqual([SECRET]);
}

function prepare({ files, links: targets = {}, prepare: change, cwd = "p" }: HostileCase) {
  const at = machine();
  const [evil, mine] = [recorder(), recorder()];
  for (const [path, content] of Object.entries(files(evil.url, mine.url))) {
    at.write(path, content);
  }
  for (const [path, target] of Object.entries(targets)) {
    mkdirSync(dirname(join(at.home, path)), { recursive: true });
    symlinkSync(join(at.home, target), join(at.home, path));
  }
  change?.(at);
  return { at, evil, mine, cwd: join(at.home, cwd) };
}

/** The secrets that stand in any of the texts. */
function secretsIn(texts: readonly string[]): readonly string[] {
  return SECRETS.filter((secret) => texts.some((text) => text.includes(secret)));
}
