import { type JsonObject, valueAt } from "../lib/json-object.ts";
import type { JsoncEdit } from "../lib/jsonc-edit.ts";

/** Where the user's settings say which variables have their key in the keyring. */
const PATH = ["security", "auth", "keyring"];

/** The variables that one settings file lists as kept in the keyring. */
export function keyringNames(settings: JsonObject): string[] {
  const names = valueAt(settings, PATH);
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/** The edits after which that list has `added`, if there is one, and none of `removed`. */
export function keyringNameEdits(
  current: JsonObject,
  { added, removed }: { readonly added?: string | undefined; readonly removed: readonly string[] },
): JsoncEdit[] {
  const list = keyringNames(current);
  const kept = list.filter((name) => !removed.includes(name));
  const isNew = added !== undefined && !kept.includes(added);
  if (kept.length === 0) {
    const hasList = list.length > 0 || isNew;
    return hasList ? [{ kind: "set", path: PATH, value: isNew ? [added] : undefined }] : [];
  }
  const removals = list
    .flatMap((name, index): JsoncEdit[] =>
      removed.includes(name) ? [{ kind: "remove", path: [...PATH, index] }] : [],
    )
    .reverse();
  const insertion: JsoncEdit = { kind: "insert", path: [...PATH, kept.length], value: added };
  return isNew ? [...removals, insertion] : removals;
}
