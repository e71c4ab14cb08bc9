import { readFileSync } from "node:fs";
import { AuthError, ConfigError, QwenError } from "../../errors.ts";
import type { Http } from "../../http/http.ts";
import { postForm } from "../../http/post-form.ts";
import { RequestError } from "../../http/request-failure.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import type { HeldFile, HeldRoom } from "../../lib/files/private-file.ts";
import type { Runtime } from "../../runtime.ts";
import { type AccountResponse, readAccountResponse, saidBy } from "./account-response.ts";
import { type AccountService, accountProblem, CLIENT_ID } from "./account-service.ts";
import { type OauthCredentials, parseCredentials, renderCredentials } from "./credentials.ts";
import {
  credentialsPath,
  holdCredentials,
  isBlank,
  REFRESH_TIMEOUT_MS,
  ROOM_FOR_TOKENS,
  rememberTokens,
} from "./credentials-file.ts";
import { ALTERNATIVES, DISCONTINUED } from "./discontinued.ts";
import { refreshedCredentials } from "./token-response.ts";

type Machine = Pick<
  Runtime,
  "env" | "cwd" | "home" | "uid" | "sleep" | "addSecret" | "trace" | "atEnd"
>;

type Refresh = {
  readonly service: AccountService;
  /** The token that is about to expire, or was refused. */
  readonly stale: string;
  /** A service does not take it, whatever its time. */
  readonly isRefused: boolean;
  /** What an earlier refresh of this process gave and could not save. */
  readonly unsaved?: UnsavedTokens | undefined;
};

/** Tokens that are in memory alone. */
export type UnsavedTokens = {
  /** What the file holds: the refresh token in it is spent. */
  readonly text: string;
  readonly credentials: OauthCredentials;
};

export type RefreshResult = {
  readonly credentials: OauthCredentials;
  /** What a person should know: not refreshed, not saved, written in place. */
  readonly warnings: readonly string[];
  /** To be handed to the next refresh. */
  readonly unsaved?: UnsavedTokens | undefined;
};

const DOING = "refresh the token of Qwen OAuth";

/**
 * The tokens after a refresh, which one process makes for all (`spec/qwen-oauth.md`): under the
 * lock the file is read again, and what another has refreshed meanwhile is taken as it is. Nothing
 * is asked before there is room for the answer: a refresh token may be good for one time only.
 * Where the answer could not be saved, a token that is still good is used as it is.
 * @throws AuthError when the service does not take the refresh token: then the tokens are removed
 * @throws UnreachableError when it is not well, ConfigError when the file cannot be used
 * @throws QwenError when the answer could not be saved and the old token is of no use
 */
export async function refreshTokens(
  machine: Machine,
  http: Http,
  refresh: Refresh,
): Promise<RefreshResult> {
  const outcome: Outcome = { warnings: [] };
  try {
    const { notes } = await holdCredentials(machine, (held) =>
      refreshHeld(machine, http, { ...refresh, held, outcome }),
    );
    outcome.warnings.push(...notes);
  } catch (error) {
    if (outcome.hasAsked || !isUnwritable(error)) {
      throw error;
    }
    return withoutRefresh(machine, http.now(), { ...refresh, error });
  }
  const { credentials, refusal, warnings, unsaved } = outcome;
  if (credentials === undefined) {
    throw refusal ?? noTokens();
  }
  return { credentials, warnings, unsaved };
}

type Outcome = {
  readonly warnings: string[];
  /** Whether a refresh token may have been spent. */
  hasAsked?: boolean;
  credentials?: OauthCredentials;
  unsaved?: UnsavedTokens;
  refusal?: AuthError;
};

type HeldRefresh = Refresh & { readonly held: HeldFile; readonly outcome: Outcome };

async function refreshHeld(
  machine: Machine,
  http: Http,
  { service, stale, unsaved, held, outcome }: HeldRefresh,
): Promise<void> {
  const path = credentialsPath(machine);
  const { text = "" } = held;
  if (isBlank(text)) {
    return;
  }
  const old = unsaved?.text === text ? unsaved.credentials : parseCredentials(text, path);
  rememberTokens(machine, old);
  if (old.accessToken !== stale && http.now() < old.expiresAt) {
    outcome.credentials = old;
    return;
  }
  if (old.refreshToken === "") {
    outcome.refusal = refusal("it has expired, and there is no refresh token");
    return;
  }
  const room = held.reserve(Buffer.byteLength(text) + ROOM_FOR_TOKENS);
  outcome.hasAsked = true;
  const answer = await askForTokens(http, service, old).catch((error: unknown) => {
    room.cancel();
    throw error;
  });
  if (answer.kind === "renewed") {
    rememberTokens(machine, answer.credentials);
    outcome.credentials = answer.credentials;
    save(machine, room, { outcome, unsaved: { text, credentials: answer.credentials } });
    return;
  }
  room.cancel();
  // Qwen Code has a lock of its own: it may have used the same refresh token just now.
  const current = readIfAny(path);
  if (current !== undefined && current !== text && !isBlank(current)) {
    outcome.credentials = parseCredentials(current, path);
    rememberTokens(machine, outcome.credentials);
    return;
  }
  outcome.refusal = answer.isFinal ? removed(held, answer.why) : refusal(answer.why);
}

type Saving = { readonly outcome: Outcome; readonly unsaved: UnsavedTokens };

/** What cannot be had again is used, whether it is saved or not. */
function save(machine: Machine, room: HeldRoom, { outcome, unsaved }: Saving): void {
  try {
    room.write(renderCredentials(unsaved.credentials));
    machine.atEnd.delete(DOING);
  } catch (error) {
    outcome.unsaved = unsaved;
    outcome.warnings.push(
      `the new tokens of Qwen OAuth are not saved, which is tried again at the end: ${reasonOf(error)}`,
    );
    machine.atEnd.set(DOING, () => saveAgain(machine, unsaved));
  }
}

/** Only over the tokens that were spent: another login, or a logout, is newer than ours. */
async function saveAgain(
  machine: Machine,
  { text, credentials }: UnsavedTokens,
): Promise<string | undefined> {
  try {
    const { changed } = await holdCredentials(machine, async (held) => {
      if (held.text === text) {
        held.reserve(0).write(renderCredentials(credentials));
      }
    });
    return changed ? "the new tokens of Qwen OAuth are saved now" : undefined;
  } catch (error) {
    return (
      `the new tokens of Qwen OAuth are lost, so log in again ` +
      `(\`qwen auth qwen-oauth --force\`): ${reasonOf(error)}`
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof QwenError)) {
    throw error;
  }
  return error.message;
}

function isUnwritable(error: unknown): error is QwenError {
  return (
    error instanceof QwenError &&
    (error.code === "write-failed" || error.code === "settings-unsafe")
  );
}

/** @throws QwenError when the token that is stored is of no use */
function withoutRefresh(
  machine: Machine,
  now: number,
  { stale, isRefused, error }: Refresh & { readonly error: QwenError },
): RefreshResult {
  const path = credentialsPath(machine);
  const text = readIfAny(path) ?? "";
  const stored = isBlank(text) ? undefined : parseCredentials(text, path);
  if (stored !== undefined && now < stored.expiresAt) {
    rememberTokens(machine, stored);
    if (!isRefused || stored.accessToken !== stale) {
      const warnings = [`the token of Qwen OAuth was not refreshed: ${error.message}`];
      return { credentials: stored, warnings };
    }
  }
  if (error instanceof ConfigError) {
    throw error;
  }
  throw new QwenError(
    `Cannot ${DOING}: the new one could not be kept, so none was asked for. ${error.message}`,
    { code: "write-failed", hint: error.hint, cause: error },
  );
}

type Renewal =
  | { readonly kind: "renewed"; readonly credentials: OauthCredentials }
  /** `isFinal`: the refresh token will never be taken again. */
  | { readonly kind: "refused"; readonly isFinal: boolean; readonly why: string };

/** @throws UnreachableError when the service did not decide */
async function askForTokens(
  http: Http,
  service: AccountService,
  old: OauthCredentials,
): Promise<Renewal> {
  try {
    const fields = {
      grant_type: "refresh_token",
      refresh_token: old.refreshToken,
      client_id: CLIENT_ID,
    };
    const answer = readAccountResponse(
      await postForm(http, {
        ...{ url: service.tokenUrl, within: service.base, fields },
        timeoutMs: REFRESH_TIMEOUT_MS,
      }),
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
  answer: Extract<AccountResponse, { kind: "error" }>,
): Renewal {
  return {
    kind: "refused",
    isFinal: answer.status === 400 || answer.status === 401,
    why: `${hostOf(base)} does not take the refresh token${saidBy(answer)}`,
  };
}

/** What is never taken again goes, and it is said whether it went. */
function removed(held: HeldFile, why: string): AuthError {
  try {
    held.remove();
    return refusal(`${why}, so the stored tokens were removed`);
  } catch (error) {
    return refusal(`${why}, and the stored tokens could not be removed (${reasonOf(error)})`);
  }
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
