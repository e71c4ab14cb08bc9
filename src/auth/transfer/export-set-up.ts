import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import { typedCredentials } from "../../models/custom-headers.ts";
import { entryTwin } from "../../models/entries/entry-endpoint.ts";
import { KEYLESS, PROTOCOLS, type Protocol } from "../../models/protocol.ts";
import { looksLikeKey } from "../../secrets/looks-like-key.ts";
import { isReference } from "../../secrets/parse-key.ts";
import type { Account, Accounts } from "../../settings/accounts.ts";
import { entryList } from "../login/edit-entries.ts";
import { isAtSelected, selectedEntry } from "./selected-entry.ts";
import { isEntryField } from "./set-up.ts";

export type StoredSetUp = {
  /** The user's settings as they stand in the file. */
  readonly settings: JsonObject;
  readonly accounts: Accounts;
  /** Keys by variable, and by `VARIABLE@NAME`; empty without `--with-keys`. */
  readonly keys: ReadonlyMap<string, string>;
  readonly withKeys: boolean;
  /** Whether an entry of a protocol is asked for. */
  readonly isWanted: (entry: JsonObject) => boolean;
  /** Whether the accounts of a variable are asked for though no entry has it. */
  readonly isAllWanted: boolean;
  readonly holdsSecret: (text: string) => boolean;
};

export type ExportedSetUp = {
  readonly document: JsonObject;
  readonly count: number;
  /** What was left out, and why. */
  readonly notes: readonly string[];
};

/**
 * A set-up as one object (`spec/accounts.md`, "Export and import"): entries as they stand in the
 * settings, with references as they are written, selection and accounts; nothing of other settings.
 */
export function exportSetUp(stored: StoredSetUp): ExportedSetUp {
  const { settings, accounts, isAllWanted } = stored;
  const notes: string[] = [];
  const modelProviders: Partial<Record<Protocol, JsonObject[]>> = {};
  for (const protocol of PROTOCOLS) {
    const entries = (entryList(settings, protocol).items ?? [])
      .filter(isJsonObject)
      .filter(stored.isWanted)
      .filter(isFirstOf(protocol, notes))
      .flatMap((entry) => exportEntry(entry, stored, notes));
    if (entries.length > 0) {
      modelProviders[protocol] = entries;
    }
  }
  const all = Object.values(modelProviders).flat();
  const variables = new Set(
    all.map(({ envKey }) => envKey).filter((name) => typeof name === "string"),
  );
  const selection = selectionOf(settings, modelProviders);
  const own = [...accounts].filter(([envKey]) => isAllWanted || variables.has(envKey));
  const env = envOf(stored, variables);
  const region = valueAt(settings, ["codingPlan", "region"]);
  const isPlan = region === "china" || region === "global";
  return {
    document: {
      schemaVersion: 1,
      ...(all.length === 0 ? {} : { modelProviders }),
      ...(selection === undefined ? {} : { selection }),
      ...(isPlan && variables.has("BAILIAN_CODING_PLAN_API_KEY") ? { codingPlan: { region } } : {}),
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(own.length === 0 ? {} : { accounts: Object.fromEntries(own.map(accountsIn(stored))) }),
    },
    count: all.length + own.length,
    notes,
  };
}

/** Whether an entry is the first of its kind: nobody reaches another, and no import takes it. */
function isFirstOf(protocol: Protocol, notes: string[]): (entry: JsonObject) => boolean {
  const seen = new Set<string>();
  return (entry) => {
    const twin = entryTwin(protocol, entry);
    const isFirst = !seen.has(twin);
    seen.add(twin);
    if (!isFirst) {
      notes.push(`left out, as it stands there twice: "${String(entry.id)}"`);
    }
    return isFirst;
  };
}

function accountsIn({ keys, withKeys, holdsSecret }: StoredSetUp) {
  return ([envKey, named]: readonly [string, ReadonlyMap<string, Account>]): [
    string,
    JsonObject,
  ] => [
    envKey,
    Object.fromEntries(
      [...named].map(([name, { baseUrl }]) => {
        const key = keys.get(`${envKey}@${name}`);
        const isKept = baseUrl !== undefined && (withKeys || !holdsSecret(baseUrl));
        return [name, { ...(key === undefined ? {} : { key }), ...(isKept ? { baseUrl } : {}) }];
      }),
    ),
  ];
}

/** Keys, and what is none: the place holder of a server without keys, and names of variables. */
function envOf({ settings, keys }: StoredSetUp, variables: ReadonlySet<string>): JsonObject {
  const env: Record<string, string> = {};
  for (const name of variables) {
    const plain = valueAt(settings, ["env", name]);
    const isOpen = typeof plain === "string" && (plain === KEYLESS || isReference(plain));
    const value = keys.get(name) ?? (isOpen ? plain : undefined);
    if (value !== undefined) {
      env[name] = value;
    }
  }
  return env;
}

/** The selection, where the model that it names goes along. */
function selectionOf(
  settings: JsonObject,
  exported: Partial<Record<Protocol, readonly JsonObject[]>>,
): JsonObject | undefined {
  const type = valueAt(settings, ["security", "auth", "selectedType"]);
  const model = valueAt(settings, ["model", "name"]);
  const baseUrl = valueAt(settings, ["model", "baseUrl"]);
  const protocol = PROTOCOLS.find((known) => known === type);
  if (protocol === undefined || typeof model !== "string") {
    return undefined;
  }
  const entries = PROTOCOLS.flatMap((known) =>
    (exported[known] ?? []).map((entry) => ({ protocol: known, entry })),
  );
  const named = { selectedType: protocol, baseUrl };
  return selectedEntry(entries, { selectedType: protocol, model }) !== undefined
    ? {
        selectedType: protocol,
        model,
        ...(typeof baseUrl === "string" && baseUrl !== "" && isAtSelected(entries, named)
          ? { baseUrl }
          : {}),
      }
    : undefined;
}

/** An entry without what an import does not take, and without keys unless they are asked for. */
function exportEntry(entry: JsonObject, stored: StoredSetUp, notes: string[]): JsonObject[] {
  const unknown = Object.keys(entry).filter((field) => !isEntryField(field));
  if (unknown.length > 0) {
    notes.push(`left out of "${String(entry.id)}", as nothing reads it: ${unknown.join(", ")}`);
  }
  const known = Object.fromEntries(Object.entries(entry).filter(([field]) => isEntryField(field)));
  if (stored.withKeys) {
    return [known];
  }
  const { generationConfig: config } = known;
  const typed = new Set(isJsonObject(config) ? typedCredentials(config) : []);
  const isSecret = (text: string): boolean =>
    typed.has(text) || looksLikeKey(text) || stored.holdsSecret(text);
  const { id, envKey, baseUrl, ...rest } = known;
  if ([id, envKey, baseUrl].some((text) => typeof text === "string" && stored.holdsSecret(text))) {
    notes.push("a model is left out, as a key stands in it; `--with-keys` takes it along");
    return [];
  }
  const bare = withoutSecrets(rest, isSecret);
  if (!Bun.deepEquals(bare, rest)) {
    notes.push(`keys that stand in "${String(id)}" are left out; \`--with-keys\` takes them along`);
  }
  const named = { id, ...(isJsonObject(bare) ? bare : {}) };
  return [
    {
      ...named,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(envKey === undefined ? {} : { envKey }),
    },
  ];
}

function withoutSecrets(value: unknown, isSecret: (text: string) => boolean): unknown {
  const isKept = (item: unknown): boolean => typeof item !== "string" || !isSecret(item);
  if (Array.isArray(value)) {
    return value.filter(isKept).map((item) => withoutSecrets(item, isSecret));
  }
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => isKept(item))
          .map(([key, item]) => [key, withoutSecrets(item, isSecret)]),
      )
    : value;
}
