import { sameEndpoint } from "../../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import { KEYLESS, PROTOCOLS } from "../../models/protocol.ts";
import { maskKey } from "../../secrets/mask.ts";
import { CODING_PLAN } from "../providers/alibaba-providers.ts";
import { findEndpoint, findProvider } from "../providers/find-provider.ts";
import type { Provider } from "../providers/provider.ts";
import { isAtEndpoint } from "../providers/provider-entries.ts";
import type { PlannedItem } from "./edit-entries.ts";
import { entryList, placeItems, removeKeys } from "./edit-entries.ts";
import { isOwnEntry, isSameEntry, type Login } from "./login.ts";
import { planEntries } from "./plan-entries.ts";

/**
 * The edits that make `current`, the raw content of one settings file, use what `login` says
 * (`spec/providers.md`, "What is written"): entries, key, selected type, default model. What a
 * person wrote or changed stays.
 * @throws ConfigError when something else stands where the entries belong
 */
export function applyLogin(current: JsonObject, login: Login): JsoncEdit[] {
  const list = entryList(current, login.protocol);
  const { items } = planEntries(current, login, plannedIds(current, login));
  return [
    ...keyEdits(login),
    ...placeItems(list, items),
    { kind: "set", path: ["security", "auth", "selectedType"], value: login.protocol },
    ...modelEdits(current, items, login),
    ...replacedProviders(login).flatMap((provider) => staleEdits(current, provider)),
    ...planEdits(current, login),
  ];
}

/** What a login takes out of `current`, and what of a replaced provider stays, for people. */
export function loginNotes(current: JsonObject, login: Login): string[] {
  const { removed, items: after } = planEntries(current, login, plannedIds(current, login));
  const ids = [...new Set(removed.map(({ id }) => String(id)))];
  const why =
    login.models === undefined
      ? "as their key or endpoint is replaced"
      : "as the list of models is replaced";
  const items = entryList(current, login.protocol).items ?? [];
  return [
    ...(ids.length === 0 ? [] : [`removed, ${why}: ${ids.join(", ")}`]),
    ...replacedProviders(login).flatMap(({ envKey }) => {
      const kept = items
        .filter((item) => isJsonObject(item))
        .filter((item) => item.envKey === envKey && !removed.includes(item));
      return kept.length === 0
        ? []
        : [`kept, though \`${envKey}\` was removed: ${kept.map(({ id }) => id).join(", ")}`];
    }),
    ...leftNotes(items, after),
    ...regionNotes([...after.map(({ value }) => value), ...otherItems(current, login)], login),
  ];
}

/** Entries whose headers and bodies stayed behind with the endpoint that they were for. */
function leftNotes(before: readonly unknown[], after: readonly PlannedItem[]): string[] {
  const ids = after
    .filter(({ value, from }) => {
      const [old, now] = [from === undefined ? undefined : before[from], value].map((item) =>
        Object.keys(valueAt(item, ["generationConfig"]) ?? {}),
      );
      return old?.some((name) => now?.includes(name) === false);
    })
    .map(({ value }) => String(valueAt(value, ["id"])));
  return ids.length === 0
    ? []
    : [`headers and bodies for the endpoint of before are left out of: ${ids.join(", ")}`];
}

/** Entries that a person wrote for another region: they get the key of this one from now on. */
function regionNotes(items: readonly unknown[], { provider, envKey, region }: Login): string[] {
  if (provider === undefined || region === undefined) {
    return [];
  }
  const elsewhere = items.filter(isJsonObject).flatMap(({ id, baseUrl, ...item }) => {
    const found = typeof baseUrl === "string" ? regionOf(provider, baseUrl) : undefined;
    const isElsewhere = item.envKey === envKey && found !== undefined && found !== region;
    return isElsewhere ? [`${String(id)} (${found})`] : [];
  });
  return elsewhere.length === 0
    ? []
    : [`kept at another region, where this key may be none: ${elsewhere.join(", ")}`];
}

/** The region of an endpoint, whichever of its protocols it speaks. */
function regionOf({ endpoints }: Provider, baseUrl: string): string | undefined {
  return endpoints.find((endpoint) =>
    [endpoint.baseUrl, endpoint.anthropic?.baseUrl].some(
      (url) => url !== undefined && sameEndpoint(url, baseUrl),
    ),
  )?.region;
}

function otherItems(current: JsonObject, { protocol }: Login): readonly unknown[] {
  return PROTOCOLS.filter((other) => other !== protocol).flatMap(
    (other) => entryList(current, other).items ?? [],
  );
}

function replacedProviders({ provider }: Login): Provider[] {
  return (provider?.replaces ?? []).map(findProvider).filter((it) => it !== undefined);
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
    (login.models === undefined || ids.includes(chosen)) &&
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
  const { front } = planEntries(current, login, plannedIds(current, login));
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

/** A key in another store must not stand in the settings as well. */
function keyEdits({ store, envKey, key }: Login): JsoncEdit[] {
  const path = ["env", envKey];
  return store === "settings" ? [{ kind: "set", path, value: key }] : [{ kind: "remove", path }];
}

/** `model.baseUrl` only where another entry has the same id (`spec/settings-and-env.md`). */
function modelEdits(current: JsonObject, items: readonly PlannedItem[], login: Login): JsoncEdit[] {
  const name = plannedModel(current, login);
  const isAmbiguous = items.some(
    ({ value }) =>
      isJsonObject(value) && value.id === name && !isSameEntry(value, name, login.baseUrl),
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
