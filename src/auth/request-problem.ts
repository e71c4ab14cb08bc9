import { AuthError, type ErrorCode, QwenError, UnreachableError } from "../errors.ts";
import { hostOf } from "../lib/endpoint-url.ts";
import { shorten } from "../lib/shorten.ts";
import type { FailureKind, RequestFailure } from "../protocols/request-failure.ts";
import { alibabaProvider } from "./alibaba-endpoints.ts";
import { CODING_PLAN } from "./alibaba-providers.ts";

type Asked = {
  /** What failed, as it follows "Cannot": `ask "glm-5"`. */
  readonly doing: string;
  readonly baseUrl: string;
  /** How the key is called: `the key of shell variable X`; `undefined`: none was sent. */
  readonly keyName: string | undefined;
  /** What to do where that is known better than for any service. */
  readonly hints?: Readonly<Partial<Record<FailureKind, string>>> | undefined;
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
  "unknown-model": [QwenError, "unknown-model"],
  "not-found": [QwenError, "not-found"],
  quota: [QwenError, "quota-exceeded"],
  "bad-request": [QwenError, "bad-request"],
  blocked: [QwenError, "prompt-blocked"],
  "not-an-api": [QwenError, "not-an-api"],
  redirected: [QwenError, "redirected"],
};

/** A failed request as the error of whoever made it: exit code, code, reason and what to do. */
export function requestProblem(failure: RequestFailure, asked: Asked): QwenError {
  const [Problem, code] = KINDS[failure.kind];
  const hint = asked.hints?.[failure.kind] ?? hintOf(failure, asked);
  return new Problem(`Cannot ${asked.doing}: ${describeFailure(failure, asked)}`, {
    code,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What went wrong, in one clause that names the host. */
export function describeFailure(
  failure: RequestFailure,
  { baseUrl, keyName }: Pick<Asked, "baseUrl" | "keyName">,
): string {
  const host = hostOf(baseUrl);
  const said = saidBy(failure);
  switch (failure.kind) {
    case "rejected":
      return keyName === undefined
        ? `${host} wants a key${said}`
        : `${host} does not accept ${keyName}${said}`;
    case "unknown-model":
      return `${host} does not have this model${said}`;
    case "not-found":
      return `there is no such service at ${baseUrl}${said}`;
    case "quota":
      return `the account at ${host} has nothing left to spend${said}`;
    case "rate-limited":
      return `${host} takes no more requests for now${waitOf(failure)}${said}`;
    case "server-error":
      return `${host} has a problem${waitOf(failure)}${said}`;
    case "bad-request":
      return `${host} does not understand the request${said}`;
    case "blocked":
      return `${host} refused the prompt${said}`;
    case "not-an-api":
      return `${baseUrl} is not the interface of a model${said}`;
    case "redirected":
      return failure.message;
    default:
      return `${host}: ${failure.message}`;
  }
}

/** Characters of what a server says. */
const LONGEST_WORDS = 500;

/** `(401: Incorrect API key provided)` */
function saidBy({ status, message, code }: RequestFailure): string {
  const number = status ?? code;
  const words = shorten(message.replace(/\s+/g, " ").trim(), LONGEST_WORDS);
  return number === undefined ? ` (${words})` : ` (${number}: ${words})`;
}

function waitOf({ retryAfterMs }: RequestFailure): string {
  return retryAfterMs === undefined ? "" : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
}

function hintOf({ kind }: RequestFailure, { baseUrl }: Asked): string | undefined {
  switch (kind) {
    case "dns":
    case "refused":
      return "check the base URL in `qwen auth status`, and `HTTPS_PROXY` where there is a proxy";
    case "tls":
      return "give the certificate of your own authority with `--ca-cert FILE` or `QWEN_CA_CERT`";
    case "proxy":
      return "check `HTTPS_PROXY` and `NO_PROXY`, or give another one with `--proxy URL`";
    case "timeout":
      return "try again, or allow more time with `generationConfig.timeout`";
    case "rejected":
      return rejectedHint(baseUrl);
    case "unknown-model":
      return "run `qwen models --remote` to see which ones there are";
    case "not-found":
    case "not-an-api":
      return "check the base URL in `qwen auth status`; for OpenAI-compatible servers it mostly ends in /v1";
    case "redirected":
      return "give the address that it redirects to as the base URL, if you trust it";
    default:
      return undefined;
  }
}

/**
 * What a person can do about a key that is not accepted. Keys of Alibaba Cloud look alike, and only
 * work in their own region and for their own plan.
 */
export function rejectedHint(baseUrl: string): string {
  const provider = alibabaProvider(baseUrl);
  if (provider === undefined) {
    return "check the key, and set another one with `qwen auth`";
  }
  const command =
    provider.id === CODING_PLAN.id
      ? "qwen auth coding-plan"
      : `qwen auth api-key --provider ${provider.id}`;
  return `run \`${command} --region auto\` to find where it works: a key of Alibaba Cloud (sk- or sk-sp-) only does in its own region and for its own plan`;
}
