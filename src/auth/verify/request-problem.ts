import { AuthError, type ErrorCode, QwenError, UnreachableError } from "../../errors.ts";
import type { FailureKind, RequestFailure } from "../../http/request-failure.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { shorten } from "../../lib/visible-text.ts";
import type { Protocol } from "../../models/protocol.ts";
import type { KeyName } from "../describe-key.ts";
import { failureHint } from "./failure-hints.ts";
import { tokenCounts } from "./token-counts.ts";

type AskedService = {
  /** What failed, as it follows "Cannot": `ask "glm-5"`. */
  readonly doing: string;
  readonly baseUrl: string;
  /** OpenAI's unless said. */
  readonly protocol?: Protocol | undefined;
  readonly keyName: KeyName;
  /** What to do where that is known better than for any service. */
  readonly hints?: Readonly<Partial<Record<FailureKind, string>>> | undefined;
  /** The model that was asked, and those that are known to be there. */
  readonly model?: { readonly id: string; readonly known: readonly string[] } | undefined;
};

type Kind = typeof AuthError | typeof UnreachableError | typeof QwenError;

const KINDS: Readonly<Record<FailureKind, readonly [Kind, ErrorCode]>> = {
  dns: [UnreachableError, "unreachable"],
  refused: [UnreachableError, "unreachable"],
  reset: [UnreachableError, "unreachable"],
  tls: [UnreachableError, "tls-failed"],
  proxy: [UnreachableError, "proxy-failed"],
  timeout: [UnreachableError, "timeout"],
  silent: [UnreachableError, "timeout"],
  cut: [UnreachableError, "stream-cut"],
  "ended-early": [UnreachableError, "stream-cut"],
  malformed: [UnreachableError, "malformed-answer"],
  "rate-limited": [UnreachableError, "rate-limited"],
  "server-error": [UnreachableError, "server-error"],
  rejected: [AuthError, "key-rejected"],
  forbidden: [QwenError, "not-allowed"],
  "not-allowed": [QwenError, "not-allowed"],
  "model-not-allowed": [QwenError, "not-allowed"],
  "unknown-model": [QwenError, "unknown-model"],
  "not-found": [QwenError, "not-found"],
  quota: [QwenError, "quota-exceeded"],
  window: [QwenError, "quota"],
  "bad-request": [QwenError, "bad-request"],
  blocked: [QwenError, "prompt-blocked"],
  "too-long": [QwenError, "prompt-too-long"],
  "not-an-api": [QwenError, "not-an-api"],
  redirected: [QwenError, "redirected"],
};

/** A failed request as the error of whoever made it: exit code, code, reason and what to do. */
export function requestProblem(failure: RequestFailure, asked: AskedService): QwenError {
  const [Problem, code] = KINDS[failure.kind];
  const { hints, doing, model } = asked;
  const hint = hints?.[failure.kind] ?? failure.hint ?? failureHint(failure, asked);
  const isUnknown = failure.kind === "unknown-model" && model !== undefined;
  // What was asked for was meant, wherever it is known.
  const others = model?.known.filter((id) => id !== model.id) ?? [];
  return new Problem(`Cannot ${doing}: ${describeFailure(failure, asked)}`, {
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(isUnknown ? { suggest: { word: model.id, from: others } } : {}),
  });
}

/** What went wrong, in one clause that names the host, and how often it did. */
export function describeFailure(
  failure: RequestFailure,
  asked: Pick<AskedService, "baseUrl" | "keyName">,
): string {
  const { tries = 1 } = failure;
  const what = describeOnce(failure, asked);
  return tries > 1 ? `${what} (tried ${tries} times)` : what;
}

function describeOnce(
  failure: RequestFailure,
  { baseUrl, keyName }: Pick<AskedService, "baseUrl" | "keyName">,
): string {
  const { via } = failure;
  const host = `${hostOf(baseUrl)}${via === undefined ? "" : ` by way of the proxy ${via.proxy} of \`${via.name}\``}`;
  const said = saidBy(failure);
  if (failure.says !== undefined) {
    return `${failure.says.replace("HOST", () => host)}${waitOf(failure)}${said}`;
  }
  switch (failure.kind) {
    case "rejected":
      return `${host} ${rejection(keyName)}${said}`;
    case "forbidden":
    case "not-allowed":
      return `${host} refuses the request${said}`;
    case "model-not-allowed":
      return `${host} does not allow this model${said}`;
    case "unknown-model":
      return `${host} does not have this model${said}`;
    case "not-found":
      return `there is no such service at ${baseUrl}${said}`;
    case "quota":
      return `the account at ${host} has nothing left to spend${said}`;
    case "window":
      return `the quota of the plan at ${host} is used up for now${waitOf(failure)}${said}`;
    case "rate-limited":
      return `${host} takes no more requests for now${waitOf(failure)}${said}`;
    case "server-error":
      return `${host} has a problem${waitOf(failure)}${said}`;
    case "bad-request":
      return `${host} does not understand the request${said}`;
    case "too-long":
      return `the conversation is too long for this model${lengthOf(failure)}`;
    case "blocked":
      return `${host} refused the prompt${said}`;
    case "not-an-api":
      return `${baseUrl} is not the interface of a model${said}`;
    case "redirected":
      return failure.message;
    default:
      return `${hostOf(baseUrl)}: ${failure.message}`;
  }
}

function rejection(keyName: KeyName): string {
  if (typeof keyName === "string") {
    return `does not accept ${keyName}`;
  }
  return keyName === undefined ? "wants a key" : `wants a key, and ${keyName.unset} is not set`;
}

/** Characters of what a server says. */
const LONGEST_WORDS = 500;

/** `(401: Incorrect API key provided)` */
function saidBy({ status, message, code }: RequestFailure): string {
  const number = status ?? code;
  const words = shorten(message.replace(/\s+/g, " ").trim(), LONGEST_WORDS);
  return number === undefined ? ` (${words})` : ` (${number}: ${words})`;
}

/** `(9,021 of 8,192 tokens)`, or the words of a service that counts otherwise. */
function lengthOf(failure: RequestFailure): string {
  const counts = tokenCounts(failure.message);
  if (counts === undefined) {
    return saidBy(failure);
  }
  const [count, limit] = [counts.count, counts.limit].map((each) => each?.toLocaleString("en-US"));
  return count === undefined ? ` (it reads ${limit} tokens)` : ` (${count} of ${limit} tokens)`;
}

function waitOf({ retryAfterMs }: RequestFailure): string {
  return retryAfterMs === undefined ? "" : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
}
