import { isJsonObject, type JsonObject, valueAt } from "../lib/json-object.ts";
import type { JsoncEdit } from "../lib/jsonc-edit.ts";
import { KEYLESS } from "../models/protocol.ts";
import { maskKey } from "../secrets/mask.ts";
import { CODING_PLAN } from "./alibaba-providers.ts";
import { entryList, fieldEdits, placeFirst, removeKeys } from "./edit-entries.ts";
import { findEndpoint, findProvider } from "./find-provider.ts";
import { isAtEndpoint, isOwnEntry, isProviderEntry, isSameEntry, type Login } from "./login.ts";
import type { Provider, ProviderModel } from "./provider.ts";

/**
 * The edits that make `current`, the raw content of one settings file, use what `login` says
 * (`spec/providers.md`, "What is written"): its entries first and all others after them, key,
 * selected type, default model. Fields that a person added to one of its entries stay.
 * @throws ConfigError when something else stands where the entries belong
 */
export function applyLogin(current: JsonObject, login: Login): JsoncEdit[] {
  const list = entryList(current, login.protocol);
  const items = list.items ?? [];
  const { front, handwritten } = plannedEntries(current, login);
  const stale = (login.provider?.replaces ?? []).map(findProvider).filter((it) => it !== undefined);
  const isReplaced = (item: unknown): boolean =>
    login.provider === undefined
      ? front.some(({ id }) => isSameEntry(item, String(id), login.baseUrl))
      : isOwnEntry(item, login);
  const isDropped = (item: unknown): boolean =>
    isReplaced(item) || stale.some((provider) => isProviderEntry(item, provider));
  const kept = items.filter((item) => !isDropped(item));
  return [
    ...keyEdits(login),
    ...handwritten.flatMap((index) =>
      fieldEdits([...list.path, index], items[index], { envKey: login.envKey }),
    ),
    ...placeFirst(markUpdated(list, handwritten, login), front, isDropped),
    { kind: "set", path: ["security", "auth", "selectedType"], value: login.protocol },
    ...modelEdits(current, kept, login),
    ...stale.flatMap((provider) => staleEdits(current, provider)),
    ...planEdits(current, login),
  ];
}

/** The ids that a login configures, its default model not necessarily first. */
export function plannedIds(current: JsonObject, login: Login): readonly string[] {
  const { provider, models } = login;
  const known = (provider?.models ?? []).map(({ id }) => id);
  if (models !== undefined || provider?.isPlan === true) {
    return models ?? known;
  }
  const earlier = earlierEntries(current, login);
  const ids = earlier.map(({ id }) => id).filter((id) => typeof id === "string");
  return earlier.some((item) => isOwnEntry(item, login)) ? [...new Set(ids)] : known;
}

/** The model that is the default once `login` is applied to `current`. */
export function plannedModel(current: JsonObject, login: Login): string {
  const ids = plannedIds(current, login);
  const chosen = valueAt(current, ["model", "name"]);
  const isKept =
    typeof chosen === "string" &&
    ids.includes(chosen) &&
    isEndpointOf(login, valueAt(current, ["model", "baseUrl"])) &&
    earlierEntries(current, login).some(({ id }) => id === chosen);
  return login.model ?? (isKept ? chosen : undefined) ?? ids[0] ?? "";
}

/** Entries that an earlier login wrote, or a person for the same endpoint and variable. */
function earlierEntries(current: JsonObject, login: Login): JsonObject[] {
  const items = entryList(current, login.protocol).items ?? [];
  return items
    .filter(isJsonObject)
    .filter(
      (item) =>
        (item.envKey === login.envKey && isAtEndpoint(item, login.baseUrl)) ||
        isOwnEntry(item, login),
    );
}

/** What of the settings a login decides, as it will be; the key is masked. */
export function previewLogin(current: JsonObject, login: Login): object {
  const { envKey, key, protocol, store } = login;
  const { front } = plannedEntries(current, login);
  return {
    ...(store === "settings" ? { env: { [envKey]: key === KEYLESS ? key : maskKey(key) } } : {}),
    modelProviders: { [protocol]: front },
    security: {
      auth: { selectedType: protocol, ...(store === "keyring" ? { keyring: [envKey] } : {}) },
    },
    model: { name: plannedModel(current, login) },
  };
}

/** `model.baseUrl` names the endpoint, or nothing, so that the id alone decides. */
function isEndpointOf({ provider, baseUrl }: Login, named: unknown): boolean {
  return (
    typeof named !== "string" ||
    named === "" ||
    findEndpoint({ endpoints: [...(provider?.endpoints ?? []), { baseUrl }] }, named) !== undefined
  );
}

type Planned = {
  readonly front: readonly JsonObject[];
  /** Where entries stand that a person wrote for the same model: those are updated in place. */
  readonly handwritten: readonly number[];
};

function plannedEntries(current: JsonObject, login: Login): Planned {
  const items = entryList(current, login.protocol).items ?? [];
  const front: JsonObject[] = [];
  const handwritten: number[] = [];
  for (const id of plannedIds(current, login)) {
    const isSame = (item: unknown): boolean => isSameEntry(item, id, login.baseUrl);
    const index = items.findIndex((item) => isSame(item) && isOwnEntry(item, login));
    const foreign = index === -1 ? items.findIndex(isSame) : -1;
    const old = items[index === -1 ? foreign : index];
    if (foreign !== -1 && login.provider !== undefined) {
      handwritten.push(foreign);
    } else {
      front.push(mergeEntry(isJsonObject(old) ? old : {}, newEntry(id, login)));
    }
  }
  return { front, handwritten };
}

/** The list as it is once the handwritten entries have the login's variable. */
function markUpdated(
  { path, items }: ReturnType<typeof entryList>,
  handwritten: readonly number[],
  { envKey }: Login,
): ReturnType<typeof entryList> {
  return {
    path,
    items: items?.map((item, index) =>
      handwritten.includes(index) && isJsonObject(item) ? { ...item, envKey } : item,
    ),
  };
}

function newEntry(id: string, { provider, label, baseUrl, envKey }: Login): JsonObject {
  const model = provider?.models.find((known) => known.id === id);
  return {
    id,
    name: label === undefined ? id : `[${label}] ${id}`,
    ...(model?.description === undefined ? {} : { description: model.description }),
    baseUrl,
    envKey,
    ...generationConfig(model),
  };
}

function generationConfig(model: ProviderModel | undefined): JsonObject {
  const config = {
    ...(model?.thinking === true ? { extra_body: { enable_thinking: true } } : {}),
    ...(model?.contextWindowSize === undefined
      ? {}
      : { contextWindowSize: model.contextWindowSize }),
    ...(model?.vision === true ? { modalities: { image: true, video: true } } : {}),
  };
  return Object.keys(config).length === 0 ? {} : { generationConfig: config };
}

/**
 * The new fields over the old ones, one level into `generationConfig`; a name that a person gave
 * stays where the new one is no more than the id.
 */
function mergeEntry(old: JsonObject, entry: JsonObject): JsonObject {
  const config = isJsonObject(old.generationConfig) ? old.generationConfig : {};
  const keepsName = entry.name === entry.id && typeof old.name === "string";
  return {
    ...old,
    ...entry,
    ...(keepsName ? { name: old.name } : {}),
    ...(isJsonObject(entry.generationConfig)
      ? { generationConfig: { ...config, ...entry.generationConfig } }
      : {}),
  };
}

/** A key in another store must not stand in the settings as well. */
function keyEdits({ store, envKey, key }: Login): JsoncEdit[] {
  const path = ["env", envKey];
  return store === "settings" ? [{ kind: "set", path, value: key }] : [{ kind: "remove", path }];
}

/** `model.baseUrl` only where another entry has the same id (`spec/settings-and-env.md`). */
function modelEdits(current: JsonObject, kept: readonly unknown[], login: Login): JsoncEdit[] {
  const name = plannedModel(current, login);
  const isAmbiguous = kept.some(
    (item) => isJsonObject(item) && item.id === name && !isSameEntry(item, name, login.baseUrl),
  );
  return [
    { kind: "set", path: ["model", "name"], value: name },
    isAmbiguous
      ? { kind: "set", path: ["model", "baseUrl"], value: login.baseUrl }
      : { kind: "remove", path: ["model", "baseUrl"] },
  ];
}

/** Key and bookkeeping of a provider that another one has replaced. */
function staleEdits(current: JsonObject, { id, envKey }: Provider): JsoncEdit[] {
  return [
    ...(envKey === undefined ? [] : [{ kind: "remove", path: ["env", envKey] } as const]),
    ...(id === CODING_PLAN.id ? planRemovalEdits(current) : []),
  ];
}

/** What the Coding Plan keeps beside its entries. */
export function planRemovalEdits(current: JsonObject): JsoncEdit[] {
  return [
    ...removeKeys(current, ["codingPlan"], ["region", "version"]),
    ...removeKeys(current, ["providerMetadata"], [CODING_PLAN.id]),
  ];
}

/** A foreign version there makes Qwen Code offer an "update" at every start. */
function planEdits(current: JsonObject, { provider, region }: Login): JsoncEdit[] {
  return provider?.id === CODING_PLAN.id
    ? [
        { kind: "set", path: ["codingPlan", "region"], value: region },
        { kind: "remove", path: ["codingPlan", "version"] },
        ...removeKeys(current, ["providerMetadata"], [CODING_PLAN.id]),
      ]
    : [];
}
