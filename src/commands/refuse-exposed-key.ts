import { dirname } from "node:path";
import { UsageError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Refuses to write a key to a project file that git would commit
 * (`spec/settings-and-env.md`, "Scope of a write"): also one that is tracked although a rule would
 * ignore it, so without `--no-index`.
 * @throws UsageError unless git ignores the file
 */
export async function refuseExposedKey({ run }: Pick<Runtime, "run">, path: string): Promise<void> {
  const { exitCode } = await run(
    ["git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "check-ignore", "-q", path],
    { cwd: dirname(dirname(path)), timeoutMs: 2000 },
  );
  if (exitCode !== 0) {
    throw new UsageError(`Cannot write a key to \`${path}\`: git does not ignore this file`, {
      code: "invalid-value",
      hint: "add `.qwen/settings.json` to .gitignore, or repeat with `--force`",
    });
  }
}
