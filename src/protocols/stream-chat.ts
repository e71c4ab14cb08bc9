import type { Http } from "../http/http.ts";
import { RequestError, type RequestFailure } from "../http/request-failure.ts";
import { nextWait, type RetryOptions } from "../http/retry.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { AskOptions } from "./ask-once.ts";
import { askWithout } from "./ask-without.ts";
import type { ChatEvent } from "./chat-event.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";

export type StreamOptions = AskOptions & {
  readonly maxRetries: number;
  readonly retry?: RetryOptions;
  /** Told before every wait for another try. */
  readonly onWait?: (milliseconds: number, failure: RequestFailure) => Promise<void>;
};

/**
 * Asks a model and gives what it says as it arrives (`askWithout`). Tries again as
 * `spec/protocols.md` says, but never once an event was given: nothing is told twice. The only
 * loop of tries there is.
 * @throws RequestError; what `signal` was aborted with
 */
export async function* streamChat(
  http: Http,
  endpoint: ServiceEndpoint,
  request: ChatRequest,
  options: StreamOptions,
): AsyncGenerator<readonly ChatEvent[]> {
  const { maxRetries, retry, onWait, signal } = options;
  for (let failed = 1; ; failed += 1) {
    let hasBegun = false;
    try {
      for await (const events of askWithout(http, endpoint, request, options)) {
        hasBegun ||= events.some(isShown);
        yield events;
      }
      return;
    } catch (error) {
      if (!(error instanceof RequestError)) {
        throw error;
      }
      const tries = { failed, maxRetries, retry, random: http.random };
      const wait = hasBegun ? undefined : nextWait(error.failure, tries);
      if (wait === undefined) {
        throw afterTries(error, failed);
      }
      http.trace?.(() => [`try ${failed} failed, the next one in ${Math.round(wait)}ms`]);
      await onWait?.(wait, error.failure);
      await untilAborted(http.sleep(wait), signal);
    }
  }
}

/** Counts and reasons stand nowhere: they may come twice. */
function isShown({ kind }: ChatEvent): boolean {
  return kind !== "usage" && kind !== "finish";
}

/** A failure tells how often it was tried, so that nobody tries again at once. */
function afterTries(error: RequestError, tries: number): RequestError {
  return tries > 1 ? new RequestError({ ...error.failure, tries }, { cause: error.cause }) : error;
}
