import { ANTHROPIC_WIRE } from "./anthropic/wire.ts";
import { GEMINI_WIRE } from "./gemini/wire.ts";
import { OPENAI_WIRE } from "./openai/wire.ts";
import type { ServiceEndpoint, Wire } from "./service-endpoint.ts";

const WIRES: Readonly<Record<ServiceEndpoint["protocol"], Wire>> = {
  openai: OPENAI_WIRE,
  anthropic: ANTHROPIC_WIRE,
  gemini: GEMINI_WIRE,
};

export function wireOf({ protocol }: Pick<ServiceEndpoint, "protocol">): Wire {
  return WIRES[protocol];
}

/**
 * The headers of a request: those of the protocol, then `customHeaders`, which replace them in any
 * letter case. `accept` is what Qwen Code sends, also for streams.
 */
export function requestHeaders(
  endpoint: ServiceEndpoint,
  { userAgent, hasBody }: { readonly userAgent: string; readonly hasBody: boolean },
): Headers {
  const headers = new Headers({
    accept: "application/json",
    "user-agent": userAgent,
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...wireOf(endpoint).headers(endpoint, userAgent),
  });
  for (const [name, value] of Object.entries(endpoint.customHeaders)) {
    headers.set(name, value);
  }
  return headers;
}
