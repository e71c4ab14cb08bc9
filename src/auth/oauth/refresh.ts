import { readFileSync } from "node:fs";
import { AuthError } from "../../errors.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { REMOVED } from "../../lib/private-file.ts";
import type { Http } from "../../protocols/http.ts";
import { postForm } from "../../protocols/post-form.ts";
import { RequestError } from "../../protocols/request-failure.ts";
import type { Runtime } from "../../runtime.ts";
import { type AccountAnswer, readAnswer, saidBy } from "./account-answer.ts";
import { type AccountService, accountProblem, CLIENT_ID } from "./account-service.ts";
import { type OauthCredentials, parseCredentials, renderCredentials } from "./credentials.ts";
import {
  credentialsPath,
  REFRESH_TIMEOUT_MS,
  rememberTokens,
  updateCredentials,
} from "./credentials-file.ts";
import { ALTERNATIVES, DISCONTINUED } from "./discontinued.ts";
import { refreshedCredentials } from "./token-answer.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "uid" | "sleep" | "addSecret" | "trace">;

type Refresh = {
  readonly service: AccountService;
  /** The token that is about to expire, or was refused. */
  readonly stale: string;
};

const DOING = "refresh the token of Qwen OAuth";

/**
 * The tokens after a refresh, which one process makes for all (`spec/qwen-oauth.md`): under the
 * lock the file is read again, and what another has refreshed meanwhile is taken as it is.
 * @throws AuthError when the service does not take the refresh token: then the tokens are removed
 * @throws UnreachableError when it is not well, ConfigError when the file cannot be used
 */
export async function refreshTokens(
  machine: Machine,
  http: Http,
  { service, stale }: Refresh,
): Promise<OauthCredentials> {
  const path = credentialsPath(machine);
  const outcome: { credentials?: OauthCredentials; refusal?: AuthError } = {};
  await updateCredentials(machine, async (text) => {
    if (text === undefined) {
      return undefined;
    }
    const old = parseCredentials(text, path);
    rememberTokens(machine, old);
    if (old.accessToken !== stale && http.now() < old.expiresAt) {
      outcome.credentials = old;
      return undefined;
    }
    const answer = await askForTokens(http, service, old);
    if (answer.kind === "renewed") {
      rememberTokens(machine, answer.credentials);
      outcome.credentials = answer.credentials;
      return renderCredentials(answer.credentials);
    }
    // Qwen Code has a lock of its own: it may have used the same refresh token just now.
    const current = readIfAny(path);
    if (current !== undefined && current !== text) {
      outcome.credentials = parseCredentials(current, path);
      rememberTokens(machine, outcome.credentials);
      return undefined;
    }
    outcome.refusal = answer.problem;
    return answer.isFinal ? REMOVED : undefined;
  });
  if (outcome.credentials === undefined) {
    throw outcome.refusal ?? noTokens();
  }
  return outcome.credentials;
}

type Renewal =
  | { readonly kind: "renewed"; readonly credentials: OauthCredentials }
  /** `isFinal`: the refresh token will never be taken again. */
  | { readonly kind: "refused"; readonly isFinal: boolean; readonly problem: AuthError };

/** @throws UnreachableError when the service did not decide */
async function askForTokens(
  http: Http,
  service: AccountService,
  old: OauthCredentials,
): Promise<Renewal> {
  if (old.refreshToken === "") {
    const why = "it has expired, and there is no refresh token";
    return { kind: "refused", isFinal: false, problem: refusal(why) };
  }
  try {
    const fields = {
      grant_type: "refresh_token",
      refresh_token: old.refreshToken,
      client_id: CLIENT_ID,
    };
    const url = service.tokenUrl;
    const answer = readAnswer(
      await postForm(http, { url, fields, timeoutMs: REFRESH_TIMEOUT_MS }),
      http.now(),
    );
    if (answer.kind === "fault") {
      throw new RequestError(answer.failure);
    }
    return answer.kind === "success"
      ? {
          kind: "renewed",
          credentials: refreshedCredentials(answer.value, { now: http.now(), old }),
        }
      : refusedBy(service, answer);
  } catch (error) {
    throw error instanceof RequestError
      ? accountProblem(error.failure, { doing: DOING, service })
      : error;
  }
}

function refusedBy(
  { base }: AccountService,
  answer: Extract<AccountAnswer, { kind: "error" }>,
): Renewal {
  const isFinal = answer.status === 400 || answer.status === 401;
  const removed = isFinal ? ", so the stored tokens were removed" : "";
  const why = `${hostOf(base)} does not take the refresh token${saidBy(answer)}${removed}`;
  return { kind: "refused", isFinal, problem: refusal(why) };
}

function refusal(why: string): AuthError {
  return new AuthError(`Cannot ${DOING}: ${why}; ${DISCONTINUED}`, {
    code: "oauth-refused",
    hint: ALTERNATIVES,
  });
}

function noTokens(): AuthError {
  return new AuthError(`Cannot ${DOING}: there is none any more; ${DISCONTINUED}`, {
    code: "not-configured",
    hint: ALTERNATIVES,
  });
}

function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
