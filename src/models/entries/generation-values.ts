import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";

/** What stands in fields of `generationConfig`, as it is understood; `undefined`: it is not. */

export function toObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

export function toFlag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** A number from 0 on, such as milliseconds; a part counts as a whole. */
export function toCount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0
    ? Math.ceil(value)
    : undefined;
}

/** Statuses. */
export function toCounts(value: unknown): readonly number[] | undefined {
  const counts = Array.isArray(value) ? value.map(toCount) : [undefined];
  const known = counts.filter((count) => count !== undefined);
  return known.length === counts.length ? known : undefined;
}
