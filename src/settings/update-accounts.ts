import {
  type PrivateFile,
  type PrivateFileUpdated,
  updatePrivateFile,
} from "../lib/files/private-file.ts";
import { type JsonObject, valueAt } from "../lib/json/json-object.ts";
import type { JsoncEdit } from "../lib/json/jsonc-edit.ts";
import { editableText } from "../lib/json/load-jsonc.ts";
import type { Runtime } from "../runtime.ts";
import {
  type Account,
  type Accounts,
  accountsOf,
  accountsPath,
  parseAccounts,
} from "./accounts.ts";
import { readSettingsText } from "./open-settings.ts";

export type AccountsUpdate = {
  readonly qwenHome: string;
  /** Decides the edits from what stands in the file, under the lock. */
  readonly edits: (current: Accounts) => readonly JsoncEdit[];
};

const NEW_FILE = '{\n  "schemaVersion": 1\n}\n';

/**
 * Changes the accounts, as settings are written: under a lock, as a whole, 0600; unknown fields and
 * comments stay. The only writer of that file.
 * @throws ConfigError when the file cannot be used, QwenError when the system refuses
 */
export function updateAccounts(
  machine: Pick<Runtime, "uid" | "sleep" | "trace">,
  update: AccountsUpdate,
): Promise<PrivateFileUpdated> {
  return updatePrivateFile(machine, accountsFile(update));
}

/** The file with what becomes of it, for `provePrivateFile`. */
export function accountsFile({ qwenHome, edits }: AccountsUpdate): PrivateFile {
  const path = accountsPath(qwenHome);
  return {
    path,
    confinedTo: undefined,
    read: () => readSettingsText(path) ?? "",
    rewrite: async (text) => {
      const current = await parseAccounts(text ?? "", path);
      const wanted = edits(accountsOf(current)).filter((edit) => isNews(current, edit));
      if (wanted.length === 0) {
        return text;
      }
      const { editJsonc } = await import("../lib/json/jsonc-edit.ts");
      const edited = editJsonc(await editableText(text, NEW_FILE), wanted);
      await parseAccounts(edited, path);
      return edited;
    },
  };
}

function isNews(current: JsonObject, edit: JsoncEdit): boolean {
  const wanted = edit.kind === "remove" ? undefined : edit.value;
  return edit.kind === "insert" || !Bun.deepEquals(valueAt(current, edit.path), wanted);
}

type AccountId = { readonly envKey: string; readonly name: string };

/** The edits that keep an account, field by field: what else stands there stays. */
export function accountEdits({ envKey, name }: AccountId, { key, baseUrl }: Account): JsoncEdit[] {
  const path = ["accounts", envKey, name];
  return [
    key === undefined
      ? { kind: "remove", path: [...path, "key"] }
      : { kind: "set", path: [...path, "key"], value: key },
    key === undefined
      ? { kind: "set", path: [...path, "store"], value: "keyring" }
      : { kind: "remove", path: [...path, "store"] },
    ...(baseUrl === undefined
      ? []
      : [{ kind: "set", path: [...path, "baseUrl"], value: baseUrl } as const]),
  ];
}

/** The edits that take accounts away; a variable without any goes as well. */
export function accountRemovals(current: Accounts, gone: readonly AccountId[]): JsoncEdit[] {
  const byVariable = Map.groupBy(gone, ({ envKey }) => envKey);
  return [...byVariable].flatMap(([envKey, named]): JsoncEdit[] => {
    const names = new Set(named.map(({ name }) => name));
    const left = [...(current.get(envKey)?.keys() ?? [])].filter((name) => !names.has(name));
    return left.length === 0
      ? [{ kind: "remove", path: ["accounts", envKey] }]
      : [...names].map((name) => ({ kind: "remove", path: ["accounts", envKey, name] }));
  });
}
