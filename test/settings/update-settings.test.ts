import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError, type QwenError } from "../../src/errors.ts";
import type { JsoncEdit } from "../../src/lib/json/jsonc-edit.ts";
import { type SettingsUpdate, updateSettings } from "../../src/settings/update-settings.ts";
import { runScript } from "../support/run-script.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const RUNTIME = { uid: process.geteuid?.(), sleep: Bun.sleep };
const asRoot = test.if(RUNTIME.uid === 0);

/** `~/.qwen/settings.json` below a new home; with `text` it exists and is private. */
function userFile(text?: string, { mode = 0o600, directoryMode = 0o700 } = {}): string {
  const path = join(temporaryDirectory(), ".qwen/settings.json");
  if (text !== undefined) {
    mkdirSync(dirname(path));
    writeFileSync(path, text);
    chmodSync(path, mode);
    chmodSync(dirname(path), directoryMode);
  }
  return path;
}

function set(path: JsoncEdit["path"], value: unknown): JsoncEdit {
  return { kind: "set", path, value };
}

const SET_KEY = set(["env", "A_KEY"], "sk-1");

async function update(
  path: string,
  edits: readonly JsoncEdit[] = [SET_KEY],
  scope: SettingsUpdate["scope"] = "user",
) {
  return await updateSettings(RUNTIME, { scope, path, edits: () => edits });
}

function modeOf(path: string): number {
  return lstatSync(path).mode & 0o777;
}

/** Everything below a directory with its type, mode, content and time, to compare. */
function snapshot(directory: string): unknown {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, mtimeNs, ino } = lstatSync(path, { bigint: true });
      const content = entry.isFile() ? readFileSync(path, "base64") : "";
      return { path, mode, ino, content, time: entry.isDirectory() ? 0n : mtimeNs };
    })
    .sort((left, right) => left.path.localeCompare(right.path));
}

describe("updateSettings() creates", () => {
  test("a private file of version 4 in a private directory", async () => {
    const path = userFile();
    expect(await update(path)).toEqual({ path, changed: true, notes: [] });
    expect(readFileSync(path, "utf8")).toBe(
      '{\n  "$version": 4,\n  "env": {\n    "A_KEY": "sk-1"\n  }\n}\n',
    );
    expect([modeOf(path), modeOf(dirname(path))]).toEqual([0o600, 0o700]);
    expect(readdirSync(dirname(path))).toEqual(["settings.json"]);
  });

  for (const umask of ["0", "022", "077", "777"]) {
    test(`the same under the umask ${umask}`, async () => {
      const path = userFile();
      const printed = await runScript("set-variable.ts", [path, "A_KEY", "sk-1", umask]);
      expect(JSON.parse(printed)).toEqual({ path, changed: true, notes: [] });
      expect([modeOf(path), modeOf(dirname(path))]).toEqual([0o600, 0o700]);
    });
  }

  test("a project's private file in a directory with the usual mode", async () => {
    const path = join(temporaryDirectory(), ".qwen/settings.json");
    expect(await update(path, [SET_KEY], "project")).toMatchObject({ changed: true });
    expect(modeOf(path)).toBe(0o600);
  });

  test("the file that a dangling link names", async () => {
    const path = userFile("");
    const target = join(dirname(dirname(path)), "dotfiles/qwen.json");
    mkdirSync(dirname(target));
    Bun.spawnSync(["ln", "-sf", "../dotfiles/qwen.json", path]);
    expect(await update(path)).toEqual({ path, changed: true, notes: [] });
    expect(readlinkSync(path)).toBe("../dotfiles/qwen.json");
    expect(JSON.parse(readFileSync(target, "utf8"))).toEqual({
      $version: 4,
      env: { A_KEY: "sk-1" },
    });
    expect(modeOf(target)).toBe(0o600);
  });
});

describe("updateSettings() fills a file that was only made to be there", () => {
  test.each([
    ["", '{\n  "$version": 4,\n  "env": {\n    "A_KEY": "sk-1"\n  }\n}\n'],
    [" \n\n", '{\n  "$version": 4,\n  "env": {\n    "A_KEY": "sk-1"\n  }\n}\n'],
    ["\ufeff", '{\n  "$version": 4,\n  "env": {\n    "A_KEY": "sk-1"\n  }\n}\n'],
    ["// mine\n", '// mine\n{\n  "$version": 4,\n  "env": {\n    "A_KEY": "sk-1"\n  }\n}\n'],
    ["/* a */", '/* a */\n{\n  "$version": 4,\n  "env": {\n    "A_KEY": "sk-1"\n  }\n}\n'],
  ])("%j", async (text, expected) => {
    const path = userFile(text);
    expect(await update(path)).toMatchObject({ changed: true });
    expect(readFileSync(path, "utf8")).toBe(expected);
    expect(await update(path)).toMatchObject({ changed: false });
  });
});

describe("updateSettings() keeps", () => {
  const set2 = set(["model", "name"], "m");
  type Case = readonly [name: string, before: string, edits: readonly JsoncEdit[], after: string];
  const cases: readonly Case[] = [
    [
      "comments, order, indentation and unknown keys",
      '// mine\n{\n    "z": 1, // last\n    /* env */\n    "env": { "B": "b" },\n    "a": [1,2],\n}\n',
      [SET_KEY],
      '// mine\n{\n    "z": 1, // last\n    /* env */\n    "env": { "B": "b", "A_KEY": "sk-1" },\n    "a": [1,2],\n}\n',
    ],
    [
      "a byte order mark and line ends as on Windows",
      '\ufeff{\r\n  "a": 1\r\n}\r\n',
      [set2],
      '\ufeff{\r\n  "a": 1,\r\n  "model": {\r\n    "name": "m"\r\n  }\r\n}\r\n',
    ],
    ["a missing final newline", '{\n  "a": 1\n}', [set(["a"], 2)], '{\n  "a": 2\n}'],
    ["the version of a file that has none", "{}\n", [set(["a"], 2)], '{\n  "a": 2\n}\n'],
    [
      "flat keys of version 1 in step",
      '{\n  "selectedAuthType": "gemini",\n  "model": "old"\n}\n',
      [set(["security", "auth", "selectedType"], "openai"), set2],
      '{\n  "selectedAuthType": "openai",\n  "model": {\n    "name": "m"\n  },\n  "security": {\n    "auth": {\n      "selectedType": "openai"\n    }\n  }\n}\n',
    ],
    [
      "the objects of version 5",
      '{\n  "$version": 5,\n  "modelProviders": {\n    "openai": {\n      "protocol": "openai",\n      "models": []\n    }\n  }\n}\n',
      [{ kind: "insert", path: ["modelProviders", "openai", "models", 0], value: { id: "m" } }],
      '{\n  "$version": 5,\n  "modelProviders": {\n    "openai": {\n      "protocol": "openai",\n      "models": [\n        {\n          "id": "m"\n        }\n      ]\n    }\n  }\n}\n',
    ],
  ];
  for (const [name, before, edits, after] of cases) {
    test(name, async () => {
      const path = userFile(before);
      expect(await update(path, edits)).toEqual({ path, changed: true, notes: [] });
      expect(readFileSync(path, "utf8")).toBe(after);
      expect(readdirSync(dirname(path))).toEqual(["settings.json"]);
    });
  }

  asRoot("the owner when root writes", async () => {
    const path = userFile("{}");
    chownSync(path, 4242, 4343);
    await update(path);
    expect(statSync(path)).toMatchObject({ uid: 4242, gid: 4343 });
    expect(modeOf(path)).toBe(0o600);
  });
});

describe("updateSettings() touches nothing", () => {
  test("when everything stands there already", async () => {
    const path = userFile();
    await update(path);
    const before = snapshot(dirname(path));
    expect(await update(path)).toEqual({ path, changed: false, notes: [] });
    expect(snapshot(dirname(path))).toEqual(before);
  });

  type Case = readonly [name: string, text: string, edits: readonly JsoncEdit[], why: string];
  const cases: readonly Case[] = [
    ["in a file that does not parse", '{"a": }', [SET_KEY], "line 1, column 7: expected a value"],
    ["in an array", "[]", [SET_KEY], "line 1, column 1: expected an object"],
    ["in a file with a wrong type", '{"env": 5}', [SET_KEY], "env: expected an object"],
    [
      "by edits that would make a wrong type",
      '{"a": 1}',
      [set(["model"], 5)],
      "model: expected an object",
    ],
  ];
  for (const [name, text, edits, why] of cases) {
    test(name, async () => {
      const path = userFile(text);
      const before = snapshot(dirname(path));
      await expect(update(path, edits)).rejects.toMatchObject({
        name: "ConfigError",
        message: `Cannot use \`${path}\`: ${why}`,
      });
      expect(snapshot(dirname(path))).toEqual(before);
    });
  }

  test("when the edits cannot be decided", async () => {
    const path = userFile('{"a": 1}');
    const before = snapshot(dirname(path));
    const edits = () => {
      throw new ConfigError("Cannot decide");
    };
    await expect(updateSettings(RUNTIME, { scope: "user", path, edits })).rejects.toThrow(
      "Cannot decide",
    );
    expect(snapshot(dirname(path))).toEqual(before);
  });
});

describe("updateSettings() makes private", () => {
  test("a file that others could read, and says so", async () => {
    const path = userFile("{}", { mode: 0o644 });
    const notes = [`\`${path}\` is now 0600 (it was 0644)`];
    expect(await update(path)).toEqual({ path, changed: true, notes });
    expect(modeOf(path)).toBe(0o600);
  });

  test("a file in which everything stands already", async () => {
    const text = '{"env": {"A_KEY": "sk-1"}}';
    const path = userFile(text, { mode: 0o666 });
    const notes = [`\`${path}\` is now 0600 (it was 0666)`];
    expect(await update(path)).toEqual({ path, changed: false, notes });
    expect([modeOf(path), readFileSync(path, "utf8")]).toEqual([0o600, text]);
  });

  test("the user's directory, and says so", async () => {
    const path = userFile("{}", { directoryMode: 0o755 });
    const notes = [`\`${dirname(path)}\` is now 0700 (it was 0755)`];
    expect(await update(path)).toEqual({ path, changed: true, notes });
    expect(modeOf(dirname(path))).toBe(0o700);
    expect(await update(path)).toEqual({ path, changed: false, notes: [] });
  });

  test.each([0o500, 0o555, 0o300])(
    "no directory that is not lax, or read-only: %o",
    async (mode) => {
      const path = userFile("{}", { directoryMode: mode });
      // Who is not root cannot write there, which is what the mode says.
      const notes = await update(path).then(
        (updated) => updated.notes,
        (error: QwenError) => (error.code === "write-failed" ? [] : [error.message]),
      );
      expect([notes, modeOf(dirname(path))]).toEqual([[], mode]);
      chmodSync(dirname(path), 0o700);
    },
  );

  test("no directory of a project", async () => {
    const path = userFile("{}", { directoryMode: 0o755 });
    expect(await update(path, [SET_KEY], "project")).toMatchObject({ notes: [] });
    expect([modeOf(path), modeOf(dirname(path))]).toEqual([0o600, 0o755]);
  });
});

test("updateSettings() loses nothing of twenty writers at once", async () => {
  const path = userFile();
  const names = Array.from({ length: 20 }, (_, index) => `KEY_${index}`);
  await Promise.all(names.map((name) => runScript("set-variable.ts", [path, name, `${name}-1`])));
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
    $version: 4,
    env: Object.fromEntries(names.map((name) => [name, `${name}-1`])),
  });
  expect(modeOf(path)).toBe(0o600);
  expect(readdirSync(dirname(path))).toEqual(["settings.json"]);
}, 60_000);
