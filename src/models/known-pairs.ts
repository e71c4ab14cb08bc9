import { isJsonObject } from "../lib/json/json-object.ts";
import type { SettingsLayer } from "../settings/settings-layer.ts";
import type { KnownPair } from "../trust/pairing.ts";
import type { Configuration } from "./configuration.ts";
import { type ModelEntry, modelEntries } from "./entries/model-entries.ts";
import { PROTOCOLS, STANDARD } from "./protocol.ts";

/**
 * The variables and endpoints that belong together by the user's own word: entries of the user's
 * and the system's settings (also those that a project's array hides), the protocols' variables
 * with their public endpoints, and with a base URL variable that is the user's own.
 */
export function userPairs(configuration: Configuration): KnownPair[] {
  return [...pairsOfEntries(configuration), ...standardPairs(configuration)];
}

/** The same of the entries alone. */
export function pairsOfEntries({ layers }: Pick<Configuration, "layers">): KnownPair[] {
  const own = layers.filter(({ origin }) => origin === "user");
  return own.map(entryPairs).flat();
}

function entryPairs(layer: SettingsLayer): KnownPair[] {
  const merged = isJsonObject(layer.value) ? layer.value : {};
  return modelEntries([layer], merged)
    .entries.map((entry) => ENDPOINTS.map((field) => pairOf(entry, field)).flat())
    .flat();
}

const ENDPOINTS = ["baseUrl", "anthropicBaseUrl"] as const;

function pairOf(entry: ModelEntry, field: (typeof ENDPOINTS)[number]): KnownPair[] {
  const { envKey, [field]: baseUrl } = entry;
  const isOwn = (part: "envKey" | typeof field) => entry.sourceOf(part).origin === "user";
  return envKey !== undefined && baseUrl !== undefined && isOwn(field) && isOwn("envKey")
    ? [{ envKey, baseUrl }]
    : [];
}

function standardPairs({ variable }: Configuration): KnownPair[] {
  return PROTOCOLS.map((protocol) => {
    const { keys, baseUrls, publicEndpoint } = STANDARD[protocol];
    const own = baseUrls
      .map(variable)
      .map((found) => (found?.source.origin === "user" ? [found.value] : []))
      .flat();
    return [publicEndpoint, ...own]
      .map((baseUrl) => keys.map((envKey) => ({ envKey, baseUrl })))
      .flat();
  }).flat();
}
