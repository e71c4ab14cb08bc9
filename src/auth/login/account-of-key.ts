import { QwenError } from "../../errors.ts";
import type { Runtime } from "../../runtime.ts";
import { readFromKeyring } from "../../secrets/keyring.ts";
import { type Accounts, accountItem, accountWithKey } from "../../settings/accounts.ts";

export type KeyOwner =
  | { readonly kind: "account"; readonly name: string }
  | { readonly kind: "none" }
  /** None in the file has it, and those in the keyring could not be asked. */
  | { readonly kind: "unknown"; readonly cause: QwenError };

type Key = { readonly envKey: string; readonly key: string | undefined };

/**
 * Whose key this is, also among the accounts of its variable that are in the keyring: for changes
 * of what is stored. A keyring that cannot be used is an answer, since none of those keys is needed.
 */
export async function accountOfKey(
  machine: Pick<Runtime, "keyring" | "sleep">,
  accounts: Accounts,
  { envKey, key }: Key,
): Promise<KeyOwner> {
  const inFile = key === undefined ? undefined : accountWithKey(accounts, envKey, key);
  if (key === undefined || inFile !== undefined) {
    return inFile === undefined ? { kind: "none" } : { kind: "account", name: inFile };
  }
  for (const [name, account] of accounts.get(envKey) ?? []) {
    try {
      const isThis =
        account.key === undefined &&
        (await readFromKeyring(machine, accountItem(envKey, name))) === key;
      if (isThis) {
        return { kind: "account", name };
      }
    } catch (error) {
      if (error instanceof QwenError) {
        return { kind: "unknown", cause: error };
      }
      throw error;
    }
  }
  return { kind: "none" };
}
