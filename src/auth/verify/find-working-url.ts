import type { Http } from "../../http/http.ts";
import { RequestError } from "../../http/request-failure.ts";
import { listModels } from "../../protocols/list-models.ts";
import type { ServiceEndpoint } from "../../protocols/service-endpoint.ts";

/**
 * The base URL that was probably meant where nothing is at this one: most OpenAI-compatible servers
 * are below `/v1`. Asks on the same scheme, host and port alone; `undefined`: nothing answers there.
 */
export async function findWorkingUrl(
  http: Http,
  endpoint: ServiceEndpoint,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const baseUrl of likelyUrls(endpoint)) {
    if (await isThere(http, { ...endpoint, baseUrl }, signal)) {
      return baseUrl;
    }
  }
  return undefined;
}

function likelyUrls({ protocol, baseUrl }: ServiceEndpoint): readonly string[] {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, "");
  if (protocol !== "openai" || /\/v\d[^/]*$/.test(path)) {
    return [];
  }
  const paths = path === "" ? ["/v1"] : [`${path}/v1`, "/v1"];
  return paths.map((each) => `${url.origin}${each}${url.search}`);
}

/** A list, or the wish for another key: somebody who knows the interface is there. */
async function isThere(
  http: Http,
  endpoint: ServiceEndpoint,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await listModels(http, endpoint, { timeoutMs: 0, signal });
    return true;
  } catch (error) {
    if (error instanceof RequestError) {
      return error.failure.kind === "rejected";
    }
    throw error;
  }
}
