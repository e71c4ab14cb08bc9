import * as v from "valibot";
import { AuthError } from "../../errors.ts";
import type { Http } from "../../http/http.ts";
import { postForm } from "../../http/post-form.ts";
import { RequestError, type RequestFailure } from "../../http/request-failure.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import {
  type AccountResponse,
  malformed,
  readAccountResponse,
  Seconds,
  saidBy,
} from "./account-response.ts";
import { type AccountService, accountProblem, CLIENT_ID } from "./account-service.ts";
import { ALTERNATIVES, DISCONTINUED } from "./discontinued.ts";
import { createPkce } from "./pkce.ts";

/** A login that waits for a person to approve it. */
export type DeviceLogin = {
  readonly deviceCode: string;
  /** Proves, with the code, that this is who asked. */
  readonly verifier: string;
  readonly userCode: string;
  /** The page to open, where the code is typed or stands already: a web address, normalised. */
  readonly page: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly lifetimeMs: number;
  readonly intervalMs: number;
};

/** RFC 8628 §3.2; only the code itself, and some place to approve it, cannot be done without. */
const LoginSchema = v.object({
  device_code: v.pipe(v.string(), v.nonEmpty()),
  user_code: v.fallback(v.string(), ""),
  verification_uri: v.fallback(v.optional(v.string()), undefined),
  verification_uri_complete: v.fallback(v.string(), ""),
  expires_in: Seconds,
  interval: Seconds,
});

const SCOPE = "openid profile email model.completion";
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

const DOING = "log in with Qwen OAuth";
const TIMEOUT_MS = 30_000;

const DEFAULT_INTERVAL_MS = 5000;
/** What a server's 0 means: often, but not without a pause. */
const SHORTEST_INTERVAL_MS = 50;
const SLOW_DOWN_MS = 5000;
/** Of those that this side lengthens. */
const LONGEST_BACKOFF_MS = 60_000;
const DEFAULT_LIFETIME_MS = 15 * 60_000;
const LONGEST_LIFETIME_MS = 60 * 60_000;

/**
 * Asks the account service for a code (RFC 8628 §3.1, with PKCE).
 * @throws AuthError when it refuses, UnreachableError when it is not well
 */
export async function startLogin(http: Http, service: AccountService): Promise<DeviceLogin> {
  const { verifier, challenge } = createPkce();
  const answer = await askService(http, service, {
    url: service.deviceUrl,
    fields: {
      client_id: CLIENT_ID,
      scope: SCOPE,
      code_challenge: challenge,
      code_challenge_method: "S256",
    },
    headers: { "x-request-id": crypto.randomUUID() },
    timeoutMs: TIMEOUT_MS,
  });
  if (answer.kind === "error") {
    throw refused(service, answer);
  }
  const login = answer.kind === "success" ? readLogin(answer.value, http.now()) : undefined;
  if (login === undefined) {
    const failure =
      answer.kind === "fault"
        ? answer.failure
        : malformed("the answer has no code, or no page to approve it");
    throw accountProblem(failure, { doing: DOING, service });
  }
  return { ...login, verifier };
}

function readLogin(value: JsonObject, now: number): Omit<DeviceLogin, "verifier"> | undefined {
  const answer = v.safeParse(LoginSchema, value);
  if (!answer.success) {
    return undefined;
  }
  const { device_code, user_code, verification_uri_complete, interval } = answer.output;
  const page = pageAt(verification_uri_complete) ?? pageAt(answer.output.verification_uri ?? "");
  if (page === undefined) {
    return undefined;
  }
  const lifetimeMs = Math.min(answer.output.expires_in ?? DEFAULT_LIFETIME_MS, LONGEST_LIFETIME_MS);
  return {
    deviceCode: device_code,
    userCode: user_code,
    page,
    expiresAt: now + lifetimeMs,
    lifetimeMs,
    intervalMs: Math.max(interval ?? DEFAULT_INTERVAL_MS, SHORTEST_INTERVAL_MS),
  };
}

/**
 * A page that may be shown and opened: http or https, without a user, who would only read like
 * another host, and with its host in ASCII. `undefined`: it is none.
 */
function pageAt(text: string): string | undefined {
  const url = URL.parse(text);
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  return url !== null && isWeb && url.username === "" && url.password === "" ? url.href : undefined;
}

/**
 * Asks, as often as the service allows, until the login is approved; the answer with the tokens
 * (RFC 8628 §3.4 and §3.5).
 * @throws AuthError when it is denied, expired or refused; UnreachableError when, at the end of its
 * lifetime, the service still was not well
 */
export async function awaitApproval(
  http: Http,
  service: AccountService,
  login: DeviceLogin,
): Promise<JsonObject> {
  let { intervalMs } = login;
  let slept = 0;
  let outage: RequestFailure | undefined;
  let isAnswered = false;
  // A clock that is set back must not make the wait longer.
  const left = (): number => Math.min(login.expiresAt - http.now(), login.lifetimeMs - slept);
  for (;;) {
    const pause = Math.min(intervalMs, Math.max(left(), 0));
    await http.sleep(pause);
    slept += pause;
    if (left() <= 0) {
      throw outage === undefined ? expired() : accountProblem(outage, { doing: DOING, service });
    }
    const timeoutMs = Math.min(TIMEOUT_MS, left());
    const outcome = await poll(http, service, { login, timeoutMs });
    if (outcome.kind === "approved") {
      return outcome.answer;
    }
    if (outcome.kind !== "fault") {
      outage = undefined;
      isAnswered = true;
    } else if (outcome.failure.kind !== "timeout" || timeoutMs === TIMEOUT_MS) {
      outage = outcome.failure;
    } else if (!isAnswered) {
      // A try that the end of the code cut off says less of the service than whatever came before.
      outage ??= outcome.failure;
    }
    intervalMs = nextInterval(intervalMs, outcome);
  }
}

type Outcome =
  | { readonly kind: "approved"; readonly answer: JsonObject }
  | { readonly kind: "pending" | "slow-down" }
  | { readonly kind: "fault"; readonly failure: RequestFailure };

/** RFC 8628 §3.5: 5 s more for good, and less often when the service is too slow to answer. */
function nextInterval(intervalMs: number, outcome: Outcome): number {
  if (outcome.kind === "slow-down") {
    return intervalMs + SLOW_DOWN_MS;
  }
  const isOverloaded =
    outcome.kind === "fault" && ["timeout", "rate-limited"].includes(outcome.failure.kind);
  return isOverloaded
    ? Math.max(intervalMs, Math.min(intervalMs * 2, LONGEST_BACKOFF_MS))
    : intervalMs;
}

async function poll(
  http: Http,
  service: AccountService,
  { login, timeoutMs }: { readonly login: DeviceLogin; readonly timeoutMs: number },
): Promise<Outcome> {
  const answer = await askService(http, service, {
    url: service.tokenUrl,
    fields: {
      grant_type: GRANT,
      client_id: CLIENT_ID,
      device_code: login.deviceCode,
      code_verifier: login.verifier,
    },
    timeoutMs,
  });
  if (answer.kind === "fault") {
    return answer;
  }
  if (answer.kind === "success") {
    return { kind: "approved", answer: answer.value };
  }
  switch (answer.code) {
    case "authorization_pending":
      return { kind: "pending" };
    case "slow_down":
      return { kind: "slow-down" };
    case "access_denied":
      throw new AuthError(`Cannot ${DOING}: the login was denied`, {
        code: "oauth-denied",
        hint: `approve it next time, or ${ALTERNATIVES}`,
      });
    case "expired_token":
      throw expired();
    default:
      throw refused(service, answer);
  }
}

/** An answer, or why there is none; a redirect to elsewhere is final. */
async function askService(
  http: Http,
  service: AccountService,
  request: Omit<Parameters<typeof postForm>[1], "within">,
): Promise<AccountResponse> {
  try {
    return readAccountResponse(
      await postForm(http, { ...request, within: service.base }),
      http.now(),
    );
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    if (error.failure.kind === "redirected") {
      throw accountProblem(error.failure, { doing: DOING, service });
    }
    return { kind: "fault", failure: error.failure };
  }
}

function expired(): AuthError {
  return new AuthError(`Cannot ${DOING}: the code expired before the login was approved`, {
    code: "oauth-expired",
    hint: "run `qwen auth qwen-oauth` again for a new code",
  });
}

function refused(
  { base }: AccountService,
  answer: Extract<AccountResponse, { kind: "error" }>,
): AuthError {
  const message = `Cannot ${DOING}: ${hostOf(base)} refuses the login${saidBy(answer)}; ${DISCONTINUED}`;
  return new AuthError(message, { code: "oauth-refused", hint: ALTERNATIVES });
}
