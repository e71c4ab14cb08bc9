import { ConfigError } from "../../errors.ts";
import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import type { JsoncEdit, JsonPath } from "../../lib/json/jsonc-edit.ts";
import type { Protocol } from "../../models/protocol.ts";

/** An entry as it will stand; `from`: the index that it has now. */
export type PlannedItem = { readonly value: unknown; readonly from?: number };

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

/** What an entry may lose: a mark, and what belongs to an endpoint that it has left. */
const LOSABLE = [
  ["delisted"],
  ["anthropicBaseUrl"],
  ...["customHeaders", "extra_body", "samplingParams"].map((name) => ["generationConfig", name]),
];

/**
 * The edits that make the array hold `planned`. Items that keep their order are changed field by
 * field, so that comments around and inside them stay; only what moves is written anew.
 */
export function placeItems(
  { path, items }: EntryList,
  planned: readonly PlannedItem[],
): JsoncEdit[] {
  if (items === undefined) {
    const value = planned.map((item) => item.value);
    return value.length === 0 ? [] : [{ kind: "set", path, value }];
  }
  const staying = inOrder(planned);
  const changes = planned.flatMap(({ from, value }) =>
    from !== undefined && staying.has(from)
      ? [
          ...fieldEdits([...path, from], items[from], value),
          ...lostFields([...path, from], items[from], value),
        ]
      : [],
  );
  const removals = items
    .map((_, index): JsoncEdit | undefined =>
      staying.has(index) ? undefined : { kind: "remove", path: [...path, index] },
    )
    .filter((edit) => edit !== undefined)
    .reverse();
  const insertions = planned.flatMap(({ from, value }, index): JsoncEdit[] =>
    from !== undefined && staying.has(from)
      ? []
      : [{ kind: "insert", path: [...path, index], value }],
  );
  return [...changes, ...removals, ...insertions];
}

/** The indices that need not move: from the end, so that what goes to the front is what moves. */
function inOrder(planned: readonly PlannedItem[]): ReadonlySet<number> {
  const staying = new Set<number>();
  let next = Number.POSITIVE_INFINITY;
  for (const { from } of [...planned].reverse()) {
    if (from !== undefined && from < next) {
      staying.add(from);
      next = from;
    }
  }
  return staying;
}

/** The edits that give the object at `path` the fields of `wanted`, however deep they differ. */
function fieldEdits(path: JsonPath, old: unknown, wanted: unknown): JsoncEdit[] {
  if (!isJsonObject(old) || !isJsonObject(wanted)) {
    return [];
  }
  return Object.entries(wanted)
    .filter(([field, value]) => !Bun.deepEquals(old[field], value))
    .flatMap(([field, value]): JsoncEdit[] =>
      isJsonObject(old[field]) && isJsonObject(value)
        ? fieldEdits([...path, field], old[field], value)
        : [{ kind: "set", path: [...path, field], value }],
    );
}

/** The edits that take away what an item has at these places and `wanted` has not, however deep. */
function lostFields(path: JsonPath, old: unknown, wanted: unknown): JsoncEdit[] {
  return LOSABLE.flatMap((place) =>
    lostWithin([...path, ...place], valueAt(old, place), valueAt(wanted, place)),
  );
}

function lostWithin(path: JsonPath, old: unknown, wanted: unknown): JsoncEdit[] {
  if (old !== undefined && wanted === undefined) {
    return [{ kind: "remove", path }];
  }
  return isJsonObject(old) && isJsonObject(wanted)
    ? Object.entries(old).flatMap(([field, value]) =>
        lostWithin([...path, field], value, wanted[field]),
      )
    : [];
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
