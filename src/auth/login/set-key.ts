import { proveDotenv, updateDotenv } from "../../env/update-dotenv.ts";
import { type PrivateFileUpdated, provePrivateFile } from "../../lib/files/private-file.ts";
import { createSteps, ifChanged } from "../../lib/files/steps.ts";
import { saveToKeyring } from "../../secrets/keyring.ts";
import { userDotenvPath, userSettingsPath } from "../../settings/paths.ts";
import {
  type SettingsUpdate,
  settingsFile,
  updateSettings,
} from "../../settings/update-settings.ts";
import { keepAccount, proveAccount } from "./keep-account.ts";
import type { KeyStore, LoginMachine } from "./key-stores.ts";

/** A key that takes the place of another one; nothing else changes. */
export type NewKey = {
  readonly envKey: string;
  readonly key: string;
  /** The account whose key it is, and where that is kept. */
  readonly account:
    | { readonly name: string; readonly store: KeyStore; readonly baseUrl: string | undefined }
    | undefined;
  /** Where the key in force is stored; `undefined`: that is another one. */
  readonly inForce: KeyStore | undefined;
};

/**
 * Changes a key where it is stored (`spec/accounts.md`): entries, models and selection stay. Where
 * one of the files cannot be written, none is.
 * @throws ConfigError when a file cannot be used, QwenError when system or keyring refuse
 */
export async function setKey(
  machine: LoginMachine,
  { envKey, key, account, inForce }: NewKey,
): Promise<PrivateFileUpdated> {
  const named = account && { ...account, account: account.name, envKey, key };
  if (named !== undefined) {
    await proveAccount(machine, named);
  }
  const place = placeOf(machine, { envKey, key, store: inForce });
  await place.prove();
  const step = createSteps();
  const kept = await step(
    async () => (named === undefined ? NOTHING : keepAccount(machine, named)),
    ifChanged(`the key of the account "${account?.name}" was changed`),
  );
  const stored = await step(place.write, () => undefined);
  return {
    changed: kept.changed || stored.changed,
    notes: [...new Set([...kept.notes, ...stored.notes])],
  };
}

const NOTHING: PrivateFileUpdated = { changed: false, notes: [] };

type Place = {
  readonly prove: () => Promise<void>;
  readonly write: () => Promise<PrivateFileUpdated>;
};

type Placed = {
  readonly envKey: string;
  readonly key: string;
  readonly store: KeyStore | undefined;
};

function placeOf(machine: LoginMachine, { envKey, key, store }: Placed): Place {
  switch (store) {
    case undefined:
      return { prove: async () => {}, write: async () => NOTHING };
    case "settings": {
      const update: SettingsUpdate = {
        scope: "user",
        path: userSettingsPath(machine),
        edits: () => [{ kind: "set", path: ["env", envKey], value: key }],
      };
      return {
        prove: () => provePrivateFile(machine, settingsFile(update)),
        write: () => updateSettings(machine, update),
      };
    }
    case "env-file": {
      const update = { path: userDotenvPath(machine), edits: [{ name: envKey, value: key }] };
      return {
        prove: () => proveDotenv(machine, update),
        write: () => updateDotenv(machine, update),
      };
    }
    case "keyring":
      return {
        prove: async () => {},
        write: async () => ({ changed: await saveToKeyring(machine, envKey, key), notes: [] }),
      };
  }
}
