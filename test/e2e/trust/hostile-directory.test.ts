import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS as EVERY_COMMAND } from "../../../src/cli/commands.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen, type Ran } from "../../support/qwen.ts";
import { snapshot } from "../../support/snapshot.ts";
import { cannotTrace, traceCalls } from "../../support/trace-calls.ts";
import { storedTokens } from "../oauth/oauth-machine.ts";

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
      for (const name of ["git", "bin/git"]) {
        at.write(`p/${name}`, `#!/bin/sh\ntouch ${at.marker}\n`, 0o755);
      }
      for (const path of ["", "bin:.:", ":", "./node_modules/.bin:"]) {
        const env = { GIT_DIR: "/nonexistent", GIT_CONFIG_COUNT: "x" };
        const ran = await qwen(
          at,
          ["auth", "coding-plan", "-r", "china", "--key-stdin", "--scope", "project"],
          { stdin: KEY, env: { ...env, PATH: `${path}${at.env.PATH}` } },
        );
        expect({ path, exitCode: ran.exitCode }).toEqual({ path, exitCode: 0 });
        expect([existsSync(at.marker), existsSync(join(at.project, "ran"))]).toEqual([
          false,
          false,
        ]);
      }
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

  const login = ["auth", "coding-plan", "--region", "china", "--key-stdin"];
  const custom = ["-u", "https://new.test/v1", "-m", "m", "--key-stdin"];
  /** What asks nobody, with the exit code of a machine where everything is set up. */
  const SILENT: readonly (readonly [exitCode: number, ...args: string[]])[] = [
    [0, "--version"],
    [0, "--help"],
    [0, "help", "exit-codes"],
    [0, "auth", "--help"],
    [2, "auth"],
    [0, ...login],
    [0, ...login, "--json", "--store", "env-file"],
    [0, "auth", "api-key", "--provider", "deepseek", "--key-stdin"],
    [0, "auth", "api-key", ...custom],
    [0, "auth", "qwen-oauth", "--force"],
    [0, "auth", "status"],
    [0, "auth", "status", "--json", "--trust"],
    [0, "auth", "list", "--json"],
    [0, "auth", "switch", "n"],
    [2, "auth", "switch"],
    [0, "auth", "logout"],
    [0, "auth", "logout", "--all"],
    [0, "auth", "token"],
    [0, "auth", "env"],
    [0, "auth", "set-key", "--key-stdin"],
    [0, "auth", "export"],
    [3, "auth", "import", "/dev/null"],
    [0, "auth", "run", "--dry-run", "--", "true"],
    [0, "upgrade"],
    [0, "version", "--json"],
    [0, "models"],
    [0, "models", "--json"],
    [0, "trust"],
    [0, "trust", "--list"],
    [0, "trust", "--revoke"],
    [0, "doctor"],
    [0, "doctor", "--json"],
    [0, "completion", "zsh"],
    [0, "__complete", "2", "--", "auth", "switch", ""],
    [2, "auth", "stauts"],
    [0, "auth", "status", "--offline"],
  ];

  test("every command is among those whose sockets are looked for", () => {
    const isTried = (words: readonly string[]) =>
      SILENT.some(([, ...args]) => words.every((word, index) => args[index] === word));
    const missing = EVERY_COMMAND.map(({ words }) => words).filter((words) => !isTried(words));
    // It listens until Ctrl+C, on this machine alone.
    expect(missing.map((words) => words.join(" "))).toEqual(["auth serve"]);
  });

  straceTest.each(SILENT.map(([exitCode, ...args]) => ({ exitCode, args })))(
    "qwen $args opens no socket of the internet",
    async ({ exitCode, args }) => {
      const at = machine();
      const entry = { baseUrl: "https://a.test/v1", envKey: "A_KEY" };
      at.write(".qwen/settings.json", {
        modelProviders: { openai: ["m", "n"].map((id) => ({ id, ...entry })) },
        model: { name: "m" },
        security: { auth: { selectedType: "openai" } },
        env: { A_KEY: KEY },
      });
      at.write(".qwen/oauth_creds.json", storedTokens());
      at.write("p/.env", `OTHER_KEY=${KEY}\n`);
      mkdirSync(join(at.project, ".git"));
      const env = { HTTPS_PROXY: "http://localhost:1", QWEN_OAUTH_BASE_URL: "http://localhost:1" };
      const ran = await traceCalls(at, args, { stdin: KEY, env });
      expect(ran.exitCode).toBe(exitCode);
      expect(ran.calls.filter(({ line }) => /AF_INET/.test(line))).toEqual([]);
    },
  );

  straceTest("a question opens one, so that those would be seen", async () => {
    const flags = ["--openai-base-url", "http://127.0.0.1:9/v1", "--openai-api-key", KEY];
    const { calls } = await traceCalls(machine(), ["models", "--remote", ...flags], {});
    expect(calls.some(({ line }) => /AF_INET/.test(line))).toBe(true);
  });

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
