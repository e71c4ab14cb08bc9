import { describe, expect, test } from "bun:test";
import {
  historyPath,
  ownFiles,
  ownRule,
  qwenHome,
  sessionsPath,
  settingsPath,
  settingsPaths,
  userDotenvPath,
  userSettingsPath,
} from "../../src/settings/paths.ts";

const PLACE = { cwd: "/repo/sub", home: "/home/me", platform: "linux" };

describe("qwenHome() is", () => {
  const cases: readonly (readonly [name: string, chosen: string | undefined, path: string])[] = [
    ["`~/.qwen`", undefined, "/home/me/.qwen"],
    ["`~/.qwen` for an empty QWEN_HOME", "", "/home/me/.qwen"],
    ["an absolute QWEN_HOME", "/opt/qwen", "/opt/qwen"],
    ["an absolute QWEN_HOME without its trailing slash", "/opt/qwen/", "/opt/qwen"],
    ["the home directory for `~`", "~", "/home/me"],
    ["below the home directory for `~/`", "~/config/qwen", "/home/me/config/qwen"],
    ["below the working directory for a relative QWEN_HOME", "q", "/repo/sub/q"],
    ["beside the working directory for `../`", "../q", "/repo/q"],
  ];
  for (const [name, chosen, path] of cases) {
    test(name, () => {
      expect(qwenHome({ ...PLACE, env: { QWEN_HOME: chosen } })).toBe(path);
    });
  }
});

test("qwenHome() of a home that is the root, or ends with a slash, has no slash too many", () => {
  expect(qwenHome({ ...PLACE, home: "/", env: {} })).toBe("/.qwen");
  expect(qwenHome({ ...PLACE, home: "/home/me/", env: { QWEN_HOME: "~/q/" } })).toBe("/home/me/q");
});

test("settingsPaths() lists the four files, lowest precedence first", () => {
  expect(settingsPaths({ ...PLACE, env: {} })).toEqual([
    { scope: "system-defaults", path: "/etc/qwen-code/system-defaults.json" },
    { scope: "user", path: "/home/me/.qwen/settings.json" },
    { scope: "project", path: "/repo/sub/.qwen/settings.json" },
    { scope: "system", path: "/etc/qwen-code/settings.json" },
  ]);
});

test("settingsPaths() follows QWEN_HOME", () => {
  const place = { ...PLACE, env: { QWEN_HOME: "/opt/qwen" } };
  expect(settingsPaths(place)[1]).toEqual({ scope: "user", path: "/opt/qwen/settings.json" });
  expect(userSettingsPath(place)).toBe("/opt/qwen/settings.json");
});

describe("settingsPaths() finds the system's files", () => {
  const defaults = "/Library/Application Support/QwenCode/system-defaults.json";
  const system = "QWEN_CODE_SYSTEM_SETTINGS_PATH";
  const systemDefaults = "QWEN_CODE_SYSTEM_DEFAULTS_PATH";
  type Case = readonly [
    name: string,
    env: Readonly<Record<string, string>>,
    platform: string,
    defaults: string,
    system: string,
  ];
  const cases: readonly Case[] = [
    ["on macOS", {}, "darwin", defaults, "/Library/Application Support/QwenCode/settings.json"],
    [
      "where a variable says, the defaults beside it",
      { [system]: "/x/s.json" },
      "linux",
      "/x/system-defaults.json",
      "/x/s.json",
    ],
    [
      "each where its variable says",
      { [system]: "/x/s.json", [systemDefaults]: "/y/d.json" },
      "darwin",
      "/y/d.json",
      "/x/s.json",
    ],
    [
      "as without variables where these are empty",
      { [system]: "", [systemDefaults]: "" },
      "linux",
      "/etc/qwen-code/system-defaults.json",
      "/etc/qwen-code/settings.json",
    ],
  ];
  for (const [name, env, platform, lowest, highest] of cases) {
    test(name, () => {
      const paths = settingsPaths({ ...PLACE, env, platform });
      expect([paths[0]?.path, paths[3]?.path]).toEqual([lowest, highest]);
    });
  }

  test("on Windows", () => {
    const paths = settingsPaths({ ...PLACE, env: {}, platform: "win32" });
    expect(paths[3]?.path).toBe("C:\\ProgramData\\qwen-code\\settings.json");
  });
});

test("ownFiles() are the person's and the system's, in every home, and none of a project's", () => {
  const env = { QWEN_HOME: "/q", QWEN_CODE_SYSTEM_SETTINGS_PATH: "/etc/q/settings.json" };
  const own = (folder: string) =>
    [
      ".env",
      "settings.json",
      "trustedFolders.json",
      "oauth_creds.json",
      "accounts.json",
      "history",
    ].map((name) => `${folder}/${name}`);
  const files = ownFiles({ env, cwd: "/home/me/p", home: "/home/me", platform: "linux" });
  expect(files).toEqual([
    "/etc/q/system-defaults.json",
    "/q/settings.json",
    "/etc/q/settings.json",
    ...own("/q"),
    ...own("/home/me/.qwen"),
    "/home/me/.env",
  ]);
});

test("the paths of a person's own files, and of a project's settings", () => {
  const place = { ...PLACE, env: { QWEN_HOME: "/q" } };
  expect({
    user: settingsPath(place, "user"),
    project: settingsPath(place, "project"),
    dotenv: userDotenvPath(place),
    history: historyPath(place),
    sessions: sessionsPath(place),
  }).toEqual({
    user: "/q/settings.json",
    project: "/repo/sub/.qwen/settings.json",
    dotenv: "/q/.env",
    history: "/q/history",
    sessions: "/q/sessions",
  });
});

test.each([
  ["1", true],
  ["0", false],
  ["true", false],
  ["", false],
  [undefined, false],
])("ownRule() with QWEN_SHARED_HOME=%s shares homes: %p", (shared, isShared) => {
  const env = { QWEN_SHARED_HOME: shared, QWEN_HOME: "/q" };
  const homes = ["/home/me", "/q"];
  expect(ownRule({ ...PLACE, env, uid: 7 })).toEqual({ uid: 7, homes, isShared });
});
