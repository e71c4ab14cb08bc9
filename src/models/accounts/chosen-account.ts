import { AuthError } from "../../errors.ts";
import { sameEndpoint } from "../../lib/endpoint-url.ts";
import { type Account, type Accounts, accountItem } from "../../settings/accounts.ts";
import type { Source, Sourced } from "../../source.ts";
import type { Configuration } from "../configuration.ts";
import type { AccountChoice, ConnectionFlags } from "../connection-flags.ts";
import type { KeyPlace } from "../key-places.ts";
import type { Resolution, ResolvedKey } from "../resolution.ts";

/** An account that was asked for, of a variable that may hold the key. */
export type ChosenAccount = {
  readonly envKey: string;
  readonly name: string;
  readonly account: Account;
  readonly source: Source;
};

/**
 * The account that `--account` or `QWEN_ACCOUNT` chooses among those of `envKeys`
 * (`spec/accounts.md`).
 * @throws AuthError when these have none of that name; a plain `QWEN_ACCOUNT` is passed over
 */
export function chosenAccount(
  { accounts, accountsPath }: Configuration,
  { account: choice }: ConnectionFlags,
  envKeys: readonly string[],
): ChosenAccount | undefined {
  if (choice === undefined) {
    return undefined;
  }
  const { name, envKey: only, from } = choice;
  const fitting = envKeys.filter((envKey) => only === undefined || envKey === only);
  for (const envKey of fitting) {
    const account = accounts.get(envKey)?.get(name);
    if (account !== undefined) {
      const source: Source = { kind: "account", name, path: accountsPath, origin: "user" };
      return { envKey, name, account, source };
    }
  }
  if (from === "--account" || (only !== undefined && fitting.length > 0)) {
    throw unknownAccount(accounts, name, envKeys);
  }
  return undefined;
}

type KeyRequest = {
  readonly flags: ConnectionFlags;
  readonly endpoint:
    | { readonly kind: "known"; readonly endpoint: Sourced<string> }
    | { readonly kind: "unknown" };
};

/** What a key may come from, as `resolveKey` puts them in order. */
type AccountKey =
  | { readonly key: Sourced<string>; readonly envKey: string }
  | { readonly places: readonly [KeyPlace]; readonly envKey: string };

/**
 * The key of the account that was asked for.
 * @throws AuthError when there is none, or its key belongs to another endpoint
 */
export function accountKey(
  configuration: Configuration,
  { flags, endpoint }: KeyRequest,
  envKeys: readonly string[],
): readonly AccountKey[] {
  const chosen = chosenAccount(configuration, flags, envKeys);
  if (chosen === undefined) {
    return [];
  }
  if (endpoint.kind === "known") {
    throwIfElsewhere(chosen, endpoint.endpoint.value);
  }
  const { envKey, name, source, account } = chosen;
  return account.key === undefined
    ? [{ places: [{ kind: "keyring", item: accountItem(envKey, name), source }], envKey }]
    : [{ key: { value: account.key, source, shadowed: [] }, envKey }];
}

/** Of the names that there are, if any. */
export function unknownAccount(
  accounts: Accounts,
  name: string,
  envKeys: readonly string[],
): AuthError {
  const names = new Set(envKeys.flatMap((envKey) => [...(accounts.get(envKey)?.keys() ?? [])]));
  const whose = envKeys.length === 0 ? "the connection" : `\`${envKeys.join("` or `")}\``;
  return new AuthError(`Cannot use the account "${name}": ${whose} has none of that name`, {
    code: "account-unknown",
    hint:
      names.size === 0
        ? `set it up: \`qwen auth api-key --account ${name}\``
        : `choose ${[...names].join(" or ")}`,
  });
}

/** @throws AuthError when the account's key belongs to another endpoint than the one in force */
function throwIfElsewhere({ name, account }: ChosenAccount, endpoint: string): void {
  if (account.baseUrl !== undefined && !sameEndpoint(account.baseUrl, endpoint)) {
    throw new AuthError(
      `Cannot use the account "${name}": its key is for ${account.baseUrl}, not for ${endpoint}`,
      { code: "account-unknown", hint: "leave out what names another endpoint" },
    );
  }
}

/** What is said of a `QWEN_ACCOUNT` that the variable in force does not have. */
export function accountWarnings({ account, apiKey }: ConnectionFlags, key: ResolvedKey): string[] {
  const isUsed = key.kind === "keyless" || key.kind === "missing" || key.source.kind === "account";
  return account === undefined || isUsed || apiKey !== undefined
    ? []
    : [passedOver(account, key.envKey)];
}

function passedOver(choice: AccountChoice, envKey: string | undefined): string {
  const { from, name, envKey: only } = choice;
  return only === undefined || only === envKey
    ? `\`${from}\` is passed over: \`${envKey}\` has no account "${name}"`
    : `\`${from}\` is passed over: it is for \`${only}\`, and \`${envKey}\` holds the key here`;
}

/**
 * The account of a session, as far as it is one of the entry's variable; with a model of another
 * provider it is passed over, and that is said.
 */
export function accountFor(
  { accounts }: Pick<Configuration, "accounts">,
  account: AccountChoice | undefined,
  envKey: string | undefined,
): { readonly account?: AccountChoice; readonly warnings: readonly string[] } {
  if (account === undefined || envKey === undefined) {
    return { warnings: [] };
  }
  const isMeant =
    (account.envKey ?? envKey) === envKey && accounts.get(envKey)?.has(account.name) === true;
  return isMeant ? { account, warnings: [] } : { warnings: [passedOver(account, envKey)] };
}

/** The variable whose key is used, or would be. */
export function variableInForce({
  key,
  entry,
}: Pick<Resolution, "key" | "entry">): string | undefined {
  return key.kind === "missing" ? (entry?.envKey ?? key.envKeys[0]) : (key.envKey ?? entry?.envKey);
}
