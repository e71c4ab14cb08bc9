import { withoutSent } from "../http/hide-sent.ts";
import { type Http, type OpenResponse, send } from "../http/http.ts";
import { readBody } from "../http/read-body.ts";
import { RequestError, type RequestFailure } from "../http/request-failure.ts";
import type { Trace } from "../runtime.ts";
import { type AnswerReader, createAnswerReader } from "./answer-reader.ts";
import type { ChatEvent, StreamEvent, StreamFailure, StreamReader } from "./chat-event.ts";
import type { ChatRequest } from "./chat-request.ts";
import { checkAnswer } from "./check-answer.ts";
import type { FailureRow } from "./failures/failure-row.ts";
import { requestHeaders, wireOf } from "./request-headers.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";
import { sentSecrets } from "./service-endpoint.ts";
import { type SilenceWatch, watchSilence } from "./watch-silence.ts";

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
  const silence = watchSilence(answer, { idleTimeoutMs, timeoutMs });
  const events = readEvents(answer, wire.createReader(), { silence, rows });
  yield* http.trace === undefined ? events : traceEvents(events, http.trace);
}

type ReadOptions = {
  readonly silence: SilenceWatch;
  readonly rows: readonly FailureRow[] | undefined;
};

async function* readEvents(
  answer: OpenResponse,
  reader: StreamReader,
  { silence, rows }: ReadOptions,
): AsyncGenerator<readonly ChatEvent[]> {
  const decoder = createAnswerReader();
  const toError = async (failure: StreamFailure): Promise<RequestError> =>
    new RequestError(withoutSent(await toRequestFailure(failure, rows), answer.hideSent));
  const read = (data: readonly string[]): readonly StreamEvent[] => {
    const events: StreamEvent[] = [];
    for (const each of data) {
      events.push(...reader.read(each));
    }
    return events;
  };
  const end = () => reader.end({ isWhole: decoder.isWhole(), stray: decoder.stray() });
  try {
    silence.begin();
    for await (const bytes of readBody(answer)) {
      const events = read(decoder.push(bytes));
      silence.note(reader);
      yield* untilFailure(events, toError);
      if (reader.progress() === "done") {
        break;
      }
      silence.begin();
    }
  } catch (error) {
    yield* readRest({ error, read, reader, decoder, toError });
    return;
  } finally {
    silence.end();
  }
  yield* untilFailure(
    [...(reader.progress() === "done" ? [] : read(decoder.end())), ...end()],
    toError,
  );
}

type ToError = (failure: StreamFailure) => Promise<RequestError>;

type Rest = {
  readonly error: unknown;
  readonly read: (data: readonly string[]) => readonly StreamEvent[];
  readonly reader: StreamReader;
  readonly decoder: AnswerReader;
  readonly toError: ToError;
};

/**
 * What came before a connection ended badly, or fell silent, though no line ends it. Is the answer
 * complete, how the connection ends is nobody's concern.
 * @throws the error, or why the service broke off, if it said so
 */
async function* readRest({
  error,
  read,
  reader,
  decoder,
  toError,
}: Rest): AsyncGenerator<readonly ChatEvent[]> {
  const kind = error instanceof RequestError ? error.failure.kind : undefined;
  if (kind !== "cut" && kind !== "silent" && kind !== "timeout") {
    throw error;
  }
  const isAnswered = reader.progress() !== "open";
  // Half an event is none, and no reason to say so.
  const rest = read(decoder.end()).filter((event) => !isMalformed(event));
  yield* untilFailure([...rest, ...reader.held()], toError);
  if (!isAnswered && reader.progress() === "open") {
    const [said] = reader.end({ isWhole: false, stray: decoder.stray() });
    throw said?.kind === "failure" && said.reason !== "ended-early" ? await toError(said) : error;
  }
}

function isMalformed(event: StreamEvent): boolean {
  return event.kind === "failure" && event.reason === "malformed";
}

/** What came before a failure is given; then the failure is thrown. */
async function* untilFailure(
  events: readonly StreamEvent[],
  toError: ToError,
): AsyncGenerator<readonly ChatEvent[]> {
  if (events.every(isTold)) {
    if (events.length > 0) {
      yield events;
    }
    return;
  }
  const before: ChatEvent[] = [];
  for (const event of events) {
    if (event.kind === "failure") {
      if (before.length > 0) {
        yield before;
      }
      throw await toError(event);
    }
    before.push(event);
  }
}

function isTold(event: StreamEvent): event is ChatEvent {
  return event.kind !== "failure";
}

/** An error inside a stream, as if the server had given it instead of answering. */
async function toRequestFailure(
  { kind: _, reason, event, ...named }: StreamFailure,
  rows: readonly FailureRow[] | undefined,
): Promise<RequestFailure> {
  if (reason === "server-error" && event !== undefined) {
    const { streamedFailure } = await import("./failures/answer-failure.ts");
    return streamedFailure({ event, rows });
  }
  return reason === "broken-off"
    ? { ...named, kind: "server-error", shouldRetry: true }
    : { ...named, kind: reason };
}

/** The same events; their kinds are counted and told at the end, whoever ends it. */
async function* traceEvents<Event extends { readonly kind: string }>(
  events: AsyncGenerator<readonly Event[]>,
  trace: Trace,
): AsyncGenerator<readonly Event[]> {
  const counts = new Map<string, number>();
  try {
    for await (const some of events) {
      for (const { kind } of some) {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      yield some;
    }
  } finally {
    const list = [...counts].map(([kind, count]) => `${kind} ${count}`);
    trace(() => [`events ${list.join(", ") || "none"}`]);
  }
}
