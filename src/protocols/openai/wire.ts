import { openaiUrl } from "../request-url.ts";
import type { ServiceEndpoint, Wire } from "../service-endpoint.ts";
import { isDashScope } from "./dash-scope.ts";
import { createOpenaiReader } from "./from-event.ts";
import { toOpenaiRequest } from "./to-request.ts";

/** OpenAI-compatible chat completions (`reference/wire-protocols.md` §1.1). */
export const OPENAI_WIRE: Wire = {
  chatUrl: (baseUrl) => openaiUrl(baseUrl),
  modelsUrl: (baseUrl) => openaiUrl(baseUrl, "/models"),
  headers,
  toBody: (request, { baseUrl }) => toOpenaiRequest(request, baseUrl),
  createReader: createOpenaiReader,
};

function headers(
  { baseUrl, credential, authType }: ServiceEndpoint,
  userAgent: string,
): Record<string, string> {
  return {
    ...credentialHeader(baseUrl, credential),
    ...(isDashScope(new URL(baseUrl).hostname) || authType !== undefined
      ? {
          "x-dashscope-cachecontrol": "enable",
          "x-dashscope-useragent": userAgent,
          "x-dashscope-authtype": authType ?? "openai",
        }
      : {}),
  };
}

/**
 * Azure's interface of deployments takes a key in a header of its own, and tokens of Entra where
 * others take keys.
 */
function credentialHeader(
  baseUrl: string,
  credential: ServiceEndpoint["credential"],
): Record<string, string> {
  if (credential === undefined) {
    return {};
  }
  const isDeployment = /\/openai\/deployments\//.test(`${new URL(baseUrl).pathname}/`);
  return isDeployment && credential.scheme === "key"
    ? { "api-key": credential.value }
    : { authorization: `Bearer ${credential.value}` };
}
