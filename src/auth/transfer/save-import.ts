import { provePrivateFile } from "../../lib/files/private-file.ts";
import { createSteps, ifChanged } from "../../lib/files/steps.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import type { Accounts } from "../../settings/accounts.ts";
import { qwenHome, userSettingsPath } from "../../settings/paths.ts";
import { accountsFile, updateAccounts } from "../../settings/update-accounts.ts";
import {
  type SettingsUpdate,
  settingsFile,
  updateSettings,
} from "../../settings/update-settings.ts";
import type { LoginMachine } from "../login/key-stores.ts";
import { setKey } from "../login/set-key.ts";
import { type ImportedKey, planAccounts, planKeys, planSettings } from "./plan-import.ts";
import type { SetUp } from "./set-up.ts";

const NAMELESS = { account: undefined, named: "variable" } as const;

export type Import = {
  readonly setUp: SetUp;
  readonly keys: readonly ImportedKey[];
  readonly replace: boolean;
};

export type SavedImport = {
  readonly changed: boolean;
  /** What is there already, differs, and stayed. */
  readonly kept: readonly string[];
  readonly notes: readonly string[];
};

/**
 * Writes a set-up as logins do (`spec/accounts.md`): nothing before all files can be written, then
 * accounts, keys in other stores, and the settings as one write, after which it is in force.
 * @throws ConfigError when a file cannot be used, QwenError when system or keyring refuse
 */
export async function saveImport(machine: LoginMachine, wanted: Import): Promise<SavedImport> {
  const { setUp, keys, replace } = wanted;
  const kept = new Map<string, readonly string[]>();
  const accounts = {
    qwenHome: qwenHome(machine),
    edits: (current: Accounts) => {
      const planned = planAccounts(current, setUp, { replace });
      kept.set("accounts", planned.kept);
      return planned.edits;
    },
  };
  const update: SettingsUpdate = {
    scope: "user",
    path: userSettingsPath(machine),
    edits: (current: JsonObject) => {
      const planned = planSettings(current, setUp, { replace, keys });
      kept.set("settings", planned.kept);
      return planned.edits;
    },
  };
  await provePrivateFile(machine, accountsFile(accounts));
  await provePrivateFile(machine, settingsFile(update));
  const step = createSteps();
  const named = await step(
    () => updateAccounts(machine, accounts),
    ifChanged("the accounts were written"),
  );
  const elsewhere = planKeys({ keys, replace });
  const changes = [named];
  for (const { envKey, key, store } of elsewhere.news) {
    changes.push(
      await step(
        () => setKey(machine, { ...NAMELESS, envKey, key, inForce: store }),
        ifChanged(`the key of \`${envKey}\` was written`),
      ),
    );
  }
  changes.push(
    await step(
      () => updateSettings(machine, update),
      () => undefined,
    ),
  );
  return {
    changed: changes.some(({ changed }) => changed),
    kept: [...[...kept.values()].flat(), ...elsewhere.kept],
    notes: [...new Set(changes.flatMap(({ notes }) => notes))],
  };
}
