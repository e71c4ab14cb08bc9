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
  headers: (endpoint) => ({
    "anthropic-version": VERSION,
    ...credentialHeaders(endpoint),
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

/**
 * Anthropic itself takes a key in `x-api-key` alone. Of other services some read that and some only
 * a bearer, so one that nothing is known of gets both, as releases of Qwen Code send the one or the
 * other (`spec/settings-and-env.md`). A token goes as a bearer alone.
 */
function credentialHeaders({
  baseUrl,
  credential,
  keyHeader,
}: ServiceEndpoint): Record<string, string> {
  if (credential === undefined) {
    return {};
  }
  const { value, scheme } = credential;
  const bearer = { authorization: `Bearer ${value}` };
  if (scheme === "bearer" || keyHeader === "bearer") {
    return bearer;
  }
  const key = { "x-api-key": value };
  return keyHeader === "x-api-key" || isAnthropics(baseUrl) ? key : { ...key, ...bearer };
}

function isAnthropics(baseUrl: string): boolean {
  return /(?:^|\.)anthropic\.com$/.test(new URL(baseUrl).hostname);
}

function pinnedVersion(customHeaders: ServiceEndpoint["customHeaders"]): string {
  const pinned = Object.entries(customHeaders).find(
    ([name]) => name.toLowerCase() === "anthropic-version",
  );
  return pinned?.[1].trim() ?? VERSION;
}
