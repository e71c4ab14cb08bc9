import { isWithinPair } from "../../lib/endpoint-url.ts";
import type { ServiceEndpoint } from "../../protocols/service-endpoint.ts";
import { PROVIDERS } from "./providers.ts";

/**
 * How a key goes to a base URL of Anthropic's messages that the catalogue has; `undefined`: nothing
 * is known of it (`spec/settings-and-env.md`, "Key").
 */
export function keyHeaderAt(baseUrl: string): ServiceEndpoint["keyHeader"] {
  for (const { anthropic } of PROVIDERS.map(({ endpoints }) => endpoints).flat()) {
    if (anthropic !== undefined && isWithinPair(baseUrl, anthropic.baseUrl)) {
      return anthropic.credential;
    }
  }
  return undefined;
}
