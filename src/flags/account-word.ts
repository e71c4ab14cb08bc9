import { findProvider } from "../auth/providers/find-provider.ts";
import { UsageError } from "../errors.ts";
import { isAccountName } from "../secrets/account-name.ts";

/** What a word says of an account; without a variable it is one of that in force. */
export type AccountWord = { readonly name: string; readonly envKey?: string };

/**
 * Reads `NAME`, `PROVIDER@NAME` or `VARIABLE@NAME` (`spec/accounts.md`).
 * @param from what holds the word: `--account`
 * @throws UsageError when it is none of these
 */
export function readAccountWord(word: string, from: string): AccountWord {
  const [name = "", owner, ...more] = word.split("@").reverse();
  const envKey = owner === undefined ? undefined : variableOf(owner);
  if (more.length > 0 || !isAccountName(name) || (owner !== undefined && envKey === undefined)) {
    throw new UsageError(`Cannot use the value of \`${from}\`: it is no name of an account`, {
      code: "invalid-value",
      hint: "write up to 32 small letters, digits, `.`, `_` or `-`, such as `work`",
    });
  }
  return envKey === undefined ? { name } : { name, envKey };
}

/** The variable that a provider's id, or its own name, stands for. */
export function variableOf(owner: string): string | undefined {
  const known = findProvider(owner);
  return known === undefined && /^[A-Z_][A-Z0-9_]*$/.test(owner) ? owner : known?.envKey;
}
