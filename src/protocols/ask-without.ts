import type { Http } from "../http/http.ts";
import { RequestError } from "../http/request-failure.ts";
import { type AskOptions, askOnce } from "./ask-once.ts";
import type { ChatEvent } from "./chat-event.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";

/**
 * Asks a model as `askOnce` does, and once more without the wish for a count of tokens where the
 * service does not know it: the count is nothing that an answer could not do without.
 * @throws RequestError; what `signal` was aborted with
 */
export async function* askWithout(
  http: Http,
  endpoint: ServiceEndpoint,
  request: ChatRequest,
  options: AskOptions,
): AsyncGenerator<readonly ChatEvent[]> {
  try {
    yield* askOnce(http, endpoint, request, options);
  } catch (error) {
    const isRefused =
      error instanceof RequestError && error.failure.refusedField === "stream_options";
    if (!isRefused || request.withoutUsage === true) {
      throw error;
    }
    http.trace?.(() => ["the service does not know stream_options: asked again without"]);
    yield* askOnce(http, endpoint, { ...request, withoutUsage: true }, options);
  }
}
