import { describe, expect, test } from "bun:test";
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  gatherDotenv,
  gatherHome,
  gatherKeyFiles,
  gatherSettings,
  gatherWorkTree,
  toFailure,
} from "../../src/doctor/gather-files.ts";
import { ConfigError } from "../../src/errors.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { machine } from "../support/qwen.ts";

const UID = process.geteuid?.() ?? 0;
const OPTIONS = { noProject: false, trust: false } as const;

type Given = {
  readonly env?: Readonly<Record<string, string>>;
  /** What git ends with for a file or a directory; otherwise it knows nothing of it. */
  readonly git?: Readonly<Record<string, number>>;
  /** Below home. */
  readonly cwd?: string;
};

/** A machine with files, and what is asked of it. */
function setUp(files: Readonly<Record<string, string | object>>, given: Given = {}) {
  const at = machine();
  for (const [path, content] of Object.entries(files)) {
    at.write(path, content);
  }
  const { home } = at;
  const { env = {} } = given;
  const runtime = fakeRuntime({ home, cwd: join(home, given.cwd ?? "p"), env });
  const run = async (argv: readonly string[], { cwd }: { readonly cwd: string }) => {
    const asked = argv.includes("ls-files") ? (argv.at(-1) ?? "") : cwd;
    return { exitCode: given.git?.[asked.slice(home.length + 1)] ?? 1 };
  };
  return { ...at, of: { ...runtime, run } };
}

test("toFailure() takes message and hint, and throws on what is for nobody", () => {
  expect(toFailure(new ConfigError("Cannot", { code: "settings-invalid", hint: "do" }))).toEqual({
    message: "Cannot",
    hint: "do",
  });
  const bug = new TypeError("bug");
  expect(() => toFailure(bug)).toThrow(bug);
});

describe("gatherHome()", () => {
  const WELL = { kind: "directory", owner: UID, mode: 0o700, obstacle: undefined } as const;

  test("tells owner, mode and that all can be written", () => {
    const { of, home } = setUp({ ".qwen/settings.json": {} });
    const path = join(home, ".qwen");
    expect(gatherHome(of)).toEqual({ ...WELL, path, unwritable: undefined, inPlace: [] });
    chmodSync(path, 0o1750);
    expect(gatherHome(of)).toMatchObject({ mode: 0o750 });
  });

  test("tells of one that is not there, and of one that is no directory", () => {
    const { of, home, write } = setUp({});
    const path = join(home, ".qwen");
    expect(gatherHome(of)).toEqual({ kind: "missing", path, obstacle: undefined });
    write(".qwen", "a file");
    expect(gatherHome(of)).toEqual({ kind: "unusable", path, why: "it is no directory" });
  });

  test("tells why it cannot be looked at", () => {
    const { of, home } = setUp({});
    const path = join(home, ".qwen");
    symlinkSync(path, path);
    expect(gatherHome(of)).toEqual({
      kind: "unusable",
      path,
      why: "too many levels of links (ELOOP)",
    });
  });

  test("tells which file stands in the way, and of settings before all", () => {
    const { of, home } = setUp({ ".qwen/settings.json": {} });
    mkdirSync(join(home, ".qwen", "oauth_creds.json"));
    expect(gatherHome(of)).toMatchObject({
      ...WELL,
      inPlace: [],
      unwritable: { message: expect.stringContaining(join(home, ".qwen", "oauth_creds.json")) },
    });
    const blocked = setUp({});
    mkdirSync(join(blocked.home, ".qwen", "settings.json"), { recursive: true, mode: 0o700 });
    expect(gatherHome(blocked.of)).toMatchObject({
      obstacle: { message: expect.stringContaining(join(".qwen", "settings.json")) },
    });
  });
});

describe("gatherSettings()", () => {
  const KEY = { env: { A_API_KEY: "sk-1" } };

  test("tells of each file on its own", async () => {
    const { of, home } = setUp(
      { ".qwen/settings.json": KEY, "p/.qwen/settings.json": "{", "system/settings.json": {} },
      { git: { ".qwen/settings.json": 0, "system/settings.json": 0 } },
    );
    const at = (path: string): string => join(home, path);
    const read = { kind: "read", owner: UID, mode: 0o600, warnings: [] } as const;
    expect(await gatherSettings(of, { ...OPTIONS, trust: true })).toEqual([
      {
        scope: "system-defaults",
        path: at("system/system-defaults.json"),
        kind: "absent",
        why: `\`${at("system/system-defaults.json")}\` does not exist`,
      },
      {
        ...{ scope: "user", path: at(".qwen/settings.json"), ...read },
        ...{ holdsKey: true, isTracked: true },
      },
      {
        scope: "project",
        path: at("p/.qwen/settings.json"),
        kind: "broken",
        failure: {
          message: expect.stringContaining(`Cannot use \`${at("p/.qwen/settings.json")}\``),
          hint: "correct the file with an editor, or add `--no-project`",
        },
      },
      // Whether git knows a file without a key is asked of nobody.
      {
        ...{ scope: "system", path: at("system/settings.json"), ...read },
        ...{ holdsKey: false, isTracked: false },
      },
    ]);
  });

  test.each<[string, Given, { noProject: boolean; trust: boolean }, string, string]>([
    ["in the home directory", { cwd: "." }, OPTIONS, "absent", "your home directory is no project"],
    [
      "that is not to be read",
      {},
      { noProject: true, trust: true },
      "absent",
      "`--no-project` was given",
    ],
    [
      "in the home directory that is not to be read",
      { cwd: "." },
      { noProject: true, trust: true },
      "absent",
      "`--no-project` was given",
    ],
  ])("tells why a project's file is none: %s", async (_name, given, options, kind, why) => {
    const { of } = setUp({ "p/.qwen/settings.json": KEY, ".qwen/settings.json": KEY }, given);
    const project = (await gatherSettings(of, options))[2];
    expect(project).toEqual({
      scope: "project",
      path: join(of.cwd, ".qwen", "settings.json"),
      ...({ kind, why } as { kind: "absent"; why: string }),
    });
  });

  test("tells of a project's file that is one of the user's own", async () => {
    const { of, home, project } = setUp({ "p/.qwen/settings.json": KEY });
    const path = join(project, ".qwen", "settings.json");
    const place = { ...of, env: { ...of.env, QWEN_HOME: join(home, "p", ".qwen") } };
    expect((await gatherSettings(place, { ...OPTIONS, trust: true }))[2]).toEqual({
      scope: "project",
      path,
      kind: "absent",
      why: `\`${path}\` is a file of your own by another name`,
    });
  });

  test("tells of a project's file in a folder that is not trusted", async () => {
    const { of, project, write } = setUp({ "p/.qwen/settings.json": KEY });
    const path = join(project, ".qwen", "settings.json");
    write(".qwen/trustedFolders.json", { [project]: "DO_NOT_TRUST" });
    expect((await gatherSettings(of, OPTIONS))[2]).toMatchObject({ path, kind: "distrusted" });
    expect((await gatherSettings(of, { ...OPTIONS, trust: true }))[2]).toMatchObject({
      kind: "read",
      holdsKey: true,
    });
  });

  test("tells of one that others can change, in the words of the loader", async () => {
    const { of, home } = setUp({ "p/.qwen/settings.json": KEY });
    const path = join(home, "p", ".qwen", "settings.json");
    linkSync(path, join(home, "other-name"));
    chmodSync(path, 0o602);
    const [, , project] = await gatherSettings(of, { ...OPTIONS, trust: true });
    expect(project).toMatchObject({ scope: "project", path });
    expect(project?.kind === "passed-over" ? project.why : project).toContain(path);
  });
});

describe("gatherDotenv()", () => {
  test("takes what is known already", async () => {
    const { of } = setUp({ ".qwen/.env": "A_KEY=1" });
    const known = { variables: new Map(), denied: [], shadowed: [], warnings: [] };
    expect(await gatherDotenv(of, known, OPTIONS)).toEqual({ kind: "loaded", dotenv: known });
  });

  test.each([
    [false, "p/.env", [".qwen/.env"]],
    [true, ".qwen/.env", []],
  ])("finds the one in force, without a project's: %p", async (noProject, path, shadowed) => {
    const { of, home } = setUp({ ".qwen/.env": "A_KEY=1\nB=2", "p/.env": "C_KEY=3" });
    const facts = await gatherDotenv(of, undefined, { noProject, trust: true });
    expect(facts.kind === "loaded" ? facts.dotenv.path : facts).toBe(join(home, path));
    expect(facts.kind === "loaded" ? facts.dotenv.shadowed : facts).toEqual(
      shadowed.map((each) => ({
        path: join(home, each),
        origin: "user" as const,
        names: ["A_KEY", "B"],
      })),
    );
  });

  test("tells why the one in force cannot be read", async () => {
    const { of, home } = setUp({ "p/.env": "\u0000" });
    writeFileSync(join(home, "p", ".env"), Uint8Array.of(0xff, 0xfe, 65, 0));
    expect(await gatherDotenv(of, undefined, { ...OPTIONS, trust: true })).toMatchObject({
      kind: "broken",
      failure: { hint: `save \`${join(home, "p", ".env")}\` as UTF-8` },
    });
  });
});

describe("gatherKeyFiles()", () => {
  test("tells of each with a key whether git tracks it", async () => {
    const { of, home } = setUp(
      { ".qwen/.env": "A_TOKEN=1", "p/.env": "C_KEY=3", ".env": "PORT=1" },
      { git: { "p/.env": 0, ".env": 0 } },
    );
    const facts = await gatherDotenv(of, undefined, { ...OPTIONS, trust: true });
    expect(await gatherKeyFiles(of, facts)).toEqual([
      { path: join(home, "p", ".env"), isTracked: true },
      { path: join(home, ".qwen", ".env"), isTracked: false },
    ]);
  });

  test("is empty where there is none, or none can be known", async () => {
    const { of } = setUp({});
    expect(await gatherKeyFiles(of, await gatherDotenv(of, undefined, OPTIONS))).toEqual([]);
    const failure = { message: "no", hint: undefined };
    expect(await gatherKeyFiles(of, { kind: "broken", failure })).toEqual([]);
  });
});

describe("gatherWorkTree()", () => {
  test.each<[string, Readonly<Record<string, number>>, string, boolean | undefined]>([
    ["neither", {}, ".qwen", false],
    ["the folder", { ".qwen": 0 }, ".qwen", true],
    ["the home", { "": 0 }, "", true],
    ["both", { ".qwen": 0, "": 0 }, ".qwen", true],
    ["a folder of which nothing is known", { ".qwen": 127 }, ".qwen", undefined],
    ["the home, and a folder of which nothing is known", { ".qwen": 127, "": 0 }, "", true],
  ])("%s lies in a work tree", async (_name, git, path, isInside) => {
    const { of, home } = setUp({ ".qwen/settings.json": {} }, { git });
    expect(await gatherWorkTree(of)).toEqual({ path: join(home, path), isInside });
  });
});
