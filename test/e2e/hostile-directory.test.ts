import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { type Machine, machine, qwen, type Ran } from "../support/qwen.ts";
import { snapshot } from "../support/snapshot.ts";
import { cannotTrace, traceCalls } from "../support/trace-calls.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef0123456789a289";
const EVIL = "sk-evil-0123456789abcdef0123456789";

/** A directory that offers its own code and keys to every runtime that stands in it. */
function hostileMachine(): Machine & { marker: string } {
  const at = machine();
  const marker = join(at.home, "marker");
  const touch = `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "ran");`;
  const files: Record<string, string> = {
    "bunfig.toml":
      'preload = ["./evil.ts"]\n[run]\npreload = ["./evil.ts"]\n[test]\npreload = ["./evil.ts"]\n',
    "evil.ts": touch,
    ".env.local": `OPENAI_API_KEY=${EVIL}\nOPENAI_BASE_URL=https://evil.test/v1\n`,
    ".env.production": `OPENAI_API_KEY=${EVIL}\n`,
    ".env.development": `OPENAI_API_KEY=${EVIL}\n`,
    ".env.development.local": `BAILIAN_CODING_PLAN_API_KEY=${EVIL}\n`,
    ".env.test": `OPENAI_API_KEY=${EVIL}\n`,
    "tsconfig.json":
      '{"compilerOptions":{"paths":{"citty":["./evil.ts"],"*":["./evil.ts"]},"baseUrl":"."}}',
    "jsconfig.json": '{"compilerOptions":{"paths":{"*":["./evil.ts"]}}}',
    "package.json":
      '{"name":"x","type":"module","main":"evil.ts","imports":{"#x":"./evil.ts"},"scripts":{"auth":"touch ran"}}',
    "node_modules/.bin/git": "#!/bin/sh\ntouch ran\n",
    "qwen.json": "{}",
    "auth.ts": touch,
    "main.ts": touch,
  };
  for (const name of ["citty", "@clack/prompts", "picocolors", "valibot", "jsonc-parser"]) {
    files[`node_modules/${name}/package.json`] = `{"name":"${name}","main":"index.js"}`;
    files[`node_modules/${name}/index.js`] = touch;
  }
  for (const [path, content] of Object.entries(files)) {
    at.write(join("p", path), content, 0o755);
  }
  return { ...at, marker };
}

const COMMANDS: readonly string[][] = [
  ["--version"],
  ["--help"],
  ["auth", "status"],
  ["auth", "status", "--json"],
  ["auth", "coding-plan", "--help"],
  ["auth", "coding-plan", "--region", "china", "--key-stdin"],
  ["auth", "stauts"],
  ["auth", "coding-plan", "--region", "nowhere"],
];

/** Modes that Bun reads `.env.production` and friends for. */
const ENVIRONMENTS: Readonly<Record<string, string>>[] = [
  {},
  { NODE_ENV: "production" },
  { NODE_ENV: "development" },
  { BUN_ENV: "test" },
];

const cases = COMMANDS.flatMap((args) => ENVIRONMENTS.map((env) => ({ args, env })));

describe("a directory that offers code and keys to the runtime", () => {
  test.each(cases)("qwen $args runs and reads none of it ($env)", async ({ args, env }) => {
    const at = hostileMachine();
    const before = snapshot(at.project);
    const friendly = machine();
    const ran = await qwen(at, args, { env, stdin: KEY });
    const expected = await qwen(friendly, args, { env, stdin: KEY });

    expect(existsSync(at.marker)).toBe(false);
    expect(ran.stdout + ran.stderr).not.toContain(EVIL);
    expect(ran.stdout + ran.stderr).not.toContain("evil");
    expect(snapshot(at.project)).toEqual(before);
    const relocate = ({ exitCode, stdout, stderr }: Ran) => ({
      exitCode,
      stdout: stdout.replaceAll(friendly.home, at.home),
      stderr: stderr.replaceAll(friendly.home, at.home),
    });
    expect(ran).toEqual(relocate(expected));
  });

  test("the same files in a parent directory do nothing either", async () => {
    const at = hostileMachine();
    const below = join(at.project, "deep", "er");
    mkdirSync(below, { recursive: true });
    const { exitCode, stdout } = await qwen(at, ["auth", "status", "--json"], { cwd: below });
    expect({ exitCode, state: JSON.parse(stdout).state }).toEqual({ exitCode: 4, state: "none" });
    expect(existsSync(at.marker)).toBe(false);
  });

  testUnless(missingPrograms("git"))(
    "--scope project runs nothing that a repository configures",
    async () => {
      const at = hostileMachine();
      const git = (...args: string[]) =>
        Bun.spawnSync(["git", "-C", at.project, ...args], { env: at.env, stderr: "pipe" });
      git("init", "-q");
      const hook = at.write("p/hook.sh", `#!/bin/sh\ntouch ${at.marker}\n`, 0o755);
      for (const name of ["core.fsmonitor", "core.pager", "core.editor", "core.sshCommand"]) {
        git("config", name, hook);
      }
      git("config", "core.hooksPath", at.project);
      git("config", "alias.check-ignore", `!touch ${at.marker}`);
      writeFileSync(join(at.project, ".gitignore"), ".qwen/\n");
      const ran = await qwen(
        at,
        ["auth", "coding-plan", "-r", "china", "--key-stdin", "--scope", "project"],
        { stdin: KEY, env: { GIT_DIR: "/nonexistent", GIT_CONFIG_COUNT: "x" } },
      );
      expect(ran.exitCode).toBe(0);
      expect(existsSync(at.marker)).toBe(false);
    },
  );
});

describe("system calls", () => {
  async function trace(at: Machine, args: readonly string[], stdin: string) {
    const { exitCode, calls } = await traceCalls(at, args, { stdin });
    expect([0, 2, 3, 4]).toContain(exitCode);
    return calls;
  }

  const straceTest = testUnless(cannotTrace());
  const OPENS = new Set(["open", "openat", "openat2", "readlink", "creat"]);
  const PROGRAMS = new Set(["execve", "execveat"]);
  const SOCKETS = new Set(["socket", "connect", "bind", "listen", "sendto", "sendmsg"]);

  straceTest.each([
    { args: ["auth", "status"] },
    { args: ["auth", "status", "--json"] },
    { args: ["auth", "coding-plan", "--region", "china", "--key-stdin"] },
    { args: ["auth", "coding-plan", "--help"] },
  ])("qwen $args opens no hostile file, runs no program, opens no socket", async ({ args }) => {
    const at = hostileMachine();
    const calls = await trace(at, args, KEY);
    const lines = (names: Set<string>) =>
      calls.filter(({ name }) => names.has(name)).map(({ line }) => line);

    expect(existsSync(at.marker)).toBe(false);
    expect(lines(PROGRAMS)).toHaveLength(1);
    expect(lines(SOCKETS)).toEqual([]);
    const hostile = lines(OPENS).filter((line) =>
      /bunfig|evil|\.env\.|[tj]sconfig|package\.json|node_modules|main\.ts|auth\.ts/.test(line),
    );
    expect(hostile).toEqual([]);
  });

  straceTest.each([{ args: ["auth", "status"] }, { args: ["auth", "list"] }])(
    "qwen $args asks neither keyring nor key helper",
    async ({ args }) => {
      const at = hostileMachine();
      at.write(".qwen/settings.json", {
        modelProviders: { openai: [{ id: "m", envKey: "A_KEY", baseUrl: "https://a.test/v1" }] },
        model: { name: "m" },
        security: { auth: { selectedType: "openai", keyring: ["A_KEY"] } },
        apiKeyHelper: { A_KEY: "echo sk-0123456789abcdef" },
      });
      const calls = await trace(at, args, "");
      expect(calls.filter(({ name }) => SOCKETS.has(name))).toEqual([]);
      expect(calls.filter(({ name }) => PROGRAMS.has(name))).toHaveLength(1);
      expect(calls.filter(({ line }) => /libsecret|libgio/.test(line))).toEqual([]);
    },
  );

  straceTest("a configured status opens no socket and writes to no file", async () => {
    const at = hostileMachine();
    await qwen(at, ["auth", "coding-plan", "--region", "global", "--key-stdin"], { stdin: KEY });
    const calls = await trace(at, ["auth", "status"], "");
    expect(calls.filter(({ name }) => SOCKETS.has(name))).toEqual([]);
    const writing = calls.filter(
      ({ name, line }) =>
        /^(?:unlink|rename|mkdir|chmod|chown|symlink|link|truncate)/.test(name) ||
        /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(line),
    );
    expect(writing.filter(({ line }) => !/"\/(?:dev|proc|sys)\//.test(line))).toEqual([]);
  });
});
