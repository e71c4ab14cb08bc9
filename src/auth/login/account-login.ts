import { AuthError, QwenError, UsageError } from "../../errors.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import type { Configuration } from "../../models/configuration.ts";
import type { Runtime } from "../../runtime.ts";
import { keyringReason, readFromKeyring } from "../../secrets/keyring.ts";
import { parseKey } from "../../secrets/parse-key.ts";
import { type Account, accountItem } from "../../settings/accounts.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import { providerOfEntry } from "../providers/catalogue.ts";
import { findEndpoint } from "../providers/find-provider.ts";
import { entryLabel } from "../providers/provider-entries.ts";
import { PROVIDERS } from "../providers/providers.ts";
import { accountOfKey } from "./account-of-key.ts";
import { plannedIds } from "./apply-login.ts";
import { keyInStore, type StoredKey } from "./key-in-store.ts";
import type { Login } from "./login.ts";

type Machine = Pick<
  Runtime,
  "env" | "cwd" | "home" | "platform" | "uid" | "keyring" | "sleep" | "trace" | "addSecret"
>;

export type NamedAccount = {
  readonly envKey: string;
  readonly name: string;
  readonly account: Account;
};

/**
 * What a login with an account's key would be: its endpoint where the entries have another one; the
 * model stays (`spec/accounts.md`).
 * @throws UsageError when a key that has no name would be lost, or no model uses the variable
 */
export async function accountLogin(
  runtime: Machine,
  configuration: Configuration,
  named: NamedAccount,
): Promise<Login> {
  const { envKey, name, account } = named;
  const current = await readRawSettings(userSettingsPath(runtime));
  const key = usableKey(named, account.key ?? (await keyringKey(runtime, named)));
  const stored = await storedKey(runtime, current, named);
  if (stored.key !== undefined && stored.key !== key) {
    await throwIfNameless(runtime, configuration, { envKey, key: stored.key });
  }
  const login: Login = {
    ...targetOf(configuration, named),
    key,
    envKey,
    store: account.key === undefined ? "keyring" : stored.store,
    models: undefined,
    model: undefined,
  };
  if (plannedIds(current, login).length === 0) {
    throw new UsageError(
      `Cannot switch to "${name}": no model at ${login.baseUrl} uses \`${envKey}\``,
      {
        code: "missing-input",
        hint: `set one up: \`qwen auth api-key --base-url ${login.baseUrl} --env-key ${envKey}\``,
      },
    );
  }
  return login;
}

/** @throws AuthError for what stands where a key belongs and cannot be sent */
function usableKey({ name }: NamedAccount, text: string): string {
  const parsed = parseKey(text);
  if (parsed.kind === "invalid") {
    throw new AuthError(`Cannot switch to "${name}": its key cannot be sent: ${parsed.reason}`, {
      code: "key-missing",
      hint: `store it again: \`qwen auth api-key --account ${name}\``,
    });
  }
  return parsed.key;
}

/**
 * What is stored for the account's variable, and where.
 * @throws QwenError when that is in a keyring that cannot be used
 */
async function storedKey(
  runtime: Machine,
  current: JsonObject,
  { envKey, name }: NamedAccount,
): Promise<StoredKey> {
  try {
    return await keyInStore(runtime, current, envKey);
  } catch (error) {
    if (!(error instanceof QwenError)) {
      throw error;
    }
    throw new QwenError(error.message, {
      code: error.code,
      hint: `run it where the keyring is open, or use an account for one command: \`qwen --account ${name}\``,
      cause: error,
    });
  }
}

async function keyringKey(runtime: Machine, { envKey, name }: NamedAccount): Promise<string> {
  const key = await readFromKeyring(runtime, accountItem(envKey, name));
  if (key === undefined) {
    throw new AuthError(`Cannot find the key of the account "${name}": the keyring has none`, {
      code: "key-missing",
      hint: `store it again: \`qwen auth api-key --account ${name} --store keyring\``,
    });
  }
  runtime.addSecret(key);
  return key;
}

type StoredVariable = { readonly envKey: string; readonly key: string };

/** A key in force that is no account's is nowhere else: a switch would lose it. */
async function throwIfNameless(
  runtime: Machine,
  { accounts }: Configuration,
  stored: StoredVariable,
): Promise<void> {
  const owner = await accountOfKey(runtime, accounts, stored);
  if (owner.kind === "account") {
    return;
  }
  const why =
    owner.kind === "none"
      ? "the key in force has no name, and would be lost"
      : `no account in a file has the key in force, and the keyring cannot be asked: ${keyringReason(owner.cause)}`;
  throw new UsageError(`Cannot switch the account: ${why}`, {
    code: "invalid-value",
    hint: `name it first: \`qwen auth token | qwen auth api-key --account NAME --key-stdin\` with its provider`,
  });
}

/** Whose endpoint it is, and where the key goes. */
function targetOf({ models }: Configuration, { envKey, account }: NamedAccount) {
  const entry = models.entries.find((each) => each.envKey === envKey);
  const provider =
    (entry && providerOfEntry(entry)) ?? PROVIDERS.find((each) => each.envKey === envKey);
  const [first] = provider?.endpoints ?? [];
  const baseUrl = account.baseUrl ?? entry?.baseUrl ?? first?.baseUrl;
  if (baseUrl === undefined) {
    throw new UsageError(`Cannot switch the account: nothing says where \`${envKey}\` belongs`, {
      code: "missing-input",
      hint: "set it up with `qwen auth api-key --base-url URL`",
    });
  }
  const endpoint = provider && findEndpoint(provider, baseUrl);
  return {
    provider,
    region: endpoint?.region,
    protocol: entry?.protocol ?? provider?.protocol ?? ("openai" as const),
    baseUrl,
    label: provider && entryLabel(provider, endpoint),
  };
}
