import type { Http } from "../../http/http.ts";
import { type AlibabaEndpoint, siblingEndpoints } from "../providers/alibaba-endpoints.ts";
import type { Endpoint, Provider } from "../providers/provider.ts";
import type { Verification } from "./verification.ts";
import { verify } from "./verify.ts";

/** An endpoint that was asked, and what it told about the key. */
export type AskedEndpoint = {
  readonly provider: Provider;
  readonly endpoint: Endpoint;
  readonly verification: Verification;
};

/** Asks all regions of a provider at once whether they take the key, in the provider's order. */
export function askRegions(
  http: Http,
  provider: Provider,
  key: string,
): Promise<readonly AskedEndpoint[]> {
  const endpoints = provider.endpoints.map((endpoint) => ({ provider, endpoint }));
  return askAll(http, endpoints, key);
}

/**
 * Asks the other endpoints of Alibaba Cloud, all of the fixed list, for a key that `baseUrl` does
 * not take: keys of all plans and regions look alike. Only when a person agrees or asked for it.
 */
export function askSiblings(
  http: Http,
  baseUrl: string,
  key: string,
): Promise<readonly AskedEndpoint[]> {
  return askAll(http, siblingEndpoints(baseUrl), key);
}

function askAll(
  http: Http,
  endpoints: readonly AlibabaEndpoint[],
  key: string,
): Promise<readonly AskedEndpoint[]> {
  return Promise.all(
    endpoints.map(async ({ provider, endpoint }) => ({
      provider,
      endpoint,
      verification: await verify(http, {
        endpoint: {
          protocol: provider.protocol,
          baseUrl: endpoint.baseUrl,
          credential: { value: key, scheme: "key" },
          customHeaders: {},
        },
        model: provider.models[0]?.id,
        keyName: "the key",
      }),
    })),
  );
}
