import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { type OwnRule, openOwnFile } from "../lib/files/open-own-file.ts";
import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import { loadJsonc } from "../lib/json/load-jsonc.ts";
import { describeMismatch, findMismatch, type Shape } from "../lib/json/shape.ts";
import { describeSystemError } from "../lib/system-error.ts";

/** A key of a variable with a name of its own (`spec/accounts.md`). */
export type Account = {
  /** Absent: it is in the keyring, as the item `VARIABLE@NAME`. */
  readonly key?: string;
  /** Where the key belongs. */
  readonly baseUrl?: string;
};

/** Variable → name → account. */
export type Accounts = ReadonlyMap<string, ReadonlyMap<string, Account>>;

export type LoadedAccounts = {
  readonly accounts: Accounts;
  /** The file that they stand in. */
  readonly accountsPath: string;
  readonly warnings: readonly string[];
};

/** Bytes. */
const LARGEST_FILE = 8 * 1024 * 1024;

/** The file that only this program reads. */
export function accountsPath(qwenHome: string): string {
  return join(qwenHome, "accounts.json");
}

/** How the keyring calls the item of an account. */
export function accountItem(envKey: string, name: string): string {
  return `${envKey}@${name}`;
}

/**
 * Reads the accounts; without the file there are none.
 * @throws ConfigError when it is there and cannot be used
 */
export async function loadAccounts(qwenHome: string, own: OwnRule): Promise<LoadedAccounts> {
  const path = accountsPath(qwenHome);
  const file = openOwnFile(path, own, { largest: LARGEST_FILE });
  switch (file.kind) {
    case "missing":
      return { accounts: new Map(), accountsPath: path, warnings: [] };
    case "other":
      throw invalid(path, `it is ${file.description}`);
    case "closed":
    case "inaccessible":
      throw invalid(path, describeSystemError(file.error));
    case "file": {
      if (file.fault !== undefined) {
        throw invalid(path, file.fault.reason, file.fault.remedy);
      }
      if (file.content.kind === "unreadable") {
        throw invalid(path, file.content.reason);
      }
      const document = await parseAccounts(file.content.text, path);
      const warnings = file.warning === undefined ? [] : [file.warning];
      return { accounts: accountsOf(document), accountsPath: path, warnings };
    }
  }
}

/**
 * Understands the text of the file; an empty one has no accounts.
 * @throws ConfigError with line and column, or the path of what is wrong
 */
export async function parseAccounts(text: string, path: string): Promise<JsonObject> {
  const parsed = await loadJsonc(text);
  if (parsed.kind === "error") {
    if (parsed.isEmpty) {
      return {};
    }
    throw invalid(path, `line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  }
  const mismatch = findMismatch(parsed.value, DOCUMENT);
  if (mismatch !== undefined || !isJsonObject(parsed.value)) {
    throw invalid(path, mismatch === undefined ? "expected an object" : describeMismatch(mismatch));
  }
  return parsed.value;
}

const DOCUMENT: Shape = {
  schemaVersion: (value) => (value === undefined || value === 1 ? undefined : "expected 1"),
  accounts: {
    "*": {
      "*": (value) => {
        if (!isJsonObject(value)) {
          return "expected an object";
        }
        const { key, store, baseUrl } = value;
        if (baseUrl !== undefined && typeof baseUrl !== "string") {
          return "expected a string in `baseUrl`";
        }
        return (typeof key === "string" && key !== "") || store === "keyring"
          ? undefined
          : 'expected `key`, or `store` "keyring"';
      },
    },
  },
};

/** The accounts of a document that was found right. */
export function accountsOf({ accounts }: JsonObject): Accounts {
  const all = new Map<string, Map<string, Account>>();
  for (const [envKey, named] of Object.entries(isJsonObject(accounts) ? accounts : {})) {
    const own = Object.entries(isJsonObject(named) ? named : {}).flatMap(
      ([name, value]): [string, Account][] =>
        isJsonObject(value) ? [[name, toAccount(value)]] : [],
    );
    all.set(envKey, new Map(own));
  }
  return all;
}

function toAccount({ key, store, baseUrl }: JsonObject): Account {
  return {
    ...(typeof key === "string" && store !== "keyring" ? { key } : {}),
    ...(typeof baseUrl === "string" ? { baseUrl } : {}),
  };
}

/** The name of the account whose key this is; those in the keyring are not compared. */
export function accountWithKey(
  accounts: Accounts,
  envKey: string | undefined,
  key: string,
): string | undefined {
  const own = envKey === undefined ? undefined : accounts.get(envKey);
  return [...(own ?? [])].find(([, account]) => account.key === key)?.[0];
}

function invalid(path: string, why: string, hint?: string): ConfigError {
  return new ConfigError(`Cannot use \`${path}\`: ${why}`, {
    code: "accounts-invalid",
    hint: hint ?? "correct the file with an editor; it was left as it is",
  });
}
