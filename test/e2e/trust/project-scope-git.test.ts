import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

/** Git is asked about the file that is written (`spec/settings-and-env.md`, "Scope of a write"). */
setDefaultTimeout(60_000);

const KEY = "sk-canary-0123456789abcdefghij";
const LOGIN = ["auth", "api-key", "--provider", "deepseek", "--key-stdin", "--scope", "project"];
const withGit = testUnless(missingPrograms("git"));

function repository(at: Machine, folder = at.project) {
  const git = (...args: string[]) =>
    Bun.spawnSync(["git", "-C", folder, ...args], { env: at.env, stderr: "pipe" });
  git("init", "-q");
  return git;
}

describe("a key is not written through an ignored link into a file that git", () => {
  type Case = {
    readonly name: string;
    /** Below the project. */
    readonly link: string;
    readonly target: string;
    readonly written: string;
    readonly ignored: string;
    readonly isTracked: boolean;
  };
  const cases: readonly Case[] = [
    {
      name: "tracks",
      link: ".qwen/settings.json",
      target: "../shared.json",
      written: "shared.json",
      ignored: ".qwen/",
      isTracked: true,
    },
    {
      name: "does not ignore",
      link: ".qwen/settings.json",
      target: "../shared.json",
      written: "shared.json",
      ignored: ".qwen/",
      isTracked: false,
    },
    {
      name: "tracks, behind two links",
      link: ".qwen/settings.json",
      target: "../a",
      written: "shared.json",
      ignored: ".qwen/\na\n",
      isTracked: true,
    },
    {
      name: "tracks, in a folder that is a link",
      link: ".qwen",
      target: "config",
      written: "config/settings.json",
      ignored: ".qwen\n",
      isTracked: true,
    },
    {
      name: "tracks although a rule ignores it",
      link: ".qwen/settings.json",
      target: "../shared.json",
      written: "shared.json",
      ignored: ".qwen/\nshared.json\n",
      isTracked: true,
    },
  ];
  for (const { name, link, target, written, ignored, isTracked } of cases) {
    withGit(name, async () => {
      const at = machine();
      const git = repository(at);
      at.write("p/.gitignore", `${ignored}\n`);
      const path = at.write(`p/${written}`, "{}\n");
      symlinkSync("shared.json", join(at.project, "a"));
      mkdirSync(dirname(join(at.project, link)), { recursive: true });
      symlinkSync(target, join(at.project, link));
      if (isTracked) {
        git("add", "-f", written);
      }
      const { exitCode, stderr } = await qwen(at, LOGIN, { stdin: KEY });
      expect(exitCode).toBe(2);
      // Where git tracks the file, no rule of .gitignore helps.
      expect(stderr).toContain(isTracked ? "git tracks" : "git does not ignore");
      expect(stderr).toContain(
        isTracked ? `git rm --cached ${shortenHome(path, at.home)}` : "add that file to .gitignore",
      );
      expect(stderr).toContain(shortenHome(path, at.home));
      expect(readFileSync(path, "utf8")).toBe("{}\n");
      const forced = await qwen(at, [...LOGIN, "--force"], { stdin: KEY });
      expect(forced.exitCode).toBe(0);
      expect(readFileSync(path, "utf8")).toContain(KEY);
    });
  }

  withGit("of another repository below tracks", async () => {
    const at = machine();
    repository(at);
    at.write("p/.gitignore", ".qwen/\nsub/\n");
    const path = at.write("p/sub/shared.json", "{}\n");
    repository(at, join(at.project, "sub"))("add", "shared.json");
    mkdirSync(join(at.project, ".qwen"));
    symlinkSync("../sub/shared.json", join(at.project, ".qwen/settings.json"));
    expect((await qwen(at, LOGIN, { stdin: KEY })).exitCode).toBe(2);
    expect(readFileSync(path, "utf8")).toBe("{}\n");
  });
});

withGit(
  "a key is not written to the file itself that git tracks although a rule ignores it",
  async () => {
    const at = machine();
    const git = repository(at);
    at.write("p/.gitignore", ".qwen/\n");
    const path = at.write("p/.qwen/settings.json", "{}\n");
    git("add", "-f", ".qwen/settings.json");
    expect(await qwen(at, LOGIN, { stdin: KEY })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: Cannot write a key to `~/p/.qwen/settings.json`: git tracks this file\n\n" +
        "hint: run `git rm --cached ~/p/.qwen/settings.json` and ignore it, or repeat with `--force`\n",
    });
    expect(readFileSync(path, "utf8")).toBe("{}\n");
  },
);

withGit("an ignored link to an ignored file is written", async () => {
  const at = machine();
  repository(at);
  at.write("p/.gitignore", ".qwen/\nshared.json\n");
  const path = at.write("p/shared.json", "{}\n");
  mkdirSync(join(at.project, ".qwen"));
  symlinkSync("../shared.json", join(at.project, ".qwen/settings.json"));
  expect((await qwen(at, LOGIN, { stdin: KEY })).exitCode).toBe(0);
  expect(readFileSync(path, "utf8")).toContain(KEY);
});

withGit("doctor names a file with a key that git tracks, behind a link", async () => {
  const at = machine();
  const git = repository(at);
  const path = at.write("p/shared.json", { env: { OPENAI_API_KEY: KEY } });
  mkdirSync(join(at.project, ".qwen"));
  symlinkSync("../shared.json", join(at.project, ".qwen/settings.json"));
  git("add", "shared.json");
  expect(existsSync(path)).toBe(true);
  expect((await check(at, "settings.project")).summary).toContain("git tracks");
});

describe("doctor names a home in a git work tree:", () => {
  const cases = [
    { name: "HOME is the checkout", env: { HOME: "" }, shown: "~/.qwen" },
    { name: "HOME below it", env: { HOME: "home" }, shown: "~/.qwen" },
    { name: "QWEN_HOME below it", env: { QWEN_HOME: ".cache/qwen" }, shown: "~/p/.cache/qwen" },
    { name: "QWEN_HOME that is not there yet", env: { QWEN_HOME: "a/b" }, shown: "~/p/a/b" },
    {
      name: "HOME, though QWEN_HOME is elsewhere",
      env: { HOME: "home", QWEN_HOME: "/x" },
      shown: "~",
    },
  ];
  for (const { name, env, shown } of cases) {
    withGit(name, async () => {
      const at = machine();
      repository(at);
      at.write("p/home/README", "");
      const inside = Object.entries(env).map(([key, value]) => [
        key,
        value.startsWith("/") ? value : join(at.project, value),
      ]);
      const found = await check(at, "home.git", Object.fromEntries(inside));
      expect(found).toMatchObject({
        status: "warning",
        summary: expect.stringContaining(`\`${shown}\` lies in a git work tree`),
      });
    });
  }

  withGit("and says nothing where it lies outside", async () => {
    const at = machine();
    repository(at);
    expect((await check(at, "home.git")).status).toBe("ok");
  });
});

async function check(at: Machine, id: string, env: Record<string, string> = {}) {
  const { stdout } = await qwen(at, ["doctor", "--json"], { env });
  return JSON.parse(stdout).checks.find((found: { id: string }) => found.id === id);
}

test("without git a key is not written into the project", async () => {
  const at = machine();
  const ran = await qwen(at, LOGIN, { stdin: KEY, env: { PATH: at.home } });
  expect(ran.exitCode).toBe(2);
  expect(existsSync(join(at.project, ".qwen/settings.json"))).toBe(false);
});
