import { removeFromDotenv, updateDotenv } from "../env/update-dotenv.ts";
import { valueAt } from "../lib/json-object.ts";
import type { PrivateFileUpdated } from "../lib/private-file.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { Runtime } from "../runtime.ts";
import { readRawSettings } from "../settings/load-settings.ts";
import { projectSettingsPath, userDotenvPath, userSettingsPath } from "../settings/paths.ts";
import { updateSettings } from "../settings/update-settings.ts";
import { applyLogin, plannedIds, plannedModel } from "./apply-login.ts";
import { findProvider } from "./find-provider.ts";
import type { KeyStore, Login } from "./login.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "platform" | "uid" | "sleep" | "trace">;

export type SavedLogin = {
  /** The settings file. */
  readonly path: string;
  /** Where the key went. */
  readonly store: KeyStore;
  readonly keyPath: string;
  /** `false` when all of it stood there already. */
  readonly changed: boolean;
  readonly models: readonly string[];
  readonly model: string;
  /** What was made stricter or taken from another store, for a line on stderr each. */
  readonly notes: readonly string[];
};

/** The settings file of a scope. */
export function settingsPath(machine: Machine, scope: "user" | "project"): string {
  return scope === "user" ? userSettingsPath(machine) : projectSettingsPath(machine);
}

/**
 * Writes what a login says: the key into its store, everything else into the settings as one write.
 * A key moves: it is taken from the user's other store, which would win or lie there as a copy.
 * @throws ConfigError when a file cannot be used, QwenError when the system refuses
 */
export async function saveLogin(
  machine: Machine,
  login: Login,
  scope: "user" | "project",
): Promise<SavedLogin> {
  const path = settingsPath(machine, scope);
  const dotenvPath = userDotenvPath(machine);
  // A server without a key has nothing to hide, and Qwen Code should find its place holder.
  const store = login.key === KEYLESS ? "settings" : login.store;
  const placed = { ...login, store };
  const written = store === "env-file" ? await saveToDotenv(machine, placed, path) : undefined;
  let models: readonly string[] = [];
  let model = "";
  let hadKey = false;
  const settings = await updateSettings(machine, {
    scope,
    path,
    edits: (current) => {
      models = plannedIds(current, placed);
      model = plannedModel(current, placed);
      hadKey = store !== "settings" && valueAt(current, ["env", login.envKey]) !== undefined;
      return applyLogin(current, placed);
    },
  });
  const moved = await removeFromDotenv(machine, dotenvPath, namesToClear(placed, scope));
  return {
    path,
    store,
    keyPath: store === "settings" ? path : dotenvPath,
    changed: settings.changed || written?.changed === true || moved.removed.size > 0,
    models,
    model,
    notes: [
      ...(written?.tightened ?? []),
      ...settings.tightened,
      ...(hadKey ? [`\`${login.envKey}\` was removed from \`${path}\``] : []),
      ...moved.notes,
    ],
  };
}

/** Writes the key, once the settings are known to be usable: else nothing is written at all. */
async function saveToDotenv(
  machine: Machine,
  { envKey, key }: Login,
  settings: string,
): Promise<PrivateFileUpdated> {
  await readRawSettings(settings);
  const edits = [{ name: envKey, value: key }];
  return updateDotenv(machine, { path: userDotenvPath(machine), edits });
}

/** Stale keys, and one that the settings hold now: the env file would win over it. */
function namesToClear(
  { provider, store, envKey }: Login,
  scope: "user" | "project",
): readonly string[] {
  const stale = (provider?.replaces ?? []).map((id) => findProvider(id)?.envKey);
  const moved = store === "settings" && scope === "user" ? [envKey] : [];
  return [...stale, ...moved].filter((name) => name !== undefined);
}
