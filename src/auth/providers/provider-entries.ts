import { sameEndpoint } from "../../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { CUSTOM_ENV_KEY_PREFIX } from "./custom-env-key.ts";
import { findEndpoint } from "./find-provider.ts";
import type { Endpoint, Provider } from "./provider.ts";

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
