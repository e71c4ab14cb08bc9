import { accountOfKey } from "../../auth/login/account-of-key.ts";
import { plannedIds } from "../../auth/login/apply-login.ts";
import { keyInStore, type StoredKey } from "../../auth/login/key-in-store.ts";
import type { Login } from "../../auth/login/login.ts";
import { saveLogin } from "../../auth/login/save-login.ts";
import { providerOfEntry } from "../../auth/providers/catalogue.ts";
import { findEndpoint, findProvider } from "../../auth/providers/find-provider.ts";
import { entryLabel } from "../../auth/providers/provider-entries.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { shadowWarnings } from "../../connect/shadow-warnings.ts";
import { AuthError, QwenError, UsageError } from "../../errors.ts";
import { variableOf } from "../../flags/account-word.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { unknownAccount } from "../../models/accounts/chosen-account.ts";
import type { Configuration } from "../../models/configuration.ts";
import { meantEntries } from "../../models/entries/match-entries.ts";
import type { Runtime } from "../../runtime.ts";
import { keyringReason, readFromKeyring } from "../../secrets/keyring.ts";
import { parseKey } from "../../secrets/parse-key.ts";
import { type Account, accountItem } from "../../settings/accounts.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import { report } from "../output/report.ts";

export type NamedAccount = {
  readonly envKey: string;
  readonly name: string;
  readonly account: Account;
};

/**
 * The account that `PROVIDER@NAME` or `VARIABLE@NAME` means; `undefined`: the word means a model.
 * @throws AuthError when a provider of the catalogue has none of that name, and no model has it
 */
export function accountNamed(configuration: Configuration, word: string): NamedAccount | undefined {
  const at = word.lastIndexOf("@");
  const [owner, name] = [word.slice(0, Math.max(at, 0)), word.slice(at + 1)];
  const envKey = at === -1 ? undefined : variableOf(owner);
  if (envKey === undefined) {
    return undefined;
  }
  const account = configuration.accounts.get(envKey)?.get(name);
  const isMeant =
    findProvider(owner) !== undefined && meantEntries(configuration, word).length === 0;
  if (account === undefined && isMeant) {
    throw unknownAccount(configuration.accounts, name, [envKey]);
  }
  return account && { envKey, name, account };
}

/**
 * Puts an account in force: its key, and its endpoint where the entries have another one; the model
 * stays (`spec/accounts.md`).
 * @throws UsageError when a key that has no name would be lost, or no model uses the variable
 */
export async function switchToAccount(
  runtime: Runtime,
  options: GlobalOptions & { readonly scope: "user" | "project"; readonly json: boolean },
  { configuration, named }: { readonly configuration: Configuration; readonly named: NamedAccount },
): Promise<void> {
  if (options.scope === "project") {
    throw new UsageError("Cannot switch the account in a project's settings: it is yours alone", {
      code: "invalid-value",
      hint: "leave `--scope project` out",
    });
  }
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
  const saved = await saveLogin(runtime, login, "user");
  const warnings = [
    ...saved.notes,
    ...(await shadowWarnings(runtime, {
      key: { envKey, value: key },
      baseUrl: login.baseUrl,
      model: saved.model,
      options,
    })),
  ];
  await report(runtime, options, {
    document: {
      schemaVersion: 1,
      protocol: login.protocol,
      model: saved.model,
      baseUrl: login.baseUrl,
      account: name,
      path: saved.path,
      changed: saved.changed,
      warnings,
    },
    warnings,
    lines: (style) => {
      const verb = saved.changed ? "is now" : "was already";
      const what = `${login.provider?.label ?? envKey}: the account ${name}`;
      return [
        `${style.green("✓")} ${visibleText(`${what} ${verb} in force, model ${saved.model}`)}`,
      ];
    },
  });
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
  runtime: Runtime,
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

async function keyringKey(runtime: Runtime, { envKey, name }: NamedAccount): Promise<string> {
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

type Stored = { readonly envKey: string; readonly key: string };

/** A key in force that is no account's is nowhere else: a switch would lose it. */
async function throwIfNameless(
  runtime: Runtime,
  { accounts }: Configuration,
  stored: Stored,
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
