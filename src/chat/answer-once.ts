import { describeFailure, requestProblem } from "../auth/request-problem.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import type { ChatEvent, FinishReason, Usage } from "../protocols/chat-event.ts";
import type { ChatRequest } from "../protocols/chat-request.ts";
import type { Http } from "../protocols/http.ts";
import {
  type FailureKind,
  RequestError,
  type RequestFailure,
} from "../protocols/request-failure.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import { type StreamOptions, streamChat } from "../protocols/stream-chat.ts";
import type { Reporter } from "./reporter.ts";

export type Question = {
  readonly http: Http;
  readonly endpoint: ServiceEndpoint;
  readonly request: ChatRequest;
  readonly limits: Pick<StreamOptions, "timeoutMs" | "idleTimeoutMs" | "maxRetries">;
  /** How the key is called: `the key of shell variable X`; `undefined`: none is sent. */
  readonly keyName: string | undefined;
  /** What to do about some failures, where that is known better than for any service. */
  readonly hints?: Readonly<Partial<Record<FailureKind, string>>>;
  /** The same place with another key, once this one was refused; `undefined`: there is none. */
  readonly renew?: () => Promise<ServiceEndpoint | undefined>;
  /** One line for people, on stderr. */
  readonly tell: (line: string) => Promise<void>;
};

/** A shorter wait needs no word. */
const WORTH_TELLING_MS = 2000;

/**
 * Asks once and shows the answer as it arrives. A reader that has gone away ends it quietly; what
 * came before a failure stays, and is not repeated.
 * @throws QwenError; whoever catches it ends the reporter with it
 */
export async function answerOnce(question: Question, reporter: Reporter): Promise<ExitCode> {
  const { request } = question;
  await reporter.begin({ model: request.model });
  const seen: Seen = { hasBegun: false, finish: undefined, usage: undefined, calls: [] };
  try {
    for await (const events of askWithRenewal(question, seen)) {
      note(seen, events);
      if (!(await reporter.events(events))) {
        return EXIT.ok;
      }
    }
  } catch (error) {
    throw asProblem(question, seen, error);
  }
  await reporter.end({ kind: "done", finish: seen.finish, usage: seen.usage });
  for (const line of remarks(seen, request.model)) {
    await question.tell(line);
  }
  return EXIT.ok;
}

/** A key that is refused before anything was said is renewed once, if it can be. */
async function* askWithRenewal(
  question: Question,
  seen: Seen,
): AsyncGenerator<readonly ChatEvent[]> {
  try {
    yield* stream(question);
  } catch (error) {
    const isRefused = error instanceof RequestError && error.failure.kind === "rejected";
    const endpoint = isRefused && !seen.hasBegun ? await question.renew?.() : undefined;
    if (endpoint === undefined) {
      throw error;
    }
    yield* stream({ ...question, endpoint });
  }
}

function stream({ http, endpoint, request, limits, keyName, tell }: Question) {
  const { baseUrl } = endpoint;
  const onWait = async (milliseconds: number, failure: RequestFailure): Promise<void> => {
    if (milliseconds > WORTH_TELLING_MS) {
      const { retryAfterMs: _said, ...rest } = failure;
      const why = describeFailure(rest, { baseUrl, keyName });
      await tell(`trying again in ${Math.round(milliseconds / 1000)} s: ${why}`);
    }
  };
  return streamChat(http, endpoint, request, { ...limits, onWait });
}

type Seen = {
  hasBegun: boolean;
  finish: FinishReason | undefined;
  usage: Usage | undefined;
  readonly calls: string[];
};

function note(seen: Seen, events: readonly ChatEvent[]): void {
  seen.hasBegun ||= events.length > 0;
  for (const event of events) {
    if (event.kind === "finish") {
      seen.finish = event.reason;
    } else if (event.kind === "usage") {
      seen.usage = event.usage;
    } else if (event.kind === "tool-call") {
      seen.calls.push(event.name);
    }
  }
}

/** What the answer alone does not tell. */
function remarks({ finish, calls }: Seen, model: string): string[] {
  return [
    ...(finish === "length" ? ["the answer ended at the limit of its length"] : []),
    ...(finish === "content-filter" ? ["the answer was ended by a filter of the service"] : []),
    ...calls.map((name) => `${model} asked for the tool "${name}", which is not offered here`),
  ];
}

function asProblem(
  { request, endpoint, keyName, hints }: Question,
  { hasBegun }: Seen,
  error: unknown,
): unknown {
  if (!(error instanceof RequestError)) {
    return error;
  }
  const doing = hasBegun
    ? `get the rest of the answer of "${request.model}"`
    : `ask "${request.model}"`;
  return requestProblem(error.failure, { doing, baseUrl: endpoint.baseUrl, keyName, hints });
}
