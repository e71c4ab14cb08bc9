import { afterAll } from "bun:test";
import { type Machine, QWEN, type Ran, type RunOptions } from "./qwen.ts";

export type StartedQwen = {
  readonly pid: number;
  /** Waits until standard error matches, and gives the first group. */
  readonly saw: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<Ran>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

type StartOptions = Omit<RunOptions, "stdin"> & {
  /** A program that runs it, with its arguments. */
  readonly under?: readonly string[];
};

/** Starts the compiled binary in the machine's project, for tests that act while it runs. */
export function startQwen(
  { env, project }: Machine,
  args: readonly string[],
  { env: more, cwd = project, under = [] }: StartOptions = {},
): StartedQwen {
  const child = Bun.spawn([...under, QWEN, ...args], {
    cwd,
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  afterAll(() => child.kill("SIGKILL"));
  let stderr = "";
  let isOver = false;
  const waiting = new Set<() => void>();
  const collect = async (): Promise<void> => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text;
      for (const look of waiting) {
        look();
      }
    }
    isOver = true;
    for (const look of waiting) {
      look();
    }
  };
  const collected = collect();
  return {
    pid: child.pid,
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(stderr);
          if (found !== null) {
            waiting.delete(look);
            resolve(found[1] ?? "");
          } else if (isOver) {
            reject(new Error(`qwen ended without ${pattern}; it said:\n${stderr}`));
          }
        };
        waiting.add(look);
        look();
      }),
    ended: Promise.all([child.stdout.text(), child.exited, collected]).then(
      ([stdout, exitCode]) => ({ exitCode, stdout, stderr }),
    ),
    kill: (signal) => child.kill(signal),
  };
}
