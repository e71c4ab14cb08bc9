import { realpathSync } from "node:fs";
import { type Machine, QWEN, type RunOptions } from "./qwen.ts";
import { run } from "./shell.ts";

/** A system call, and which of its kind. */
export type Instant = { readonly call: string; readonly count: number };

/** Kills the compiled binary at one call; `false`: it came to its end before that. */
export async function killAt(
  at: Machine,
  args: readonly string[],
  { call, count, ...options }: Instant & RunOptions,
): Promise<boolean> {
  const inject = `inject=${call}:signal=SIGKILL:when=${count}`;
  const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject];
  const { exitCode } = await run(at, [...strace, realpathSync(QWEN), ...args], options);
  return exitCode !== 0;
}
