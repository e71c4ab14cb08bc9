import { type DotenvRemoval, removeFromDotenv } from "../env/update-dotenv.ts";
import { valueAt } from "../lib/json-object.ts";
import type { Runtime } from "../runtime.ts";
import { removeFromKeyring } from "../secrets/keyring.ts";
import { keyringNames } from "../settings/keyring-names.ts";
import { readRawSettings } from "../settings/load-settings.ts";
import { userDotenvPath } from "../settings/paths.ts";
import { updateSettings } from "../settings/update-settings.ts";
import { applyLogout, keyNamesToRemove, type Logout, removedModels } from "./apply-logout.ts";
import { clearCopies, isSecret, secretsAt } from "./clear-copies.ts";
import { credentialsPath, removeCredentials } from "./oauth/credentials-file.ts";
import { settingsPath } from "./save-login.ts";

type Machine = Pick<
  Runtime,
  "env" | "cwd" | "home" | "platform" | "uid" | "sleep" | "keyring" | "trace"
>;

export type RemovedLogin = {
  readonly path: string;
  /** Whether anything was there to remove. */
  readonly changed: boolean;
  /** The variables whose value was removed, from any store. */
  readonly keys: readonly string[];
  /** The ids of the entries that were removed. */
  readonly models: readonly string[];
  /** What was done beside the settings, a line each. */
  readonly notes: readonly string[];
};

/**
 * Removes a login from every place that `qwen auth` and older releases write
 * (`spec/cli.md`, "`qwen auth logout`"): settings, the user's `.env`, copies of settings, tokens,
 * the keyring. That is the first: where it cannot be used, nothing is removed at all.
 * @throws ConfigError when a file cannot be used, QwenError when the system or the keyring refuses
 */
export async function removeLogin(
  machine: Machine,
  logout: Logout,
  scope: "user" | "project",
): Promise<RemovedLogin> {
  const path = settingsPath(machine, scope);
  const current = await readRawSettings(path);
  const names = keyNamesToRemove(current, logout.target);
  const inSettings = names.filter((name) => valueAt(current, ["env", name]) !== undefined);
  const listed = scope === "user" ? keyringNames(current) : [];
  const inKeyring = await removeFromKeyring(
    machine,
    listed.filter((name) => names.includes(name)),
  );
  const dotenv: DotenvRemoval =
    scope === "user"
      ? await removeFromDotenv(machine, userDotenvPath(machine), names)
      : { removed: new Map(), notes: [] };
  const isThere = applyLogout(current, logout).some(
    (edit) => valueAt(current, edit.path) !== undefined,
  );
  const settings = isThere
    ? await updateSettings(machine, {
        scope,
        path,
        edits: (locked) => applyLogout(locked, logout),
      })
    : { changed: false, tightened: [] };
  const paths = [
    ...names.map((name) => ["env", name]),
    ...(logout.target.kind === "all" ? [["security", "auth", "apiKey"]] : []),
  ];
  const secrets = [...secretsAt(current, paths), ...[...dotenv.removed.values()].filter(isSecret)];
  const copies = scope === "user" ? await clearCopies(machine, paths, secrets) : [];
  const tokens = scope === "user" ? await removeTokens(machine, logout) : [];
  return {
    path,
    changed: settings.changed || [dotenv.notes, copies, tokens].some(({ length }) => length > 0),
    keys: [...new Set([...inSettings, ...dotenv.removed.keys(), ...inKeyring])],
    models: removedModels(current, logout.target),
    notes: [
      ...settings.tightened,
      ...dotenv.notes,
      ...inKeyring.map((name) => `\`${name}\` was removed from the keyring`),
      ...copies,
      ...tokens,
    ],
  };
}

async function removeTokens(machine: Machine, { target }: Logout): Promise<string[]> {
  if (target.kind !== "qwen-oauth" && target.kind !== "all") {
    return [];
  }
  const isRemoved = await removeCredentials(machine);
  return isRemoved ? [`the tokens in \`${credentialsPath(machine)}\` were removed`] : [];
}
