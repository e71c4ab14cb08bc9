import { describeFailure } from "../auth/verify/request-problem.ts";
import type { Http } from "../http/http.ts";
import { readBeginning } from "../http/read-body.ts";
import { RequestError, type RequestFailure } from "../http/request-failure.ts";
import { answerFailure } from "../protocols/failures/answer-failure.ts";
import type { Ledger } from "./accounting/ledger.ts";
import type { LogLine, RequestLog } from "./accounting/request-log.ts";
import type { Models } from "./choose-model.ts";
import {
  type BodyExaminer,
  examineBody,
  examinePath,
  type ModelFinding,
  NOT_EXAMINED,
} from "./examine-body.ts";
import { type Gate, knock } from "./gate.ts";
import { answerHeadersFor } from "./header-rules.ts";
import type { KeySupply } from "./key-supply.ts";
import { listedModels } from "./listed-models.ts";
import { type Mount, mountNameAt } from "./mount.ts";
import { type Passage, passAnswer } from "./pass-answer.ts";
import { LARGEST_UPLOAD, readUpload, type Upload } from "./read-upload.ts";
import { type Refusal, refusal, refusalResponse } from "./refusal.ts";
import { type Route, routeOf } from "./routes.ts";
import { type Exchange, sendUpstream } from "./send-upstream.ts";
import { createAnswerFilter } from "./without-secrets.ts";

/** What a broker is made of; everything that changes while it runs is behind a function. */
export type Broker = {
  readonly gate: Gate;
  readonly mounts: readonly Mount[];
  readonly models: Models;
  readonly keys: KeySupply;
  readonly http: Http;
  readonly limits: { readonly timeoutMs: number; readonly idleTimeoutMs: number };
  readonly ledger: Ledger;
  readonly log: RequestLog;
  readonly now: () => number;
  /** Told once each: what a person should read when the tool has ended. */
  readonly onReplaced: (model: string) => void;
  readonly onRejected: (failure: RequestFailure) => void;
  /** Called when a request has begun; what it returns, when nothing more comes of it. */
  readonly enter: () => () => void;
};

/** So much of an error is looked through for the key and handed on, and so long is waited for it. */
const ERROR_BODY = { maxBytes: 1024 * 1024, timeoutMs: 5000 };

/** Bad tokens that one line of the log tells of. */
const MANY_BAD_TOKENS = 20;

/** Answers one request of whoever knocks (`spec/broker.md` §§2–5). */
export async function answerRequest(broker: Broker, request: Request): Promise<Response> {
  const { method, url, headers } = request;
  const startedAt = broker.now();
  const entry = knock({ method, url, headers }, broker.gate);
  if (entry.kind === "refusal") {
    return turnAway(broker, request, entry);
  }
  if (entry.kind === "probe") {
    return new Response(null, { status: 200 });
  }
  const route = routeOf({ method, url: entry.url, headers }, broker.mounts);
  const told: LogFacts = {
    mount: mountNameAt(entry.url.pathname),
    method,
    path: route.kind === "route" ? route.call.path : entry.url.pathname,
    startedAt,
    sent: () => ({ requestBytes: 0 }),
    leave: broker.enter(),
  };
  if (route.kind === "refusal") {
    return refuse(broker, told, route);
  }
  return forward(broker, { request, route, told });
}

/** What is told of a request, as far as it is known. */
type LogFacts = Pick<LogLine, "mount" | "method" | "path"> & {
  /** A long body is still on its way when it is asked about. */
  readonly sent: () => Pick<LogLine, "requestBytes" | "model" | "sentModel" | "modelUnread">;
  readonly startedAt: number;
  readonly leave: () => void;
};

/** The end of a request: each has one, and only one. */
function logged(
  broker: Broker,
  { startedAt, leave, sent, ...told }: LogFacts,
  rest: Partial<LogLine>,
): void {
  leave();
  broker.log.write({
    ...told,
    ...sent(),
    status: 0,
    responseBytes: 0,
    outcome: "ok",
    ...rest,
    durationMs: broker.now() - startedAt,
  });
}

/** Whoever has no token is not logged one by one: that is anybody on this machine. */
function turnAway(broker: Broker, { url }: Request, why: Refusal): Response {
  broker.ledger.refuse(why.refusedBy);
  if (broker.ledger.totals().badTokens === MANY_BAD_TOKENS && why.refusedBy === "token") {
    broker.log.write({
      note: `${MANY_BAD_TOKENS} requests came with a token that is not this run's`,
    });
  }
  return refusalResponse(why, mountNameAt(URL.parse(url)?.pathname ?? ""));
}

function refuse(broker: Broker, told: LogFacts, why: Refusal): Response {
  const { status, refusedBy } = why;
  broker.ledger.refuse(refusedBy);
  logged(broker, told, { status, outcome: "refused", refusedBy });
  return refusalResponse(why, told.mount);
}

type RoutedRequest = { readonly request: Request; readonly route: Route; readonly told: LogFacts };

async function forward(broker: Broker, { request, route, told }: RoutedRequest): Promise<Response> {
  const unfit = unfitUpload(request.headers);
  if (unfit !== undefined) {
    return refuse(broker, told, unfit);
  }
  const examiner = examinerFor(broker, route);
  const { examined } = examiner;
  let upload: Upload | undefined;
  const asked: LogFacts = {
    ...told,
    sent: () => ({ requestBytes: upload?.length() ?? 0, ...modelsOf(examined()) }),
  };
  const failed = (error: unknown): Response => {
    const why = examined().refusal;
    // A long body tells what it asks for when it is on its way.
    return why === undefined
      ? fail(broker, { route, told: asked, request }, error)
      : refuse(broker, asked, why);
  };
  try {
    if (route.call.method === "POST") {
      upload = await readUpload(request.body, examiner);
    }
    const why = examined().refusal ?? budgetRefusal(broker, route);
    if (why !== undefined) {
      return refuse(broker, asked, why);
    }
    const { headers, signal } = request;
    const sent = await sendUpstream(
      { http: broker.http, keys: broker.keys, timeoutMs: broker.limits.timeoutMs },
      { route, headers, body: upload?.body, model: examined().sent, signal },
    );
    return await handBack(broker, { route, told: asked, sent });
  } catch (error) {
    return failed(error);
  }
}

function modelsOf({
  asked,
  sent,
  unread,
}: ModelFinding): Omit<ReturnType<LogFacts["sent"]>, "requestBytes"> {
  return {
    ...(asked === undefined ? {} : { model: asked, sentModel: sent }),
    ...(unread === undefined ? {} : { modelUnread: unread }),
  };
}

function unfitUpload(headers: Headers): Refusal | undefined {
  if (Number(headers.get("content-length") ?? 0) > LARGEST_UPLOAD) {
    return refusal(413, "size", "the request is longer than 64 MiB");
  }
  const coding = headers.get("content-encoding") || "identity";
  return coding.toLowerCase() === "identity"
    ? undefined
    : refusal(415, "encoding", "the request is compressed, which is not read here");
}

/** Responses has no answer to 403 but to try again; 400 it takes as final (`spec/broker.md` §5). */
function budgetRefusal({ ledger }: Broker, { call }: Route): Refusal | undefined {
  const why = ledger.spend();
  return why !== undefined && call.kind === "responses" ? { ...why, status: 400 } : why;
}

/** Where a path names the model, it alone decides; of what asks for none, none is looked for. */
function examinerFor(broker: Broker, { mount, call }: Route): BodyExaminer {
  const { models, onReplaced } = broker;
  const unknownStatus = mount.name === "anthropic" ? 404 : 400;
  if (call.method === "GET") {
    return NOT_EXAMINED;
  }
  return call.model === undefined
    ? examineBody({ models, unknownStatus, onReplaced })
    : examinePath(call.model, { models, unknownStatus, onReplaced });
}

type HandedBack = { readonly route: Route; readonly told: LogFacts; readonly sent: Exchange };

async function handBack(broker: Broker, { route, told, sent }: HandedBack): Promise<Response> {
  if (sent.isLost === true) {
    return askAgain(broker, { route, told, sent });
  }
  const { response } = sent.answer;
  const { status } = response;
  const isList = route.call.kind === "models" || route.call.kind === "model";
  const own =
    isList && (status === 404 || status === 405) ? listedModels(route, broker.models) : undefined;
  if (own !== undefined) {
    sent.answer.abort(undefined);
    logged(broker, told, { status: 200 });
    return own;
  }
  if (status >= 400) {
    return handBackError(broker, { route, told, sent });
  }
  const onEnd = ({ outcome, bytes, firstByteAt, usage }: Passage): void => {
    broker.ledger.add(usage);
    logged(broker, told, {
      status,
      outcome,
      responseBytes: bytes,
      ...(firstByteAt === undefined ? {} : { firstByteMs: firstByteAt - told.startedAt }),
      ...(usage === undefined ? {} : { usage }),
    });
  };
  const { idleTimeoutMs } = broker.limits;
  const { answer, isStream } = sent;
  return passAnswer(answer, {
    idleTimeoutMs,
    now: broker.now,
    isStream,
    secrets: sent.secrets,
    onEnd,
  });
}

/**
 * A key that has been renewed is not bad, and the service would have the same request now: what it
 * said of the old key would make tools give up.
 */
function askAgain(broker: Broker, { route, told, sent }: HandedBack): Response {
  const why = refusal(
    503,
    "upstream",
    "the service refused the key, and there is a new one now; what is longer than 10 MiB is not kept to be sent twice, so send it again",
  );
  sent.answer.abort(undefined);
  logged(broker, told, { status: why.status, outcome: "refused", refusedBy: why.refusedBy });
  return refusalResponse(why, route.mount.name);
}

/**
 * An error in the service's own words, without the key that some gateways repeat in them. Its status
 * is what counts: words that do not come, or are cut off, do not make another failure of it.
 */
async function handBackError(broker: Broker, { route, told, sent }: HandedBack): Promise<Response> {
  const { answer, secrets } = sent;
  const { status, headers } = answer.response;
  const body = createAnswerFilter(secrets)(await readBeginning(answer, ERROR_BODY));
  answer.caller?.throwIfAborted();
  const isRejected = status === 401 || status === 403;
  if (isRejected) {
    const rows = route.mount.upstream.failureRows;
    broker.onRejected(answerFailure({ status, headers, body, now: broker.now(), rows }));
  }
  const kept = answerHeadersFor(headers, secrets);
  for (const name of ["content-encoding", "content-length"]) {
    kept.delete(name);
  }
  if (isRejected) {
    // Without it claude asks seven times for what stays refused.
    kept.set("x-should-retry", "false");
  }
  logged(broker, told, { status, responseBytes: body.length });
  return new Response(body, { status, headers: kept });
}

function fail(broker: Broker, { route, told, request }: RoutedRequest, error: unknown): Response {
  if (request.signal.aborted) {
    logged(broker, told, { status: 499, outcome: "client-abort" });
    return new Response(null, { status: 499 });
  }
  const failure: RequestFailure =
    error instanceof RequestError
      ? error.failure
      : { kind: "reset", message: error instanceof Error ? error.message : String(error) };
  const { baseUrl } = route.mount.upstream;
  const status = failure.kind === "timeout" ? 504 : 502;
  const message = describeFailure(failure, { baseUrl, keyName: undefined });
  logged(broker, told, { status, outcome: "unreachable" });
  return refusalResponse(refusal(status, "upstream", message), route.mount.name);
}
