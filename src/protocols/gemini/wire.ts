import { geminiModelsUrl, geminiUrl, withQuery } from "../request-url.ts";
import type { Wire } from "../service-endpoint.ts";
import { createGeminiReader } from "./from-event.ts";
import { toGeminiRequest } from "./to-request.ts";

/** Gemini's `streamGenerateContent` (`reference/wire-protocols.md` §1.3). */
export const GEMINI_WIRE: Wire = {
  chatUrl: geminiUrl,
  modelsUrl: (baseUrl) => withQuery(geminiModelsUrl(baseUrl), "pageSize"),
  headers: ({ credential }): Record<string, string> =>
    credential === undefined ? {} : { "x-goog-api-key": credential.value },
  toBody: (request) => toGeminiRequest(request),
  createReader: createGeminiReader,
};
