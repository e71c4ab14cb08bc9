import { describeKey } from "../auth/describe-key.ts";
import { askBalance } from "../auth/verify/ask-balance.ts";
import { UNCHECKED, type Verification } from "../auth/verify/verification.ts";
import { type VerifyRequest, verify } from "../auth/verify/verify.ts";
import { AuthError, UnreachableError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { throwIfOffline } from "../flags/verify-flags.ts";
import type { Http } from "../http/http.ts";
import { hostOf } from "../lib/endpoint-url.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Connection } from "./load-connection.ts";
import { loadKey } from "./load-key.ts";
import { openHttp } from "./open-http.ts";
import { openService } from "./open-service.ts";

/** Asks the service about the key in force; unchecked where nothing may or can be sent. */
export async function verifyConnection(
  runtime: Runtime,
  options: GlobalOptions,
  connection: Connection,
): Promise<Verification> {
  throwIfOffline(runtime, options, "--verify");
  const request = await verifyRequest(runtime, connection);
  if (request === undefined) {
    return UNCHECKED;
  }
  const http = await openHttp(runtime, connection.configuration, options);
  const { oauth } = connection.resolution;
  return withProgress(
    runtime.stderr,
    { text: `Asking ${hostOf(request.endpoint.baseUrl)}`, quiet: options.quiet },
    () =>
      oauth === undefined
        ? withBalance(http, request)
        : verifyTokens(runtime, options, { connection, http }),
  );
}

/** A key that is taken is asked what is left. */
async function withBalance(http: Http, request: VerifyRequest): Promise<Verification> {
  const verification = await verify(http, request);
  return verification.state === "ok"
    ? { ...verification, ...(await askBalance(http, request.endpoint)) }
    : verification;
}

type OpenConnection = { readonly connection: Connection; readonly http: Http };

/** As a question would: with a fresh token, and with another one when that is refused. */
export async function verifyTokens(
  runtime: Runtime,
  options: GlobalOptions,
  { connection, http }: OpenConnection,
): Promise<Verification> {
  const { freshConnection, renewedConnection } = await import("./renew-tokens.ts");
  const check = async (current: Connection | undefined): Promise<Verification | undefined> => {
    const request = current && (await verifyRequest(runtime, current));
    return request && verify(http, request);
  };
  try {
    const fresh = await freshConnection(runtime, options, { connection, http });
    const verification = (await check(fresh)) ?? UNCHECKED;
    return verification.state === "rejected"
      ? ((await check(await renewedConnection(runtime, options, { connection: fresh, http }))) ??
          verification)
      : verification;
  } catch (error) {
    if (error instanceof AuthError || error instanceof UnreachableError) {
      const state = error instanceof AuthError ? "rejected" : "unreachable";
      return { state, checkedAt: new Date(runtime.now()).toISOString(), detail: error.message };
    }
    throw error;
  }
}

/**
 * What the service is asked; `undefined` where nothing may or can be sent.
 * @throws QwenError when the keyring cannot be used, AuthError when a key cannot be fetched
 */
export async function verifyRequest(
  runtime: Runtime,
  { resolution }: Connection,
): Promise<VerifyRequest | undefined> {
  if (resolution.state !== "configured") {
    return undefined;
  }
  const loaded = await loadKey(runtime, resolution);
  const endpoint = openService(runtime, loaded);
  return { endpoint, model: loaded.model.value, keyName: describeKey(loaded).keyName };
}
