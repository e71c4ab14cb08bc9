import { isEndpointWithin } from "../lib/endpoint-url.ts";
import type { Catalogue } from "../models/connection.ts";
import type { Protocol } from "../models/protocol.ts";
import { CODING_PLAN_MODELS } from "./coding-plan-models.ts";
import { CODING_PLAN, type Endpoint, PROVIDERS, type Provider } from "./providers.ts";

/** What resolution may know of the catalogue: which variable belongs to which endpoint. */
export const CATALOGUE: Catalogue = {
  knownPairs: () =>
    PROVIDERS.flatMap(({ envKey, endpoints }) =>
      endpoints.map(({ baseUrl }) => ({ envKey, baseUrl })),
    ),
  legacyPlan: {
    envKey: CODING_PLAN.envKey,
    endpoints: Object.fromEntries(
      CODING_PLAN.endpoints.map(({ region, baseUrl }) => [region, baseUrl]),
    ),
    defaultRegion: "china",
    defaultModel: CODING_PLAN_MODELS[0].id,
  },
};

/** The provider and region that an endpoint belongs to, if the catalogue has it. */
export function providerOf(
  baseUrl: string,
  protocol: Protocol,
): { readonly provider: Provider; readonly endpoint: Endpoint } | undefined {
  const host = URL.parse(baseUrl)?.host;
  if (host === undefined) {
    return undefined;
  }
  for (const provider of PROVIDERS.filter((candidate) => candidate.protocol === protocol)) {
    const endpoint = provider.endpoints.find(
      (known) => known.baseUrl.includes(host) && isEndpointWithin(baseUrl, known.baseUrl),
    );
    if (endpoint !== undefined) {
      return { provider, endpoint };
    }
  }
  return undefined;
}
