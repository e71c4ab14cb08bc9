import { dirname } from "node:path";
import {
  type PrivateFile,
  type PrivateFileUpdated,
  updatePrivateFile,
} from "../lib/files/private-file.ts";
import { type JsonObject, valueAt } from "../lib/json/json-object.ts";
import type { JsoncEdit } from "../lib/json/jsonc-edit.ts";
import { editableText } from "../lib/json/load-jsonc.ts";
import type { Runtime } from "../runtime.ts";
import { parseSettingsText } from "./load-settings.ts";
import { keepFlatKeys } from "./normalize-versions.ts";
import { readSettingsText } from "./open-settings.ts";

export type SettingsUpdate = {
  readonly scope: "user" | "project";
  /** The settings file as people name it; a link is followed in user scope. */
  readonly path: string;
  /** Decides the edits from what stands in the file, under the lock. */
  readonly edits: (current: JsonObject) => readonly JsoncEdit[];
};

export type SettingsUpdated = PrivateFileUpdated & { readonly path: string };

const NEW_FILE = '{\n  "$version": 4\n}\n';

/**
 * Changes one settings file (`spec/settings-and-env.md`, "Writing"): lock, read, edit the text,
 * validate, replace the file as a whole with mode 0600. All edits of a command are one write.
 * @throws ConfigError when the file cannot be used or must not be written
 * @throws QwenError when the system refuses: read-only, no space
 */
export async function updateSettings(
  runtime: Pick<Runtime, "uid" | "sleep" | "trace">,
  update: SettingsUpdate,
): Promise<SettingsUpdated> {
  const updated = await updatePrivateFile(runtime, settingsFile(update));
  return { ...updated, path: update.path };
}

/** A settings file with what becomes of it, for `provePrivateFile`. */
export function settingsFile({ scope, path, edits }: SettingsUpdate): PrivateFile {
  return {
    path,
    confinedTo: scope === "project" ? dirname(dirname(path)) : undefined,
    read: () => readSettingsText(path) ?? "",
    rewrite: async (text) => {
      const old = await editableText(text, NEW_FILE);
      const current = await parseSettingsText(old, path);
      const edited = await applyEdits(old, current, keepFlatKeys(current, edits(current)));
      await parseSettingsText(edited, path);
      return edited === old ? text : edited;
    },
  };
}

/** The usual second run changes nothing: then the text need not be taken apart. */
async function applyEdits(
  text: string,
  current: JsonObject,
  edits: readonly JsoncEdit[],
): Promise<string> {
  const isDone = edits.every(
    (edit) =>
      edit.kind !== "insert" &&
      Bun.deepEquals(valueAt(current, edit.path), edit.kind === "set" ? edit.value : undefined),
  );
  if (isDone) {
    return text;
  }
  const { editJsonc } = await import("../lib/json/jsonc-edit.ts");
  return editJsonc(text, edits);
}
