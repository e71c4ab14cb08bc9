import { dirname } from "node:path";
import { inspectFile, isDirectory } from "../lib/files/inspect-file.ts";
import { gitCommand } from "../lib/git-command.ts";
import type { Runtime } from "../runtime.ts";

const NO_GIT = 127;
const TIMEOUT_MS = 2000;

/**
 * Whether git tracks a file, by this name or by that of the file that it is a link to; `undefined`
 * when it could not be asked. Runs nothing of the project.
 */
export async function isTrackedFile(
  machine: Pick<Runtime, "run">,
  path: string,
): Promise<boolean | undefined> {
  const facts = inspectFile(path);
  const names = new Set([path, facts.kind === "file" ? facts.realPath : path]);
  const answers: (boolean | undefined)[] = [];
  for (const name of names) {
    answers.push(await ask(machine, dirname(name), ["ls-files", "--error-unmatch", "--", name]));
  }
  return answers.includes(true) ? true : answers[0];
}

/** Whether a directory, or the nearest one above it that exists, lies in a git work tree. */
export function isInWorkTree(
  machine: Pick<Runtime, "run">,
  directory: string,
): Promise<boolean | undefined> {
  const parent = dirname(directory);
  return isDirectory(directory) || parent === directory
    ? ask(machine, directory, ["rev-parse", "--show-toplevel"])
    : isInWorkTree(machine, parent);
}

async function ask(
  { run }: Pick<Runtime, "run">,
  cwd: string,
  args: readonly string[],
): Promise<boolean | undefined> {
  if (!isDirectory(cwd)) {
    return undefined;
  }
  const { exitCode } = await run(gitCommand(...args), { cwd, timeoutMs: TIMEOUT_MS });
  return exitCode === undefined || exitCode === NO_GIT ? undefined : exitCode === 0;
}
