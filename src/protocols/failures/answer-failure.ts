import type { RefusedField, RequestFailure } from "../../http/request-failure.ts";
import { retryAfter } from "../../http/retry.ts";
import { parseJson } from "../../lib/json/parse-json.ts";
import { shorten } from "../../lib/visible-text.ts";
import { classifyFailure } from "./classify-failure.ts";
import type { FailureRow } from "./failure-row.ts";
import { readError } from "./read-error.ts";
import { readXml } from "./read-xml.ts";
import { isWebPage, titleOf } from "./web-page.ts";

type ErrorAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** The beginning of the body. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Those of the service (`FailureRow`). */
  readonly rows?: readonly FailureRow[] | undefined;
};

/** What an answer that is no success means (`classifyFailure`). */
export function answerFailure({ status, headers, body, now, rows }: ErrorAnswer): RequestFailure {
  const json = parseJson(body);
  const said = json ?? readXml(body);
  const error = said === undefined ? undefined : readError(said);
  const isHtml = isWebPage(body) || (headers.get("content-type") ?? "").includes("html");
  const isPage = isHtml && error === undefined;
  const codes = error?.codes ?? [];
  const words = error?.words || (isPage ? titleOf(body) : beginningOf(body));
  const cause = classifyFailure({ status, codes, words, isPage }, rows);
  const retryAfterMs = retryAfter(headers, now) ?? error?.retryAfterMs;
  const wish = headers.get("x-should-retry");
  const isFinal =
    cause.kind === "quota" ||
    cause.kind === "window" ||
    cause.shouldRetry === false ||
    wish === "false";
  return {
    ...cause,
    status,
    message: words || `the server answered ${status} without a reason`,
    ...codeField(codes),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(isFinal || wish === "true" ? { shouldRetry: !isFinal } : {}),
    ...refusedField(cause.kind, body),
  };
}

type StreamedError = {
  /** The event that tells of it. */
  readonly event: unknown;
  readonly rows?: readonly FailureRow[] | undefined;
};

/** Codes of a server that has too much to do, which the next try may find idle. */
const OVERLOADED = /overloaded|too_many|unavailable|^(?:api_error|internal_server_error|5\d\d)$/i;

/** What an error inside a stream means, as if the server had answered with it. */
export function streamedFailure({ event, rows }: StreamedError): RequestFailure {
  const { codes, words, retryAfterMs } = readError(event);
  const cause = classifyFailure({ status: undefined, codes, words }, rows);
  const isOdd = cause.kind === "server-error" && !codes.some((code) => OVERLOADED.test(code));
  return {
    ...(isOdd ? { shouldRetry: false } : {}),
    ...cause,
    message: words || "the server reported an error without a message",
    ...(codes[0] === undefined ? {} : { code: codes[0] }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...refusedField(cause.kind, JSON.stringify(event)),
  };
}

/** The name of an error goes before a number, and a number of the service's before a status. */
function codeField(codes: readonly string[]): Pick<RequestFailure, "code"> {
  const code =
    codes.find((each) => !/^\d+$/.test(each)) ??
    codes.find((each) => !/^[1-5]\d\d$/.test(each)) ??
    codes[0];
  return code === undefined ? {} : { code };
}

/** Fields are named in places of every kind: in the words, in `loc`, in `param`. */
function refusedField(
  kind: RequestFailure["kind"],
  body: string,
): { readonly refusedField?: RefusedField } {
  if (kind !== "bad-request") {
    return {};
  }
  return body.includes("stream_options")
    ? { refusedField: "stream_options" }
    : /max_(?:completion_)?tokens/.test(body)
      ? { refusedField: "max_tokens" }
      : {};
}

const LONGEST_WORDS = 200;

/** A body without a reason in it: its beginning, as it is. */
function beginningOf(body: string): string {
  return shorten(body.replace(/\s+/g, " ").trim(), LONGEST_WORDS);
}
