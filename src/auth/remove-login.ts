import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readDotenv, updateDotenv } from "../env/update-dotenv.ts";
import { isJsonObject, type JsonObject, valueAt } from "../lib/json-object.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { Runtime } from "../runtime.ts";
import { scrubFile } from "../secrets/scrub-file.ts";
import { parseSettingsText, readRawSettings } from "../settings/load-settings.ts";
import { qwenHome, userDotenvPath } from "../settings/paths.ts";
import { updateSettings } from "../settings/update-settings.ts";
import { applyLogout, keyNamesToRemove, type Logout, removedModels } from "./apply-logout.ts";
import { settingsPath } from "./save-login.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "platform" | "uid" | "sleep">;

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

/** Copies of the settings that older releases left, with whatever keys stood in them. */
const LEFTOVER = /^settings\.json\.(?:orig|corrupted\..*|bak|backup.*)$/;

const OAUTH_FILE = "oauth_creds.json";

/**
 * Removes a login from every place that `qwen auth` and older releases write
 * (`spec/cli.md`, "`qwen auth logout`"): settings, the user's `.env`, copies of settings, tokens.
 * @throws ConfigError when a file cannot be used, QwenError when the system refuses
 */
export async function removeLogin(
  machine: Machine,
  logout: Logout,
  scope: "user" | "project",
): Promise<RemovedLogin> {
  const path = settingsPath(machine, scope);
  const current = await readRawSettings(path);
  const names = keyNamesToRemove(current, logout.target);
  const secrets = new Set(valuesOf(current, names));
  const inSettings = names.filter((name) => valueAt(current, ["env", name]) !== undefined);
  const edits = applyLogout(current, logout);
  const isThere = edits.some((edit) => valueAt(current, edit.path) !== undefined);
  const settings = isThere
    ? await updateSettings(machine, {
        scope,
        path,
        edits: (locked) => applyLogout(locked, logout),
      })
    : { changed: false, tightened: [] };
  const elsewhere =
    scope === "user"
      ? await clearHome(machine, { names, secrets, logout })
      : { keys: [], notes: [] };
  return {
    path,
    changed: settings.changed || elsewhere.notes.length > 0,
    keys: [...new Set([...inSettings, ...elsewhere.keys])],
    models: removedModels(current, logout.target),
    notes: [...settings.tightened, ...elsewhere.notes],
  };
}

type Clearing = {
  readonly names: readonly string[];
  readonly secrets: Set<string>;
  readonly logout: Logout;
};

async function clearHome(
  machine: Machine,
  { names, secrets, logout }: Clearing,
): Promise<{ keys: readonly string[]; notes: readonly string[] }> {
  const dotenv = await clearDotenv(machine, names, secrets);
  const notes = [...dotenv.notes];
  for (const name of namesIn(qwenHome(machine)).filter((it) => LEFTOVER.test(it))) {
    const path = join(qwenHome(machine), name);
    const own = valuesOf(await parseIfPossible(path), names);
    const found = [...new Set([...secrets, ...own])];
    if (await scrubFile(machine, path, found)) {
      notes.push(`a key was taken out of \`${path}\`, which an older release left`);
    }
  }
  const { kind } = logout.target;
  const tokens = join(qwenHome(machine), OAUTH_FILE);
  if ((kind === "qwen-oauth" || kind === "all") && existsSync(tokens)) {
    rmSync(tokens);
    notes.push(`the tokens in \`${tokens}\` were removed`);
  }
  return { keys: dotenv.keys, notes };
}

/** Adds what stands there to `secrets`, so that copies elsewhere are found. */
async function clearDotenv(
  machine: Machine,
  names: readonly string[],
  secrets: Set<string>,
): Promise<{ keys: readonly string[]; notes: readonly string[] }> {
  const path = userDotenvPath(machine);
  const variables = readDotenv(path);
  const keys = names.filter((name) => variables.has(name));
  if (keys.length === 0) {
    return { keys, notes: [] };
  }
  for (const name of keys) {
    addSecret(secrets, variables.get(name));
  }
  const edits = keys.map((name) => ({ name, value: undefined }));
  const { tightened } = await updateDotenv(machine, { path, edits });
  const list = keys.map((name) => `\`${name}\``).join(", ");
  return { keys, notes: [...tightened, `${list} was removed from \`${path}\``] };
}

/** The values of variables in the `env` of a settings file. */
function valuesOf(settings: JsonObject, names: readonly string[]): string[] {
  const values = new Set<string>();
  const env = isJsonObject(settings.env) ? settings.env : {};
  for (const name of names) {
    addSecret(values, Object.hasOwn(env, name) ? env[name] : undefined);
  }
  return [...values];
}

/** A reference such as `$NAME` is no secret, and nor is the place holder for no key. */
function addSecret(secrets: Set<string>, value: unknown): void {
  if (typeof value === "string" && value !== "" && value !== KEYLESS && !value.startsWith("$")) {
    secrets.add(value);
  }
}

/** A copy that does not parse still may hold a key that is known from elsewhere. */
async function parseIfPossible(path: string): Promise<JsonObject> {
  try {
    return await parseSettingsText(readFileSync(path, "utf8"), path);
  } catch {
    return {};
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
