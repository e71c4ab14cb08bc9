import { isJsonObject, type JsonObject } from "../lib/json-object.ts";

/** The variables that entries name, read without a schema: broken entries are reported elsewhere. */
export function envKeysOf({ modelProviders }: JsonObject): string[] {
  return isJsonObject(modelProviders)
    ? Object.values(modelProviders)
        .flatMap((group) => (isJsonObject(group) ? group.models : group))
        .map((entry) => (isJsonObject(entry) ? entry.envKey : undefined))
        .filter((name) => typeof name === "string")
    : [];
}
