import { describe, expect, test } from "bun:test";
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openSettings, readSettingsText } from "../../src/settings/open-settings.ts";
import { settingsPath, userSettingsPath } from "../../src/settings/paths.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const UID = process.geteuid?.() ?? 0;
const UTF_16 = new Uint8Array([0xff, 0xfe, 0x7b, 0]);
const LARGEST = 8 * 1024 * 1024;

function machine(env: Readonly<Record<string, string>> = {}) {
  const root = temporaryDirectory();
  const options = {
    env: { QWEN_CODE_SYSTEM_SETTINGS_PATH: join(root, "system.json"), ...env },
    cwd: join(root, "project"),
    home: join(root, "home"),
    platform: "linux",
    uid: UID,
  };
  const paths = {
    user: userSettingsPath(options),
    project: settingsPath(options, "project"),
    system: join(root, "system.json"),
  };
  for (const path of Object.values(paths)) {
    mkdirSync(dirname(path), { recursive: true });
  }
  return { root, options, paths };
}

type Scope = keyof ReturnType<typeof machine>["paths"];
const SCOPES: readonly Scope[] = ["user", "project", "system"];

describe.each(SCOPES)("openSettings() of the scope %s", (scope) => {
  test("reads a file with its owner and mode", () => {
    const { options, paths } = machine();
    writeFileSync(paths[scope], "{}\n");
    chmodSync(paths[scope], 0o644);
    expect(openSettings(options, { scope, path: paths[scope] })).toEqual({
      kind: "read",
      mode: 0o644,
      owner: UID,
      text: "{}\n",
      warnings: [],
    });
  });

  test("finds none", () => {
    const { options, paths } = machine();
    expect(openSettings(options, { scope, path: paths[scope] })).toEqual({ kind: "missing" });
  });

  test.each<[string, (path: string) => unknown, string, string?]>([
    ["a directory", (path) => mkdirSync(path), "it is a directory"],
    ["a loop of links", (path) => symlinkSync(path, path), "too many levels of links (ELOOP)"],
    [
      "UTF-16",
      (path) => writeFileSync(path, UTF_16),
      "it is UTF-16; save it as UTF-8",
      "save `PATH` as UTF-8",
    ],
    [
      "one byte too much",
      (path) => writeFileSync(path, " ".repeat(LARGEST + 1)),
      "it is larger than 8 MiB",
    ],
  ])("refuses %s", (_what, make, why, hint = "check what stands at `PATH` and who may read it") => {
    const { options, paths } = machine();
    const path = paths[scope];
    make(path);
    const expected = expect.objectContaining({
      message: `Cannot read \`${path}\`: ${why}`,
      code: "settings-unreadable",
      hint: hint.replace("PATH", path),
      exitCode: 3,
    });
    expect(() => openSettings(options, { scope, path })).toThrow(expected);
    expect(() => readSettingsText(path)).toThrow(expected);
  });
});

describe("openSettings() of one's own file", () => {
  const of = (mode: number, env = {}) => {
    const { options, paths } = machine(env);
    writeFileSync(paths.user, "{}");
    chmodSync(paths.user, mode);
    return {
      path: paths.user,
      open: () => openSettings(options, { scope: "user", path: paths.user }),
    };
  };

  test("warns where a group may write", () => {
    const { path, open } = of(0o620);
    const warnings = [`its group can write to \`${path}\` (mode 0620): run \`chmod 600 ${path}\``];
    expect(open()).toMatchObject({ kind: "read", mode: 0o620, warnings });
  });

  test("refuses where all may, unless homes are shared", () => {
    const { path, open } = of(0o602);
    expect(open).toThrow(
      expect.objectContaining({
        message: `Cannot use \`${path}\`: others can write to it (mode 0602)`,
        code: "settings-unsafe",
        hint: `run \`chmod 600 ${path}\``,
      }),
    );
    expect(of(0o602, { QWEN_SHARED_HOME: "1" }).open()).toMatchObject({ kind: "read" });
  });
});

describe("openSettings() of a project's file", () => {
  const ofProject = (objection?: (directory: string) => string | undefined) => {
    const found = machine();
    const open = () =>
      openSettings(
        { ...found.options, objection },
        { scope: "project", path: found.paths.project },
      );
    return { ...found, path: found.paths.project, open };
  };

  test("does not read it where its directory is objected to, and says so if it is there", () => {
    const asked: string[] = [];
    const { options, path, open } = ofProject((directory) => {
      asked.push(directory);
      return "nobody trusts it";
    });
    expect(open()).toEqual({ kind: "missing" });
    writeFileSync(path, "{}");
    const warning = `\`${path}\` was not read: nobody trusts it`;
    expect(open()).toEqual({ kind: "not-read", why: "distrusted", warning });
    expect(asked).toEqual([options.cwd, options.cwd]);
  });

  test("passes over what others can write", () => {
    const { path, open } = ofProject(() => undefined);
    writeFileSync(path, "{}");
    chmodSync(path, 0o602);
    const warning = `\`${path}\` was not read: others can write to it (mode 0602)`;
    expect(open()).toEqual({ kind: "not-read", why: "passed-over", warning });
  });

  test("passes over a link, and names what it leads to once", () => {
    const { root, path, open } = ofProject();
    const outside = join(root, "outside.json");
    writeFileSync(outside, "{}");
    symlinkSync(outside, path);
    expect(open()).toEqual({
      kind: "not-read",
      why: "passed-over",
      warning: `\`${path}\` was not read: it is a link that leads out of its directory, to \`${outside}\``,
    });
  });

  test("names what a link within the project leads to where the reason does not", () => {
    const { options, path, open } = ofProject();
    const inside = join(options.cwd, "inside.json");
    writeFileSync(inside, "{}");
    chmodSync(inside, 0o602);
    symlinkSync(inside, path);
    expect(open()).toEqual({
      kind: "not-read",
      why: "passed-over",
      warning: `\`${path}\` (a link to \`${inside}\`) was not read: others can write to it (mode 0602)`,
    });
  });

  test("leaves the person's own file to the person", () => {
    const { paths, path, open } = ofProject();
    writeFileSync(paths.user, "{}");
    linkSync(paths.user, path);
    expect(open()).toEqual({ kind: "users" });
  });
});

test("readSettingsText() has the text, of as much as 8 MiB, or nothing", () => {
  const path = join(temporaryDirectory(), "settings.json");
  expect(readSettingsText(path)).toBeUndefined();
  writeFileSync(path, "{}".padEnd(LARGEST));
  expect(readSettingsText(path)).toBe("{}".padEnd(LARGEST));
});
