import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";

const UNSAFE_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const ONE_LEVEL = new Set(["env"]);
const UNION = new Set(["advanced.excludedEnvVars"]);

/**
 * Merges settings, lowest precedence first (`spec/settings-and-env.md`): objects merge key by key,
 * `env` one level deep, `advanced.excludedEnvVars` as a union, everything else of the higher scope
 * replaces; `modelProviders` thereby merges by protocol, each protocol's array as a whole.
 * Keys that could reach a prototype are skipped at any depth.
 */
export function mergeSettings(layers: readonly JsonObject[]): JsonObject {
  let merged: JsonObject = {};
  for (const layer of layers) {
    merged = mergeObjects(merged, layer, "");
  }
  return merged;
}

function mergeObjects(lower: JsonObject, higher: JsonObject, path: string): JsonObject {
  const merged: Record<string, unknown> = { ...lower };
  for (const [key, value] of Object.entries(higher)) {
    if (!UNSAFE_KEYS.has(key)) {
      merged[key] = mergeValues(lower[key], value, path === "" ? key : `${path}.${key}`);
    }
  }
  return merged;
}

function mergeValues(lower: unknown, higher: unknown, path: string): unknown {
  if (UNION.has(path) && Array.isArray(lower) && Array.isArray(higher)) {
    return [...new Set([...lower, ...higher])];
  }
  if (!isJsonObject(higher)) {
    return higher;
  }
  if (ONE_LEVEL.has(path) && isJsonObject(lower)) {
    return { ...lower, ...withoutUnsafeKeys(higher) };
  }
  return mergeObjects(isJsonObject(lower) ? lower : {}, higher, path);
}

function withoutUnsafeKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !UNSAFE_KEYS.has(key)));
}

/**
 * The first field of a document, at any depth, that no settings keep because it could reach a
 * prototype: whoever wrote it has to hear of it.
 */
export function unkeptField(document: unknown): string | undefined {
  if (typeof document !== "object" || document === null) {
    return undefined;
  }
  const own = Array.isArray(document) ? [] : Object.keys(document);
  const found = own.find((key) => UNSAFE_KEYS.has(key));
  return found ?? unkeptIn(Object.values(document));
}

function unkeptIn(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = unkeptField(value);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
