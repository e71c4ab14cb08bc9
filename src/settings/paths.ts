import { dirname, join, resolve } from "node:path";
import type { Env } from "../runtime.ts";
import type { Scope } from "../source.ts";

export type SettingsPath = { readonly scope: Scope; readonly path: string };

/** What the paths are made from; all of it from the shell, never from a file. */
export type Place = {
  readonly env: Env;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
};

/** `$QWEN_HOME` (absolute, `~`, or relative to the working directory), else `~/.qwen`. */
export function qwenHome({ env, cwd, home }: Pick<Place, "env" | "cwd" | "home">): string {
  const chosen = env.QWEN_HOME;
  if (chosen === undefined || chosen === "") {
    return join(home, ".qwen");
  }
  return chosen === "~" || chosen.startsWith("~/")
    ? join(home, chosen.slice(1))
    : resolve(cwd, chosen);
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

/** The settings file of the directory one stands in, and only of that one. */
export function projectSettingsPath({ cwd }: Pick<Place, "cwd">): string {
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
