import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { withoutSentFields } from "../../models/entries/generation-fields.ts";
import { mergeSettings } from "../../settings/merge-settings.ts";
import { findEndpoint, findProvider } from "../providers/find-provider.ts";
import type { Provider, ProviderModel } from "../providers/provider.ts";
import { hasLabel, isAtEndpoint, isProviderEntry } from "../providers/provider-entries.ts";
import { entryList, type PlannedItem } from "./edit-entries.ts";
import { isOwnEntry, isSameEntry, type Login } from "./login.ts";

/** What becomes of the entries of a protocol. */
export type PlannedEntries = {
  /** As they will stand there; `from`: the index that an item has now. */
  readonly items: readonly PlannedItem[];
  /** The entries that the login configures, the first first. */
  readonly front: readonly JsonObject[];
  /** What goes: see `spec/providers.md` for what does not. */
  readonly removed: readonly JsonObject[];
};

/**
 * Decides what a login makes of the entries that are there (`spec/providers.md`, "What is
 * written"). It merges: an entry that is there stays as it is, fields, name and place, but for the
 * variable and the endpoint that the login gives it; what is missing is added; entries of the
 * provider at another region follow to the new one. Only named ids are put in front.
 */
export function planEntries(
  current: JsonObject,
  login: Login,
  ids: readonly string[],
): PlannedEntries {
  const items = entryList(current, login.protocol).items ?? [];
  const places = ids.map((id) => placeOf(items, id, login));
  const planned = ids.map((id, index) => {
    const from = places[index];
    const value = entryOf(from === undefined ? undefined : items[from], id, login);
    return from === undefined ? { value } : { value, from };
  });
  const taken = new Set(places);
  const others = items.map((item, from) => ({ item, from })).filter(({ from }) => !taken.has(from));
  const isGone = (item: unknown): boolean => isRemoved(item, login, ids);
  const rest = others
    .filter(({ item }) => !isGone(item))
    .map(({ item, from }) => ({ value: followed(item, login), from }));
  const isForeign = ({ from }: PlannedEntry): boolean =>
    login.provider !== undefined && from !== undefined && !isOwnEntry(items[from], login);
  const place = login.models === undefined ? inPlace : inFront;
  return {
    items: place(planned, rest, isForeign),
    front: planned.map(({ value }) => value),
    removed: others
      .map(({ item }) => item)
      .filter(isJsonObject)
      .filter(isGone),
  };
}

type PlannedEntry = { readonly value: JsonObject; readonly from?: number };

/** The item that becomes the entry of `id`: the login's own, anybody's of the same model, then one of another region. */
function placeOf(items: readonly unknown[], id: string, login: Login): number | undefined {
  const isSame = (item: unknown): boolean => isSameEntry(item, id, login.baseUrl);
  const tests = [
    (item: unknown): boolean => isSame(item) && isOwnEntry(item, login),
    isSame,
    (item: unknown): boolean => isOwnEntry(item, login) && item.id === id,
  ];
  const found = tests.map((test) => items.findIndex(test)).find((index) => index !== -1);
  return found;
}

/** What a login replaces for good; all else of the provider stays or follows. */
function isRemoved(item: unknown, login: Login, ids: readonly string[]): boolean {
  const { provider, models } = login;
  const isStale = (provider?.replaces ?? [])
    .map(findProvider)
    .some((stale) => stale !== undefined && isProviderEntry(item, stale));
  if (isStale || provider === undefined || !isOwnEntry(item, login)) {
    return isStale;
  }
  const isElsewhere = !isAtEndpoint(item, login.baseUrl);
  const isTwice = isElsewhere && ids.some((id) => id === item.id);
  return isTwice || (provider.isPlan === true && models !== undefined);
}

/** An own entry of another region goes with the key, which only the new region takes. */
function followed(item: unknown, login: Login): unknown {
  const isElsewhere =
    login.provider !== undefined && isOwnEntry(item, login) && !isAtEndpoint(item, login.baseUrl);
  return isElsewhere ? entryOf(item, String(item.id), login) : item;
}

/** Kept items keep their order; what is new stands behind the login's own one before it. */
function inPlace(
  planned: readonly PlannedEntry[],
  rest: readonly PlannedItem[],
  isForeign: (item: PlannedEntry) => boolean,
): PlannedItem[] {
  const kept = [...planned.filter(({ from }) => from !== undefined), ...rest];
  const items: PlannedItem[] = kept.sort(byPlace);
  let index = 0;
  for (const item of planned) {
    if (item.from === undefined) {
      items.splice(index, 0, item);
    }
    index = isForeign(item) ? index : items.indexOf(item) + 1;
  }
  return items;
}

/** Named ids go to the front, but an entry that somebody else wrote stays where it stands. */
function inFront(
  planned: readonly PlannedEntry[],
  rest: readonly PlannedItem[],
  isForeign: (item: PlannedEntry) => boolean,
): PlannedItem[] {
  const behind = [...rest, ...planned.filter(isForeign)];
  return [...planned.filter((item) => !isForeign(item)), ...behind.sort(byPlace)];
}

function byPlace(left: PlannedItem, right: PlannedItem): number {
  return (left.from ?? 0) - (right.from ?? 0);
}

/** The entry of `id`: new, or the old one with what the login decides. */
function entryOf(old: unknown, id: string, login: Login): JsonObject {
  const { protocol, anthropicBaseUrl } = login;
  const entry = configured(placedEntry(old, id, login), login);
  return anthropicBaseUrl === undefined || protocol === "anthropic"
    ? entry
    : { ...entry, anthropicBaseUrl };
}

function placedEntry(old: unknown, id: string, login: Login): JsonObject {
  const entry = newEntry(id, login);
  if (!isJsonObject(old)) {
    return entry;
  }
  const { provider, label, baseUrl, envKey } = login;
  const isNamed = typeof old.name === "string";
  const isRenamed = provider === undefined ? label !== undefined : hasLabel(old, provider);
  return {
    ...(isAtEndpoint(old, baseUrl) ? old : movedEntry(old, entry, login)),
    ...(isNamed && !isRenamed ? {} : { name: entry.name }),
    envKey,
  };
}

/**
 * An entry at another endpoint, which speaks Anthropic's protocol elsewhere. To one that is none of
 * its provider's, such as an account's, no header and body goes along that was meant for the old one.
 */
function movedEntry(old: JsonObject, entry: JsonObject, { provider, baseUrl }: Login): JsonObject {
  const { anthropicBaseUrl: _, ...others } = old;
  const { generationConfig: config, ...rest } = others;
  const isAtHome = provider === undefined || findEndpoint(provider, baseUrl) !== undefined;
  if (isAtHome || !isJsonObject(config)) {
    return { ...others, baseUrl };
  }
  const known = isJsonObject(entry.generationConfig) ? entry.generationConfig : {};
  return { ...rest, baseUrl, generationConfig: mergeSettings([known, withoutSentFields(config)]) };
}

/** What the login says of `generationConfig` goes over what is there, and nothing else of it. */
function configured(entry: JsonObject, { generationConfig: given }: Login): JsonObject {
  if (given === undefined) {
    return entry;
  }
  const old = isJsonObject(entry.generationConfig) ? entry.generationConfig : {};
  const { customHeaders } = given;
  const wanted = isJsonObject(customHeaders)
    ? { ...given, customHeaders: respelt(customHeaders, old.customHeaders) }
    : given;
  return { ...entry, generationConfig: mergeSettings([old, wanted]) };
}

/** A header that is there in other letters is the same one. */
function respelt(headers: JsonObject, old: unknown): JsonObject {
  const names = isJsonObject(old) ? Object.keys(old) : [];
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [known.get(name.toLowerCase()) ?? name, value]),
  );
}

/** An entry as a login writes it. */
export function newEntry(
  id: string,
  { provider, label, baseUrl, envKey }: Pick<Login, "provider" | "label" | "baseUrl" | "envKey">,
): JsonObject {
  const model = provider?.models.find((known) => known.id === id);
  return {
    id,
    name: label === undefined ? id : `[${label}] ${id}`,
    ...(model?.description === undefined ? {} : { description: model.description }),
    baseUrl,
    envKey,
    ...generationConfig(model, provider),
  };
}

function generationConfig(
  model: ProviderModel | undefined,
  provider: Provider | undefined,
): JsonObject {
  const thinking = model?.thinking === true ? { enable_thinking: true } : undefined;
  const extraBody = { ...provider?.extraBody, ...thinking };
  const config = {
    ...(Object.keys(extraBody).length === 0 ? {} : { extra_body: extraBody }),
    ...(model?.contextWindowSize === undefined
      ? {}
      : { contextWindowSize: model.contextWindowSize }),
    ...(model?.vision === true ? { modalities: { image: true, video: true } } : {}),
  };
  return Object.keys(config).length === 0 ? {} : { generationConfig: config };
}
