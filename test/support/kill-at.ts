import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { type Machine, QWEN, type RunOptions } from "./qwen.ts";
import { run } from "./shell.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A system call, and which of its kind; the thread that comes to it first is meant. */
export type Instant = { readonly call: string; readonly count: number };

/**
 * Calls that change what others find in the file system, by the names of all machines. Not the one
 * that opens a new file: killed at the next, an empty file is left of it beside the same others.
 */
const CHANGING = [
  ...["mkdir", "mkdirat", "rmdir", "chmod", "fchmod", "fchmodat", "ftruncate", "link", "linkat"],
  ...["write", "pwrite64", "unlink", "unlinkat", "rename", "renameat", "symlink", "symlinkat"],
];

/**
 * Runs a command to its end, and gives every instant at which a kill would have left other files
 * behind: before each call that changed one below its home. A kill at a call that changes none, such
 * as fsync or a write to a pipe, leaves what the next of these leaves, or what the end does.
 */
export async function killPoints(
  at: Machine,
  args: readonly string[],
  options: RunOptions = {},
): Promise<readonly Instant[]> {
  const log = join(temporaryDirectory(), "calls");
  const strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "0", "-o", log];
  const watched = ["-e", `trace=${CHANGING.map((call) => `?${call}`)}`];
  const argv = [...strace, ...watched, realpathSync(QWEN), ...args];
  const { exitCode, stderr } = await run(at, argv, options);
  if (exitCode !== 0) {
    throw new Error(`The command to be killed ended with ${exitCode}: ${stderr}`);
  }
  const counts = new Map<string, number>();
  const points = new Map<string, Instant>();
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [, thread, call] = /^(\d+)\s+(\w+)\(/.exec(line) ?? [];
    if (call === undefined) {
      continue;
    }
    const count = (counts.get(`${thread} ${call}`) ?? 0) + 1;
    counts.set(`${thread} ${call}`, count);
    const isBelow = line.includes(`"${at.home}/`) || line.includes(`<${at.home}/`);
    if (isBelow && !line.includes(" = -1 ")) {
      points.set(`${call} ${count}`, { call, count });
    }
  }
  return [...points.values()];
}

/** Kills the compiled binary at one call; `false`: it came to its end before that. */
export async function killAt(
  at: Machine,
  args: readonly string[],
  { call, count, ...options }: Instant & RunOptions,
): Promise<boolean> {
  // Not with `--seccomp-bpf`, which loses the signal.
  const inject = ["-e", `trace=${call}`, "-e", `inject=${call}:signal=SIGKILL:when=${count}`];
  const strace = ["strace", "-f", "-qq", "-o", "/dev/null", ...inject];
  const { exitCode } = await run(at, [...strace, realpathSync(QWEN), ...args], options);
  return exitCode !== 0;
}
