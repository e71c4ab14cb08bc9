import { basename, dirname, join } from "node:path";
import { isTrackedFile } from "../../doctor/ask-git.ts";
import { UsageError } from "../../errors.ts";
import { isDirectory, realDirectory } from "../../lib/files/inspect-file.ts";
import { findWriteTarget } from "../../lib/files/write-target.ts";
import { gitCommand } from "../../lib/git-command.ts";
import { shellWord } from "../../lib/shell.ts";
import type { Runtime } from "../../runtime.ts";

/**
 * Refuses to write a key to a project file that git would commit
 * (`spec/settings-and-env.md`, "Scope of a write"): also one that is tracked although a rule would
 * ignore it, so without `--no-index`. Where the file is a link, git is asked about the link and
 * about the file that is written.
 * @throws UsageError unless git ignores them, ConfigError for a link that must not be followed
 */
export async function refuseExposedKey(
  { run, uid }: Pick<Runtime, "run" | "uid">,
  path: string,
): Promise<void> {
  const project = dirname(dirname(path));
  const { realPath } = findWriteTarget({ path, confinedTo: project }, uid);
  const named = join(realDirectory(dirname(path)), basename(path));
  const unlinked = join(realDirectory(project), path.slice(project.length));
  for (const file of new Set([named, realPath])) {
    const folder = dirname(file);
    const { exitCode } = await run(gitCommand("check-ignore", "-q", file), {
      cwd: isDirectory(folder) ? folder : project,
      timeoutMs: 2000,
    });
    if (exitCode !== 0) {
      const isTracked = (await isTrackedFile({ run }, file)) === true;
      throw exposed(path, { file, isTracked, isTarget: file !== unlinked });
    }
  }
}

type ExposedFile = {
  readonly file: string;
  /** Then no rule of .gitignore helps. */
  readonly isTracked: boolean;
  /** Whether a link leads to it. */
  readonly isTarget: boolean;
};

function exposed(path: string, { file, isTracked, isTarget }: ExposedFile): UsageError {
  const which = isTarget ? `\`${file}\`, which it is a link to` : "this file";
  const rule = isTarget ? "that file" : "`.qwen/settings.json`";
  const why = isTracked ? `git tracks ${which}` : `git does not ignore ${which}`;
  return new UsageError(`Cannot write a key to \`${path}\`: ${why}`, {
    code: "invalid-value",
    hint: isTracked
      ? `run \`git rm --cached ${shellWord(file)}\` and ignore it, or repeat with \`--force\``
      : `add ${rule} to .gitignore, or repeat with \`--force\``,
  });
}
