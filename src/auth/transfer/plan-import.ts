import { sameEndpoint } from "../../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import { entryEndpoint } from "../../models/entries/entry-endpoint.ts";
import { PROTOCOLS, type Protocol } from "../../models/protocol.ts";
import type { Accounts } from "../../settings/accounts.ts";
import { mergeSettings } from "../../settings/merge-settings.ts";
import { accountEdits } from "../../settings/update-accounts.ts";
import { entryList, type PlannedItem, placeItems } from "../login/edit-entries.ts";
import type { KeyStore } from "../login/key-stores.ts";
import type { SetUp, SetUpEntry } from "./set-up.ts";

/** What an import does to one file. */
export type FilePlan = {
  readonly edits: readonly JsoncEdit[];
  /** What is there already and differs: it stays, a few words each. */
  readonly kept: readonly string[];
};

type Options = {
  /** What differs takes the place of what is there. */
  readonly replace: boolean;
};

/** A key that comes with a set-up, or was given for it. */
export type ImportedKey = {
  readonly envKey: string;
  readonly key: string;
  /** By the command line or on the terminal: then it goes over the one that is there. */
  readonly isGiven: boolean;
  /** Where the key of that variable is kept on this machine. */
  readonly store: KeyStore;
  /** What is kept there. */
  readonly stored: string | undefined;
};

type KeyOptions = Options & { readonly keys: readonly ImportedKey[] };

/** The keys that go into other stores than the settings. */
export function planKeys({ keys, replace }: KeyOptions): {
  readonly news: readonly ImportedKey[];
  readonly kept: FilePlan["kept"];
} {
  const differing = keys.filter(({ store, key, stored }) => store !== "settings" && stored !== key);
  const isKept = ({ stored, isGiven }: ImportedKey): boolean =>
    stored !== undefined && !replace && !isGiven;
  return {
    news: differing.filter((each) => !isKept(each)),
    kept: differing.filter(isKept).map(nameOf),
  };
}

function nameOf({ envKey }: ImportedKey): string {
  return `the key of ${envKey}`;
}

/**
 * The edits that bring a set-up into the user's settings. What is there stays as it is, unless it
 * is to be replaced: other entries, fields and comments always.
 * @throws ConfigError when something else stands where the entries belong
 */
export function planSettings(
  current: JsonObject,
  setUp: SetUp,
  { replace, keys }: KeyOptions,
): FilePlan {
  const edits: JsoncEdit[] = [];
  const kept: string[] = [];
  for (const protocol of PROTOCOLS) {
    const entries = setUp.modelProviders?.[protocol] ?? [];
    const planned = planProtocol(current, { protocol, entries, replace });
    edits.push(...planned.edits);
    kept.push(...planned.kept);
  }
  const { selection, codingPlan } = setUp;
  const { selectedType, model, baseUrl } = selection ?? {};
  const put = (path: readonly string[], value: unknown, name: string, isGiven = false): boolean => {
    const old = valueAt(current, path);
    if (value === undefined || Bun.deepEquals(old, value)) {
      return value !== undefined;
    }
    if (old !== undefined && !replace && !isGiven) {
      kept.push(name);
      return false;
    }
    edits.push({ kind: "set", path, value });
    return true;
  };
  for (const each of keys.filter(({ store }) => store === "settings")) {
    put(["env", each.envKey], each.key, nameOf(each), each.isGiven);
  }
  // A choice is made of all its parts: half of the old one and half of the new one is none.
  const isFree =
    valueAt(current, ["model", "name"]) === undefined &&
    valueAt(current, ["security", "auth", "selectedType"]) === undefined;
  const isSame =
    valueAt(current, ["model", "name"]) === model &&
    valueAt(current, ["security", "auth", "selectedType"]) === selectedType &&
    valueAt(current, ["model", "baseUrl"]) === baseUrl;
  if (selection !== undefined && !isSame) {
    if (isFree || replace) {
      edits.push(
        { kind: "set", path: ["security", "auth", "selectedType"], value: selectedType },
        { kind: "set", path: ["model", "name"], value: model },
        baseUrl === undefined
          ? { kind: "remove", path: ["model", "baseUrl"] }
          : { kind: "set", path: ["model", "baseUrl"], value: baseUrl },
      );
    } else {
      kept.push("the default model");
    }
  }
  put(["codingPlan", "region"], codingPlan?.region, "the region of the Coding Plan");
  return { edits, kept };
}

type Group = Options & { readonly protocol: Protocol; readonly entries: readonly SetUpEntry[] };

function planProtocol(current: JsonObject, { protocol, entries, replace }: Group): FilePlan {
  if (entries.length === 0) {
    return { edits: [], kept: [] };
  }
  const list = entryList(current, protocol);
  const items: PlannedItem[] = (list.items ?? []).map((value, from) => ({ value, from }));
  const taken = new Set<number>();
  const kept: string[] = [];
  for (const entry of entries) {
    const from = placeOf(list.items ?? [], { protocol, entry, taken });
    const old = from === undefined ? undefined : items[from]?.value;
    if (from === undefined || !isJsonObject(old)) {
      items.push({ value: entry });
      continue;
    }
    taken.add(from);
    const wanted = mergeSettings([withoutForeignHeaders(old, entry), entry]);
    if (replace) {
      items[from] = { value: wanted, from };
    } else if (!Bun.deepEquals(old, wanted)) {
      kept.push(`"${entry.id}"`);
    }
  }
  return { edits: placeItems(list, items), kept };
}

/** Headers that stand here are for no second endpoint that a file names. */
function withoutForeignHeaders(old: JsonObject, { anthropicBaseUrl }: SetUpEntry): JsonObject {
  const { generationConfig: config } = old;
  const isKnown =
    anthropicBaseUrl === undefined ||
    sameEndpoint(anthropicBaseUrl, String(old.anthropicBaseUrl ?? ""));
  if (isKnown || !isJsonObject(config)) {
    return old;
  }
  const { customHeaders: _, ...others } = config;
  return { ...old, generationConfig: others };
}

type EntrySearch = {
  readonly protocol: Protocol;
  readonly entry: SetUpEntry;
  /** Items that are another entry's already. */
  readonly taken: ReadonlySet<number>;
};

/** The item that has the same id, endpoint and, of several, variable. */
function placeOf(
  items: readonly unknown[],
  { protocol, entry, taken }: EntrySearch,
): number | undefined {
  const isSame = (item: unknown, index: number): item is JsonObject =>
    !taken.has(index) &&
    isJsonObject(item) &&
    item.id === entry.id &&
    entryEndpoint(protocol, item) === entryEndpoint(protocol, entry);
  const exact = items.findIndex(
    (item, index) => isSame(item, index) && item.envKey === entry.envKey,
  );
  const found = exact === -1 ? items.findIndex(isSame) : exact;
  return found === -1 ? undefined : found;
}

/** The edits that keep the accounts of a set-up that have a key. */
export function planAccounts(current: Accounts, setUp: SetUp, { replace }: Options): FilePlan {
  const news = Object.entries(setUp.accounts ?? {}).flatMap(([envKey, named]) =>
    Object.entries(named).flatMap(([name, { key, baseUrl }]) => {
      const old = current.get(envKey)?.get(name);
      const isSame = old?.key === key && old?.baseUrl === baseUrl;
      return key === undefined || isSame ? [] : [{ envKey, name, key, baseUrl, old }];
    }),
  );
  const isKept = ({ old }: { readonly old: unknown }): boolean => old !== undefined && !replace;
  return {
    edits: news
      .filter((each) => !isKept(each))
      .flatMap(({ envKey, name, key, baseUrl }) =>
        accountEdits({ envKey, name }, { key, ...(baseUrl === undefined ? {} : { baseUrl }) }),
      ),
    kept: news.filter(isKept).map(({ envKey, name }) => `the account ${envKey}@${name}`),
  };
}
