import { isJsonObject, type JsonObject } from "../lib/json-object.ts";

/**
 * The variables that entries name, each once, read without a schema: broken entries are reported
 * elsewhere.
 */
export function envKeysOf({ modelProviders }: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const groups = isJsonObject(modelProviders) ? Object.values(modelProviders) : [];
  for (const group of groups) {
    const entries = isJsonObject(group) ? group.models : group;
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (isJsonObject(entry) && typeof entry.envKey === "string") {
        names.add(entry.envKey);
      }
    }
  }
  return names;
}
