import { dirname, join, resolve } from "node:path";
import type { OwnRule } from "../lib/files/open-own-file.ts";
import type { Env } from "../runtime.ts";
import type { Scope } from "../source.ts";
import { chosenHome } from "./chosen-home.ts";

export type SettingsPath = { readonly scope: Scope; readonly path: string };

/** What the paths are made from; all of it from the shell, never from a file. */
export type Place = {
  readonly env: Env;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
};

/** The folder that `chosenHome` names, in its one form. */
export function qwenHome(place: Pick<Place, "env" | "cwd" | "home">): string {
  return resolve(place.cwd, chosenHome(place));
}

/** The user's own settings file. */
export function userSettingsPath(place: Place): string {
  return join(qwenHome(place), "settings.json");
}

/** The user's own `.env`, where `--store env-file` keeps keys. */
export function userDotenvPath(place: Place): string {
  return join(qwenHome(place), ".env");
}

/** What was typed in sessions. */
export function historyPath(place: Place): string {
  return join(qwenHome(place), "history");
}

/** Who may own a person's own files and the system's (`spec/settings-and-env.md`). */
export function ownRule(
  place: Pick<Place, "env" | "cwd" | "home"> & { readonly uid: number | undefined },
): OwnRule {
  const { env, home, uid } = place;
  return { uid, homes: [home, qwenHome(place)], isShared: env.QWEN_SHARED_HOME === "1" };
}

/** Names in `~/.qwen` and `$QWEN_HOME` that are a person's own, whatever else points to them. */
const OWN_NAMES = [
  ".env",
  "settings.json",
  "trustedFolders.json",
  "oauth_creds.json",
  "accounts.json",
  "history",
];

/** Where conversations are kept. */
export function sessionsPath(place: Parameters<typeof qwenHome>[0]): string {
  return join(qwenHome(place), "sessions");
}

/** Every file that is a person's own or the system's, read or not. */
export function ownFiles(place: Place): readonly string[] {
  const { home } = place;
  const folders = new Set([qwenHome(place), join(home, ".qwen")]);
  return [
    ...settingsPaths(place)
      .map(({ scope, path }) => (scope === "project" ? [] : [path]))
      .flat(),
    ...[...folders].map((folder) => OWN_NAMES.map((name) => join(folder, name))).flat(),
    join(home, ".env"),
  ];
}

/** The settings file of the directory one stands in, and only of that one. */
function projectSettingsPath({ cwd }: Pick<Place, "cwd">): string {
  return join(cwd, ".qwen", "settings.json");
}

/** The four settings files, lowest precedence first (`spec/settings-and-env.md`). */
export function settingsPaths(place: Place): readonly SettingsPath[] {
  const { env } = place;
  const system = env.QWEN_CODE_SYSTEM_SETTINGS_PATH || systemSettingsPath(place.platform);
  const defaults =
    env.QWEN_CODE_SYSTEM_DEFAULTS_PATH || join(dirname(system), "system-defaults.json");
  return [
    { scope: "system-defaults", path: defaults },
    { scope: "user", path: userSettingsPath(place) },
    { scope: "project", path: projectSettingsPath(place) },
    { scope: "system", path: system },
  ];
}

function systemSettingsPath(platform: string): string {
  switch (platform) {
    case "darwin":
      return "/Library/Application Support/QwenCode/settings.json";
    case "win32":
      return "C:\\ProgramData\\qwen-code\\settings.json";
    default:
      return "/etc/qwen-code/settings.json";
  }
}

/** The settings file of a scope. */
export function settingsPath(machine: Place, scope: "user" | "project"): string {
  return scope === "user" ? userSettingsPath(machine) : projectSettingsPath(machine);
}
