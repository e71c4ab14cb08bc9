import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS as EVERY_COMMAND } from "../../../src/cli/commands.ts";
import { testUnless } from "../../support/needs.ts";
import { qwenPty } from "../../support/pty.ts";
import { type Machine, machine, qwen, type Ran, type RunOptions } from "../../support/qwen.ts";
import { run, shell } from "../../support/shell.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";
import { giveAway, qwenAsNobody, qwenAsStranger, STRANGER } from "../../support/unprivileged.ts";
import { storedTokens } from "../oauth/oauth-machine.ts";
import {
  configured,
  expectNoStack,
  KEY,
  LOGIN,
  login,
  NOBODY_TEST,
  SETTINGS,
  STATUS,
} from "./bad-input-machine.ts";

setDefaultTimeout(60_000);

describe("an unusual place to run", () => {
  NOBODY_TEST("HOME unset: the home of the passwd entry", async () => {
    const at = machine();
    giveAway(at.home);
    const { HOME: _, ...env } = at.env;
    const ran = await qwenAsNobody({ ...at, env }, [...STATUS, "--json"]);
    expect(ran.exitCode).toBe(4);
    const home = Bun.spawnSync(["getent", "passwd", "65534"]).stdout.toString().split(":")[5];
    expect(JSON.parse(ran.stdout).settings).toContainEqual({
      scope: "user",
      path: join(home ?? "", ".qwen", "settings.json"),
      exists: false,
    });
  });

  NOBODY_TEST("HOME unset and no passwd entry: the root is home, and nothing crashes", async () => {
    const at = machine();
    giveAway(at.home, STRANGER);
    const { HOME: _, ...env } = at.env;
    const status = await qwenAsStranger({ ...at, env }, [...STATUS, "--json"]);
    expect(status).toMatchObject({ exitCode: 4, stderr: "" });
    expect(JSON.parse(status.stdout).settings).toContainEqual({
      scope: "user",
      path: "/.qwen/settings.json",
      exists: false,
    });
    const saved = await qwenAsStranger({ ...at, env }, LOGIN, login);
    expect(saved.exitCode).toBe(1);
    expect(saved.stderr).toContain("point QWEN_HOME to another directory");
  });

  test("a relative HOME: status reads what the login wrote", async () => {
    const at = machine();
    const env = { HOME: "home" };
    expect(await qwen(at, LOGIN, { ...login, env })).toMatchObject({ exitCode: 0 });
    expect(modeOf(join(at.project, "home", SETTINGS))).toBe("0600");
    expect((await qwen(at, STATUS, { env })).exitCode).toBe(0);
  });

  test.each([
    ["unset", {}],
    ["empty", { HOME: "" }],
  ])("HOME %s with QWEN_HOME: login and status work", async (_name, more) => {
    const at = machine();
    const { HOME: _, ...env } = at.env;
    const elsewhere = { ...at, env: { ...env, ...more, QWEN_HOME: join(at.home, "q") } };
    expect((await qwen(elsewhere, LOGIN, login)).exitCode).toBe(0);
    expect((await qwen(elsewhere, STATUS)).exitCode).toBe(0);
    expect(modeOf(join(at.home, "q", "settings.json"))).toBe("0600");
  });

  test("HOME that does not exist yet: status finds nothing, login makes it", async () => {
    const at = machine();
    const env = { HOME: join(at.home, "new", "home") };
    expect((await qwen(at, STATUS, { env })).exitCode).toBe(4);
    expect(snapshot(at.home)).toEqual({ p: "directory 755" });
    expect((await qwen(at, LOGIN, { ...login, env })).exitCode).toBe(0);
    expect(modeOf(join(env.HOME, ".qwen"))).toBe("0700");
    expect(modeOf(join(env.HOME, SETTINGS))).toBe("0600");
  });

  test("a directory that was deleted: no stack", async () => {
    const script = (command: string) => `mkdir gone && cd gone && rmdir ../gone && ${command}`;
    for (const command of ["qwen auth status", "qwen --help", "qwen auth nonsense"]) {
      const ran = await shell(machine(), script(command));
      expectNoStack(ran);
      expect(ran.exitCode).toBeLessThan(5);
    }
  });

  test.each([
    ["closed", "exec <&-"],
    ["/dev/null", "exec </dev/null"],
  ])("stdin %s: a missing answer is a usage error that names the flag", async (_name, redirect) => {
    for (const [args, flag] of [
      ["", "--region"],
      ["--region china", "--key-stdin"],
      ["--region china --key-stdin", "empty"],
      ["--region china --key-file -", "empty"],
    ] as const) {
      const at = machine();
      const ran = await shell(at, `${redirect}; qwen auth coding-plan ${args}`);
      expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
      expectNoStack(ran);
      expect(ran.stderr).toContain(flag);
      expect(snapshot(at.home)).toEqual({ p: "directory 755" });
    }
  });

  test("stdin closed does not matter to status", async () => {
    expect((await shell(machine(), "exec <&-; qwen auth status")).exitCode).toBe(4);
  });

  test.each([
    { name: "TERM=dumb", env: { TERM: "dumb" }, flags: [] },
    { name: "CI=1", env: { CI: "1" }, flags: [] },
    { name: "CI=true", env: { CI: "true" }, flags: [] },
    { name: "--no-input", env: {}, flags: ["--no-input"] },
  ])("a terminal with $name: a usage error that names the flag", async ({ env, flags }) => {
    for (const [args, flag] of [
      [[], "--region"],
      [["--region", "china"], "--key-stdin"],
      [["--region", "china", "--key-stdin"], "--key-"],
    ] as const) {
      const at = machine();
      const terminal = qwenPty(at, ["auth", "coding-plan", ...args, ...flags], { env });
      expect(await terminal.exitCode()).toBe(2);
      expect(terminal.text()).toContain(flag);
      expect(terminal.text()).not.toContain("◆");
      expect(snapshot(at.home)).toEqual({ p: "directory 755" });
    }
  });
});

describe("an unusual stdout", () => {
  const json = [LOGIN, ["auth", "api-key", "--provider", "deepseek", "--key-stdin"]];
  /** Every command that prints, as it is called where all is set up. */
  const PRINTING: readonly (readonly string[])[] = [
    ["--version"],
    ["--help"],
    ["auth", "coding-plan", "--help"],
    ...json.map((args) => [...args, "--json"]),
    ["auth", "qwen-oauth", "--force", "--json"],
    ["auth", "status"],
    ["auth", "status", "--json"],
    ["auth", "status", "--show-token"],
    ["auth", "list"],
    ["auth", "list", "--json"],
    ["auth", "switch", "kimi-k2.5", "--json"],
    ["auth", "token"],
    ["auth", "env"],
    ["models"],
    ["models", "--json"],
    ["trust", "--json"],
    ["trust", "--list"],
    ["doctor"],
    ["doctor", "--json"],
    ["completion", "bash"],
    ["__complete", "2", "--", "auth", "switch", ""],
    ["auth", "set-key", "--key-stdin", "--json"],
    ["auth", "export"],
    ["auth", "import", "/dev/null", "--json"],
    ["auth", "run", "--dry-run", "--", "true"],
    ["upgrade"],
    ["version", "--json"],
    ["auth", "logout", "--json"],
    ["auth", "status", "--nope", "--json"],
  ];

  /** Until Ctrl+C they go on; the broker's own tests hold what they print. */
  const STAYING: readonly string[] = ["auth serve"];

  function setUp(): Machine {
    const at = machine();
    at.write(SETTINGS, configured("gpt-4o"));
    at.write(".qwen/oauth_creds.json", storedTokens());
    at.write(".qwen/trustedFolders.json", { "/srv": "TRUST_FOLDER" });
    return at;
  }

  /** Runs a command in a script in which `"$@"` stands for it. */
  const inScript = (at: Machine, script: string, args: readonly string[]) =>
    run(at, ["sh", "-c", script, "sh", "qwen", ...args], { stdin: KEY });

  test("is tried with every command that prints", () => {
    const isTried = (words: readonly string[]) =>
      PRINTING.some((args) => words.every((word, index) => args[index] === word));
    const missing = EVERY_COMMAND.map(({ words }) => words).filter((words) => !isTried(words));
    expect(missing.map((words) => words.join(" "))).toEqual([...STAYING]);
  });

  testUnless(existsSync("/dev/full") ? undefined : "no /dev/full here").each(
    PRINTING.map((args) => ({ args })),
  )("full: qwen $args is exit 1 with the reason", async ({ args }) => {
    const ran = await inScript(setUp(), '"$@" >/dev/full', args);
    expectNoStack(ran);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toMatch(/error: Cannot write .*(no space|ENOSPC)/);
    expect(ran.stderr).not.toContain(KEY);
  });

  test.each(PRINTING.map((args) => ({ args })))(
    "closed, or left by its reader: qwen $args ends as it would, and quietly",
    async ({ args }) => {
      const at = setUp();
      const usual = await inScript(at, '"$@"', args);
      const files = snapshot(join(at.home, ".qwen"));
      // The loop ends when nobody reads any more.
      const until = 'trap "" PIPE; while printf x; do :; done 2>/dev/null;';
      const scripts = [
        '"$@" >&-',
        `{ ${until} "$@"; echo "exit $?" >&2; } | :`,
        '{ "$@"; echo "exit $?" >&2; } | head -c 1 >/dev/null',
      ];
      for (const script of scripts) {
        const other = setUp();
        const ran = await inScript(other, script, args);
        const isPiped = script !== scripts[0];
        const [, exit = ""] = isPiped ? (/exit (\d+)\n$/.exec(ran.stderr) ?? []) : [];
        const said = isPiped ? ran.stderr.replace(/exit \d+\n$/, "") : ran.stderr;
        expect({
          script,
          exitCode: isPiped ? Number(exit) : ran.exitCode,
          stderr: said.replaceAll(other.home, at.home),
        }).toEqual({ script, exitCode: usual.exitCode, stderr: usual.stderr });
        expect(Object.keys(snapshot(join(other.home, ".qwen")))).toEqual(Object.keys(files));
      }
    },
  );

  test("closed, with stderr: nothing is damaged", async () => {
    const at = machine();
    expect(
      (await shell(at, "qwen auth coding-plan -r cn --key-stdin >&- 2>&-", login)).exitCode,
    ).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(at.settings, "utf8")))).toContain("modelProviders");
    expect((await shell(at, "qwen auth status --nope >&- 2>&-")).exitCode).toBe(2);
  });
});

describe("control characters", () => {
  const ESCAPES = "\u001b[31m\u001b]0;title\u0007\u009b1m\u202eevil\u2066\u200b\u007f";
  const DANGEROUS =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

  function expectHarmless({ stdout, stderr }: Ran): void {
    expect(stdout).not.toMatch(DANGEROUS);
    expect(stderr).not.toMatch(DANGEROUS);
  }

  async function runBoth(at: Machine, args: readonly string[], options?: RunOptions) {
    const text = await qwen(at, args, options);
    const asJson = await qwen(at, [...args, "--json"], options);
    expectHarmless(text);
    expectHarmless(asJson);
    expectNoStack(text);
    return { text, json: JSON.parse(asJson.stdout), exitCode: asJson.exitCode };
  }

  test("in model names are made visible, and unchanged once parsed", async () => {
    const at = machine();
    const id = `model${ESCAPES}`;
    at.write(SETTINGS, {
      $version: 4,
      modelProviders: { openai: [{ id, baseUrl: "http://localhost:1/v1" }] },
    });
    const { text, json } = await runBoth(at, STATUS);
    expect(json.model.id).toBe(id);
    expect(text.stdout).toContain("model\\x1b[31m");
    expect(text.stdout).toContain("\\u202e");
  });

  test("in base URLs, keys and unknown fields", async () => {
    const at = machine();
    at.write(SETTINGS, {
      $version: 4,
      env: { [`A${ESCAPES}`]: 5, MY_API_KEY: `key${ESCAPES}`.repeat(2) },
      modelProviders: {
        openai: [{ id: "a", baseUrl: `https://x.test/${ESCAPES}`, envKey: "MY_API_KEY" }],
        [`p${ESCAPES}`]: [{ id: "b" }],
      },
      [`k${ESCAPES}`]: ESCAPES,
    });
    await runBoth(at, STATUS);
    await runBoth(at, LOGIN, login);
    await runBoth(at, STATUS);
  });

  test.each([
    { name: "selectedType", settings: { security: { auth: { selectedType: ESCAPES } } } },
    { name: "model.name", settings: configured(ESCAPES) },
    { name: "a broken entry", settings: { modelProviders: { [`o${ESCAPES}`]: [{ id: 5 }] } } },
    { name: "a wrong type", settings: { env: 5, [ESCAPES]: 1 } },
  ])("in errors about $name", async ({ settings }) => {
    const at = machine();
    at.write(SETTINGS, settings);
    await runBoth(at, STATUS);
  });

  test("in names of files and directories", async () => {
    const at = machine();
    const project = join(at.home, `p${ESCAPES}\nq`);
    mkdirSync(join(project, ".qwen"), { recursive: true });
    writeFileSync(join(project, ".env"), "OPENAI_MODEL=x\n");
    writeFileSync(join(project, ".qwen", "settings.json"), "{}");
    const options = { cwd: project, env: { QWEN_HOME: join(at.home, `h${ESCAPES}`) } };
    const { json } = await runBoth(at, STATUS, options);
    expect(json.dotenv.path).toBe(join(project, ".env"));
    expect((await runBoth(at, LOGIN, { ...login, ...options })).exitCode).toBe(0);
    writeFileSync(join(project, ".qwen", "settings.json"), "{");
    expect((await runBoth(at, STATUS, options)).exitCode).toBe(3);
    rmSync(join(project, ".qwen", "settings.json"));
    expect((await runBoth(at, STATUS, options)).exitCode).toBe(0);
  });

  const typed: readonly string[][] = [
    [`x${ESCAPES}`],
    ["auth", `x${ESCAPES}`],
    ["auth", "status", `--x${ESCAPES}`],
    ["auth", "status", "--auth-type", ESCAPES],
    ["auth", "coding-plan", "--region", ESCAPES],
    ["auth", "coding-plan", "--base-url", ESCAPES],
    ["auth", "coding-plan", "-r", "cn", "--model", ESCAPES, "--key-stdin"],
    ["auth", "coding-plan", "-r", "cn", "--scope", ESCAPES, "--key-stdin"],
    ["auth", "coding-plan", "-r", "cn", "--key-file", ESCAPES],
    ["auth", "coding-plan", "-r", "cn", "--key-env", ESCAPES],
    ["auth", "coding-plan", "-r", "cn", "--color", ESCAPES],
  ];

  test("on the command line", async () => {
    const at = machine();
    for (const args of typed) {
      const { text } = await runBoth(at, args);
      expect(text.exitCode).toBeGreaterThan(1);
    }
  });

  test("in the stack that --debug shows", async () => {
    const at = machine();
    for (const args of typed) {
      expectHarmless(await qwen(at, [...args, "--debug"]));
    }
  });
});
