import { anthropicUrl, withQuery } from "../request-url.ts";
import type { ServiceEndpoint, Wire } from "../service-endpoint.ts";
import { createAnthropicReader } from "./from-event.ts";
import { toAnthropicRequest } from "./to-request.ts";

/** What both Qwen Code and gateways expect; `customHeaders` may name another. */
const VERSION = "2023-06-01";

/** From this version on the service refuses sampling parameters, whatever their values. */
const FIRST_WITHOUT_SAMPLING = "2026-10-21";

/** Anthropic messages (`reference/wire-protocols.md` §1.2 and §3). */
export const ANTHROPIC_WIRE: Wire = {
  chatUrl: (baseUrl) => anthropicUrl(baseUrl),
  modelsUrl: (baseUrl) => withQuery(anthropicUrl(baseUrl, "/models"), "limit"),
  headers: ({ credential }) => ({
    "anthropic-version": VERSION,
    ...credentialHeader(credential),
  }),
  toBody: (request, { customHeaders }) => {
    const { temperature: _, top_p: __, top_k: ___, ...rest } = request.samplingParams ?? {};
    return toAnthropicRequest(
      pinnedVersion(customHeaders) < FIRST_WITHOUT_SAMPLING
        ? request
        : { ...request, samplingParams: rest },
    );
  },
  createReader: createAnthropicReader,
};

function credentialHeader(credential: ServiceEndpoint["credential"]): Record<string, string> {
  if (credential === undefined) {
    return {};
  }
  return credential.scheme === "bearer"
    ? { authorization: `Bearer ${credential.value}` }
    : { "x-api-key": credential.value };
}

function pinnedVersion(customHeaders: ServiceEndpoint["customHeaders"]): string {
  const pinned = Object.entries(customHeaders).find(
    ([name]) => name.toLowerCase() === "anthropic-version",
  );
  return pinned?.[1].trim() ?? VERSION;
}
