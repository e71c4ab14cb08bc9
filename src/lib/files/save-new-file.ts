import { dirname } from "node:path";
import { UsageError } from "../../errors.ts";
import type { Runtime } from "../../runtime.ts";
import { inspectFile } from "./inspect-file.ts";
import { updatePrivateFile } from "./private-file.ts";

/**
 * Writes a new file that its owner alone may read, into a folder that stays as it is.
 * @throws UsageError when something stands there, QwenError when it cannot be written
 */
export async function saveNewFile(
  machine: Pick<Runtime, "uid" | "sleep" | "trace">,
  path: string,
  text: string,
): Promise<void> {
  const refuse = (): never => {
    throw new UsageError(`Cannot save \`${path}\`: something stands there already`, {
      code: "invalid-value",
      hint: "name another file",
    });
  };
  if (inspectFile(path).kind !== "missing") {
    refuse();
  }
  await updatePrivateFile(machine, {
    path,
    confinedTo: dirname(path),
    read: refuse,
    rewrite: (before) => (before === undefined ? text : refuse()),
  });
}
