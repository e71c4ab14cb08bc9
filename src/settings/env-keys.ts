import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";

/**
 * The variables that entries name, each once, read without a schema: broken entries are reported
 * elsewhere.
 */
export function envKeysOf(settings: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { envKey } of entriesOf(settings)) {
    if (typeof envKey === "string") {
      names.add(envKey);
    }
  }
  return names;
}

/** Keys that were written into entries, where nothing reads them. */
export function keysInEntries(settings: JsonObject): readonly string[] {
  const keys: string[] = [];
  for (const entry of entriesOf(settings)) {
    for (const field in entry) {
      const value = entry[field];
      if (typeof value === "string" && value !== "" && isKeyField(field)) {
        keys.push(value);
      }
    }
  }
  return keys;
}

/** A field of an entry that people take for the place of the key. */
export function isKeyField(field: string): boolean {
  return /^(?:api[_-]?)?key$/i.test(field);
}

function entriesOf({ modelProviders }: JsonObject): JsonObject[] {
  const groups = isJsonObject(modelProviders) ? Object.values(modelProviders) : [];
  const found: JsonObject[] = [];
  for (const group of groups) {
    // An object where an array belongs may hold a key as well.
    const entries = isJsonObject(group) ? (group.models ?? [group]) : group;
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (isJsonObject(entry)) {
        found.push(entry);
      }
    }
  }
  return found;
}
