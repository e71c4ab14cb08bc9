import { machine } from "./qwen.ts";
import type { SetUp } from "./random-set-up.ts";
import { type Outcome, recorder } from "./record-request.ts";

const WORD = "what-is-asked";
const PATIENCE_MS = 120_000;

export type Asked = {
  readonly outcome: Outcome;
  /** What the program said, where it sent nothing. */
  readonly output: string;
};

/** Asks a model with a program in a set-up, until its first request or its end. */
export async function askInSetUp(command: readonly string[], setUp: SetUp): Promise<Asked> {
  const { a, b, proxy, first, stop } = await recorder(WORD);
  const fill = (text: string): string =>
    text.replace(/(?<=^|")A(?=["/]|$)/g, a).replace(/(?<=^|")B(?=["/]|$)/g, b);
  const at = machine();
  for (const [path, content] of Object.entries(setUp.files)) {
    at.write(path, fill(typeof content === "string" ? content : JSON.stringify(content)));
  }
  // What is counted and sent home is no part of a question.
  at.write("system/system-defaults.json", { privacy: { usageStatisticsEnabled: false } });
  const given = Object.fromEntries(
    Object.entries(setUp.env).map(([name, value]) => [name, fill(value)]),
  );
  const child = Bun.spawn([...command, "-p", WORD, ...setUp.args.map(fill)], {
    cwd: at.project,
    env: {
      ...at.env,
      PATH: `${at.env.PATH}:${nodeDirectory()}`,
      HTTPS_PROXY: proxy,
      NO_PROXY: "127.0.0.1",
      NO_COLOR: "1",
      // Otherwise it starts itself a second time, with the same result.
      QWEN_CODE_NO_RELAUNCH: "1",
      ...given,
    },
    stdin: new Uint8Array(),
    stdout: "pipe",
    stderr: "pipe",
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  const said = Promise.all([child.stdout.text(), child.stderr.text()]);
  const outcome = await Promise.race([
    first,
    child.exited.then((): Outcome => ({ kind: "refused" })),
  ]);
  child.kill("SIGKILL");
  const output = (await said).join("");
  stop();
  return { outcome, output };
}

/** Where `node` is: the machine's own PATH may not have it. */
function nodeDirectory(): string {
  const node = Bun.which("node") ?? "";
  return node.slice(0, node.lastIndexOf("/"));
}
