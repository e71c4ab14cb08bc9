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
  /** Which of both a person named; the other one was found by having the same key. */
  readonly named: "account" | "variable";
};

/**
 * Changes a key where it is stored (`spec/accounts.md`): entries, models and selection stay. Where
 * one of the files cannot be written, none is.
 * @throws ConfigError when a file cannot be used, QwenError when system or keyring refuse
 */
export async function setKey(
  machine: LoginMachine,
  { envKey, key, account, inForce, named }: NewKey,
): Promise<PrivateFileUpdated> {
  const places = [
    account && accountPlace(machine, { ...account, account: account.name, envKey, key }),
    placeOf(machine, { envKey, key, store: inForce }),
  ].filter((place) => place !== undefined);
  for (const place of places) {
    await place.prove();
  }
  const step = createSteps();
  const changes = [];
  // What was named comes last: cut off before that, the same command finds the other one again.
  for (const place of named === "account" ? places.reverse() : places) {
    changes.push(await step(place.write, ifChanged(place.said)));
  }
  return {
    changed: changes.some(({ changed }) => changed),
    notes: [...new Set(changes.flatMap(({ notes }) => notes))],
  };
}

type Place = {
  readonly prove: () => Promise<void>;
  readonly write: () => Promise<PrivateFileUpdated>;
  /** What a failure later on says of it. */
  readonly said: string;
};

function accountPlace(machine: LoginMachine, account: Parameters<typeof keepAccount>[1]): Place {
  return {
    prove: () => proveAccount(machine, account),
    write: () => keepAccount(machine, account),
    said: `the key of the account "${account.account}" was changed`,
  };
}

type KeyPlace = {
  readonly envKey: string;
  readonly key: string;
  readonly store: KeyStore | undefined;
};

function placeOf(machine: LoginMachine, { envKey, key, store }: KeyPlace): Place | undefined {
  const said = `the key of \`${envKey}\` was changed`;
  switch (store) {
    case undefined:
      return undefined;
    case "settings": {
      const update: SettingsUpdate = {
        scope: "user",
        path: userSettingsPath(machine),
        edits: () => [{ kind: "set", path: ["env", envKey], value: key }],
      };
      return {
        prove: () => provePrivateFile(machine, settingsFile(update)),
        write: () => updateSettings(machine, update),
        said,
      };
    }
    case "env-file": {
      const update = { path: userDotenvPath(machine), edits: [{ name: envKey, value: key }] };
      return {
        prove: () => proveDotenv(machine, update),
        write: () => updateDotenv(machine, update),
        said,
      };
    }
    case "keyring":
      return {
        prove: async () => {},
        write: async () => ({ changed: await saveToKeyring(machine, envKey, key), notes: [] }),
        said,
      };
  }
}
