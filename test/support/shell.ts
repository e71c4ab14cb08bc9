import { dirname } from "node:path";
import { type Machine, QWEN, type Ran, type RunOptions } from "./qwen.ts";

const TIMEOUT_MS = 20_000;

/** Runs a `sh` script in the machine's project, with the compiled `qwen` on its PATH. */
export function shell(machine: Machine, script: string, options: RunOptions = {}): Promise<Ran> {
  return run(machine, ["sh", "-c", script], options);
}

/** Runs a program to its end, as `qwen()` does for the binary; a hang is killed and fails. */
export async function run(
  { env, project }: Machine,
  argv: readonly string[],
  {
    env: more,
    cwd = project,
    stdin = "",
    timeoutMs = TIMEOUT_MS,
  }: RunOptions & { readonly timeoutMs?: number } = {},
): Promise<Ran> {
  const child = Bun.spawn([...argv], {
    cwd,
    env: { ...env, PATH: `${dirname(QWEN)}:${env.PATH}`, ...more },
    stdin: new TextEncoder().encode(stdin),
    stdout: "pipe",
    stderr: "pipe",
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}
