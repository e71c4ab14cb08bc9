import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LoadedDotenv, loadDotenv } from "../../src/env/load-dotenv.ts";
import { ConfigError } from "../../src/errors.ts";
import { writeFiles } from "./write-files.ts";

const UID = process.getuid?.();
const SOURCE = join(import.meta.dir, "../../src/env/load-dotenv.ts");

type Options = Parameters<typeof loadDotenv>[0];

test("loadDotenv() returns nothing where there is no file", () => {
  expect(load(writeFiles({ "repo/README": "" }))).toEqual({
    variables: new Map(),
    shadowed: [],
    denied: [],
    warnings: [],
  });
});

test("loadDotenv() reads the first file only and names what the others set", () => {
  const root = writeFiles({
    "repo/.env": "A=1\nB=$A\nEMPTY=\nPATH=/x",
    "home/.qwen/.env": "A=2\nOPENAI_API_KEY=sk-home\nEMPTY=\nLD_PRELOAD=x\nDEBUG=1",
    "home/.env": "",
  });
  const path = join(root, "repo/.env");
  expect(load(root)).toEqual({
    path,
    origin: "project",
    mode: 0o600,
    variables: new Map([
      ["A", { value: "1", source: { kind: "dotenv", name: "A", path, origin: "project" } }],
      ["B", { value: "$A", source: { kind: "dotenv", name: "B", path, origin: "project" } }],
    ]),
    shadowed: [
      {
        path: join(root, "home/.qwen/.env"),
        origin: "user",
        isLoginFile: true,
        names: ["A", "OPENAI_API_KEY", "DEBUG"],
      },
      { path: join(root, "home/.env"), origin: "user", names: [] },
    ],
    denied: ["PATH"],
    warnings: [`\`PATH\` in \`${path}\` was ignored: this variable is never taken from a file`],
  });
});

describe("loadDotenv() takes logins", () => {
  const LISTED = ["A_KEY", "B_KEY", "NONE", "LD_PRELOAD"];
  const logins = "A_KEY=sk-1\nB_KEY=\nC_KEY=sk-3\nLD_PRELOAD=x";
  const own = "home/.qwen/.env";
  type Case = readonly [
    what: string,
    files: Readonly<Record<string, string>>,
    listed: readonly string[],
    taken: readonly string[] | undefined,
  ];
  test.each<Case>([
    [
      "that are listed, behind another file",
      { "repo/.env": "A=1", [own]: logins },
      LISTED,
      ["A_KEY"],
    ],
    [
      "of the user's login file alone",
      { "repo/.env": "A=1", "home/.env": logins },
      LISTED,
      undefined,
    ],
    ["never unlisted", { "repo/.env": "A=1", [own]: logins }, [], undefined],
    ["not apart from the file that counts", { [own]: logins }, LISTED, undefined],
  ])("%s", (_what, files, listed, taken) => {
    const root = writeFiles({ ...files, "repo/README": "" });
    const path = join(root, own);
    const { logins: found, shadowed } = load(root, { listed });
    expect(found && [...found]).toEqual(
      taken?.map((name) => [
        name,
        { value: "sk-1", source: { kind: "dotenv", name, path, origin: "user" } },
      ]),
    );
    // What is taken as a login is not shadowed.
    expect(shadowed.flatMap(({ names }) => names).filter((name) => listed.includes(name))).toEqual(
      taken === undefined && shadowed.length > 0 && listed.length > 0 ? ["A_KEY"] : [],
    );
  });

  test("but fails for none that cannot be read", () => {
    const root = writeFiles({ "repo/.env": "A=1", [own]: logins });
    truncateSync(join(root, own), 8 * 1024 * 1024 + 1);
    expect(load(root, { listed: LISTED }).logins).toBeUndefined();
  });
});

describe("loadDotenv() takes", () => {
  const text = "A=1\nDEBUG=2\nMINE=3\ndebug=4\nQWEN_HOME=5\nQWEN_MODEL=6\nPATH=";
  const all = ["A", "DEBUG", "MINE", "debug", "QWEN_MODEL"];
  const cases: readonly (readonly [name: string, file: string, names: readonly string[]])[] = [
    ["no excluded name from a project's `.env`", "repo/.env", ["A", "debug", "QWEN_MODEL"]],
    ["excluded names, but no denied one, from a project's `.qwen/.env`", "repo/.qwen/.env", all],
    ["excluded names, but no denied one, from `~/.env`", "home/.env", all],
    ["excluded names, but no denied one, from `~/.qwen/.env`", "home/.qwen/.env", all],
  ];
  for (const [name, file, names] of cases) {
    test(name, () => {
      const root = writeFiles({ "repo/README": "", [file]: text });
      const loaded = load(root, { excluded: ["DEBUG", "MINE"] });
      expect([...loaded.variables.keys()]).toEqual([...names]);
      expect(loaded.warnings).toEqual([
        `\`QWEN_HOME\` in \`${join(root, file)}\` was ignored: ` +
          "this variable is never taken from a file",
      ]);
    });
  }

  test("and names all that are denied in one warning", () => {
    const root = writeFiles({ "repo/.env": "GIT_DIR=a\nA=b\nBUN_OPTIONS=c" });
    expect(load(root).warnings).toEqual([
      `\`GIT_DIR\`, \`BUN_OPTIONS\` in \`${root}/repo/.env\` were ignored: ` +
        "these variables are never taken from a file",
    ]);
  });
});

describe("loadDotenv() warns of a mode that lets others read a key:", () => {
  type Case = readonly [
    name: string,
    file: string,
    mode: number,
    text: string,
    options: Partial<Options>,
    warns: boolean,
  ];
  const cases: readonly Case[] = [
    ["others, API key", "home/.env", 0o604, "X_API_KEY=k", {}, true],
    ["group, token", "home/.qwen/.env", 0o640, "X_TOKEN=k", {}, true],
    ["anyone, key", "home/.env", 0o644, "A=b\nX_KEY=k\nY_KEY=k", {}, true],
    ["only the owner", "home/.env", 0o600, "X_API_KEY=k", {}, false],
    ["no key in it", "home/.env", 0o644, "X_KEYS=k\nKEY=k\nX_URL=k", {}, false],
    ["an empty key", "home/.env", 0o644, "X_API_KEY=", {}, false],
    ["a project's file", "repo/.env", 0o644, "X_API_KEY=k", {}, false],
    ["no user ids", "home/.env", 0o644, "X_API_KEY=k", { own: ruleOf(undefined) }, false],
  ];
  for (const [name, file, mode, text, options, warns] of cases) {
    test(`${name}: ${warns ? "yes" : "no"}`, () => {
      const root = writeFiles({ "repo/README": "", [file]: text });
      const path = join(root, file);
      chmodSync(path, mode);
      const warning =
        `others can read \`${path}\`, which holds a key (mode 0${mode.toString(8)}): ` +
        `run \`chmod 600 ${path}\``;
      expect(load(root, options).warnings).toEqual(warns ? [warning] : []);
    });
  }
});

test("loadDotenv() keeps the warnings of the search", () => {
  const root = writeFiles({ "repo/.env": "A=b" });
  chmodSync(join(root, "repo/.env"), 0o602);
  expect(load(root).warnings).toEqual([
    `\`${root}/repo/.env\` was not read: others can write to it (mode 0602)`,
  ]);
});

test("loadDotenv() decodes leniently, with or without a byte order mark", () => {
  const root = writeFiles({ "repo/README": "" });
  const bytes = Buffer.concat([
    Buffer.from("\ufeffA=b"),
    Buffer.from([0xff]),
    Buffer.from("\nC=é"),
  ]);
  writeFileSync(join(root, "repo/.env"), bytes);
  const values = [...load(root).variables].map(([name, { value }]) => [name, value]);
  expect(values).toEqual([
    ["A", "b\ufffd"],
    ["C", "é"],
  ]);
});

describe("loadDotenv() refuses", () => {
  test("a file over 8 MiB, though not behind another one", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/README": "" });
    const path = join(root, "home/.env");
    truncateSync(path, 8 * 1024 * 1024 + 1);
    expect(failure(() => load(root))).toEqual({
      code: "dotenv-unreadable",
      exitCode: 3,
      message: `Cannot read \`${path}\`: it is larger than 8 MiB`,
      hint: `shorten \`${path}\` or remove it`,
    });

    writeFileSync(join(root, "repo/.env"), "A=b");
    expect(load(root).shadowed).toEqual([{ path, origin: "user", names: [] }]);
  });

  // Root reads everything, so that another user has to try.
  const cannotBecomeAnother = UID === 0 && Bun.which("setpriv") === null;
  if (cannotBecomeAnother) {
    console.log("skipped: closed files need an ordinary user, and there is no `setpriv`");
  }

  test.skipIf(cannotBecomeAnother)("one's own file that is closed", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/.env": "A=b" });
    const path = join(root, "repo/.env");
    chmodSync(path, 0o000);
    expect(loadAsOrdinaryUser(root)).toEqual({
      code: "dotenv-unreadable",
      exitCode: 3,
      message: `Cannot read \`${path}\`: permission denied (EACCES)`,
      hint: `run \`chmod 600 ${path}\` or remove the file`,
    });
  });

  test.skipIf(cannotBecomeAnother)("nothing behind the chosen file", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/.env": "A=b" });
    chmodSync(join(root, "home/.env"), 0o000);
    expect(loadAsOrdinaryUser(root)).toMatchObject({
      path: join(root, "repo/.env"),
      shadowed: [{ path: join(root, "home/.env"), origin: "user", names: [] }],
    });
  });

  test.skipIf(cannotBecomeAnother)("nothing in a directory that is closed", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/.qwen/.env": "A=b" });
    chmodSync(join(root, "repo/.qwen"), 0o000);
    const loaded = loadAsOrdinaryUser(root);
    chmodSync(join(root, "repo/.qwen"), 0o700);
    expect(loaded).toMatchObject({ path: join(root, "home/.env"), warnings: [] });
  });

  test.skipIf(cannotBecomeAnother || UID !== 0)("no closed file of root's", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/.env": "A=b" });
    expect(loadAsOrdinaryUser(root, { keepOwner: "repo/.env" })).toMatchObject({
      path: join(root, "home/.env"),
      warnings: [`\`${root}/repo/.env\` was not read: it belongs to root and you may not read it`],
    });
  });
});

function load(root: string, options: Partial<Options> = {}): LoadedDotenv {
  return loadDotenv({ ...placeIn(root), excluded: [], listed: [], ...options });
}

function placeIn(root: string) {
  const home = join(root, "home");
  mkdirSync(home, { recursive: true });
  return {
    cwd: join(root, "repo"),
    home,
    qwenHome: join(home, ".qwen"),
    own: ruleOf(UID),
    userFiles: [join(home, ".qwen/.env"), join(home, ".env")],
    projectFiles: true,
  };
}

function ruleOf(uid: number | undefined): Options["own"] {
  return { uid, homes: [], isShared: false };
}

function failure(run: () => unknown): Pick<ConfigError, "code" | "exitCode" | "message" | "hint"> {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) {
      const { code, exitCode, message, hint } = error;
      return { code, exitCode, message, hint };
    }
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** What `loadDotenv()` returns or throws in a child process that is not root. */
function loadAsOrdinaryUser(root: string, { keepOwner }: { keepOwner?: string } = {}): unknown {
  const uid = UID === 0 ? 65534 : UID;
  const script = `
    import { loadDotenv } from ${JSON.stringify(SOURCE)};
    try {
      console.log(JSON.stringify(loadDotenv(JSON.parse(process.argv[1]))));
    } catch ({ code, exitCode, message, hint }) {
      console.log(JSON.stringify({ code, exitCode, message, hint }));
    }`;
  const options = JSON.stringify({
    ...placeIn(root),
    own: ruleOf(uid),
    excluded: [],
    listed: [],
  });
  const command = [process.execPath, "--no-env-file", "-e", script, options];
  if (UID === 0) {
    giveAway(root, uid ?? 0, keepOwner);
    command.unshift("setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--");
  }
  const { stdout, stderr } = Bun.spawnSync(command, { cwd: "/" });
  expect(stderr.toString()).toBe("");
  return JSON.parse(stdout.toString());
}

function giveAway(root: string, uid: number, keepOwner: string | undefined): void {
  chownSync(root, uid, uid);
  for (const name of new Bun.Glob("**/*").scanSync({ cwd: root, dot: true, onlyFiles: false })) {
    if (name !== keepOwner) {
      chownSync(join(root, name), uid, uid);
    }
  }
}
