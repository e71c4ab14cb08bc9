import { isJsonObject, type JsonObject, valueAt } from "../lib/json/json-object.ts";
import type { JsoncEdit } from "../lib/json/jsonc-edit.ts";

/** Where the flat keys of `$version` 1 live since version 2 (`reference/settings-and-env.md` §1.6). */
const FLAT_KEYS: Readonly<Record<string, readonly string[]>> = {
  selectedAuthType: ["security", "auth", "selectedType"],
  enforcedAuthType: ["security", "auth", "enforcedType"],
  model: ["model", "name"],
  contentGenerator: ["model", "generationConfig"],
  disableCacheControl: ["model", "generationConfig", "disableCacheControl"],
  excludedProjectEnvVars: ["advanced", "excludedEnvVars"],
};

/**
 * Reads settings of any `$version` as if they were of the newest: flat keys of version 1 move to
 * their place unless something stands there already, `disableCacheControl` of version 2 turns
 * round. Nothing on disk changes. Provider objects of version 5 stay: `model-entries` reads both.
 */
export function normalizeVersions(raw: JsonObject): JsonObject {
  const version = typeof raw.$version === "number" ? raw.$version : 1;
  const current = version < 2 ? moveFlatKeys(raw) : raw;
  return version < 3 ? turnCacheControlRound(current) : current;
}

/** The top-level keys of version 1 that a newer file still has; they have no effect there. */
export function ineffectiveFlatKeys(raw: JsonObject): string[] {
  const version = typeof raw.$version === "number" ? raw.$version : 1;
  return version < 2
    ? []
    : Object.keys(FLAT_KEYS).filter((key) => key !== "model" && Object.hasOwn(raw, key));
}

function moveFlatKeys(raw: JsonObject): JsonObject {
  let moved: JsonObject = raw;
  for (const [key, path] of Object.entries(FLAT_KEYS)) {
    const value = valueAt(raw, [key]);
    const isFlat = value !== undefined && !(key === "model" && typeof value !== "string");
    if (isFlat) {
      const { [key]: _flat, ...rest } = moved;
      moved = valueAt(rest, path) === undefined ? withValue(rest, path, value) : rest;
    }
  }
  return moved;
}

function turnCacheControlRound(settings: JsonObject): JsonObject {
  const config = valueAt(settings, ["model", "generationConfig"]);
  if (!isJsonObject(config) || typeof config.disableCacheControl !== "boolean") {
    return settings;
  }
  const { disableCacheControl, ...rest } = config;
  return withValue(settings, ["model", "generationConfig"], {
    ...rest,
    enableCacheControl: !disableCacheControl,
  });
}

function withValue(object: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) {
    return object;
  }
  const child = object[key];
  const next = rest.length === 0 ? value : withValue(isJsonObject(child) ? child : {}, rest, value);
  return { ...object, [key]: next };
}

/**
 * Adds to edits what a file of version 1 needs so that old and new place agree: a flat
 * `selectedAuthType` follows the new one, a flat `model` string makes way for the object.
 */
export function keepFlatKeys(current: JsonObject, edits: readonly JsoncEdit[]): JsoncEdit[] {
  const version = typeof current.$version === "number" ? current.$version : 1;
  if (version >= 2) {
    return [...edits];
  }
  const model: JsoncEdit[] =
    typeof current.model === "string"
      ? [{ kind: "set", path: ["model"], value: { name: current.model } }]
      : [];
  const selected = edits.find(({ path }) => path.join(".") === "security.auth.selectedType");
  const follows: JsoncEdit[] =
    typeof current.selectedAuthType === "string" && selected?.kind === "set"
      ? [{ ...selected, path: ["selectedAuthType"] }]
      : [];
  return [...model, ...edits, ...follows];
}
