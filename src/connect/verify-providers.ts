import { keyNameOf } from "../auth/describe-key.ts";
import type { ListedProvider } from "../auth/describe-providers.ts";
import { CATALOGUE } from "../auth/providers/catalogue.ts";
import { findProvider } from "../auth/providers/find-provider.ts";
import {
  describeVerification,
  UNCHECKED,
  type Verification,
  type VerifiedField,
} from "../auth/verify/verification.ts";
import { type VerifyRequest, verify } from "../auth/verify/verify.ts";
import { QwenError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { throwIfOffline } from "../flags/verify-flags.ts";
import type { Http } from "../http/http.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import { isProtocol } from "../models/protocol.ts";
import { resolveEntry } from "../models/resolve-connection.ts";
import { keyOfVariable } from "../models/resolve-key.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Connection } from "./load-connection.ts";
import { loadResolvedKey } from "./load-key.ts";
import { openHttp } from "./open-http.ts";
import { verifyRequest, verifyTokens } from "./verify-connection.ts";

type Listed = {
  readonly connection: Connection;
  readonly listed: readonly ListedProvider[];
};

/** Asks all services at once; a row stays unchecked where nothing may or can be sent. */
export async function verifyProviders(
  runtime: Runtime,
  options: GlobalOptions,
  { connection, listed }: Listed,
): Promise<readonly (ListedProvider & { readonly verified: VerifiedField })[]> {
  throwIfOffline(runtime, options, "--verify");
  const http = await openHttp(runtime, connection.configuration, options);
  const verifyRow = async (row: ListedProvider) => {
    const verification = await verifyOne(runtime, options, { connection, http, row });
    return { ...row, verified: describeVerification(verification) };
  };
  const text = listed.length === 1 ? "Asking 1 service" : `Asking ${listed.length} services`;
  return withProgress(runtime.stderr, { text, quiet: options.quiet }, () =>
    Promise.all(listed.map(verifyRow)),
  );
}

type Asked = {
  readonly connection: Connection;
  readonly http: Http;
  readonly row: ListedProvider;
};

/** A key that cannot be fetched is an outcome of its row, and stops no other. */
async function verifyOne(
  runtime: Runtime,
  options: GlobalOptions,
  { connection, http, row }: Asked,
): Promise<Verification> {
  if (row.active && connection.resolution.oauth !== undefined) {
    return verifyTokens(runtime, options, { connection, http });
  }
  try {
    const request = await requestOf(runtime, connection, row);
    return request === undefined ? UNCHECKED : await verify(http, request);
  } catch (error) {
    if (!(error instanceof QwenError)) {
      throw error;
    }
    const checkedAt = new Date(runtime.now()).toISOString();
    return { state: "unverifiable", checkedAt, detail: error.message };
  }
}

async function requestOf(
  runtime: Runtime,
  connection: Connection,
  row: ListedProvider,
): Promise<VerifyRequest | undefined> {
  const { configuration } = connection;
  if (row.active) {
    return verifyRequest(runtime, connection);
  }
  const entry = configuration.models.entries.find(
    ({ protocol, envKey, id, baseUrl }) =>
      protocol === row.protocol &&
      envKey === row.envKey &&
      row.models.includes(id) &&
      (baseUrl === undefined || sameEndpoint(baseUrl, row.baseUrl ?? "")),
  );
  if (entry === undefined) {
    return row.models.length === 0 ? storedRequest(runtime, connection, row) : undefined;
  }
  return verifyRequest(runtime, {
    configuration,
    resolution: resolveEntry(configuration, entry, CATALOGUE),
  });
}

/** A key that no entry uses goes to the endpoint that its variable is known for. */
async function storedRequest(
  runtime: Runtime,
  { configuration }: Connection,
  { id, protocol, baseUrl, envKey }: ListedProvider,
): Promise<VerifyRequest | undefined> {
  if (envKey === undefined || baseUrl === undefined || !isProtocol(protocol)) {
    return undefined;
  }
  const key = await loadResolvedKey(runtime, keyOfVariable(configuration, envKey));
  if (key.kind !== "present") {
    return undefined;
  }
  const credential = { value: key.value, scheme: key.scheme };
  return {
    endpoint: { protocol, baseUrl, credential, customHeaders: {} },
    model: findProvider(id)?.models[0]?.id,
    keyName: keyNameOf(key),
  };
}
