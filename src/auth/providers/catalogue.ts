import { isWithinPair } from "../../lib/endpoint-url.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";
import { type Protocol, STANDARD } from "../../models/protocol.ts";
import type { Catalogue } from "../../models/resolution.ts";
import { CODING_PLAN } from "./alibaba-providers.ts";
import type { Endpoint, Provider } from "./provider.ts";
import { isProviderEntry } from "./provider-entries.ts";
import { PROVIDERS } from "./providers.ts";

/** What resolution may know of the catalogue: which variable belongs to which endpoint. */
export const CATALOGUE: Catalogue = {
  knownPairs: () =>
    PROVIDERS.map(({ envKey, endpoints }) =>
      envKey === undefined ? [] : endpoints.map((endpoint) => pairsOf(endpoint, envKey)).flat(),
    ).flat(),
  keyVariables: () => [...PROVIDERS.map(keyVariable).flat(), OWN_KEY],
  legacyPlan: {
    envKey: CODING_PLAN.envKey,
    endpoints: Object.fromEntries(
      CODING_PLAN.endpoints.map(({ region, baseUrl }) => [region, baseUrl]),
    ),
    defaultRegion: "china",
    defaultModel: CODING_PLAN.models[0].id,
  },
};

/** An endpoint, and where the same key is good for Anthropic's protocol. */
function pairsOf({ baseUrl, anthropic }: Endpoint, envKey: string) {
  const pair = { envKey, baseUrl };
  return anthropic === undefined ? [pair] : [pair, { envKey, baseUrl: anthropic.baseUrl }];
}

/** What the action of Qwen Code calls its key, whatever service it is for. */
const OWN_KEY = {
  name: "QWEN_API_KEY",
  command: "qwen auth api-key --base-url URL",
};

function keyVariable({ id, envKey, protocol, endpoints }: Provider) {
  if (envKey === undefined || STANDARD[protocol].keys.includes(envKey)) {
    return [];
  }
  const login = id === CODING_PLAN.id ? "coding-plan" : `api-key --provider ${id}`;
  const region = endpoints.length > 1 ? " --region REGION" : "";
  return [{ name: envKey, command: `qwen auth ${login}${region}` }];
}

/**
 * The provider and region that an endpoint belongs to, if the catalogue has it. A port of this
 * machine tells nothing about the program behind it.
 */
export function providerOf(
  baseUrl: string,
  protocol: Protocol,
): { readonly provider: Provider; readonly endpoint: Endpoint } | undefined {
  const host = URL.parse(baseUrl)?.host;
  if (host === undefined) {
    return undefined;
  }
  const isSearched = ({ envKey, protocol: spoken }: Provider): boolean =>
    envKey !== undefined && spoken === protocol;
  for (const provider of PROVIDERS.filter(isSearched)) {
    const endpoint = provider.endpoints.find(
      (known) => known.baseUrl.includes(host) && isWithinPair(baseUrl, known.baseUrl),
    );
    if (endpoint !== undefined) {
      return { provider, endpoint };
    }
  }
  return undefined;
}

/** The provider that an entry was written for, also at an endpoint that was asked for. */
export function providerOfEntry(
  entry: Pick<ModelEntry, "id" | "name" | "baseUrl" | "envKey">,
): Provider | undefined {
  const { id, name, baseUrl, envKey } = entry;
  const envKeys = envKey === undefined ? [] : [envKey];
  return PROVIDERS.find((provider) =>
    isProviderEntry({ id, name, baseUrl, envKey }, provider, envKeys),
  );
}
