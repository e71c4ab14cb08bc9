import type { Http } from "../../http/http.ts";
import { RequestError, type RequestFailure } from "../../http/request-failure.ts";
import { askWithout } from "../../protocols/ask-without.ts";
import type { ChatRequest } from "../../protocols/chat-request.ts";
import type { ServiceEndpoint } from "../../protocols/service-endpoint.ts";

/** What one token of an answer told; `undefined` where the model answers. */
export type TokenAnswer = RequestFailure | undefined;

type TokenRequest = { readonly model: string; readonly signal: AbortSignal };

/** Newer models want it under another name, some servers take no limit, or none that is so low. */
const LIMITS = [{ max_tokens: 1 }, { max_completion_tokens: 1 }, {}] as const;

/**
 * Asks for one token, streamed, and gives up at the first event, as long as a service refuses the
 * limit with the next way to say it.
 * @returns why there was none
 */
export async function askForToken(
  http: Http,
  endpoint: ServiceEndpoint,
  { model, signal }: TokenRequest,
): Promise<TokenAnswer> {
  const messages = [{ role: "user", text: "Hi" }] as const;
  let failure: TokenAnswer;
  for (const samplingParams of LIMITS) {
    failure = await askOne(http, endpoint, {
      signal,
      request: { model, messages, samplingParams },
    });
    if (failure?.refusedField !== "max_tokens") {
      break;
    }
  }
  return failure;
}

type Question = { readonly request: ChatRequest; readonly signal: AbortSignal };

async function askOne(
  http: Http,
  endpoint: ServiceEndpoint,
  { request, signal }: Question,
): Promise<TokenAnswer> {
  const limits = { timeoutMs: 0, idleTimeoutMs: 0, signal };
  try {
    for await (const _events of askWithout(http, endpoint, request, limits)) {
      return undefined;
    }
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    const { failure } = error;
    return isTokenSpent(failure)
      ? undefined
      : failure.kind === "ended-early"
        ? SAYS_NOTHING
        : failure;
  }
  return SAYS_NOTHING;
}

/** An answer without a word, or one that is none, proves nothing. */
const SAYS_NOTHING: RequestFailure = { kind: "not-an-api", message: "the answer says nothing" };

/** A model that thinks may spend its one token on that: it was asked, and the key was taken. */
function isTokenSpent({ kind, message }: RequestFailure): boolean {
  return kind === "bad-request" && /output limit was reached|max_tokens.*reached/i.test(message);
}
