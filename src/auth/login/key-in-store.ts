import { readDotenv } from "../../env/update-dotenv.ts";
import { type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import { KEYLESS } from "../../models/protocol.ts";
import type { Runtime } from "../../runtime.ts";
import { readFromKeyring } from "../../secrets/keyring.ts";
import { type Accounts, accountItem } from "../../settings/accounts.ts";
import { unfilledName } from "../../settings/interpolate-settings.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { listedNames } from "../../settings/name-lists.ts";
import { userDotenvPath, userSettingsPath } from "../../settings/paths.ts";
import type { KeyStore } from "./key-stores.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "platform" | "keyring" | "sleep">;

export type StoredKey = {
  /** Where a new key of the variable belongs. */
  readonly store: KeyStore;
  /** What `qwen auth` stored of it; `undefined`: nothing. */
  readonly key: string | undefined;
};

/**
 * Where `qwen auth` keeps the key of a variable, and what it keeps there.
 * @throws QwenError when it is in a keyring that cannot be used
 */
export async function keyInStore(
  machine: Machine,
  current: JsonObject,
  envKey: string,
): Promise<StoredKey> {
  if (listedNames(current, "keyring").includes(envKey)) {
    return { store: "keyring", key: await readFromKeyring(machine, envKey) };
  }
  const inDotenv = readDotenv(userDotenvPath(machine)).get(envKey);
  if (inDotenv !== undefined) {
    return { store: "env-file", key: inDotenv };
  }
  const key = valueAt(current, ["env", envKey]);
  const isKey =
    typeof key === "string" && key !== "" && key !== KEYLESS && unfilledName(key) === undefined;
  return { store: "settings", key: isKey ? key : undefined };
}

/**
 * Whether the settings say that a key is in the keyring, and it is not: a removal was cut off.
 * @throws QwenError when the keyring cannot be used
 */
export async function isCutOff(machine: Machine, envKey: string): Promise<boolean> {
  const current = await readRawSettings(userSettingsPath(machine));
  const { store, key } = await keyInStore(machine, current, envKey);
  return store === "keyring" && key === undefined;
}

type AccountPlace = { readonly accounts: Accounts; readonly envKey: string; readonly name: string };

/** Whether the key that is stored for a variable is that of an account. */
export async function isStoredKey(
  machine: Machine,
  { accounts, envKey, name }: AccountPlace,
): Promise<boolean> {
  const current = await readRawSettings(userSettingsPath(machine));
  const { key } = await keyInStore(machine, current, envKey);
  const own =
    accounts.get(envKey)?.get(name)?.key ??
    (await readFromKeyring(machine, accountItem(envKey, name)));
  return key !== undefined && key === own;
}
