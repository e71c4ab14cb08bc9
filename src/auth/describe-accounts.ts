import type { Configuration } from "../models/configuration.ts";
import type { ResolvedKey } from "../models/resolution.ts";
import { maskKey } from "../secrets/mask.ts";
import { type Account, accountWithKey } from "../settings/accounts.ts";
import type { Source } from "../source.ts";

/** An account below its provider in `qwen auth list --json` (`spec/accounts.md`). */
export type ListedAccount = {
  readonly name: string;
  /** Absent where the keyring would have to be asked. */
  readonly active?: boolean;
  /** Where its key belongs. */
  readonly baseUrl?: string;
  readonly key: { readonly present: true; readonly masked?: string; readonly source: Source };
};

/** The accounts of a variable; nothing where it has none. */
export function describeAccounts(
  { accounts, accountsPath }: Configuration,
  envKey: string | undefined,
  key: ResolvedKey,
): { readonly accounts?: readonly ListedAccount[] } {
  const own = [...((envKey !== undefined && accounts.get(envKey)) || [])];
  const active = activeAccount(accounts, key);
  const describe = ([name, account]: [string, Account]): ListedAccount => {
    const isActive =
      account.key === undefined ? (active === name ? true : undefined) : active === name;
    const source: Source = { kind: "account", name, path: accountsPath, origin: "user" };
    return {
      name,
      ...(isActive === undefined ? {} : { active: isActive }),
      ...(account.baseUrl === undefined ? {} : { baseUrl: account.baseUrl }),
      key: {
        present: true,
        ...(account.key === undefined ? {} : { masked: maskKey(account.key) }),
        source,
      },
    };
  };
  return own.length === 0 ? {} : { accounts: own.map(describe) };
}

/**
 * The account whose key this is: the one that was asked for, else the one with an equal key. Those
 * in the keyring are not compared: nothing is fetched to show what is in force.
 */
export function activeAccount(
  accounts: Configuration["accounts"],
  key: ResolvedKey,
): string | undefined {
  const isKey = key.kind === "present" || key.kind === "deferred";
  if (isKey && key.source.kind === "account") {
    return key.source.name;
  }
  return key.kind === "present" ? accountWithKey(accounts, key.envKey, key.value) : undefined;
}
