import { isJsonObject, type JsonObject } from "../lib/json-object.ts";
import { shorten } from "../lib/shorten.ts";
import { itemsAt, textAt } from "./read-json.ts";
import type { FailureKind, RequestFailure } from "./request-failure.ts";
import { retryAfter } from "./retry.ts";

type ErrorAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** The beginning of the body. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/** Codes and words that mean: the account may not spend more. Waiting does not help. */
const QUOTA_CODE = /insufficient_quota|insufficient_(?:balance|credits|funds)|billing|arrearage/i;
const QUOTA_WORDS =
  /credit balance is too low|insufficient balance|overdue.payment|exceeded your .*credits/i;

const MODEL_WORDS = /\bmodel\b.*(?:does not exist|not found|unknown|not supported)/i;
const MODEL_CODE = /model_?not_?found|model_not_exist|invalid_model/i;

/**
 * What an answer that is no success means (`spec/protocols.md`; shapes of error bodies in
 * `reference/wire-protocols.md` §2 and §4).
 */
export function answerFailure({ status, headers, body, now }: ErrorAnswer): RequestFailure {
  const error = errorObject(body);
  const said = error === undefined ? wordsOf(body, headers) : messageOf(error);
  const code = error === undefined ? undefined : codeOf(error);
  const kind = kindOf({ status, code: code ?? "", said, error, isPage: isWebPage(body) });
  const retryAfterMs = retryAfter(headers, now) ?? retryInfo(error);
  const wish = headers.get("x-should-retry");
  const isFinal = kind === "quota" || wish === "false";
  return {
    kind,
    status,
    message: said || `the server answered ${status} without a reason`,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(isFinal || wish === "true" ? { shouldRetry: !isFinal } : {}),
  };
}

type Facts = {
  readonly status: number;
  readonly code: string;
  readonly said: string;
  readonly error: JsonObject | undefined;
  /** The body is a web page or XML. */
  readonly isPage: boolean;
};

function kindOf({ status, code, said, error, isPage }: Facts): FailureKind {
  if (status === 402 || QUOTA_CODE.test(code) || QUOTA_WORDS.test(said)) {
    return "quota";
  }
  if (status === 403 && isPage) {
    // A filter on the way, not the service, which would say why.
    return "not-an-api";
  }
  if (status === 401 || status === 403 || isInvalidGeminiKey(error)) {
    return "rejected";
  }
  if (isModelUnknown(status, code, said)) {
    return "unknown-model";
  }
  if (status === 404) {
    return "not-found";
  }
  if (status === 429) {
    return "rate-limited";
  }
  if (status === 408 || status === 409 || status >= 500) {
    return "server-error";
  }
  if (status < 400) {
    return "not-an-api";
  }
  return "bad-request";
}

function isModelUnknown(status: number, code: string, said: string): boolean {
  const words = status === 404 ? /\bmodel\b/i : MODEL_WORDS;
  return (status === 404 || status === 400) && (MODEL_CODE.test(code) || words.test(said));
}

/** Gemini says 400 to a key that it does not take. */
function isInvalidGeminiKey(error: JsonObject | undefined): boolean {
  return itemsAt(error, ["details"]).some(
    (detail) => textAt(detail, ["reason"]) === "API_KEY_INVALID",
  );
}

/** Gemini says in the body how long to wait: `"retryDelay": "34s"`. */
function retryInfo(error: JsonObject | undefined): number | undefined {
  const delays = itemsAt(error, ["details"]).map((detail) => textAt(detail, ["retryDelay"]));
  const seconds = Number.parseFloat(delays.find((delay) => /^\d+(\.\d+)?s$/.test(delay)) ?? "");
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** The error of a body: `{error: {…}}`, `{error: "…"}`, `[{error}]`, or the body itself. */
function errorObject(body: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const value = Array.isArray(parsed) ? parsed[0] : parsed;
    if (!isJsonObject(value)) {
      return undefined;
    }
    return isJsonObject(value.error) ? value.error : value;
  } catch {
    return undefined;
  }
}

function messageOf(error: JsonObject): string {
  return (
    textAt(error, ["message"]) ||
    textAt(error, ["error"]) ||
    textAt(error, ["detail"]) ||
    textAt(error, ["msg"])
  );
}

function codeOf({ code, type, status }: JsonObject): string | undefined {
  return [code, status, type].find((name) => typeof name === "string" && name !== "") as
    | string
    | undefined;
}

const LONGEST_WORDS = 200;

/** A body that is no JSON: a short text as it is, of a web page nothing. */
function wordsOf(body: string, headers: Headers): string {
  if (isWebPage(body) || (headers.get("content-type") ?? "").includes("html")) {
    return "";
  }
  return shorten(body.replace(/\s+/g, " ").trim(), LONGEST_WORDS);
}

/** Whether a body begins as a web page does. */
export function isWebPage(body: string): boolean {
  return /^\ufeff?\s*<(?:!doctype|html|head|body|\?xml|!--)/i.test(body);
}
