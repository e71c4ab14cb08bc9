import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import { entryEndpoint } from "../../models/entries/entry-endpoint.ts";
import { PROTOCOLS, type Protocol } from "../../models/protocol.ts";
import type { ModelList } from "../../protocols/list-models.ts";
import type { ListedModel } from "../../protocols/listed-model.ts";
import { mergeSettings } from "../../settings/merge-settings.ts";
import { providerOfEntry } from "../providers/catalogue.ts";
import { configurableModels, hasModel } from "../verify/listed-models.ts";
import { entryList, type PlannedItem, placeItems } from "./edit-entries.ts";
import { newEntry } from "./plan-entries.ts";

/** Entries of the user's settings that share protocol, endpoint and variable. */
export type EntryGroup = {
  readonly protocol: Protocol;
  /** As it stands in the file; `undefined`: no entry names one. */
  readonly baseUrl: string | undefined;
  /** Where entries that name none go. */
  readonly home: string;
  readonly envKey: string | undefined;
  readonly ids: readonly string[];
};

/** What an update does to a group. */
export type GroupUpdate = {
  readonly added: readonly string[];
  /** Entries that `auth` wrote and the endpoint does not list any more: marked. */
  readonly gone: readonly string[];
  /** Marked ones that are listed again. */
  readonly back: readonly string[];
  /** Entries that got the context window that the list tells. */
  readonly windows: readonly string[];
  /** Entries of a person's own hand that are not listed: left as they are. */
  readonly unlisted: readonly string[];
  /** The endpoint lists more than anybody wants in settings: none was added. */
  readonly tooMany: number | undefined;
};

/** More entries than that would be a list that nobody can read. */
export const MOST_LISTED = 100;

/**
 * The groups of one settings file, in its order.
 * @param homeOf where entries that name no endpoint go
 */
export function entryGroups(
  current: JsonObject,
  homeOf: (protocol: Protocol) => string,
): readonly EntryGroup[] {
  return PROTOCOLS.flatMap((protocol) => {
    const home = homeOf(protocol);
    const items = (entryList(current, protocol).items ?? []).filter(isJsonObject);
    const groups = Map.groupBy(items.filter(isUsable), (entry) =>
      JSON.stringify([entryEndpoint(protocol, entry, home), entry.envKey]),
    );
    return [...groups.values()].map((entries) => ({
      protocol,
      home,
      baseUrl: entries.map(({ baseUrl }) => textOf(baseUrl)).find((url) => url !== undefined),
      envKey: textOf(entries[0]?.envKey),
      ids: entries.map(({ id }) => String(id)),
    }));
  });
}

function isUsable({ id, baseUrl, envKey }: JsonObject): boolean {
  return (
    typeof id === "string" &&
    [baseUrl, envKey].every((text) => text === undefined || typeof text === "string")
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/**
 * The edits that bring the entries of groups up to what their endpoints list (`spec/accounts.md`,
 * wish "model lists from the endpoint"): what is new stands behind the group's last entry, what is
 * gone is marked and stays, and of an entry that a person wrote nothing changes.
 * @throws ConfigError when something else stands where the entries belong
 */
export function applyLists(
  current: JsonObject,
  lists: readonly { readonly group: EntryGroup; readonly list: ModelList }[],
): { readonly edits: readonly JsoncEdit[]; readonly updates: readonly GroupUpdate[] } {
  const edits: JsoncEdit[] = [];
  const updates = new Map<EntryGroup, GroupUpdate>();
  for (const protocol of PROTOCOLS) {
    const place = entryList(current, protocol);
    const items: PlannedItem[] = (place.items ?? []).map((value, from) => ({ value, from }));
    const own = lists.filter(({ group }) => group.protocol === protocol);
    for (const { group, list } of own) {
      updates.set(group, updateGroup(items, group, list));
    }
    edits.push(...(own.length === 0 ? [] : placeItems(place, items)));
  }
  return { edits, updates: lists.flatMap(({ group }) => updates.get(group) ?? []) };
}

/** Changes `items`, and tells what it did. */
function updateGroup(items: PlannedItem[], group: EntryGroup, list: ModelList): GroupUpdate {
  const chats = configurableModels(list.models);
  // A list without models, or with a part of them, tells of none that it is gone.
  const isWhole = !list.isPartial && chats.length > 0;
  const entries = items.flatMap(({ value }) => (isOf(value, group) ? [value] : []));
  const judged = new Map(entries.map((entry) => [entry, judge(entry, list, isWhole)]));
  for (const [index, item] of items.entries()) {
    const found = isOf(item.value, group) ? judged.get(item.value) : undefined;
    items[index] = found === undefined ? item : { ...item, value: found.entry };
  }
  // Of two entries with one id at one endpoint nobody reaches the second, whatever its variable.
  const known = items
    .flatMap(({ value }) => (isJsonObject(value) && isAt(value, group) ? [value] : []))
    .map(({ id }) => ({ id: String(id) }));
  const isTooMany = chats.length > MOST_LISTED;
  // Entries that went while the endpoint was asked are not wanted any more.
  const added =
    isTooMany || entries.length === 0 ? [] : chats.filter(({ id }) => !isKnown(known, id));
  const last = items.findLastIndex(({ value }) => isOf(value, group));
  items.splice(last + 1, 0, ...added.map((model) => ({ value: entryFor(model, group, entries) })));
  const idsOf = (verdict: Verdict): string[] =>
    [...judged.values()].flatMap(({ entry, verdicts }) =>
      verdicts.includes(verdict) ? [String(entry.id)] : [],
    );
  return {
    added: added.map(({ id }) => id),
    gone: idsOf("gone"),
    back: idsOf("back"),
    windows: idsOf("window"),
    unlisted: idsOf("unlisted"),
    tooMany: isTooMany ? chats.length : undefined,
  };
}

type Verdict = "gone" | "back" | "window" | "unlisted";

type JudgedEntry = { readonly entry: JsonObject; readonly verdicts: readonly Verdict[] };

/** What a list makes of one entry. */
function judge(entry: JsonObject, { models }: ModelList, isWhole: boolean): JudgedEntry {
  const id = String(entry.id);
  const isThere = hasModel(models, id);
  const isGone = isWhole && !isThere;
  if (!isWritten(entry)) {
    return { entry, verdicts: isGone ? ["unlisted"] : [] };
  }
  const sized = windowed(
    entry,
    models.find((model) => model.id === id),
  );
  const window: readonly Verdict[] = sized === entry ? [] : ["window"];
  const { delisted, ...listed } = sized;
  if (isThere && delisted !== undefined) {
    return { entry: listed, verdicts: [...window, "back"] };
  }
  return isGone && delisted !== true
    ? { entry: { ...sized, delisted: true }, verdicts: [...window, "gone"] }
    : { entry: sized, verdicts: window };
}

/** Ollama writes its standard tag out, which a person leaves away. */
function isKnown(known: readonly ListedModel[], id: string): boolean {
  return hasModel(known, id) || known.some((entry) => `${entry.id}:latest` === id);
}

function isOf(item: unknown, group: EntryGroup): item is JsonObject {
  const isIts = isJsonObject(item) && isUsable(item) && isAt(item, group);
  return isIts && item.envKey === group.envKey;
}

function isAt(item: JsonObject, { protocol, baseUrl, home }: EntryGroup): boolean {
  return entryEndpoint(protocol, item, home) === entryEndpoint(protocol, { baseUrl }, home);
}

/** Whether a login wrote an entry: those of people have names of their own, or none. */
function isWritten({ id, name }: JsonObject): boolean {
  return typeof name === "string" && (name === id || /^\[[^\]]+\] /.test(name));
}

/** An entry with the context window that the list tells, where it has none. */
function windowed(entry: JsonObject, model: ListedModel | undefined): JsonObject {
  const { generationConfig: config = {} } = entry;
  const isOpen = isJsonObject(config) && config.contextWindowSize === undefined;
  return model?.contextWindow === undefined || !isOpen
    ? entry
    : { ...entry, generationConfig: { ...config, contextWindowSize: model.contextWindow } };
}

/** A new entry, with the label and the headers that its neighbours have. */
function entryFor(
  model: ListedModel,
  { baseUrl, envKey }: EntryGroup,
  entries: readonly JsonObject[],
): JsonObject {
  const written = entries.find(isWritten);
  const provider = written === undefined ? undefined : providerOfEntry(asEntry(written));
  const label = /^\[([^\]]+)\] /.exec(textOf(written?.name) ?? "")?.[1];
  const {
    baseUrl: _url,
    envKey: _key,
    ...entry
  } = newEntry(model.id, {
    provider,
    label,
    baseUrl: baseUrl ?? "",
    envKey: envKey ?? "",
  });
  const headers = sharedHeaders(entries);
  const [anthropicBaseUrl, ...others] = new Set(entries.map((other) => other.anthropicBaseUrl));
  const config = headers === undefined ? {} : { generationConfig: { customHeaders: headers } };
  return windowed(
    mergeSettings([
      {
        ...entry,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(envKey === undefined ? {} : { envKey }),
        ...(anthropicBaseUrl === undefined || others.length > 0 ? {} : { anthropicBaseUrl }),
      },
      config,
    ]),
    model,
  );
}

function asEntry({ id, name, baseUrl, envKey }: JsonObject) {
  return {
    id: String(id),
    name: textOf(name),
    baseUrl: textOf(baseUrl),
    envKey: textOf(envKey),
  };
}

/** Headers that every entry of a group has are the endpoint's. */
function sharedHeaders(entries: readonly JsonObject[]): JsonObject | undefined {
  const all = entries.map(({ generationConfig: config }) =>
    isJsonObject(config) ? config.customHeaders : undefined,
  );
  const [first] = all;
  return isJsonObject(first) && all.every((each) => Bun.deepEquals(each, first))
    ? first
    : undefined;
}
