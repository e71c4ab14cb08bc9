import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../../src/errors.ts";
import { parseSettingsText, readRawSettings } from "../../src/settings/load-settings.ts";
import { PROJECT, settingsPlace, USER } from "./settings-place.ts";

const UID = process.getuid?.();
const MIB = 1024 * 1024;

test("loadSettings() reads the four files, lowest precedence first", async () => {
  const { root, load, user, project } = settingsPlace({
    "system/system-defaults.json": { a: 1 },
    [USER]: { a: 2 },
    [PROJECT]: { a: 3 },
    "system/settings.json": { a: 4 },
  });
  const file = (scope: string, path: string, a: number) => {
    const origin = scope === "project" ? "project" : "user";
    return {
      scope,
      path,
      origin,
      exists: true,
      mode: 0o600,
      owner: UID,
      value: { a },
      refers: false,
    };
  };
  expect<unknown>(await load()).toEqual({
    files: [
      file("system-defaults", join(root, "system/system-defaults.json"), 1),
      file("user", user, 2),
      file("project", project, 3),
      file("system", join(root, "system/settings.json"), 4),
    ],
    warnings: [],
  });
});

test("loadSettings() lists files that do not exist as empty", async () => {
  const { write, load, user } = settingsPlace();
  symlinkSync("nowhere", join(dirname(write("home/.qwen/other", "")), "settings.json"));
  const { files, warnings } = await load();
  expect(files.map(({ exists, value }) => [exists, value])).toEqual(
    [1, 2, 3, 4].map(() => [false, {}]),
  );
  const absent = { exists: false, value: {}, refers: false };
  expect(files[1]).toEqual({ scope: "user", path: user, origin: "user", ...absent });
  expect(warnings).toEqual([]);
});

describe("loadSettings() understands", () => {
  const cases: readonly (readonly [name: string, text: string, value: object])[] = [
    ["a byte order mark", '\ufeff{"a": 1}', { a: 1 }],
    ["a byte order mark before a comment", '\ufeff// c\n{"a": 1}', { a: 1 }],
    ["comments", '// "b": 2\n{"a": /* "c" */ 1 // end\n}\n', { a: 1 }],
    ["signs of comments in strings", '{"a": "http://b/*c*/"}', { a: "http://b/*c*/" }],
    ["trailing commas", '{"a": [1, 2,], "b": {"c": 1,},}', { a: [1, 2], b: { c: 1 } }],
    ["line ends as on Windows", '{\r\n  "a": 1\r\n}\r\n', { a: 1 }],
    ["the last of equal keys", '{"a": 1, "a": 2}', { a: 2 }],
    ["flat keys of version 1", '{"model": "m"}', { model: { name: "m" } }],
    [
      "a key that reaches a prototype",
      '{"__proto__": {"x": 1}}',
      JSON.parse('{"__proto__":{"x":1}}'),
    ],
  ];
  for (const [name, text, value] of cases) {
    test(name, async () => {
      const { files, warnings } = await settingsPlace({ [USER]: text }).load();
      expect<unknown>(files[1]?.value).toEqual(value);
      expect(Object.getPrototypeOf(files[1]?.value)).toBe(Object.prototype);
      expect(warnings).toEqual([]);
    });
  }

  test("a file of 8 MiB", async () => {
    const { files } = await settingsPlace({ [USER]: `${" ".repeat(8 * MIB - 7)}{"a":1}` }).load();
    expect(files[1]?.value).toEqual({ a: 1 });
  });
});

describe("loadSettings() tells whether there may be a reference to a variable", () => {
  const cases: readonly (readonly [text: string, refers: boolean])[] = [
    ['{"$version": 4, "a": "b"}', false],
    ['{"$version": 4, "a": "$B"}', true],
    ['{"a": "x$B-"}', true],
    ['{"a": "\\u0024B"}', true],
    ['{"a": "$version"}', true],
    ['{"$version" : 4, "a": "b"}', false],
    ['{"a": "\\u0025B"}', false],
    ['// costs $5\n{"a": 1}', true],
  ];
  test.each(cases)("in %s", async (text, refers) => {
    const { files } = await settingsPlace({ [USER]: text }).load();
    expect(files[1]?.refers).toBe(refers);
  });
});

describe("loadSettings() takes for a file without settings", () => {
  const texts = ["", " \n", "\ufeff", "// mine\n", "/* a */\n// b"];
  for (const file of [USER, PROJECT, "system/settings.json", "system/system-defaults.json"]) {
    test.each(texts)(`%j in ${file}`, async (text) => {
      const { root, load } = settingsPlace({ [file]: text });
      const { files, warnings } = await load();
      expect(files.find(({ path }) => path === join(root, file))?.value).toEqual({});
      expect(warnings).toEqual([]);
    });
  }
});

describe("loadSettings() refuses", () => {
  const cases: readonly (readonly [name: string, text: string, why: string])[] = [
    ["a value that is missing", '{\n  "a": }', "line 2, column 8: expected a value"],
    ["a comma that is missing", '{\n  "a": 1\n  "b": 2\n}', "line 3, column 3: expected a comma"],
    ["a brace that is missing", '{"a": 1', "line 1, column 8: expected a closing brace"],
    [
      "a string without an end",
      '{"a": "sk-secret\n}',
      "line 1, column 7: the string is not closed",
    ],
    ["two documents", "{}\n{}", "line 2, column 1: expected the end of the file"],
    ["an array", "[]", "line 1, column 1: expected an object"],
    ["a scalar", "null", "line 1, column 1: expected an object"],
    ["a wrong type", '{"env": "sk-secret"}', "env: expected an object"],
    [
      "a wrong type at its old place",
      '{"selectedAuthType": 5}',
      "security.auth.selectedType: expected a string",
    ],
  ];
  for (const [name, text, why] of cases) {
    for (const file of [USER, PROJECT, "system/settings.json", "system/system-defaults.json"]) {
      test(`${name} in ${file}`, async () => {
        const { root, load } = settingsPlace({ [file]: text });
        const error = await load().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(ConfigError);
        expect(error).toMatchObject({
          exitCode: 3,
          code: "settings-invalid",
          message: `Cannot use \`${join(root, file)}\`: ${why}`,
        });
        expect(await Bun.file(join(root, file)).text()).toBe(text);
      });
    }
  }

  const odd: readonly (readonly [name: string, make: (path: string) => unknown, why: string])[] = [
    ["a directory", (path) => mkdirSync(path), "it is a directory"],
    ["a pipe", (path) => Bun.spawnSync(["mkfifo", path]), "it is a pipe"],
    [
      "a loop of links",
      (path) => symlinkSync("settings.json", path),
      "too many levels of links (ELOOP)",
    ],
    [
      "a file over 8 MiB",
      (path) => {
        writeFileSync(path, "{}");
        truncateSync(path, 8 * MIB + 1);
      },
      "it is larger than 8 MiB",
    ],
  ];
  for (const [name, make, why] of odd) {
    test(name, async () => {
      const { write, load, user } = settingsPlace();
      write("home/.qwen/other", "");
      make(user);
      await expect(load()).rejects.toMatchObject({
        name: "ConfigError",
        code: "settings-unreadable",
        message: `Cannot read \`${user}\`: ${why}`,
      });
    });
  }
});

describe("loadSettings() warns of", () => {
  const keys: readonly (readonly [name: string, settings: object])[] = [
    ["a key in `env`", { env: { OPENAI_API_KEY: "sk-1" } }],
    ["a token in `env`", { env: { ANTHROPIC_AUTH_TOKEN: "sk-1" } }],
    ["`security.auth.apiKey`", { security: { auth: { apiKey: "sk-1" } } }],
    ["a key in an entry", { modelProviders: { openai: [{ id: "m", apiKey: "sk-1" }] } }],
    [
      "a variable that an entry names",
      {
        env: { MY_CREDENTIAL: "sk-1" },
        modelProviders: { openai: [{ id: "m", envKey: "MY_CREDENTIAL" }] },
      },
    ],
  ];
  for (const [name, settings] of keys) {
    test(`${name} that others can read, once`, async () => {
      const { write, load, user } = settingsPlace();
      write(USER, settings, 0o644);
      expect((await load()).warnings).toEqual([
        `others can read \`${user}\`, which holds a key (mode 0644): run \`chmod 600 ${user}\``,
      ]);
      chmodSync(user, 0o600);
      expect((await load()).warnings).toEqual([]);
    });
  }

  test("no file without a key", async () => {
    const { write, load } = settingsPlace();
    write(USER, { env: { OPENAI_API_KEY: "", FOO: "bar" }, ui: {} }, 0o644);
    expect((await load()).warnings).toEqual([]);
  });

  test("flat keys that have no effect", async () => {
    const { load, user } = settingsPlace({ [USER]: { $version: 3, selectedAuthType: "openai" } });
    expect((await load()).warnings).toEqual([
      `\`selectedAuthType\` in \`${user}\` has no effect: the file's \`$version\` is 2 or newer`,
    ]);
  });
});

describe("loadSettings() tells that a file of the system is another user's", () => {
  const ROOT = UID === 0;
  if (!ROOT) {
    console.log("skipped: only root can give files away");
  }
  test.skipIf(!ROOT).each<[owner: number, uid: number | undefined, isForeign: true | undefined]>([
    [4242, 4242, undefined],
    [0, 4242, undefined],
    [4243, 4242, true],
    [4243, undefined, undefined],
  ])("of %p, asked by %p: %p", async (owner, uid, isForeign) => {
    const { load, root, env } = settingsPlace({ "system/settings.json": { a: 1 } });
    chownSync(join(root, "system/settings.json"), owner, owner);
    const shared = { QWEN_SHARED_HOME: "1" };
    const { files } = await load({ uid, env: { ...env, ...shared } });
    expect([files[3]?.value, files[3]?.owner, files[3]?.isForeign]).toEqual([
      { a: 1 },
      owner,
      isForeign,
    ]);
  });
});

describe("loadSettings() passes over a project's file", () => {
  type Case = readonly [
    name: string,
    make: (machine: ReturnType<typeof settingsPlace>) => unknown,
    why: (root: string) => string,
  ];
  const leaves = (path: string) => `it is a link that leads out of its directory, to \`${path}\``;
  const cases: readonly Case[] = [
    [
      "that others can write to",
      ({ write }) => write(PROJECT, { a: 1 }, 0o606),
      () => "others can write to it (mode 0606)",
    ],
    [
      "that is a link out of the project",
      ({ write, project }) => {
        write("home/repo/.qwen/other", "");
        symlinkSync(write("home/secret.json", { a: 1 }), project);
      },
      (root) => leaves(join(root, "home/secret.json")),
    ],
    [
      "whose directory is a link to the user's",
      ({ root, write }) => {
        write(USER, { a: 1 });
        symlinkSync("../.qwen", join(root, "home/repo/.qwen"));
      },
      (root) => leaves(join(root, USER)),
    ],
    [
      "that is a link to the kernel's files",
      ({ write, project }) => {
        write("home/repo/.qwen/other", "");
        symlinkSync("/proc/version", project);
      },
      () => leaves("/proc/version"),
    ],
  ];
  for (const [name, make, why] of cases) {
    test.if(process.platform === "linux")(name, async () => {
      const machine = settingsPlace();
      make(machine);
      const { files, warnings } = await machine.load();
      expect(files[2]).toMatchObject({ scope: "project", exists: false, value: {} });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toStartWith(`\`${machine.project}\``);
      expect(warnings[0]).toEndWith(`was not read: ${why(machine.root)}`);
    });
  }

  test("of another user", async () => {
    const { load, project, write } = settingsPlace();
    write(PROJECT, "{");
    if (UID === 0) {
      chownSync(project, 4242, 4242);
    }
    const { files, warnings } = await load({ uid: (UID ?? 0) + 1 });
    expect(files[2]?.exists).toBe(false);
    expect(warnings).toEqual([
      `\`${project}\` was not read: it belongs to another user (uid ${UID === 0 ? 4242 : UID})`,
    ]);
  });

  test("with both paths of a link in the warning, whatever the reason is", async () => {
    const { write, load, project } = settingsPlace();
    write("home/repo/.qwen/other", "");
    const target = write("home/repo/shared.json", { a: 1 }, 0o606);
    symlinkSync("../shared.json", project);
    const { files, warnings } = await load();
    expect(files[2]?.exists).toBe(false);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`\`${project}\``);
    expect(warnings[0]).toContain(`\`${target}\``);
  });
});

describe("loadSettings() reads", () => {
  test("a project's file that is a link inside the project", async () => {
    const { write, load, project } = settingsPlace();
    write("home/repo/.qwen/other", "");
    write("home/repo/config/qwen.json", { a: 1 });
    symlinkSync("../config/qwen.json", project);
    const { files, warnings } = await load();
    expect(files[2]).toMatchObject({ exists: true, origin: "project", value: { a: 1 } });
    expect(warnings).toEqual([]);
  });

  test("no project's file of a directory above", async () => {
    const { root, write, load } = settingsPlace({ [PROJECT]: { a: 1 } });
    write("home/repo/sub/README", "");
    const { files } = await load({ cwd: join(root, "home/repo/sub") });
    expect(files.map(({ exists }) => exists)).toEqual([false, false, false, false]);
  });

  test("no project's file in the home directory, also by another name of it", async () => {
    const { root, load, user } = settingsPlace({ [USER]: { a: 1 } });
    symlinkSync("home", join(root, "link"));
    for (const cwd of [join(root, "home"), join(root, "link")]) {
      const { files } = await load({ cwd });
      expect(files.map(({ scope }) => scope)).toEqual(["system-defaults", "user", "system"]);
      expect(files[1]).toMatchObject({ path: user, origin: "user", value: { a: 1 } });
    }
  });

  test("no project's file without `projectFiles`, not even a broken one", async () => {
    const { files, warnings } = await settingsPlace({ [PROJECT]: "{" }).load({
      projectFiles: false,
    });
    expect(files.map(({ scope }) => scope)).toEqual(["system-defaults", "user", "system"]);
    expect(warnings).toEqual([]);
  });
});

test("parseSettingsText() returns the text's own value, not what was understood", async () => {
  expect(await parseSettingsText('\ufeff{"model": "m", /* c */}', "/x")).toEqual({ model: "m" });
});

test("readRawSettings() has a file as it stands, and nothing where there is none", async () => {
  const { write, root } = settingsPlace();
  const path = write(USER, '{ "model": "m", "env": { "A": "$B" } }');
  expect(await readRawSettings(path)).toEqual({ model: "m", env: { A: "$B" } });
  expect(await readRawSettings(join(root, "none.json"))).toEqual({});
  await expect(readRawSettings(write(USER, "{"))).rejects.toMatchObject({ exitCode: 3 });
});
