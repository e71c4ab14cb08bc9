import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms } from "./needs.ts";
import { type Machine, QWEN, type RunOptions } from "./qwen.ts";
import { run } from "./shell.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A system call with its arguments, as strace writes it. */
export type Call = { readonly name: string; readonly line: string };

/** Why system calls cannot be watched here: no `strace`, or a container that forbids it. */
export function cannotTrace(): string | undefined {
  const missing = missingPrograms("strace");
  if (missing !== undefined) {
    return missing;
  }
  const { exitCode } = Bun.spawnSync(["strace", "-f", "-o", "/dev/null", "true"]);
  return exitCode === 0 ? undefined : "`strace` is not allowed to trace here";
}

/**
 * Runs what follows with a call of its own withFailing, as `strace -e inject=` has it:
 * `rename:error=EIO:when=2`. Every other kind of call goes on without a stop.
 */
export function withFailing(inject: string): readonly string[] {
  const call = inject.replace(/:.*/, "");
  const only = ["--seccomp-bpf", "-e", `trace=${call}`, "-e", `inject=${inject}`];
  return ["strace", "-f", "-qq", "-o", "/dev/null", ...only];
}

/**
 * Runs the compiled binary, and whatever it starts, to its end, and returns the calls that are
 * about files, the network and programs.
 */
export async function traceCalls(
  at: Machine,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly exitCode: number; readonly calls: readonly Call[] }> {
  const log = join(temporaryDirectory(), "trace");
  const strace = ["strace", "-f", "-s", "4096", "-o", log];
  const watched = ["-e", "trace=%file,%network,execve,execveat"];
  const { exitCode } = await run(at, [...strace, ...watched, realpathSync(QWEN), ...args], options);
  const calls = readFileSync(log, "utf8")
    .split("\n")
    .map((line) => ({ name: /^\d+\s+(\w+)\(/.exec(line)?.[1] ?? "", line }))
    .filter(({ name }) => name !== "");
  return { exitCode, calls };
}
