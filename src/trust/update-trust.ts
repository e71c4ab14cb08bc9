import { type PrivateFileUpdated, updatePrivateFile } from "../lib/files/private-file.ts";
import type { JsoncEdit } from "../lib/json/jsonc-edit.ts";
import { editableText } from "../lib/json/load-jsonc.ts";
import type { Runtime } from "../runtime.ts";
import {
  parseTrustRules,
  readTrustFile,
  readTrustRules,
  type TrustRules,
  trustFilePath,
} from "./trusted-folders.ts";

export type TrustUpdate = {
  readonly qwenHome: string;
  /** Decides the edits from the rules that stand in the file, under the lock. */
  readonly edits: (current: TrustRules) => readonly JsoncEdit[];
};

export type TrustUpdated = PrivateFileUpdated & {
  readonly path: string;
  /** What stands in the file afterwards. */
  readonly rules: TrustRules;
};

/**
 * Changes the user's trust file; comments, order and other rules stay. The only writer of it.
 * @throws ConfigError when that file cannot be understood, QwenError when the system refuses
 */
export async function updateTrust(
  machine: Pick<Runtime, "uid" | "sleep" | "trace">,
  { qwenHome, edits }: TrustUpdate,
): Promise<TrustUpdated> {
  const path = trustFilePath(qwenHome);
  let rules = await readTrustRules(path);
  if (edits(rules).length === 0) {
    return { changed: false, notes: [], path, rules };
  }
  const { editJsonc } = await import("../lib/json/jsonc-edit.ts");
  const updated = await updatePrivateFile(machine, {
    path,
    read: () => readTrustFile(path) ?? "",
    rewrite: async (text) => {
      const old = await editableText(text, "{}\n");
      const edited = editJsonc(old, edits(await parseTrustRules(old, path)));
      rules = await parseTrustRules(edited, path);
      return edited;
    },
  });
  return { ...updated, path, rules };
}
