import type { ListedAccount } from "../auth/describe-accounts.ts";
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
import type { ConnectionFlags } from "../models/connection-flags.ts";
import type { ModelEntry } from "../models/entries/model-entries.ts";
import { isProtocol } from "../models/protocol.ts";
import { resolveConnection, resolveEntry } from "../models/resolve-connection.ts";
import { keyOfVariable } from "../models/resolve-key.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Connection } from "./load-connection.ts";
import { loadResolvedKey } from "./load-key.ts";
import { openHttp } from "./open-http.ts";
import { verifyRequest, verifyTokens } from "./verify-connection.ts";

type ProviderListing = {
  readonly connection: Connection;
  readonly listed: readonly ListedProvider[];
};

export type VerifiedProvider = Omit<ListedProvider, "accounts"> & {
  readonly verified: VerifiedField;
  readonly accounts?: readonly VerifiedAccount[];
};

type VerifiedAccount = ListedAccount & { readonly verified: VerifiedField };

/** Asks all services at once; a row stays unchecked where nothing may or can be sent. */
export async function verifyProviders(
  runtime: Runtime,
  options: GlobalOptions,
  { connection, listed }: ProviderListing,
): Promise<readonly VerifiedProvider[]> {
  throwIfOffline(runtime, options, "--verify");
  const http = await openHttp(runtime, connection.configuration, options);
  const verifyRow = async (row: ListedProvider) => {
    const verification = await verifyOne(runtime, options, { connection, http, row });
    const accounts = await verifyAccounts(runtime, { connection, http, row });
    const { accounts: _listed, ...rest } = row;
    return {
      ...rest,
      verified: describeVerification(verification),
      ...(accounts.length === 0 ? {} : { accounts }),
    };
  };
  const text = listed.length === 1 ? "Asking 1 service" : `Asking ${listed.length} services`;
  return withProgress(runtime.stderr, { text, quiet: options.quiet }, () =>
    Promise.all(listed.map(verifyRow)),
  );
}

type ProviderToVerify = {
  readonly connection: Connection;
  readonly http: Http;
  readonly row: ListedProvider;
};

async function verifyOne(
  runtime: Runtime,
  options: GlobalOptions,
  { connection, http, row }: ProviderToVerify,
): Promise<Verification> {
  if (row.active && connection.resolution.oauth !== undefined) {
    return verifyTokens(runtime, options, { connection, http });
  }
  return outcome(runtime, async () => {
    const request = await requestOf(runtime, connection, row);
    return request === undefined ? UNCHECKED : verify(http, request);
  });
}

/** Each named key, where it belongs. */
function verifyAccounts(
  runtime: Runtime,
  { connection, http, row }: ProviderToVerify,
): Promise<VerifiedAccount[]> {
  const { accounts = [], envKey } = row;
  return Promise.all(
    accounts.map(async (account) => {
      const verification = await outcome(runtime, async () => {
        const request =
          envKey === undefined
            ? undefined
            : await accountRequest(runtime, connection, { row, account, envKey });
        return request === undefined ? UNCHECKED : verify(http, request);
      });
      return { ...account, verified: describeVerification(verification) };
    }),
  );
}

type NamedKey = {
  readonly row: ListedProvider;
  readonly account: ListedAccount;
  readonly envKey: string;
};

/** What a question with this account would be: the same rule says where its key may go. */
async function accountRequest(
  runtime: Runtime,
  connection: Connection,
  { row, account: { name, baseUrl = row.baseUrl }, envKey }: NamedKey,
): Promise<VerifyRequest | undefined> {
  const { configuration, resolution: inForce } = connection;
  const account = { name, envKey, from: "--account" } as const;
  const entry = row.active ? inForce.entry : entryOf(connection, row);
  if (entry !== undefined) {
    const resolution = resolveEntry(configuration, entry, CATALOGUE, account);
    return verifyRequest(runtime, { configuration, resolution });
  }
  if (row.active) {
    const resolution = resolveConnection(configuration, { account }, CATALOGUE);
    return verifyRequest(runtime, { configuration, resolution });
  }
  return storedRequest(runtime, connection, { ...row, ...(baseUrl && { baseUrl }) }, account);
}

/** A key that cannot be fetched is an outcome of its row, and stops no other. */
async function outcome(
  { now }: Pick<Runtime, "now">,
  ask: () => Promise<Verification>,
): Promise<Verification> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof QwenError)) {
      throw error;
    }
    return {
      state: "unverifiable",
      checkedAt: new Date(now()).toISOString(),
      detail: error.message,
    };
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
  const entry = entryOf(connection, row);
  if (entry === undefined) {
    return row.models.length === 0 ? storedRequest(runtime, connection, row) : undefined;
  }
  return verifyRequest(runtime, {
    configuration,
    resolution: resolveEntry(configuration, entry, CATALOGUE),
  });
}

/** The first entry that a row stands for. */
function entryOf({ configuration }: Connection, row: ListedProvider): ModelEntry | undefined {
  return configuration.models.entries.find(
    ({ protocol, envKey, id, baseUrl }) =>
      protocol === row.protocol &&
      envKey === row.envKey &&
      row.models.includes(id) &&
      (baseUrl === undefined || sameEndpoint(baseUrl, row.baseUrl)),
  );
}

/** A key that no entry uses goes to the endpoint that its variable is known for. */
async function storedRequest(
  runtime: Runtime,
  { configuration }: Connection,
  { id, protocol, baseUrl, envKey }: ListedProvider,
  account?: ConnectionFlags["account"],
): Promise<VerifyRequest | undefined> {
  if (envKey === undefined || baseUrl === undefined || !isProtocol(protocol)) {
    return undefined;
  }
  const endpoint = { kind: "unknown", misnamed: undefined } as const;
  const asked = keyOfVariable(configuration, envKey, { flags: { account }, endpoint });
  const key = await loadResolvedKey(runtime, asked);
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
