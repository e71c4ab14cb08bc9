import { ConfigError, type QwenError, UsageError } from "../../errors.ts";
import type { RequestFailure } from "../../http/request-failure.ts";
import { parseEndpoint } from "../../lib/endpoint-url.ts";
import { valueAt } from "../../lib/json/json-object.ts";
import type { Configuration } from "../../models/configuration.ts";
import type { Env } from "../../runtime.ts";
import { requestProblem } from "../verify/request-problem.ts";
import { ALTERNATIVES } from "./discontinued.ts";
import { checkSafe } from "./resource-endpoint.ts";

/** The application as the account service knows it: public, there is no secret. */
export const CLIENT_ID = "f0304373b74a44d2b584a3fb70ca9e56";

const DEFAULT_BASE = "https://chat.qwen.ai";
const VARIABLE = "QWEN_OAUTH_BASE_URL";

/** Where logins are asked for and tokens are given out. */
export type AccountService = {
  readonly base: string;
  readonly deviceUrl: string;
  readonly tokenUrl: string;
};

/**
 * The account service: `https://chat.qwen.ai`, or what the shell's `QWEN_OAUTH_BASE_URL` says. A
 * file must not choose who gets the refresh token; that it tries is no reason to go elsewhere.
 * @throws UsageError when the variable is no safe URL, ConfigError when a file sets it
 */
export function accountService(
  env: Env,
  { dotenv, layers }: Pick<Configuration, "dotenv" | "layers">,
): AccountService {
  const chosen = env[VARIABLE] || undefined;
  const files = [
    dotenv.denied.includes(VARIABLE) ? dotenv.path : undefined,
    ...layers.map(({ path, value }) => (valueAt(value, ["env", VARIABLE]) ? path : undefined)),
  ];
  const file = files.find((path) => path !== undefined);
  if (chosen === undefined && file !== undefined) {
    throw new ConfigError(
      `Cannot take \`${VARIABLE}\` from \`${file}\`: only the shell may set it`,
      {
        hint: `remove it there, or set \`${VARIABLE}\` in the shell`,
      },
    );
  }
  const base = checkedBase(chosen ?? DEFAULT_BASE);
  return {
    base,
    deviceUrl: `${base}/api/v1/oauth2/device/code`,
    tokenUrl: `${base}/api/v1/oauth2/token`,
  };
}

function checkedBase(text: string): string {
  const parsed = parseEndpoint(text);
  const safe = parsed.kind === "invalid" ? parsed : checkSafe(parsed.url);
  if (safe.kind === "invalid") {
    throw new UsageError(`Cannot use \`${VARIABLE}\`: ${safe.reason}`, {
      code: "invalid-value",
      hint: "write it like `https://accounts.example`; http:// only works for this machine",
    });
  }
  return safe.url.href.replace(/\/+$/, "");
}

/** A request to the account service that failed, as the error of whoever made it. */
export function accountProblem(
  failure: RequestFailure,
  { doing, service }: { readonly doing: string; readonly service: AccountService },
): QwenError {
  const later = `try again later, or ${ALTERNATIVES}`;
  const hints = { dns: later, refused: later, timeout: later, redirected: later };
  return requestProblem(failure, { doing, baseUrl: service.base, keyName: undefined, hints });
}
