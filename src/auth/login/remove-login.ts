import {
  type DotenvRemoval,
  proveDotenv,
  readDotenv,
  removeFromDotenv,
} from "../../env/update-dotenv.ts";
import { provePrivateFile } from "../../lib/files/private-file.ts";
import { createSteps, ifChanged } from "../../lib/files/steps.ts";
import { type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import type { JsonPath } from "../../lib/json/jsonc-edit.ts";
import { KEYLESS } from "../../models/protocol.ts";
import { removeFromKeyring } from "../../secrets/keyring.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { listedNames } from "../../settings/name-lists.ts";
import { settingsPath, userDotenvPath } from "../../settings/paths.ts";
import {
  type SettingsUpdate,
  settingsFile,
  updateSettings,
} from "../../settings/update-settings.ts";
import { credentialsPath, proveRemoval, removeCredentials } from "../oauth/credentials-file.ts";
import { applyLogout, keyNamesToRemove, type Logout, removedModels } from "./apply-logout.ts";
import type { LoginMachine } from "./key-stores.ts";
import { proveAccountRemoval, removeAccounts } from "./remove-accounts.ts";
import { isSecret, proveCopies, scrubSettingsCopies, secretsAt } from "./scrub-settings-copies.ts";

export type RemovedLogin = {
  readonly path: string;
  /** Whether anything was there to remove. */
  readonly changed: boolean;
  /** The variables whose value was removed, from any store. */
  readonly keys: readonly string[];
  /** The ids of the entries that were removed. */
  readonly models: readonly string[];
  /** The names of the accounts that were removed. */
  readonly accounts: readonly string[];
  /** What was done beside the settings, a line each. */
  readonly notes: readonly string[];
};

/**
 * Removes a login from every place that `qwen auth` and older releases write
 * (`spec/cli.md`, "`qwen auth logout`"): the keyring, tokens, the user's `.env`, copies of settings,
 * settings. Where one of the files cannot be written, nothing is removed at all; the settings come
 * last (but for the name of one account), so that a logout that is cut off can be done again.
 * @throws ConfigError when a file cannot be used, QwenError when the system or the keyring refuses
 */
export async function removeLogin(
  machine: LoginMachine,
  logout: Logout,
  scope: "user" | "project",
): Promise<RemovedLogin> {
  const path = settingsPath(machine, scope);
  const isOwn = scope === "user";
  const current = await readRawSettings(path);
  const names = keyNamesToRemove(current, logout.target);
  const listed = isOwn
    ? listedNames(current, "keyring").filter((name) => names.includes(name))
    : [];
  const isThere = applyLogout(current, logout).some(
    (edit) => valueAt(current, edit.path) !== undefined,
  );
  const update: SettingsUpdate = { scope, path, edits: (locked) => applyLogout(locked, logout) };
  const dotenvPath = userDotenvPath(machine);
  const hasTokens = isOwn && ["qwen-oauth", "all"].includes(logout.target.kind);
  const paths = keyPaths(logout, names);
  const secretsWith = (values: ReadonlyMap<string, string>) =>
    [...secretsAt(current, paths), ...names.map((name) => values.get(name))].filter(isSecret);
  await proveFiles(machine, logout.target, {
    update: isThere ? update : undefined,
    ofOwn: isOwn ? { names, paths, secrets: secretsWith(readDotenv(dotenvPath)) } : undefined,
    hasTokens,
  });
  const step = createSteps();
  const inKeyring = await step(() => removeFromKeyring(machine, listed), said("the keyring"));
  const tokens = await step(
    async () => (hasTokens ? removeTokens(machine) : []),
    ([note]) => note,
  );
  const removeNamed = () => step(() => removeOwn(machine, logout, isOwn), saidOfAccounts);
  // By the name of one alone the key in force was found: it goes last, or nobody finds that again.
  const isOne = logout.target.kind === "account";
  const before = isOne ? NO_ACCOUNTS : await removeNamed();
  const dotenv = await step(
    async (): Promise<DotenvRemoval> =>
      isOwn ? removeFromDotenv(machine, dotenvPath, names) : { removed: new Map(), notes: [] },
    ({ removed }) => said(`\`${dotenvPath}\``)([...removed.keys()]),
  );
  const copies = await step(
    async () =>
      isOwn ? scrubSettingsCopies(machine, paths, secretsWith(dotenv.removed)) : NOTHING,
    ({ changed, notes: [note] }) => (changed ? note : undefined),
  );
  const settings = await step(
    async () => (isThere ? updateSettings(machine, update) : NOTHING),
    ifChanged(`\`${path}\` was written`),
  );
  const accounts = isOne ? await removeNamed() : before;
  return {
    path,
    changed:
      [settings, copies, accounts].some(({ changed }) => changed) ||
      [dotenv.notes, tokens].some(({ length }) => length > 0),
    keys: [...new Set([...keysIn(current, names), ...dotenv.removed.keys(), ...inKeyring])],
    models: removedModels(current, logout.target),
    accounts: accounts.names,
    notes: [
      ...settings.notes,
      ...accounts.notes,
      ...dotenv.notes,
      ...inKeyring.map((name) => `\`${name}\` was removed from the keyring`),
      ...copies.notes,
      ...tokens,
    ],
  };
}

type Files = {
  /** `undefined`: nothing of the settings goes. */
  readonly update: SettingsUpdate | undefined;
  /** What goes out of the user's `.env` and copies of the settings. */
  readonly ofOwn:
    | {
        readonly names: readonly string[];
        readonly paths: readonly JsonPath[];
        readonly secrets: readonly string[];
      }
    | undefined;
  readonly hasTokens: boolean;
};

/** Nothing is removed before all of it can be. */
async function proveFiles(
  machine: LoginMachine,
  target: Logout["target"],
  { update, ofOwn, hasTokens }: Files,
): Promise<void> {
  if (update !== undefined) {
    await provePrivateFile(machine, settingsFile(update));
  }
  if (ofOwn !== undefined) {
    const { names, paths, secrets } = ofOwn;
    const edits = names.map((name) => ({ name, value: undefined }));
    await proveDotenv(machine, { path: userDotenvPath(machine), edits });
    await proveCopies(machine, paths, secrets);
    await proveAccountRemoval(machine, target);
  }
  if (hasTokens) {
    await proveRemoval(machine);
  }
}

const NOTHING = { changed: false, notes: [] } as const;
const NO_ACCOUNTS = { ...NOTHING, names: [] } as const;

/** Accounts are the user's: a project's settings have none. */
async function removeOwn(machine: LoginMachine, { target }: Logout, isOwn: boolean) {
  return isOwn ? removeAccounts(machine, target) : NO_ACCOUNTS;
}

/** Where settings and copies of them hold what goes. */
function keyPaths({ target }: Logout, names: readonly string[]): readonly JsonPath[] {
  const all = target.kind === "all" ? [["security", "auth", "apiKey"]] : [];
  return [...names.map((name) => ["env", name]), ...all];
}

/** What stands for no key is removed, and is none that was there. */
function keysIn(current: JsonObject, names: readonly string[]): string[] {
  return names.filter((name) => {
    const value = valueAt(current, ["env", name]);
    return value !== undefined && value !== "" && value !== KEYLESS;
  });
}

/** What a failure later on says of names that are gone from a place. */
function said(place: string) {
  return (names: readonly string[]) => {
    const all = names.map((name) => `\`${name}\``).join(" and ");
    if (names.length > 1) {
      return `${all} were removed from ${place}`;
    }
    return names.length === 0 ? undefined : `${all} was removed from ${place}`;
  };
}

function saidOfAccounts({ names }: { readonly names: readonly string[] }): string | undefined {
  return said("the accounts")(names);
}

async function removeTokens(machine: LoginMachine): Promise<readonly string[]> {
  const { changed, notes } = await removeCredentials(machine);
  return changed ? [`the tokens in \`${credentialsPath(machine)}\` were removed`, ...notes] : [];
}
