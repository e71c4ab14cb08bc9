import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type DotenvPlace, findDotenv } from "../../src/env/find-dotenv.ts";
import { cpuTime } from "../support/cpu-time.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { writeFiles } from "./write-files.ts";

const UID = process.getuid?.();
const isRoot = UID === 0;
const STRANGER = 65534;

describe("findDotenv() chooses and shadows", () => {
  type Case = {
    readonly name: string;
    readonly files: readonly string[];
    readonly cwd?: string;
    readonly options?: Partial<DotenvPlace>;
    /** The chosen file first, then the shadowed ones. */
    readonly expected: readonly string[];
  };
  const cases: readonly Case[] = [
    { name: "nothing where there is nothing", files: [], expected: [] },
    {
      name: "`.qwen/.env` before `.env`, nearer before farther, home last",
      files: [
        "home/.env",
        "home/.qwen/.env",
        "repo/.env",
        "repo/.qwen/.env",
        "repo/a/.env",
        "repo/a/.qwen/.env",
      ],
      cwd: "repo/a",
      expected: [
        "project repo/a/.qwen/.env",
        "project repo/a/.env",
        "project repo/.qwen/.env",
        "project repo/.env",
        "user home/.qwen/.env",
        "user home/.env",
      ],
    },
    {
      name: "a file of a directory above",
      files: ["repo/.env", "repo/a/b/c/README"],
      cwd: "repo/a/b/c",
      expected: ["project repo/.env"],
    },
    {
      name: "the home's `.qwen/.env` where the project has none",
      files: ["repo/README", "home/.qwen/.env", "home/.env"],
      cwd: "repo",
      expected: ["user home/.qwen/.env", "user home/.env"],
    },
    {
      name: "the home's `.env` where there is no other",
      files: ["repo/README", "home/.env"],
      cwd: "repo",
      expected: ["user home/.env"],
    },
    {
      name: "below home, the home's files once, before those above home",
      files: ["home/repo/.env", "home/.qwen/.env", "home/.env", ".env"],
      cwd: "home/repo",
      expected: [
        "project home/repo/.env",
        "user home/.qwen/.env",
        "user home/.env",
        "project .env",
      ],
    },
    {
      name: "in home, the home's files once",
      files: ["home/.qwen/.env", "home/.env"],
      cwd: "home",
      expected: ["user home/.qwen/.env", "user home/.env"],
    },
    {
      name: "in `~/.qwen`, the home's files once",
      files: ["home/.qwen/.env", "home/.env"],
      cwd: "home/.qwen",
      expected: ["user home/.qwen/.env", "user home/.env"],
    },
    {
      name: "the `.env` of a `qwenHome` elsewhere before `~/.env`, and not `~/.qwen/.env`",
      files: ["repo/README", "elsewhere/.env", "home/.qwen/.env", "home/.env"],
      cwd: "repo",
      options: { qwenHome: "elsewhere" },
      expected: ["user elsewhere/.env", "user home/.env"],
    },
    {
      name: "`~/.qwen/.env` as a user file also when `qwenHome` is elsewhere",
      files: ["home/.qwen/.env", "home/repo/README", "elsewhere/.env"],
      cwd: "home/repo",
      options: { qwenHome: "elsewhere" },
      expected: ["user home/.qwen/.env", "user elsewhere/.env"],
    },
    {
      name: "a `qwenHome` in the project as a user file where the walk meets it",
      files: ["repo/.qwen/.env", "repo/.env", "home/.env"],
      cwd: "repo",
      options: { qwenHome: "repo/.qwen" },
      expected: ["user repo/.qwen/.env", "project repo/.env", "user home/.env"],
    },
    {
      name: "`qwenHome` as a user file for whoever stands in it",
      files: ["elsewhere/.env", "home/.env"],
      cwd: "elsewhere",
      options: { qwenHome: "elsewhere" },
      expected: ["user elsewhere/.env", "user home/.env"],
    },
    {
      name: "no project file with `projectFiles: false`",
      files: [".env", "home/repo/.env", "home/repo/.qwen/.env", "home/.qwen/.env", "home/.env"],
      cwd: "home/repo",
      options: { projectFiles: false },
      expected: ["user home/.qwen/.env", "user home/.env"],
    },
  ];
  for (const { name, files, cwd = "", options, expected } of cases) {
    test(name, () => {
      const root = writeFiles(Object.fromEntries(files.map((file) => [file, "A=b"])));
      const found = find(root, { cwd, ...options });
      expect(listed(root, found)).toEqual([...expected]);
      expect(found.warnings).toEqual([]);
    });
  }
});

test("findDotenv() describes the candidate", () => {
  const root = writeFiles({ "repo/.qwen/.env": "A=b\n", "repo/.env": "A" });
  chmodSync(join(root, "repo/.env"), 0o644);
  expect(find(root, { cwd: "repo" })).toEqual({
    chosen: {
      path: join(root, "repo/.qwen/.env"),
      origin: "project",
      isQwenFolder: true,
      isLoginFile: false,
      mode: 0o600,
      content: { kind: "text", text: "A=b\n" },
    },
    shadowed: [
      {
        path: join(root, "repo/.env"),
        origin: "project",
        isQwenFolder: false,
        isLoginFile: false,
        mode: 0o644,
        content: { kind: "text", text: "A" },
      },
    ],
    warnings: [],
  });
});

describe("findDotenv() passes over in silence", () => {
  const cases: readonly (readonly [name: string, make: (path: string) => void])[] = [
    ["a directory", (path) => mkdirSync(path)],
    ["a socket", listen],
    ["a link to nothing", (path) => symlinkSync("nowhere", path)],
    ["a link to itself", (path) => symlinkSync(".env", path)],
    ["a link to a directory", (path) => symlinkSync(".", path)],
    ["a device", (path) => symlinkSync("/dev/null", path)],
  ];
  for (const [name, make] of cases) {
    test(name, () => {
      const root = writeFiles({ "home/.env": "A=b", "repo/README": "" });
      make(join(root, "repo/.env"));
      const found = find(root, { cwd: "repo" });
      expect(listed(root, found)).toEqual(["user home/.env"]);
      expect(found.warnings).toEqual([]);
    });
  }

  test("a `.qwen` that is a file", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/.qwen": "" });
    expect(listed(root, find(root, { cwd: "repo" }))).toEqual(["user home/.env"]);
  });
});

describe("findDotenv() passes over with a warning", () => {
  test("a pipe, without waiting for a writer", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/README": "" });
    const path = join(root, "repo/.env");
    Bun.spawnSync(["mkfifo", path]);
    const found = find(root, { cwd: "repo" });
    expect(listed(root, found)).toEqual(["user home/.env"]);
    expect(found.warnings).toEqual([`\`${path}\` was not read: it is a pipe`]);
  });

  test.skipIf(!isRoot)("a file of another user", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/.env": "A=b" });
    const path = join(root, "repo/.env");
    chownSync(path, STRANGER, STRANGER);
    expect(find(root, { cwd: "repo", own: ruleOf(1000) }).warnings).toEqual([
      `\`${path}\` was not read: it belongs to another user (uid 65534)`,
    ]);
    expect(listed(root, find(root, { cwd: "repo", own: ruleOf(1000) }))).toEqual([
      "user home/.env",
    ]);
    expect(listed(root, find(root, { cwd: "repo", own: ruleOf(STRANGER) }))).toEqual([
      "project repo/.env",
      "user home/.env",
    ]);
  });

  test("a file that others can write to, also the user's own", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/README": "" });
    const path = join(root, "home/.env");
    chmodSync(path, 0o602);
    expect(find(root, { cwd: "repo" })).toEqual({
      shadowed: [],
      warnings: [`\`${path}\` was not read: others can write to it (mode 0602)`],
    });
  });

  const links: readonly (readonly [name: string, link: string, target: string])[] = [
    ["a link out of the project", "repo/.env", "../secrets/key.env"],
    ["a link out of the project's `.qwen`", "repo/.qwen/.env", "../../secrets/key.env"],
    ["a link to the user's own file", "repo/.env", "../home/.qwen/.env"],
    ["a `.qwen` that is a link out of the project", "repo/.qwen", "../secrets/.qwen"],
    ["a `.qwen` that is a link to the user's own", "repo/.qwen", "../home/.qwen"],
  ];
  for (const [name, link, target] of links) {
    test(name, () => {
      const root = writeFiles({
        "secrets/key.env": "A=b",
        "secrets/.qwen/.env": "A=b",
        "home/.qwen/.env": "A=b",
        "repo/README": "",
      });
      mkdirSync(dirname(join(root, link)), { recursive: true });
      symlinkSync(target, join(root, link));
      const path = join(root, link.endsWith(".env") ? link : `${link}/.env`);
      const end = join(root, "repo", target.replace(/^(\.\.\/)+/, "../"));
      const realPath = end.endsWith(".env") ? end : join(end, ".env");
      const found = find(root, { cwd: "repo" });
      expect(found.warnings).toEqual([
        `\`${path}\` was not read: it is a link that leads out of its directory, to \`${realPath}\``,
      ]);
      expect(listed(root, found)).toEqual(["user home/.qwen/.env"]);
    });
  }

  test("a link to /proc/self/environ, also where the walk ends at the root", () => {
    const root = writeFiles({ "repo/README": "" });
    symlinkSync("/proc/self/environ", join(root, "repo/.env"));
    const found = find(root, { cwd: "repo" });
    expect(found.chosen).toBeUndefined();
    expect(found.warnings).toEqual([
      expect.stringContaining("leads out of its directory, to `/proc/"),
    ]);
  });

  test("and names both ends of a link whatever the reason is", () => {
    const root = writeFiles({ "repo/real.env": "A=b" });
    chmodSync(join(root, "repo/real.env"), 0o602);
    symlinkSync("real.env", join(root, "repo/.env"));
    expect(find(root, { cwd: "repo" }).warnings).toEqual([
      `\`${root}/repo/.env\` (a link to \`${root}/repo/real.env\`) was not read: ` +
        "others can write to it (mode 0602)",
    ]);
  });

  test("once, though the walk and the home meet the same file", () => {
    const root = writeFiles({ "home/.env": "A=b", "home/repo/README": "" });
    chmodSync(join(root, "home/.env"), 0o602);
    expect(find(root, { cwd: "home/repo" }).warnings).toHaveLength(1);
  });

  test("but says nothing of files behind the chosen one", () => {
    const root = writeFiles({ "home/.env": "A=b", "repo/.env": "A=b" });
    chmodSync(join(root, "home/.env"), 0o602);
    const found = find(root, { cwd: "repo" });
    expect(listed(root, found)).toEqual(["project repo/.env"]);
    expect(found.warnings).toEqual([]);
  });

  test("but says nothing of project files with `projectFiles: false`", () => {
    const root = writeFiles({ "repo/.env": "A=b" });
    chmodSync(join(root, "repo/.env"), 0o602);
    expect(find(root, { cwd: "repo", projectFiles: false })).toEqual({
      shadowed: [],
      warnings: [],
    });
  });
});

describe("findDotenv() follows", () => {
  test("a link that stays in its directory", () => {
    const root = writeFiles({ "repo/config/real.env": "A=b" });
    symlinkSync("config/real.env", join(root, "repo/.env"));
    const found = find(root, { cwd: "repo" });
    expect(listed(root, found)).toEqual(["project repo/.env"]);
    expect(found.warnings).toEqual([]);
  });

  test("a link from `.qwen` into the project, wherever in it one stands", () => {
    const root = writeFiles({ "repo/config/real.env": "A=b", "repo/.qwen/README": "" });
    symlinkSync("../config/real.env", join(root, "repo/.qwen/.env"));
    for (const cwd of ["repo", "repo/.qwen"]) {
      const found = find(root, { cwd });
      expect(listed(root, found)).toEqual(["project repo/.qwen/.env"]);
      expect(found.warnings).toEqual([]);
    }
  });

  test("a `~/.qwen` that is a link, and what is in it is the user's", () => {
    const root = writeFiles({ "dotfiles/qwen/.env": "A=b", "home/repo/README": "" });
    symlinkSync("../dotfiles/qwen", join(root, "home/.qwen"));
    const found = find(root, { cwd: "home/repo" });
    expect(listed(root, found)).toEqual(["user home/.qwen/.env"]);
    expect(found.warnings).toEqual([]);
    expect(listed(root, find(root, { cwd: "dotfiles/qwen" }))).toEqual(["user dotfiles/qwen/.env"]);
  });

  test("no link out of `qwenHome`", () => {
    const root = writeFiles({ "home/secret.env": "A=b", "home/.qwen/README": "" });
    symlinkSync("../secret.env", join(root, "home/.qwen/.env"));
    const found = find(root, { cwd: "home" });
    expect(found.chosen).toBeUndefined();
    expect(found.warnings).toHaveLength(1);
  });

  test("a home that is reached through a link, and lists its files once", () => {
    const root = writeFiles({ "data/me/.env": "A=b", "data/me/repo/.env": "A=b" });
    symlinkSync("data/me", join(root, "home"));
    expect(listed(root, find(root, { cwd: "data/me/repo" }))).toEqual([
      "project data/me/repo/.env",
      "user data/me/.env",
    ]);
  });

  test("two names of one file once", () => {
    const root = writeFiles({ "repo/.env": "A=b", "repo/.qwen/README": "" });
    symlinkSync("../.env", join(root, "repo/.qwen/.env"));
    expect(listed(root, find(root, { cwd: "repo" }))).toEqual(["project repo/.qwen/.env"]);
  });
});

test("findDotenv() takes any owner and mode where there are no user ids", () => {
  const root = writeFiles({ "repo/.env": "A=b" });
  chmodSync(join(root, "repo/.env"), 0o666);
  expect(listed(root, find(root, { cwd: "repo", own: ruleOf(undefined) }))).toEqual([
    "project repo/.env",
  ]);
});

test("findDotenv() finds a file 60 directories up at next to no cost", () => {
  const root = temporaryDirectory();
  const cwd = join(root, "repo", ...Array.from({ length: 60 }, (_, level) => `level-${level}`));
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(root, "repo/.env"), "A=b");
  const own = { own: ruleOf(UID), userFiles: [join(root, ".env"), join(root, ".qwen/.env")] };
  const place = { cwd, home: root, qwenHome: join(root, ".qwen"), projectFiles: true, ...own };
  // Half a millisecond.
  expect(cpuTime(() => findDotenv(place))).toBeLessThan(50);
  expect(findDotenv(place).chosen?.path).toBe(join(root, "repo/.env"));
});

/** Relative paths start at `root`; the home is `home`, the user the one who runs the test. */
function find(root: string, options: Partial<DotenvPlace>): ReturnType<typeof findDotenv> {
  const { cwd = "", qwenHome = "home/.qwen", ...rest } = options;
  return findDotenv({
    home: join(root, "home"),
    own: ruleOf(UID),
    userFiles: [...new Set(["home/.env", "home/.qwen/.env", `${qwenHome}/.env`])].map((path) =>
      join(root, path),
    ),
    projectFiles: true,
    ...rest,
    cwd: join(root, cwd),
    qwenHome: join(root, qwenHome),
  });
}

function ruleOf(uid: number | undefined): DotenvPlace["own"] {
  return { uid, homes: [], isShared: false };
}

function listed(root: string, found: ReturnType<typeof findDotenv>): string[] {
  return [found.chosen, ...found.shadowed]
    .filter((candidate) => candidate !== undefined)
    .map(({ origin, path }) => `${origin} ${path.slice(root.length + 1)}`);
}

function listen(path: string): void {
  const server = Bun.listen({ unix: path, socket: { data() {} } });
  server.unref();
}
