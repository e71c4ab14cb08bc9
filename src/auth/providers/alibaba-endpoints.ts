import { sameEndpoint } from "../../lib/endpoint-url.ts";
import { CODING_PLAN, MODELSTUDIO, TOKEN_PLAN } from "./alibaba-providers.ts";
import { isOtherHost } from "./other-hosts.ts";
import type { Endpoint, Provider } from "./provider.ts";

/** One of the endpoints of Alibaba Cloud, which all take keys of the same look. */
export type AlibabaEndpoint = { readonly provider: Provider; readonly endpoint: Endpoint };

const ALL: readonly AlibabaEndpoint[] = [CODING_PLAN, TOKEN_PLAN, MODELSTUDIO]
  .map((provider: Provider) => provider.endpoints.map((endpoint) => ({ provider, endpoint })))
  .flat();

/** The provider at a base URL, if it is one of Alibaba Cloud. */
export function alibabaProvider(baseUrl: string): Provider | undefined {
  const known = ALL.find(({ endpoint }) => sameEndpoint(endpoint.baseUrl, baseUrl))?.provider;
  return known ?? (isOtherHost(MODELSTUDIO, baseUrl) ? MODELSTUDIO : undefined);
}

/** Where a key that `baseUrl` does not accept may belong instead: other regions, other plans. */
export function siblingEndpoints(baseUrl: string): readonly AlibabaEndpoint[] {
  return alibabaProvider(baseUrl) === undefined
    ? []
    : ALL.filter(({ endpoint }) => !sameEndpoint(endpoint.baseUrl, baseUrl));
}
