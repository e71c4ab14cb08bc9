import { streamedFailure } from "./answer-failure.ts";
import { createAnswerReader } from "./answer-reader.ts";
import type { ChatEvent, StreamEvent, StreamFailure, StreamReader } from "./chat-event.ts";
import type { ChatRequest } from "./chat-request.ts";
import { checkAnswer } from "./check-answer.ts";
import type { FailureRow } from "./failures/failure-row.ts";
import { sentSecrets, withoutSent } from "./hide-sent.ts";
import { type Answer, type Http, send } from "./http.ts";
import { readBody } from "./read-body.ts";
import { RequestError, type RequestFailure } from "./request-failure.ts";
import { requestHeaders, wireOf } from "./request-headers.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";
import { traceEvents } from "./trace-request.ts";

export type AskOptions = {
  /** Milliseconds until the headers of an answer are there; 0: no limit. */
  readonly timeoutMs: number;
  /** Milliseconds that an answer may pause; 0: no limit. */
  readonly idleTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Asks a model once and gives what it says as it arrives: the events of what came together stand
 * together, so that they can be shown at once.
 * @throws RequestError; what `signal` was aborted with
 */
export async function* askOnce(
  http: Http,
  endpoint: ServiceEndpoint,
  request: ChatRequest,
  { timeoutMs, idleTimeoutMs, signal }: AskOptions,
): AsyncGenerator<readonly ChatEvent[]> {
  const wire = wireOf(endpoint);
  const { userAgent } = http;
  const answer = await send(
    http,
    {
      method: "POST",
      url: wire.chatUrl(endpoint.baseUrl, request.model),
      within: endpoint.baseUrl,
      headers: requestHeaders(endpoint, { userAgent, hasBody: true }),
      body: JSON.stringify(wire.toBody(request, endpoint)),
      secrets: sentSecrets(endpoint),
    },
    { timeoutMs, signal, isStream: true },
  );
  const rows = endpoint.failureRows;
  await checkAnswer(answer, http, rows);
  const events = readAnswer(answer, wire.createReader(), { idleTimeoutMs, rows });
  yield* http.trace === undefined ? events : traceEvents(events, http.trace);
}

/** Milliseconds that are waited for a count of tokens when the answer itself is complete. */
const AFTERWORD_MS = 2000;

type ReadOptions = Pick<AskOptions, "idleTimeoutMs"> & {
  readonly rows: readonly FailureRow[] | undefined;
};

async function* readAnswer(
  answer: Answer,
  reader: StreamReader,
  { idleTimeoutMs, rows }: ReadOptions,
): AsyncGenerator<readonly ChatEvent[]> {
  const decoder = createAnswerReader();
  const toError = (failure: StreamFailure): RequestError =>
    new RequestError(withoutSent(toRequestFailure(failure, rows), answer.hideSent));
  const read = (data: readonly string[]) =>
    untilFailure(
      data.flatMap((each) => reader.read(each)),
      toError,
    );
  const limit = (): number =>
    reader.progress() === "open"
      ? idleTimeoutMs
      : Math.min(idleTimeoutMs || AFTERWORD_MS, AFTERWORD_MS);
  try {
    for await (const bytes of readBody(answer, { idleTimeoutMs: limit })) {
      yield* read(decoder.push(bytes));
      if (reader.progress() === "done") {
        break;
      }
    }
  } catch (error) {
    // The answer is complete: how the connection ends is nobody's concern.
    const kind = error instanceof RequestError ? error.failure.kind : undefined;
    if (reader.progress() !== "open" && (kind === "cut" || kind === "silent")) {
      return;
    }
    throw error;
  }
  if (reader.progress() !== "done") {
    yield* read(decoder.end());
  }
  yield* untilFailure(reader.end(), toError);
}

/** What came before a failure is given; then the failure is thrown. */
function* untilFailure(
  events: readonly StreamEvent[],
  toError: (failure: StreamFailure) => RequestError,
): Generator<readonly ChatEvent[]> {
  const before: ChatEvent[] = [];
  let failure: StreamFailure | undefined;
  for (const event of events) {
    if (event.kind === "failure") {
      failure = event;
      break;
    }
    before.push(event);
  }
  if (before.length > 0) {
    yield before;
  }
  if (failure !== undefined) {
    throw toError(failure);
  }
}

/** An error inside a stream, as if the server had given it instead of answering. */
function toRequestFailure(
  { reason, message, code, event }: StreamFailure,
  rows: readonly FailureRow[] | undefined,
): RequestFailure {
  return reason === "server-error" && event !== undefined
    ? streamedFailure({ event, rows })
    : { kind: reason, message, ...(code === undefined ? {} : { code }) };
}
