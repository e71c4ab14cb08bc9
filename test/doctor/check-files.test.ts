import { describe, expect, test } from "bun:test";
import type { Check } from "../../src/doctor/check.ts";
import {
  checkDotenv,
  checkHome,
  checkSettings,
  checkTracked,
  checkWorkTree,
  type HomeFacts,
  isKeyName,
  type KeyFile,
  type SettingsFacts,
  saidOfSettings,
} from "../../src/doctor/check-files.ts";
import type { LoadedDotenv } from "../../src/env/load-dotenv.ts";

type Found = Omit<Check, "id">;

describe("checkHome()", () => {
  const path = "/h/.qwen";
  const directory = {
    kind: "directory",
    path,
    owner: 7,
    mode: 0o700,
    obstacle: undefined,
    inPlace: [],
  } as const;
  const obstacle = { message: "Cannot write x: the disk is full", hint: "free some space" };
  const cases: readonly (readonly [string, HomeFacts, Found])[] = [
    [
      "is content with a private directory",
      directory,
      { status: "ok", summary: "`/h/.qwen` is private (0700)" },
    ],
    [
      "is content with none",
      { kind: "missing", path, obstacle: undefined },
      { status: "ok", summary: "`/h/.qwen` does not exist yet; the first login makes it" },
    ],
    [
      "warns of one that is open",
      { ...directory, mode: 0o755 },
      {
        status: "warning",
        summary: "others can look into `/h/.qwen` (mode 0755)",
        remedy: "run `chmod 700 /h/.qwen`",
      },
    ],
    [
      "warns of another user's",
      { ...directory, owner: 8 },
      {
        status: "warning",
        summary: "`/h/.qwen` belongs to another user (uid 8)",
        remedy: "make `/h/.qwen` your own, or point QWEN_HOME elsewhere",
      },
    ],
    [
      "warns of one in which nothing can be saved",
      { ...directory, obstacle },
      {
        status: "warning",
        summary: "no login can be saved: Cannot write x: the disk is full",
        remedy: "free some space",
      },
    ],
    [
      "warns of one that cannot be made",
      { kind: "missing", path, obstacle },
      {
        status: "warning",
        summary: "no login can be saved: Cannot write x: the disk is full",
        remedy: "free some space",
      },
    ],
    [
      "warns of files that are mounted by themselves",
      { ...directory, inPlace: ["settings.json", ".env"] },
      {
        status: "warning",
        summary:
          "`settings.json` and `.env` in `/h/.qwen` cannot be replaced (a mount point): a crash can cut a write short",
        remedy: "mount the directory `/h/.qwen`, not the single file",
      },
    ],
    [
      "warns of one in which nothing can be saved, without a hint",
      { ...directory, owner: 8, obstacle: { message: "Cannot write x", hint: undefined } },
      {
        status: "warning",
        summary: "no login can be saved: Cannot write x",
        remedy: "point QWEN_HOME to another directory",
      },
    ],
    ...(["clear what protects it", undefined] as const).map((hint): [string, HomeFacts, Found] => [
      `warns of a file that cannot be written, before its mode: ${hint}`,
      {
        ...directory,
        mode: 0o777,
        unwritable: { message: "Cannot write y", hint },
        inPlace: ["y"],
      },
      {
        status: "warning",
        summary: "Cannot write y",
        remedy: hint ?? "point QWEN_HOME to another directory",
      },
    ]),
    [
      "warns of another user's before a file that cannot be written",
      { ...directory, owner: 0, unwritable: { message: "Cannot write y", hint: undefined } },
      {
        status: "warning",
        summary: "`/h/.qwen` belongs to another user (uid 0)",
        remedy: "make `/h/.qwen` your own, or point QWEN_HOME elsewhere",
      },
    ],
    ...[0o710, 0o701].map((mode): [string, HomeFacts, Found] => [
      `warns of one that others can enter: ${mode.toString(8)}`,
      { ...directory, mode },
      {
        status: "warning",
        summary: `others can look into \`/h/.qwen\` (mode 0${mode.toString(8)})`,
        remedy: "run `chmod 700 /h/.qwen`",
      },
    ]),
    [
      "fails for a file",
      { kind: "unusable", path, why: "it is no directory" },
      {
        status: "failed",
        summary: "`/h/.qwen` cannot be used: it is no directory",
        remedy: "remove what stands there, or point QWEN_HOME to a directory",
      },
    ],
  ];
  test.each(cases)("%s", (_name, facts, expected) => {
    expect(checkHome(facts, 7)).toEqual({ id: "home", ...expected });
  });

  test("knows no owners and modes where the system has none", () => {
    expect(checkHome({ ...directory, owner: 0, mode: 0o777 }, undefined).status).toBe("ok");
  });
});

describe("checkSettings()", () => {
  const place = { scope: "user", path: "/h/s.json" } as const;
  const read = {
    ...place,
    kind: "read",
    owner: 7,
    mode: 0o600,
    holdsKey: true,
    isTracked: false,
    warnings: [],
  } as const;
  const cases: readonly (readonly [string, SettingsFacts, Found])[] = [
    [
      "is content with a private file",
      read,
      { status: "ok", summary: "`/h/s.json` is read (0600, holds a key)" },
    ],
    [
      "is content with an open file without a key",
      { ...read, mode: 0o644, holdsKey: false },
      { status: "ok", summary: "`/h/s.json` is read (0644)" },
    ],
    [
      "skips a file that is not there",
      { ...place, kind: "absent", why: "`/h/s.json` does not exist" },
      { status: "skipped", summary: "`/h/s.json` does not exist" },
    ],
    [
      "warns of a key that others can read",
      { ...read, mode: 0o640 },
      {
        status: "warning",
        summary: "others can read `/h/s.json`, which holds a key (mode 0640)",
        remedy: "run `chmod 600 /h/s.json`",
      },
    ],
    [
      "warns of a file that others can change",
      { ...read, mode: 0o666, holdsKey: false },
      {
        status: "warning",
        summary: "others can change `/h/s.json` (mode 0666)",
        remedy: "run `chmod o-w /h/s.json`",
      },
    ],
    [
      "advises against keys in a file that all users share",
      { ...read, scope: "system", owner: 0, mode: 0o644 },
      {
        status: "warning",
        summary: "others can read `/h/s.json`, which holds a key (mode 0644)",
        remedy: "keep keys in your own settings: run `qwen auth`",
      },
    ],
    [
      "warns of another user's file",
      { ...read, owner: 8 },
      {
        status: "warning",
        summary: "`/h/s.json` belongs to another user (uid 8)",
        remedy: "make `/h/s.json` your own, or point QWEN_HOME elsewhere",
      },
    ],
    [
      "is content with root's file, where it holds no key",
      { ...read, owner: 0, mode: 0o644, holdsKey: false },
      { status: "ok", summary: "`/h/s.json` is read (0644)" },
    ],
    [
      "advises against keys in a file of root's",
      { ...read, owner: 0, mode: 0o604 },
      {
        status: "warning",
        summary: "others can read `/h/s.json`, which holds a key (mode 0604)",
        remedy: "keep keys in your own settings: run `qwen auth`",
      },
    ],
    [
      "advises against keys in defaults that all users share",
      { ...read, scope: "system-defaults", mode: 0o640 },
      {
        status: "warning",
        summary: "others can read `/h/s.json`, which holds a key (mode 0640)",
        remedy: "keep keys in your own settings: run `qwen auth`",
      },
    ],
    [
      "warns of a file with a key that others can change",
      { ...read, scope: "system", owner: 0, mode: 0o602 },
      {
        status: "warning",
        summary: "others can change `/h/s.json` (mode 0602)",
        remedy: "run `chmod 600 /h/s.json`",
      },
    ],
    [
      "is content with a file without a key that its group can change",
      { ...read, mode: 0o664, holdsKey: false },
      { status: "ok", summary: "`/h/s.json` is read (0664)" },
    ],
    [
      "skips a file in a folder that is not trusted",
      { ...place, kind: "distrusted", why: "`/h/s.json` was not read: no trust" },
      { status: "skipped", summary: "`/h/s.json` was not read: no trust" },
    ],
    [
      "is content with what git tracks without a key",
      { ...read, holdsKey: false, isTracked: true },
      { status: "ok", summary: "`/h/s.json` is read (0600)" },
    ],
    [
      "warns of a key that git tracks, before all else",
      { ...read, scope: "project", mode: 0o644, isTracked: true },
      {
        status: "warning",
        summary: "git tracks `/h/s.json`, which holds a key",
        remedy: "run `git rm --cached /h/s.json`, add it to .gitignore, and renew the key",
      },
    ],
    [
      "warns of a file that was passed over",
      { ...place, kind: "passed-over", why: "`/h/s.json` was not read: others can write to it" },
      {
        status: "warning",
        summary: "`/h/s.json` was not read: others can write to it",
        remedy: "make the file your own, with one name and writable by nobody else, or remove it",
      },
    ],
    [
      "fails for a file that cannot be used",
      { ...place, kind: "broken", failure: { message: "Cannot use it", hint: "correct it" } },
      { status: "failed", summary: "Cannot use it", remedy: "correct it" },
    ],
  ];
  test.each(cases)("%s", (_name, facts, expected) => {
    expect(checkSettings(facts, 7)).toEqual({ id: `settings.${facts.scope}`, ...expected });
  });

  test("knows no owners and modes where the system has none", () => {
    const facts = { ...read, owner: 0, mode: 0o666 };
    expect(checkSettings(facts, undefined).status).toBe("ok");
    expect(checkSettings({ ...facts, isTracked: true }, undefined).status).toBe("warning");
  });

  test("quotes a path in a command where it must be", () => {
    const facts = { ...read, path: "/h/my s.json", mode: 0o644 };
    expect(checkSettings(facts, 7).remedy).toBe("run `chmod 600 '/h/my s.json'`");
  });
});

describe("checkDotenv()", () => {
  const none: LoadedDotenv = { variables: new Map(), denied: [], shadowed: [], warnings: [] };
  const loaded = (dotenv: LoadedDotenv) => checkDotenv({ kind: "loaded", dotenv });

  test("tells which file is read, and why others are not", () => {
    expect(loaded(none)).toEqual({ id: "dotenv", status: "ok", summary: "no `.env` is read" });
    const shadowed = [{ path: "/h/.env", origin: "user" as const, names: ["A_KEY"] }];
    expect(loaded({ ...none, path: "/h/p/.env", origin: "project", shadowed })).toEqual({
      id: "dotenv",
      status: "ok",
      summary: "`/h/p/.env` is read (the project's)",
      detail: ["`/h/.env` is not read: another came first"],
    });
    const warnings = ["`/h/p/.env` was not read: others can write to it"];
    expect(loaded({ ...none, path: "/h/.env", origin: "user", warnings })).toEqual({
      id: "dotenv",
      status: "warning",
      summary: "`/h/.env` is read (your own)",
      detail: warnings,
    });
  });

  test("names the keys of the login file that another one hides", () => {
    const login = { path: "/h/.qwen/.env", origin: "user", isLoginFile: true } as const;
    const shadowed = [{ ...login, names: ["A_API_KEY", "A_MODEL", "B_TOKEN"] }];
    expect(loaded({ ...none, path: "/h/p/.env", origin: "project", shadowed })).toEqual({
      id: "dotenv",
      status: "warning",
      summary: "`/h/p/.env` is read (the project's)",
      detail: [
        "`/h/.qwen/.env` is not read: another came first",
        "`A_API_KEY` of it is hidden: `security.auth.envFile` does not list it",
        "`B_TOKEN` of it is hidden: `security.auth.envFile` does not list it",
      ],
      remedy: 'add `"A_API_KEY"`, `"B_TOKEN"` to `security.auth.envFile` of your settings',
    });
    const shown = [{ ...login, names: ["A_MODEL"] }];
    expect(loaded({ ...none, path: "/h/p/.env", shadowed: shown }).status).toBe("ok");
  });

  test("fails for one that cannot be read", () => {
    const failure = { message: "Cannot read it", hint: undefined };
    expect(checkDotenv({ kind: "broken", failure })).toEqual({
      id: "dotenv",
      status: "failed",
      summary: "Cannot read it",
    });
  });
});

describe("checkTracked()", () => {
  const cases: readonly (readonly [string, readonly KeyFile[], Found])[] = [
    ["skips where there is no key", [], { status: "skipped", summary: "no `.env` holds a key" }],
    [
      "is content with what git does not track",
      [{ path: "/p/.env", isTracked: false }],
      { status: "ok", summary: "git tracks no `.env` with a key" },
    ],
    [
      "skips where git cannot be asked",
      [
        { path: "/p/.env", isTracked: false },
        { path: "/.env", isTracked: undefined },
      ],
      { status: "skipped", summary: "git could not be asked" },
    ],
    [
      "names every file that git tracks",
      [
        { path: "/p/.qwen/.env", isTracked: undefined },
        { path: "/p/.env", isTracked: true },
        { path: "/.env", isTracked: true },
      ],
      {
        status: "warning",
        summary: "git tracks `/p/.env`, which holds a key",
        detail: ["git tracks `/.env`, which holds a key"],
        remedy: "run `git rm --cached /p/.env`, add it to .gitignore, and renew the key",
      },
    ],
  ];
  test.each(cases)("%s", (_name, files, expected) => {
    expect(checkTracked(files)).toEqual({ id: "dotenv.git", ...expected });
  });
});

test.each<[SettingsFacts, readonly string[]]>([
  [{ scope: "user", path: "/s", kind: "absent", why: "gone" }, []],
  [{ scope: "user", path: "/s", kind: "broken", failure: { message: "no", hint: "do" } }, []],
  [{ scope: "user", path: "/s", kind: "passed-over", why: "others" }, ["others"]],
  [{ scope: "project", path: "/s", kind: "distrusted", why: "no trust" }, ["no trust"]],
  [
    {
      ...{ scope: "user", path: "/s", kind: "read", owner: 7, mode: 0o600 },
      ...{ holdsKey: false, isTracked: false, warnings: ["one", "two"] },
    },
    ["one", "two"],
  ],
])("saidOfSettings() of %j is %j", (facts, said) => {
  expect(saidOfSettings(facts)).toEqual(said);
});

test.each([
  ["A_API_KEY", true],
  ["HF_TOKEN", true],
  ["A_SECRET_1", true],
  ["PASSWORD", true],
  ["A_MODEL", false],
  ["", false],
])("isKeyName(%j) is %p", (name, expected) => {
  expect(isKeyName(name)).toBe(expected);
});

test.each([
  [undefined, "skipped", "git could not be asked", undefined],
  [false, "ok", "`/h` lies in no git work tree", undefined],
  [
    true,
    "warning",
    "`/h` lies in a git work tree: settings and key helpers that are committed there count as your own",
    "point HOME or QWEN_HOME to a directory outside of the checkout",
  ],
] as const)("checkWorkTree() with %p", (isInside, status, summary, remedy) => {
  expect(checkWorkTree({ path: "/h", isInside })).toEqual({
    ...{ id: "home.git", status, summary },
    ...(remedy === undefined ? {} : { remedy }),
  });
});
