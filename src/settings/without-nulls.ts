import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";

/** Bodies go over the wire as they are written, where `null` has a meaning. */
const VERBATIM = new Set(["samplingParams", "extra_body"]);

/**
 * Settings without their `null`s, which mean absent everywhere (`spec/settings-and-env.md`):
 * serialisers of many languages write them. Items of arrays stay, so that places keep their
 * numbers.
 */
export function withoutNulls(settings: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, VERBATIM.has(key) ? value : cleaned(value)]),
  );
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(cleaned);
  }
  return isJsonObject(value) ? withoutNulls(value) : value;
}
