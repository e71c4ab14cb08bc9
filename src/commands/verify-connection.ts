import { connectionProblem } from "../auth/connection-problem.ts";
import { keyNameOf } from "../auth/key-name.ts";
import { UNCHECKED, type Verification } from "../auth/verification.ts";
import { type VerifyRequest, verify } from "../auth/verify.ts";
import { hostOf } from "../lib/endpoint-url.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";
import type { GlobalOptions } from "./command.ts";
import type { Connection } from "./load-connection.ts";
import { loadKey } from "./load-key.ts";
import { openHttp } from "./open-http.ts";
import { openService } from "./open-service.ts";
import { throwIfOffline } from "./verify-flags.ts";

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
  return withProgress(
    runtime.stderr,
    { text: `Asking ${hostOf(request.endpoint.baseUrl)}`, quiet: options.quiet },
    () => verify(http, request),
  );
}

/**
 * What the service is asked; `undefined` where nothing may or can be sent.
 * @throws QwenError when the keyring cannot be used, AuthError when a key cannot be fetched
 */
export async function verifyRequest(
  runtime: Runtime,
  { configuration, resolution }: Connection,
): Promise<VerifyRequest | undefined> {
  if (connectionProblem(resolution, "verify") !== undefined) {
    return undefined;
  }
  const loaded = await loadKey(runtime, resolution);
  const { endpoint } = openService(runtime, configuration, loaded);
  return { endpoint, model: loaded.model?.value, keyName: keyNameOf(loaded.key) };
}
