import { ConfigError } from "../errors.ts";
import { isJsonObject, type JsonObject, valueAt } from "../lib/json-object.ts";
import type { JsoncEdit, JsonPath } from "../lib/jsonc-edit.ts";
import type { Protocol } from "../models/protocol.ts";

/** `modelProviders.<protocol>` of one settings file, wherever its version keeps the array. */
export type EntryList = {
  readonly path: JsonPath;
  /** `undefined` where there is no array yet. */
  readonly items: readonly unknown[] | undefined;
};

/**
 * The entries of a protocol as one settings file has them: an array, or the `models` of an object
 * since `$version` 5.
 * @throws ConfigError when something else stands there
 */
export function entryList(current: JsonObject, protocol: Protocol): EntryList {
  const outer = ["modelProviders", protocol];
  const group = valueAt(current, outer);
  const isVersion5 = isJsonObject(group) && Array.isArray(group.models);
  const items = isVersion5 ? group.models : group;
  if (items !== undefined && !Array.isArray(items)) {
    throw new ConfigError(`Cannot change \`modelProviders.${protocol}\`: it is not an array`, {
      code: "settings-invalid",
      hint: "correct the file with an editor; it was left as it is",
    });
  }
  return { path: isVersion5 ? [...outer, "models"] : outer, items };
}

/**
 * The edits after which `front` stands first and every other item but the dropped ones follows in
 * its old order. Where the same ids stand in the same places only the fields that differ are set,
 * so that comments between them stay; where nothing differs there is no edit.
 */
export function placeFirst(
  { path, items }: EntryList,
  front: readonly JsonObject[],
  isDropped: (item: unknown) => boolean,
): JsoncEdit[] {
  if (items === undefined) {
    return front.length === 0 ? [] : [{ kind: "set", path, value: front }];
  }
  const wanted = [...front, ...items.filter((item) => !isDropped(item))];
  if (wanted.length === items.length && wanted.every((item, index) => sameId(item, items[index]))) {
    return wanted.flatMap((item, index) => fieldEdits([...path, index], items[index], item));
  }
  const removals = items
    .map((item, index): JsoncEdit | undefined =>
      isDropped(item) ? { kind: "remove", path: [...path, index] } : undefined,
    )
    .filter((edit) => edit !== undefined)
    .reverse();
  const insertions = front.map(
    (value, index): JsoncEdit => ({ kind: "insert", path: [...path, index], value }),
  );
  return [...removals, ...insertions];
}

/** The edits that make the object at `path` equal to `wanted`, field by field. */
export function fieldEdits(path: JsonPath, old: unknown, wanted: unknown): JsoncEdit[] {
  if (!isJsonObject(old) || !isJsonObject(wanted)) {
    return [];
  }
  return Object.entries(wanted)
    .filter(([field, value]) => !Bun.deepEquals(old[field], value))
    .map(([field, value]): JsoncEdit => ({ kind: "set", path: [...path, field], value }));
}

/** Removes keys of an object, and the object itself when they were all that it held. */
export function removeKeys(
  current: JsonObject,
  path: JsonPath,
  keys: readonly string[],
): JsoncEdit[] {
  const parent = valueAt(current, path);
  if (!isJsonObject(parent) || !keys.some((key) => Object.hasOwn(parent, key))) {
    return [];
  }
  const isEmptied = Object.keys(parent).every((key) => keys.includes(key));
  return isEmptied
    ? [{ kind: "remove", path }]
    : keys.map((key): JsoncEdit => ({ kind: "remove", path: [...path, key] }));
}

function sameId(left: unknown, right: unknown): boolean {
  return isJsonObject(left) && isJsonObject(right) ? left.id === right.id : left === right;
}
