import { type PrivateFileUpdated, provePrivateFile } from "../../lib/files/private-file.ts";
import type { Runtime } from "../../runtime.ts";
import { saveToKeyring } from "../../secrets/keyring.ts";
import { accountItem } from "../../settings/accounts.ts";
import { qwenHome } from "../../settings/paths.ts";
import {
  type AccountsUpdate,
  accountEdits,
  accountsFile,
  updateAccounts,
} from "../../settings/update-accounts.ts";
import type { Login } from "./login.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "uid" | "sleep" | "keyring" | "trace">;

type AccountLogin = Pick<Login, "account" | "envKey" | "key" | "store"> & {
  readonly baseUrl: string | undefined;
};

/** @throws ConfigError, QwenError when the account of a login could not be kept */
export async function proveAccount(machine: Machine, login: AccountLogin): Promise<void> {
  const update = updateOf(machine, login);
  if (update !== undefined) {
    await provePrivateFile(machine, accountsFile(update));
  }
}

/**
 * Keeps the key of a login under the name of its account, where it has one: in the keyring first,
 * so that the file never names a key that is nowhere.
 * @throws ConfigError when the file cannot be used, QwenError when system or keyring refuse
 */
export async function keepAccount(
  machine: Machine,
  login: AccountLogin,
): Promise<PrivateFileUpdated> {
  const { account, envKey, key, store } = login;
  const update = updateOf(machine, login);
  if (update === undefined || account === undefined) {
    return { changed: false, notes: [] };
  }
  const isNew =
    store === "keyring" && (await saveToKeyring(machine, accountItem(envKey, account), key));
  const updated = await updateAccounts(machine, update);
  return { ...updated, changed: isNew || updated.changed };
}

function updateOf(
  machine: Machine,
  { account, envKey, key, store, baseUrl }: AccountLogin,
): AccountsUpdate | undefined {
  if (account === undefined) {
    return undefined;
  }
  const value = {
    ...(store === "keyring" ? {} : { key }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
  const edits = () => accountEdits({ envKey, name: account }, value);
  return { qwenHome: qwenHome(machine), edits };
}
