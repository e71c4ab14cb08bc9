import type { KeyName } from "../auth/describe-key.ts";
import { describeFailure, requestProblem } from "../auth/verify/request-problem.ts";
import type { Http } from "../http/http.ts";
import { type FailureKind, RequestError, type RequestFailure } from "../http/request-failure.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { ChatEvent, FinishReason, Usage } from "../protocols/chat-event.ts";
import type { ChatRequest } from "../protocols/chat-request.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import { type StreamOptions, streamChat } from "../protocols/stream-chat.ts";

/** Where a model is reached and how it is asked; everything of a request but the words. */
export type Service = {
  readonly http: Http;
  readonly endpoint: ServiceEndpoint;
  readonly request: Omit<ChatRequest, "messages">;
  readonly limits: Pick<StreamOptions, "timeoutMs" | "idleTimeoutMs" | "maxRetries" | "retry">;
  readonly keyName: KeyName;
  /** Ids that settings have at this endpoint: one of them may be meant by one that is unknown. */
  readonly knownModels?: readonly string[];
  /** Tokens that the model takes, where that is known. */
  readonly contextWindow?: number;
  /** What to do about some failures, where that is known better than for any service. */
  readonly hints?: Readonly<Partial<Record<FailureKind, string>>>;
  /**
   * The same place with the key as it is now, where it may change; after a `refusal` with another
   * one. `undefined`: there is none.
   */
  readonly renew?: (refusal?: RequestFailure) => Promise<ServiceEndpoint | undefined>;
};

export type AskOptions = {
  /** What came together; `false`: nobody reads any more, and the answer is given up. */
  readonly onEvents: (events: readonly ChatEvent[]) => Promise<boolean>;
  /** One line for people. */
  readonly tell: (line: string) => Promise<void>;
  /** Told before every further try. */
  readonly onRetry?: () => void;
  /** Told before a wait for one; then no line says so. */
  readonly onWait?: (wait: Wait) => void;
  readonly signal?: AbortSignal;
};

/** What is waited for before a question is asked again. */
export type Wait = {
  readonly milliseconds: number;
  /** The try that follows, and how many there are. */
  readonly attempt: number;
  readonly of: number;
  readonly why: string;
};

/** What is known of an answer at its end, beside its words. */
export type AnswerSummary = {
  hasBegun: boolean;
  hasText: boolean;
  /** `false`: it was given up, as nobody read it. */
  isRead: boolean;
  finish: FinishReason | undefined;
  /** The server's own word for it, where it is another one. */
  finishSaid: string | undefined;
  usage: Usage | undefined;
  /** Text that was told before was reasoning (`thoughts-end`). */
  hasLateThoughts: boolean;
  /** Tools that the model asked for. */
  readonly calls: string[];
};

/**
 * Asks a model and hands on what it says as it arrives.
 * @throws QwenError when that fails; what `signal` was aborted with
 */
export async function askModel(
  service: Service,
  messages: ChatRequest["messages"],
  options: AskOptions,
): Promise<AnswerSummary> {
  const asked: AnswerSummary = {
    hasBegun: false,
    hasText: false,
    isRead: true,
    finish: undefined,
    finishSaid: undefined,
    usage: undefined,
    hasLateThoughts: false,
    calls: [],
  };
  try {
    for await (const events of streamRenewed(service, messages, options)) {
      note(asked, events);
      if (!(await options.onEvents(events))) {
        return { ...asked, isRead: false };
      }
    }
  } catch (error) {
    throw asProblem(service, asked, error);
  }
  return asked;
}

/** What the words of an answer do not tell. */
export function remarks(
  { finish, finishSaid, calls, hasText, hasLateThoughts }: AnswerSummary,
  { request }: Service,
): string[] {
  return [
    ...(hasLateThoughts ? ["what stands before </think> is what the model thought"] : []),
    ...(hasText || calls.length > 0 ? [] : ["the answer holds no text"]),
    ...(finish === "length" ? ["the answer ended at the limit of its length"] : []),
    ...(finish === "content-filter" ? ["the answer was ended by a filter of the service"] : []),
    ...(finish === "other" ? [`the service ended the answer, saying "${finishSaid}"`] : []),
    ...(finish === undefined ? ["the service gave no reason for the end of the answer"] : []),
    ...calls.map(
      (name) => `${request.model} asked for the tool "${name}", which is not offered here`,
    ),
  ];
}

/** A shorter wait needs no word. */
const WORTH_TELLING_MS = 2000;

/** Asks with the key as it is now, and once more with another when the service does not take it. */
async function* streamRenewed(
  service: Service,
  messages: ChatRequest["messages"],
  options: AskOptions,
): AsyncGenerator<readonly ChatEvent[]> {
  const renew = async (refusal?: RequestFailure): Promise<ServiceEndpoint | undefined> => {
    const renewed = service.renew?.(refusal);
    return renewed && untilAborted(renewed, options.signal);
  };
  const endpoint = (await renew()) ?? service.endpoint;
  let hasBegun = false;
  try {
    for await (const events of stream({ ...service, endpoint }, messages, options)) {
      hasBegun = true;
      yield events;
    }
  } catch (error) {
    const refusal = error instanceof RequestError ? error.failure : undefined;
    const isRefused = refusal?.kind === "rejected" && !hasBegun;
    const renewed = isRefused ? await renew(refusal) : undefined;
    if (renewed === undefined || renewed.credential?.value === endpoint.credential?.value) {
      throw error;
    }
    yield* stream({ ...service, endpoint: renewed }, messages, options);
  }
}

function stream(
  { http, endpoint, request, limits, keyName }: Service,
  messages: ChatRequest["messages"],
  { tell, onRetry, onWait: told, signal }: AskOptions,
) {
  const { baseUrl } = endpoint;
  let attempt = 1;
  const onWait = async (milliseconds: number, failure: RequestFailure): Promise<void> => {
    onRetry?.();
    attempt += 1;
    const { retryAfterMs: _said, ...rest } = failure;
    const why = describeFailure(rest, { baseUrl, keyName });
    if (told !== undefined) {
      told({ milliseconds, attempt, of: limits.maxRetries + 1, why });
    } else if (milliseconds > WORTH_TELLING_MS) {
      await tell(`trying again in ${Math.round(milliseconds / 1000)} s: ${why}`);
    }
  };
  return streamChat(http, endpoint, { ...request, messages }, { ...limits, onWait, signal });
}

function note(asked: AnswerSummary, events: readonly ChatEvent[]): void {
  for (const event of events) {
    if (event.kind === "text-delta") {
      asked.hasText = true;
      asked.hasBegun = true;
    } else if (event.kind === "reasoning-delta") {
      asked.hasBegun = true;
    } else if (event.kind === "thoughts-end") {
      asked.hasText = false;
      asked.hasLateThoughts = true;
    } else if (event.kind === "finish") {
      asked.finish = event.reason;
      asked.finishSaid = event.said;
    } else if (event.kind === "usage") {
      asked.usage = event.usage;
    } else if (event.kind === "tool-call") {
      asked.calls.push(event.name);
      asked.hasBegun = true;
    }
  }
}

function asProblem(
  { request, endpoint, keyName, hints, knownModels = [] }: Service,
  { hasBegun }: AnswerSummary,
  error: unknown,
): unknown {
  if (!(error instanceof RequestError)) {
    return error;
  }
  const answer = hasBegun ? "get the rest of the answer of" : "ask";
  const doing = `${answer} "${request.model}"`;
  const { baseUrl, protocol } = endpoint;
  const model = { id: request.model, known: knownModels };
  return requestProblem(error.failure, { doing, baseUrl, protocol, keyName, hints, model });
}
