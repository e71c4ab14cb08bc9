import type { PrivateFileUpdated } from "../../lib/files/private-file.ts";
import { provePrivateFile } from "../../lib/files/private-file.ts";
import type { Runtime } from "../../runtime.ts";
import { removeFromKeyring } from "../../secrets/keyring.ts";
import { type Accounts, accountItem, loadAccounts } from "../../settings/accounts.ts";
import { ownRule, qwenHome } from "../../settings/paths.ts";
import { accountRemovals, accountsFile, updateAccounts } from "../../settings/update-accounts.ts";
import type { LogoutTarget } from "./apply-logout.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "uid" | "sleep" | "keyring" | "trace">;

type AccountId = { readonly envKey: string; readonly name: string };

/** The accounts that a logout takes along: all of the target's variables, or the one it names. */
function accountsToRemove(accounts: Accounts, target: LogoutTarget): readonly AccountId[] {
  if (target.kind === "account") {
    const { envKey, name } = target;
    return accounts.get(envKey)?.has(name) === true ? [{ envKey, name }] : [];
  }
  const isGone = (envKey: string): boolean =>
    target.kind === "all" || (target.kind !== "qwen-oauth" && target.envKeys.includes(envKey));
  return [...accounts]
    .filter(([envKey]) => isGone(envKey))
    .flatMap(([envKey, own]) => [...own.keys()].map((name) => ({ envKey, name })));
}

function updateOf(machine: Machine, target: LogoutTarget) {
  const edits = (current: Accounts) => accountRemovals(current, accountsToRemove(current, target));
  return { qwenHome: qwenHome(machine), edits };
}

/** @throws ConfigError, QwenError when the accounts of a target could not be removed */
export async function proveAccountRemoval(machine: Machine, target: LogoutTarget): Promise<void> {
  await provePrivateFile(machine, accountsFile(updateOf(machine, target)));
}

/**
 * Removes the named keys of a target, those in the keyring first: what is cut off can be done again.
 * @throws ConfigError when the file cannot be used, QwenError when system or keyring refuse
 */
export async function removeAccounts(
  machine: Machine,
  target: LogoutTarget,
): Promise<PrivateFileUpdated & { readonly names: readonly string[] }> {
  const { accounts } = await loadAccounts(qwenHome(machine), ownRule(machine));
  const gone = accountsToRemove(accounts, target);
  if (gone.length === 0) {
    return { changed: false, notes: [], names: [] };
  }
  const items = gone
    .filter(({ envKey, name }) => accounts.get(envKey)?.get(name)?.key === undefined)
    .map(({ envKey, name }) => accountItem(envKey, name));
  await removeFromKeyring(machine, items);
  const updated = await updateAccounts(machine, updateOf(machine, target));
  return { ...updated, names: gone.map(({ name }) => name) };
}
