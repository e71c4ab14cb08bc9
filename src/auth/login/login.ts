import { sameEndpoint } from "../../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import type { Protocol } from "../../models/protocol.ts";
import { CUSTOM_ENV_KEY_PREFIX } from "../providers/custom-env-key.ts";
import { findEndpoint } from "../providers/find-provider.ts";
import type { Endpoint, Provider } from "../providers/provider.ts";

/** Where a key is kept (`spec/trust-and-secrets.md`, "Secrets at rest"). */
export const KEY_STORES = ["settings", "env-file", "keyring"] as const;

export type KeyStore = (typeof KEY_STORES)[number];

/** What a person answered, checked: everything that a login writes follows from it. */
export type Login = {
  /** Of the catalogue; `undefined` for an endpoint of one's own. */
  readonly provider: Provider | undefined;
  /** The region's, if the provider has several. */
  readonly region: string | undefined;
  readonly protocol: Protocol;
  readonly baseUrl: string;
  readonly envKey: string;
  /** `not-needed` for a server that wants none. */
  readonly key: string;
  readonly store: KeyStore;
  /** The ids to configure; otherwise those configured earlier, else the provider's list. */
  readonly models: readonly string[] | undefined;
  /** The one that becomes the default; otherwise a model chosen earlier, else the first. */
  readonly model: string | undefined;
  /** What stands in brackets before each id; `undefined`: nothing. */
  readonly label: string | undefined;
};

/** What a provider's entries carry in brackets. */
export function entryLabel(provider: Provider, endpoint: Endpoint | undefined): string {
  return endpoint?.entryLabel ?? provider.entryLabel ?? provider.label;
}

/**
 * Whether an entry was written for a provider: by its variable, its endpoint and its name, or, of
 * the Coding Plan, an id of its list (`spec/providers.md`). Entries that a person wrote by hand
 * have names of their own. `envKeys`: other variables than the provider's, if it had some.
 */
export function isProviderEntry(
  item: unknown,
  provider: Provider,
  envKeys: readonly string[] = [],
): item is JsonObject {
  if (!isJsonObject(item) || typeof item.baseUrl !== "string" || typeof item.envKey !== "string") {
    return false;
  }
  const hasItsKey =
    envKeys.includes(item.envKey) ||
    (provider.envKey === undefined
      ? item.envKey.startsWith(CUSTOM_ENV_KEY_PREFIX)
      : item.envKey === provider.envKey);
  return (
    hasItsKey &&
    (hasLabel(item, provider) || (isNamedByRegion(provider) && isListed(item, provider))) &&
    isAtHome(item.baseUrl, provider)
  );
}

/** Whether an entry is one that `login` replaces: of the same provider and variable. */
export function isOwnEntry(item: unknown, login: Login): item is JsonObject {
  const { provider, envKey, baseUrl } = login;
  if (provider === undefined) {
    return isJsonObject(item) && isAtEndpoint(item, baseUrl) && item.envKey === envKey;
  }
  const isElsewhere = provider.exampleUrl !== undefined && !isAtEndpoint(item, baseUrl);
  return !isElsewhere && isProviderEntry(item, { ...provider, envKey });
}

/** Whether an entry is the one of `id` at `baseUrl`, whoever wrote it. */
export function isSameEntry(item: unknown, id: string, baseUrl: string): item is JsonObject {
  return isJsonObject(item) && item.id === id && isAtEndpoint(item, baseUrl);
}

export function isAtEndpoint(item: unknown, baseUrl: string): boolean {
  return (
    isJsonObject(item) && typeof item.baseUrl === "string" && sameEndpoint(item.baseUrl, baseUrl)
  );
}

/** Whether an endpoint is one of a provider's, or any where the provider takes any. */
function isAtHome(baseUrl: string, provider: Provider): boolean {
  return provider.exampleUrl !== undefined || findEndpoint(provider, baseUrl) !== undefined;
}

/** The plan's entries were named in several ways over time. */
function isNamedByRegion({ endpoints }: Provider): boolean {
  return endpoints.some(({ entryLabel: label }) => label !== undefined);
}

function isListed({ id }: JsonObject, { models }: Provider): boolean {
  return models.some((known) => known.id === id);
}

/** Whether an entry carries a label of the provider in brackets. */
export function hasLabel({ name }: JsonObject, provider: Provider): boolean {
  const labels = [
    entryLabel(provider, undefined),
    ...provider.endpoints.map((endpoint) => entryLabel(provider, endpoint)),
    ...(provider.foreignEntryLabels ?? []),
  ];
  return typeof name === "string" && labels.some((label) => name.startsWith(`[${label}] `));
}
