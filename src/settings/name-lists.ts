import { type JsonObject, valueAt } from "../lib/json/json-object.ts";
import type { JsoncEdit } from "../lib/json/jsonc-edit.ts";

/**
 * Where the user's settings say which variables have their key elsewhere: in the keyring, or in the
 * user's own `.env`.
 */
export type NameList = "keyring" | "envFile";

/** The variables that one settings file lists. */
export function listedNames(settings: JsonObject, list: NameList): string[] {
  const names = valueAt(settings, pathOf(list));
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/** The edits after which that list has `added`, and none of `removed` besides. */
export function nameListEdits(
  current: JsonObject,
  list: NameList,
  {
    added = [],
    removed,
  }: { readonly added?: readonly string[]; readonly removed: readonly string[] },
): JsoncEdit[] {
  const path = pathOf(list);
  const names = listedNames(current, list);
  const kept = names.filter((name) => !removed.includes(name));
  const missing = [...new Set(added)].filter((name) => !kept.includes(name));
  if (kept.length === 0) {
    const isChanged = names.length > 0 || missing.length > 0;
    const value = missing.length > 0 ? missing : undefined;
    return isChanged ? [{ kind: "set", path, value }] : [];
  }
  const removals = names
    .flatMap((name, index): JsoncEdit[] =>
      removed.includes(name) ? [{ kind: "remove", path: [...path, index] }] : [],
    )
    .reverse();
  const insertions = missing.map(
    (value, index): JsoncEdit => ({ kind: "insert", path: [...path, kept.length + index], value }),
  );
  return [...removals, ...insertions];
}

function pathOf(list: NameList): readonly string[] {
  return ["security", "auth", list];
}
