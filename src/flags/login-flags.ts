import { KEY_STORES, type KeyStore } from "../auth/login/key-stores.ts";
import { UsageError } from "../errors.ts";
import { readAccountWord } from "./account-word.ts";
import { type Flags, type FlagValues, textOf } from "./flag.ts";
import { type GlobalOptions, JSON_FLAG } from "./global-flags.ts";
import { KEY_FLAGS, type KeyInput, toKeyInput } from "./key-flags.ts";
import { toVerify, VERIFY_FLAGS } from "./verify-flags.ts";

/** What every command that sets up credentials takes. */
export type LoginOptions = GlobalOptions & {
  readonly key: KeyInput | undefined;
  readonly scope: "user" | "project";
  readonly store: KeyStore;
  readonly force: boolean;
  readonly json: boolean;
  /** `undefined`: a key that is typed is checked, another is not. */
  readonly verify: boolean | undefined;
  /** The name that the key is kept under, beside being in force. */
  readonly account?: string | undefined;
  /** In a session, which goes on: what to run next is nothing that a shell would take. */
  readonly isInSession?: boolean;
};

const SCOPES = ["user", "project"] as const;

export const SCOPE_FLAG: Flags = {
  scope: {
    type: "string",
    valueHint: "SCOPE",
    description: "Settings to write: user or project",
    offer: SCOPES,
  },
};

/** Where a login is written to. */
export const STORE_FLAGS: Flags = {
  store: {
    type: "string",
    valueHint: "STORE",
    description: "Where the key is kept: settings, env-file or keyring",
    offer: KEY_STORES,
  },
  ...SCOPE_FLAG,
  force: { type: "boolean", description: "Write a key to project files that git does not ignore" },
};

export const LOGIN_FLAGS: Flags = {
  ...KEY_FLAGS,
  account: {
    type: "string",
    valueHint: "NAME",
    description: "Keep the key under a name, too, to switch to",
    offer: "accounts",
  },
  ...VERIFY_FLAGS,
  ...STORE_FLAGS,
  ...JSON_FLAG,
};

/** @throws UsageError when a value is unknown or there are two key inputs */
export function toLoginOptions(values: FlagValues, globals: GlobalOptions): LoginOptions {
  return {
    ...globals,
    key: toKeyInput(values),
    scope: toScope(textOf(values, "scope")),
    store: toStore(textOf(values, "store")),
    force: values.force === true,
    json: values.json === true,
    verify: toVerify(values),
    account: toAccount(textOf(values, "account")),
  };
}

/** @throws UsageError when it is no name, or names a variable besides */
function toAccount(word: string | undefined): string | undefined {
  const account = word === undefined ? undefined : readAccountWord(word, "--account");
  if (account?.envKey !== undefined) {
    throw new UsageError("Cannot use the value of `--account`: a login knows its provider", {
      code: "invalid-value",
      hint: `write \`--account ${account.name}\``,
    });
  }
  return account?.name;
}

/** @throws UsageError for an unknown scope */
export function toScope(name = "user"): (typeof SCOPES)[number] {
  const scope = SCOPES.find((known) => known === name);
  if (scope === undefined) {
    throw new UsageError(`Cannot use the scope "${name}": it is unknown`, {
      code: "invalid-value",
      hint: "choose user or project",
    });
  }
  return scope;
}

function toStore(name = "settings"): KeyStore {
  const store = KEY_STORES.find((known) => known === name);
  if (store === undefined) {
    throw new UsageError(`Cannot use the store "${name}": it is unknown`, {
      code: "invalid-value",
      hint: "choose settings (the default), env-file (`~/.qwen/.env`) or keyring",
      suggest: { word: name, from: KEY_STORES },
    });
  }
  return store;
}
