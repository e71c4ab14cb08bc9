import { proveDotenv, removeFromDotenv, updateDotenv } from "../../env/update-dotenv.ts";
import { QwenError, UsageError } from "../../errors.ts";
import { type PrivateFileUpdated, provePrivateFile } from "../../lib/files/private-file.ts";
import { createSteps, ifChanged } from "../../lib/files/steps.ts";
import { type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import { KEYLESS } from "../../models/protocol.ts";
import { removeFromKeyring, saveToKeyring } from "../../secrets/keyring.ts";
import { unfilledName } from "../../settings/interpolate-settings.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { listedNames, nameListEdits } from "../../settings/name-lists.ts";
import { settingsPath, userDotenvPath, userSettingsPath } from "../../settings/paths.ts";
import {
  type SettingsUpdate,
  settingsFile,
  updateSettings,
} from "../../settings/update-settings.ts";
import { findProvider } from "../providers/find-provider.ts";
import { applyLogin, loginNotes, plannedIds, plannedModel } from "./apply-login.ts";
import { envFileEdits, storedInDotenv } from "./env-file-logins.ts";
import { keepAccount, proveAccount } from "./keep-account.ts";
import type { KeyStore, LoginMachine } from "./key-stores.ts";
import type { Login } from "./login.ts";
import {
  type ClearedCopies,
  isSecret,
  scrubSettingsCopies,
  secretsAt,
} from "./scrub-settings-copies.ts";

export type SavedLogin = {
  /** The settings file. */
  readonly path: string;
  /** Where the key went. */
  readonly store: KeyStore;
  /** The file that holds the key, unless it is in the keyring. */
  readonly keyPath: string;
  /** `false` when all of it stood there already. */
  readonly changed: boolean;
  readonly models: readonly string[];
  readonly model: string;
  /** What was made stricter or taken from another store, for a line on stderr each. */
  readonly notes: readonly string[];
};

/** Settings would put the value of a variable into a key that holds its name. */
function throwIfReplaced({ key, store }: Login): void {
  if (store === "settings" && unfilledName(key) !== undefined) {
    throw new UsageError(
      "Cannot write this key to settings: a part of it would be taken for a variable (`$NAME`)",
      { code: "invalid-key", hint: "add `--store env-file`" },
    );
  }
}

/**
 * Writes what a login says: the key into its store, everything else into the settings as one write.
 * A key moves: it is taken from the user's other stores, which would win or lie there as a copy,
 * and out of copies of the settings.
 * @throws ConfigError when a file cannot be used, QwenError when the system or the keyring refuses,
 *   UsageError for a key that the store cannot hold
 */
export async function saveLogin(
  machine: LoginMachine,
  login: Login,
  scope: "user" | "project",
): Promise<SavedLogin> {
  const path = settingsPath(machine, scope);
  // A server without a key has nothing to hide, and Qwen Code should find its place holder.
  const store = login.key === KEYLESS ? "settings" : login.store;
  const placed = { ...login, store };
  const isOwn = scope === "user";
  const lists = listsOf(machine, placed, scope);
  let before: JsonObject = {};
  const update: SettingsUpdate = {
    scope,
    path,
    edits: (current) => {
      before = current;
      return [...applyLogin(current, placed), ...(isOwn ? listEdits(current, placed, lists) : [])];
    },
  };
  const dotenvPath = userDotenvPath(machine);
  await proveFiles(machine, placed, { update, lists });
  const step = createSteps();
  const named = await step(
    () => keepAccount(machine, placed),
    ifChanged(`the account "${placed.account}" was kept`),
  );
  const written = await step(
    () => placeKey(machine, placed, path),
    ifChanged(`the key was put into ${store === "keyring" ? "the keyring" : `\`${dotenvPath}\``}`),
  );
  const own = await step(
    async () => (isOwn ? NOTHING : moveFromOwnSettings(machine, placed, lists)),
    ({ changed, path: ownPath }) => (changed ? `\`${ownPath}\` was changed` : undefined),
  );
  const settings = await step(
    () => updateSettings(machine, update),
    ifChanged(`\`${path}\` was written`),
  );
  const listed = listedNames(isOwn ? before : own.before, "keyring");
  const unlisted = listed.filter((name) => unlistedNames(placed).includes(name));
  const cleared = [
    await step(
      () => removeFromDotenv(machine, dotenvPath, lists.leaving),
      () => undefined,
    ),
    await leaveKeyring(machine, unlisted),
  ];
  const copies = await clearCopiesOf(machine, placed, [before, own.before]);
  return {
    path,
    store,
    keyPath: store === "env-file" ? dotenvPath : path,
    changed:
      [named, written, own, settings, copies].some(({ changed }) => changed) ||
      cleared.some(({ notes }) => notes.length > 0),
    models: plannedIds(before, placed),
    model: plannedModel(before, placed),
    notes: unique([
      ...[named, written, own, settings].flatMap(({ notes }) => notes),
      ...[{ path, before }, own]
        .filter((file) => store !== "settings" && holdsKey(file.before, login))
        .map((file) => `\`${login.envKey}\` was removed from \`${file.path}\``),
      ...cleared.flatMap(({ notes }) => notes),
      ...copies.notes,
      ...loginNotes(before, placed),
    ]),
  };
}

function unique(notes: readonly string[]): readonly string[] {
  return [...new Set(notes)];
}

type Files = { readonly update: SettingsUpdate; readonly lists: Lists };

/** Nothing is written before all of it can be: a key would lie where nobody knows of it. */
async function proveFiles(
  machine: LoginMachine,
  login: Login,
  { update, lists }: Files,
): Promise<void> {
  throwIfReplaced(login);
  const path = userDotenvPath(machine);
  const kept = login.store === "env-file" ? [{ name: login.envKey, value: login.key }] : [];
  const removals = lists.leaving.map((name) => ({ name, value: undefined }));
  await proveDotenv(machine, { path, edits: [...kept, ...removals] });
  await provePrivateFile(machine, settingsFile(update));
  await proveAccount(machine, login);
  if (update.scope === "project" && login.store !== "settings") {
    const own = userSettingsPath(machine);
    const before = await readRawSettings(own);
    const edits = (current: JsonObject) => ownEdits(current, login, lists);
    if (edits(before).some((edit) => isNeeded(before, edit))) {
      await provePrivateFile(machine, settingsFile({ scope: "user", path: own, edits }));
    }
  }
}

const NOTHING = { path: "", before: {}, changed: false, notes: [] } as const;

/**
 * Puts the key where it is kept, unless that is the settings. Those must be usable: else nothing is
 * written at all.
 */
async function placeKey(
  machine: LoginMachine,
  { store, envKey, key }: Login,
  settings: string,
): Promise<PrivateFileUpdated> {
  if (store === "settings") {
    return NOTHING;
  }
  await readRawSettings(settings);
  if (store === "keyring") {
    await readRawSettings(userSettingsPath(machine));
    return { ...NOTHING, changed: await saveToKeyring(machine, envKey, key) };
  }
  const edits = [{ name: envKey, value: key }];
  return updateDotenv(machine, { path: userDotenvPath(machine), edits });
}

/** With project settings the user's own ones still say where the user's key lies. */
async function moveFromOwnSettings(machine: LoginMachine, login: Login, lists: Lists) {
  const path = userSettingsPath(machine);
  let before = await readRawSettings(path);
  const edits = ownEdits(before, login, lists);
  if (login.store === "settings" || !edits.some((edit) => isNeeded(before, edit))) {
    return NOTHING;
  }
  const updated = await updateSettings(machine, {
    scope: "user",
    path,
    edits: (current) => {
      before = current;
      return ownEdits(current, login, lists);
    },
  });
  return { ...updated, before };
}

function ownEdits(current: JsonObject, login: Login, lists: Lists): JsoncEdit[] {
  return [{ kind: "remove", path: ["env", login.envKey] }, ...listEdits(current, login, lists)];
}

function isNeeded(current: JsonObject, edit: JsoncEdit): boolean {
  return edit.kind !== "remove" || valueAt(current, edit.path) !== undefined;
}

/** Who keeps the key elsewhere wants no copy of the settings that has it. */
async function clearCopiesOf(
  machine: LoginMachine,
  { store, envKey, key }: Login,
  befores: readonly JsonObject[],
): Promise<ClearedCopies> {
  if (store === "settings") {
    return { changed: false, notes: [] };
  }
  const paths = [["env", envKey]];
  const secrets = [key, ...befores.flatMap((before) => secretsAt(before, paths))];
  try {
    return await scrubSettingsCopies(machine, paths, secrets.filter(isSecret));
  } catch (error) {
    const note = `a copy of the key may still be beside the settings: ${reasonOf(error)}`;
    return { changed: false, notes: [note] };
  }
}

type Lists = {
  /** What the user's `.env` sets, once the key is in its store. */
  readonly stored: ReadonlySet<string>;
  /** What it is about to lose. */
  readonly leaving: readonly string[];
};

function listsOf(machine: LoginMachine, login: Login, scope: "user" | "project"): Lists {
  const added = login.store === "env-file" ? [login.envKey] : [];
  const stored = new Set([...storedInDotenv(machine), ...added]);
  return { stored, leaving: dotenvNames(login, scope) };
}

/** What the user's settings say of keyring and `.env`, once the key is in its store. */
function listEdits(current: JsonObject, login: Login, lists: Lists): JsoncEdit[] {
  const added = login.store === "keyring" ? [login.envKey] : [];
  return [
    ...nameListEdits(current, "keyring", { added, removed: unlistedNames(login) }),
    ...envFileEdits(current, { ...lists, used: [login.envKey] }),
  ];
}

/** Variables whose key does not belong into the keyring any more. */
function unlistedNames(login: Login): readonly string[] {
  return [...staleNames(login), ...(login.store === "keyring" ? [] : [login.envKey])];
}

/** Variables whose key does not belong into the user's `.env` any more. */
function dotenvNames(login: Login, scope: "user" | "project"): readonly string[] {
  const staysThere =
    login.store === "env-file" || (login.store === "settings" && scope === "project");
  return [...staleNames(login), ...(staysThere ? [] : [login.envKey])];
}

function staleNames({ provider }: Login): readonly string[] {
  return (provider?.replaces ?? [])
    .map((id) => findProvider(id)?.envKey)
    .filter((name) => name !== undefined);
}

function holdsKey(settings: JsonObject, { envKey }: Login): boolean {
  return valueAt(settings, ["env", envKey]) !== undefined;
}

/** A place that cannot be cleared must not keep anybody from another store. */
async function leaveKeyring(
  machine: LoginMachine,
  names: readonly string[],
): Promise<{ readonly notes: readonly string[] }> {
  try {
    const removed = await removeFromKeyring(machine, names);
    return { notes: removed.map((name) => `\`${name}\` was removed from the keyring`) };
  } catch (error) {
    return { notes: [`a copy of the key may still be in the keyring: ${reasonOf(error)}`] };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof QwenError)) {
    throw error;
  }
  return error.message;
}
