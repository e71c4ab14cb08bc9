import { readFileSync } from "node:fs";
import { join } from "node:path";
import { realDirectory } from "../lib/inspect-file.ts";
import type { JsoncEdit } from "../lib/jsonc-edit.ts";
import { updatePrivateFile } from "../lib/private-file.ts";
import type { Runtime } from "../runtime.ts";
import { loadTrustRules } from "./trusted-folders.ts";

/**
 * Adds a rule that trusts a folder, by its real path, to the user's trust file.
 * @throws ConfigError when that file cannot be understood, QwenError when the system refuses
 */
export async function recordTrust(
  machine: Pick<Runtime, "uid" | "sleep" | "trace">,
  { qwenHome, folder }: { readonly qwenHome: string; readonly folder: string },
): Promise<void> {
  await loadTrustRules(qwenHome);
  const { editJsonc } = await import("../lib/jsonc-edit.ts");
  const path = join(qwenHome, "trustedFolders.json");
  const rule: JsoncEdit = { kind: "set", path: [realDirectory(folder)], value: "TRUST_FOLDER" };
  await updatePrivateFile(machine, {
    path,
    read: () => readFileSync(path, "utf8"),
    rewrite: (text) => editJsonc(text ?? "{}\n", [rule]),
  });
}
