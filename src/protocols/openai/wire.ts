import { openaiUrl } from "../request-url.ts";
import type { ServiceEndpoint, Wire } from "../service-endpoint.ts";
import { createOpenaiReader } from "./from-event.ts";
import { toOpenaiRequest } from "./to-request.ts";

/** OpenAI-compatible chat completions (`reference/wire-protocols.md` §1.1). */
export const OPENAI_WIRE: Wire = {
  chatUrl: (baseUrl) => openaiUrl(baseUrl),
  modelsUrl: (baseUrl) => openaiUrl(baseUrl, "/models"),
  headers,
  toBody: (request) => toOpenaiRequest(request),
  createReader: createOpenaiReader,
};

function headers(
  { baseUrl, credential, authType }: ServiceEndpoint,
  userAgent: string,
): Record<string, string> {
  return {
    ...(credential === undefined ? {} : { authorization: `Bearer ${credential.value}` }),
    ...(isDashScope(baseUrl) || authType !== undefined
      ? {
          "x-dashscope-cachecontrol": "enable",
          "x-dashscope-useragent": userAgent,
          "x-dashscope-authtype": authType ?? "openai",
        }
      : {}),
  };
}

/** The hosts of Alibaba Cloud that know these headers. */
function isDashScope(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return /(?:^|[.-])dashscope(?:-\w+)?\.aliyuncs\.com$|\.maas\.aliyuncs\.com$/.test(hostname);
}
