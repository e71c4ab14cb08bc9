import { accountService } from "../auth/oauth/account-service.ts";
import { refreshTokens } from "../auth/oauth/refresh.ts";
import { withCredentials } from "../auth/oauth/stored-login.ts";
import { CATALOGUE } from "../auth/providers/catalogue.ts";
import { AuthError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { isOffline } from "../flags/verify-flags.ts";
import type { Http } from "../http/http.ts";
import { prepareRequest } from "../models/prepare-request.ts";
import type { Complete, OauthState } from "../models/resolution.ts";
import type { Runtime } from "../runtime.ts";
import type { Connection } from "./load-connection.ts";
import { tellWarnings } from "./tell-warnings.ts";

type Renewal = {
  readonly connection: Connection;
  readonly http: Http;
  /** Takes what a person should know, where the terminal is somebody else's for now. */
  readonly onWarnings?: (warnings: readonly string[]) => void;
};

/**
 * A connection whose token of Qwen OAuth is good for the next request; every other connection as it
 * is.
 * @throws AuthError when the token cannot be refreshed, UnreachableError when the service is not well
 */
export async function freshConnection(
  runtime: Runtime,
  options: GlobalOptions,
  { connection, http }: Renewal,
): Promise<Connection> {
  const { oauth } = connection.resolution;
  if (oauth === undefined || !oauth.isRefreshDue) {
    return connection;
  }
  if (!isOffline(runtime, options)) {
    return renew(runtime, options, { connection, http, oauth, isRefused: false });
  }
  if (oauth.isExpired) {
    throw new AuthError("Cannot refresh the token of Qwen OAuth: the network is not allowed", {
      code: "oauth-expired",
      hint: "leave out `--offline` and unset `QWEN_OFFLINE`",
    });
  }
  return connection;
}

/**
 * The connection with another token, after the service has refused this one; `undefined` where there
 * is nothing to renew.
 * @throws AuthError when the token cannot be refreshed, UnreachableError when the service is not well
 */
export async function renewedConnection(
  runtime: Runtime,
  options: GlobalOptions,
  renewal: Renewal,
): Promise<Connection | undefined> {
  const { oauth } = renewal.connection.resolution;
  return oauth === undefined || isOffline(runtime, options)
    ? undefined
    : renew(runtime, options, { ...renewal, oauth, isRefused: true });
}

async function renew(
  runtime: Runtime,
  { color }: GlobalOptions,
  {
    connection,
    http,
    oauth,
    isRefused,
    onWarnings,
  }: Renewal & { readonly oauth: OauthState; readonly isRefused: boolean },
): Promise<Connection> {
  const { configuration, resolution } = connection;
  const service = accountService(runtime.env, configuration);
  const stale = resolution.key.kind === "present" ? resolution.key.value : "";
  const { credentials, warnings, unsaved } = await refreshTokens(runtime, http, {
    service,
    stale,
    isRefused,
    unsaved: connection.unsaved,
  });
  if (onWarnings === undefined) {
    await tellWarnings(runtime, { color }, warnings);
  } else {
    onWarnings(warnings);
  }
  const prepare = (complete: Complete) => prepareRequest(configuration, complete, CATALOGUE);
  const model = resolution.model?.source.kind === "flag" ? resolution.model.value : undefined;
  return {
    configuration,
    unsaved,
    resolution: withCredentials(
      resolution,
      { path: oauth.path, credentials, warnings: unsaved === undefined ? [] : oauth.warnings },
      { flags: { model }, now: runtime.now(), prepare },
    ),
  };
}
