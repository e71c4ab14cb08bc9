import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { COMMANDS as EVERY_COMMAND } from "../../../src/cli/commands.ts";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { qwenPty } from "../../support/pty.ts";
import { type Machine, machine, qwen, type Ran, type RunOptions } from "../../support/qwen.ts";
import { run, shell } from "../../support/shell.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";
import {
  cannotBeNobody,
  giveAway,
  qwenAsNobody,
  qwenAsStranger,
  STRANGER,
} from "../../support/unprivileged.ts";
import { storedTokens } from "../oauth/oauth-machine.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef0123456789a289";
const STATUS = ["auth", "status"];
const LOGIN = ["auth", "coding-plan", "--region", "china", "--key-stdin"];
const NOBODY_TEST = testUnless(cannotBeNobody());
const SETTINGS = ".qwen/settings.json";

const COMMANDS = [
  { command: "status", args: STATUS },
  { command: "coding-plan", args: LOGIN },
];

const login = { stdin: KEY };

/** Entries that work, with the model given. */
const configured = (name: string, more: object = {}) => ({
  $version: 4,
  env: { MY_API_KEY: "my-key-0123456789" },
  modelProviders: {
    openai: [
      { id: "gpt-4o", baseUrl: "https://api.example.com/v1", envKey: "MY_API_KEY" },
      { id: "kimi-k2.5", baseUrl: "https://api.example.com/v1", envKey: "MY_API_KEY" },
    ],
  },
  model: { name },
  ...more,
});

function expectNoStack({ stdout, stderr }: Ran): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain("    at ");
    expect(text).not.toContain("Unexpected failure");
    expect(text).not.toContain("Bun v");
  }
}

/** One failure, told in the one form of this run: text on stderr, or the object on stdout. */
function failureOf(ran: Ran, isJson: boolean): { message: string; hint?: string } {
  expectNoStack(ran);
  if (!isJson) {
    expect(ran.stdout).toBe("");
    const [, message = "", hint] = /^error: (.*)\n(?:\nhint: (.*)\n)?$/m.exec(ran.stderr) ?? [];
    expect(message).toStartWith("Cannot ");
    return hint === undefined ? { message } : { message, hint };
  }
  const { error, ...rest } = JSON.parse(ran.stdout);
  expect(rest).toEqual({});
  expect(Object.keys(error)).toEqual(
    ["code", "message", "hint", "exitCode"].filter((name) => name in error),
  );
  expect(error.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(error.exitCode).toBe(ran.exitCode);
  expect(error.message).toStartWith("Cannot ");
  return error;
}

/**
 * Runs a command as text and as JSON; both must fail alike, but for home as `~` in the text, and
 * leave everything as it was.
 */
async function expectFailure(
  at: Machine,
  args: readonly string[],
  { exitCode, run = qwen, ...options }: RunOptions & { exitCode: number; run?: typeof qwen },
): Promise<{ message: string; hint?: string }> {
  const before = snapshot(at.home);
  const text = await run(at, args, options);
  const asJson = await run(at, [...args, "--json"], options);
  expect({ text: text.exitCode, json: asJson.exitCode }).toEqual({
    text: exitCode,
    json: exitCode,
  });
  const failure = failureOf(asJson, true);
  const { message, hint } = failure;
  expect(failureOf(text, false)).toEqual({
    message: shortenHome(message, at.home),
    ...(hint === undefined ? {} : { hint: shortenHome(hint, at.home) }),
  });
  expect(snapshot(at.home)).toEqual(before);
  return failure;
}

describe("a settings file that cannot be used", () => {
  type Bad = { name: string; text: string; where: RegExp };
  const files: readonly Bad[] = [
    { name: "malformed", text: '{\n  "a": 1,,\n}', where: /line 2, column 10\b/ },
    { name: "without its end", text: '{\n  "env": {\n', where: /line 3, column 1\b/ },
    { name: "with a second value", text: '{}\n{"a": 1}', where: /line 2, column 1\b/ },
    { name: "with an unquoted key", text: "{ env: {} }", where: /line 1, column 3\b/ },
    { name: "an array", text: "[{}]", where: /line 1, column 1: .*object/ },
    { name: "null", text: "null", where: /line 1, column 1: .*object/ },
    { name: "a string", text: '"env"', where: /line 1, column 1: .*object/ },
    { name: "malformed behind a BOM", text: "\ufeff{,}", where: /line 1, column 2\b/ },
    { name: "the middle of a merge", text: "<<<<<<< HEAD\n{}\n", where: /line 1, column 1\b/ },
  ];
  const both = files.flatMap((file) => COMMANDS.map((command) => ({ ...file, ...command })));

  test.each(both)(
    "$name: $command fails with path, line and column",
    async ({ text, where, args }) => {
      const at = machine();
      at.write(SETTINGS, text);
      const { message } = await expectFailure(at, args, { ...login, exitCode: 3 });
      expect(message).toContain(at.settings);
      expect(message).toMatch(where);
    },
  );

  type Wrong = { name: string; settings: object; where: string };
  const wrong: readonly Wrong[] = [
    { name: "model: 5", settings: { $version: 4, model: 5 }, where: "model: expected an object" },
    {
      name: "model.name: []",
      settings: { $version: 4, model: { name: [] } },
      where: "model.name: expected a string",
    },
    {
      name: "security.auth.selectedType: []",
      settings: { security: { auth: { selectedType: [] } } },
      where: "security.auth.selectedType: expected a string",
    },
    { name: "env: []", settings: { env: [] }, where: "env: expected an object" },
    {
      name: "modelProviders: []",
      settings: { modelProviders: [] },
      where: "modelProviders: expected an object",
    },
    {
      name: "security: false",
      settings: { security: false },
      where: "security: expected an object",
    },
  ];
  test.each(wrong.flatMap((each) => COMMANDS.map((command) => ({ ...each, ...command }))))(
    "$name: $command names the JSON path",
    async ({ settings, where, args }) => {
      const at = machine();
      at.write(SETTINGS, settings);
      const { message } = await expectFailure(at, args, { ...login, exitCode: 3 });
      expect(message).toContain(at.settings);
      expect(message).toContain(where);
    },
  );

  test.each(COMMANDS)("a directory in its place: $command", async ({ args }) => {
    const at = machine();
    mkdirSync(at.settings, { recursive: true });
    chmodSync(join(at.home, ".qwen"), 0o700);
    const { message } = await expectFailure(at, args, { ...login, exitCode: 3 });
    expect(message).toContain(at.settings);
    expect(message).toContain("directory");
  });

  testUnless(missingPrograms("mkfifo")).each(COMMANDS)(
    "a pipe in its place never hangs: $command",
    async ({ args }) => {
      const at = machine();
      mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
      Bun.spawnSync(["mkfifo", at.settings]);
      const { message } = await expectFailure(at, args, { ...login, exitCode: 3 });
      expect(message).toContain(at.settings);
    },
  );

  test.each(COMMANDS)("a loop of links: $command", async ({ args }) => {
    const at = machine();
    mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
    symlinkSync("settings.json", at.settings);
    const { message } = await expectFailure(at, args, { ...login, exitCode: 3 });
    expect(message).toContain(at.settings);
  });

  test.each(COMMANDS)("a file over 8 MiB: $command", async ({ args }) => {
    const at = machine();
    at.write(SETTINGS, `{"x": "${"x".repeat(8 * 1024 * 1024)}"}`);
    const { message } = await expectFailure(at, args, { ...login, exitCode: 3 });
    expect(message).toContain(at.settings);
    expect(message).toContain("8 MiB");
  });

  test.each(COMMANDS)("a project file that is malformed: $command names it", async ({ args }) => {
    const at = machine();
    at.write("p/.qwen/settings.json", '{ "model": }');
    const before = snapshot(at.project);
    const ran = await qwen(at, args, login);
    expectNoStack(ran);
    expect(ran.stderr).toContain("`~/p/.qwen/settings.json`: line 1, column 12");
    // The write in the user's own file stands: its warning says what will not work.
    expect(ran.exitCode).toBe(args === STATUS ? 3 : 0);
    expect(snapshot(at.project)).toEqual(before);
  });

  test("a directory in place of ~/.qwen's parent file: ~/.qwen is a file", async () => {
    const at = machine();
    writeFileSync(join(at.home, ".qwen"), "not a directory");
    const before = snapshot(at.home);
    const ran = await qwen(at, LOGIN, login);
    expect([1, 3]).toContain(ran.exitCode);
    expect(failureOf(ran, false).message).toContain("~/.qwen");
    expect(snapshot(at.home)).toEqual(before);
  });

  test.each(COMMANDS)("a BOM before a good file is no failure: $command", async ({ args }) => {
    const at = machine();
    at.write(SETTINGS, `\ufeff${JSON.stringify(configured("gpt-4o"))}`);
    expect((await qwen(at, args, login)).exitCode).toBe(0);
    expect(readFileSync(at.settings, "utf8")).toStartWith("\ufeff{");
  });
});

describe("a settings file that is not one's own", () => {
  NOBODY_TEST.each(COMMANDS)("unreadable: $command", async ({ args }) => {
    const at = machine();
    at.write(SETTINGS, configured("gpt-4o"), 0);
    giveAway(at.home);
    const { message } = await expectFailure(at, args, {
      ...login,
      exitCode: 3,
      run: qwenAsNobody,
    });
    expect(message).toContain(at.settings);
    expect(message).toContain("permission denied");
  });

  NOBODY_TEST("root's file is read, but not replaced", async () => {
    const at = machine();
    at.write(SETTINGS, configured("gpt-4o"), 0o644);
    giveAway(at.home);
    chownSync(at.settings, 0, 0);
    expect((await qwenAsNobody(at, STATUS)).exitCode).toBe(0);

    const before = snapshot(at.home);
    const ran = await qwenAsNobody(at, LOGIN, login);
    expect([1, 3]).toContain(ran.exitCode);
    const { message } = failureOf(ran, false);
    expect(message).toContain("~/.qwen/settings.json");
    expect(message).toMatch(/belongs to another user|owner/);
    expect(snapshot(at.home)).toEqual(before);
    expect(statSync(at.settings).uid).toBe(0);
  });

  NOBODY_TEST("a project file of a third user is passed over, with a warning", async () => {
    const at = machine();
    at.write(SETTINGS, configured("gpt-4o"));
    const path = at.write("p/.qwen/settings.json", { $version: 4, model: { name: "kimi-k2.5" } });
    giveAway(at.home);
    chmodSync(path, 0o644);
    chownSync(path, 12345, 12345);
    const { stdout, exitCode } = await qwenAsNobody(at, [...STATUS, "--json"]);
    const status = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(status.model.id).toBe("gpt-4o");
    expect(status.warnings).toEqual([expect.stringContaining(path)]);
  });

  test("a project file that others can write is passed over, with a warning", async () => {
    const at = machine();
    at.write(SETTINGS, configured("gpt-4o"));
    const path = at.write(
      "p/.qwen/settings.json",
      { $version: 4, model: { name: "kimi-k2.5" } },
      0o666,
    );
    const { stdout, exitCode } = await qwen(at, [...STATUS, "--json"]);
    const status = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(status.model.id).toBe("gpt-4o");
    expect(status.warnings).toEqual([expect.stringMatching(/0666/)]);
    expect(status.warnings[0]).toContain(path);
  });

  test("a user's file that others can write is refused, and tightened by a write", async () => {
    const at = machine();
    at.write(SETTINGS, configured("gpt-4o"), 0o666);
    const { stderr, exitCode } = await qwen(at, STATUS);
    expect({ stderr, exitCode }).toEqual({
      stderr:
        "error: Cannot use `~/.qwen/settings.json`: others can write to it (mode 0666)\n" +
        "\nhint: run `chmod 600 ~/.qwen/settings.json`\n",
      exitCode: 3,
    });
    expect(modeOf(at.settings)).toBe("0666");
    const ran = await qwen(at, LOGIN, login);
    expect(ran.stderr).toContain("is now 0600 (it was 0666)");
    expect(modeOf(at.settings)).toBe("0600");
  });

  NOBODY_TEST("a read-only home: one line with the reason, exit 1", async () => {
    const at = machine();
    giveAway(at.home);
    chmodSync(at.home, 0o500);
    const failure = await expectFailure(at, LOGIN, { ...login, exitCode: 1, run: qwenAsNobody });
    expect(failure.message).toContain(at.settings);
    expect(failure.message).toContain("permission denied");
    expect((await qwenAsNobody(at, STATUS)).exitCode).toBe(4);
  });

  NOBODY_TEST("a read-only ~/.qwen that is another's: exit 1 or 3, old bytes intact", async () => {
    const at = machine();
    at.write(SETTINGS, configured("gpt-4o"), 0o644);
    giveAway(at.home);
    chmodSync(join(at.home, ".qwen"), 0o755);
    chownSync(join(at.home, ".qwen"), 0, 0);
    const before = snapshot(at.home);
    const ran = await qwenAsNobody(at, LOGIN, login);
    expect([1, 3]).toContain(ran.exitCode);
    expect(failureOf(ran, false).message).toContain("~/.qwen");
    expect(snapshot(at.home)).toEqual(before);
  });
});

describe("settings that contradict themselves", () => {
  const entry = { baseUrl: "https://api.example.com/v1", envKey: "MY_API_KEY" };
  const withEntries = (openai: unknown, more: object = {}) => ({
    ...configured("gpt-4o"),
    modelProviders: { openai },
    ...more,
  });

  test.each([
    ["its base URL", { id: "gpt-4o", ...entry, baseUrl: 7 }, "modelProviders.openai[0].baseUrl"],
    ["its env key", { id: "gpt-4o", ...entry, envKey: {} }, "modelProviders.openai[0].envKey"],
  ])(
    "the selected entry is broken in %s: status fails with the JSON path",
    async (_n, broken, where) => {
      const at = machine();
      at.write(SETTINGS, withEntries([broken, { id: "other", ...entry }]));
      const { message } = await expectFailure(at, STATUS, { exitCode: 3 });
      expect(message).toContain(`${where}: expected a string`);
      expect(message).toContain(at.settings);
    },
  );

  test("the only entry has a broken id: status fails with the JSON path", async () => {
    const at = machine();
    at.write(SETTINGS, withEntries([{ id: 7, ...entry }], { model: {} }));
    const { message } = await expectFailure(at, STATUS, { exitCode: 3 });
    expect(message).toContain("modelProviders.openai[0].id: expected a string");
  });

  test("an entry that is not selected is broken: a warning with the JSON path", async () => {
    const at = machine();
    at.write(
      SETTINGS,
      withEntries([
        { id: 7, ...entry },
        { id: "gpt-4o", ...entry },
      ]),
    );
    const { stdout, exitCode } = await qwen(at, [...STATUS, "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).warnings).toEqual([
      expect.stringContaining("modelProviders.openai[0].id: expected a string"),
    ]);
  });

  test("a broken entry does not stop coding-plan, which keeps it", async () => {
    const at = machine();
    at.write(SETTINGS, withEntries([{ id: 7, ...entry }]));
    expect((await qwen(at, LOGIN, login)).exitCode).toBe(0);
    const { openai } = JSON.parse(readFileSync(at.settings, "utf8")).modelProviders;
    expect(openai.at(-1)).toEqual({ id: 7, ...entry });
    expect((await qwen(at, STATUS)).exitCode).toBe(0);
  });

  const repairable = [
    {
      name: "an unknown selectedType",
      settings: configured("gpt-4o", { security: { auth: { selectedType: "opnai" } } }),
      says: ["opnai", "openai, anthropic, gemini, qwen-oauth"],
      meant: "openai",
    },
    {
      name: "an unknown model.name",
      settings: configured("gtp-4o"),
      says: ["gtp-4o", "gpt-4o, kimi-k2.5"],
      meant: "gpt-4o",
    },
  ];
  test.each(repairable)(
    "$name: status names the known ones and the near one",
    async ({ settings, says, meant }) => {
      const at = machine();
      at.write(SETTINGS, settings);
      const { message, hint } = await expectFailure(at, STATUS, { exitCode: 3 });
      expect(message).toContain(at.settings);
      for (const part of says) {
        expect(`${message} ${hint}`).toContain(part);
      }
      expect(hint).toContain(`did you mean "${meant}"?`);
    },
  );

  test.each(repairable)("$name: coding-plan repairs it", async ({ settings }) => {
    const at = machine();
    at.write(SETTINGS, settings);
    expect((await qwen(at, LOGIN, login)).exitCode).toBe(0);
    expect((await qwen(at, STATUS)).exitCode).toBe(0);
  });
});

describe("a wrong command line", () => {
  type Wrong = { args: string[]; says: string[]; hint?: string; stdin?: string };
  const plan = (...args: string[]) => ["auth", "coding-plan", ...args];
  const cases: readonly Wrong[] = [
    { args: plan("--region", "mars", "--key-stdin"), says: ["mars"], hint: "china" },
    {
      args: plan("--region", "chna", "--key-stdin"),
      says: ["chna"],
      hint: 'did you mean "china"?',
    },
    { args: plan("--region", ""), says: ["region"], hint: "china" },
    { args: plan("--regoin", "china"), says: ["--regoin"], hint: 'did you mean "--region"?' },
    { args: plan("--key-stdn"), says: ["--key-stdn"], hint: 'did you mean "--key-stdin"?' },
    { args: plan("-z"), says: ["-z"] },
    { args: plan("--region"), says: ["--region", "value"] },
    { args: plan("--region", "--key-stdin"), says: ["--region", "value"] },
    { args: plan("-r", "--quiet"), says: ["-r", "value"] },
    { args: plan("--key-stdin=yes", "-r", "cn"), says: ["--key-stdin", "switch"] },
    { args: plan("-r", "cn", "--scope", "global", "--key-stdin"), says: ["global"], hint: "user" },
    { args: plan("-r", "cn", "--models", " , ", "--key-stdin"), says: ["--models"] },
    { args: plan("-r", "cn", "--model", "gpt-4o", "--key-stdin"), says: ["gpt-4o"], hint: "glm-5" },
    {
      args: plan("-r", "cn", "--model", "glm5", "--key-stdin"),
      says: ["glm5"],
      hint: 'did you mean "glm-5"?',
    },
    {
      args: plan("-r", "china", "-u", "https://coding-intl.dashscope.aliyuncs.com/v1", "-k", KEY),
      says: ["--region", "--base-url", "global"],
    },
    {
      args: plan("-u", "https://example.com/v1", "--key-stdin"),
      says: ["https://example.com/v1"],
      hint: "https://coding.dashscope.aliyuncs.com/v1",
    },
    { args: plan("-u", "not a url", "--key-stdin"), says: ["not a URL"] },
    { args: plan("-r", "cn", "--color", "blue", "--key-stdin"), says: ["blue"], hint: "never" },
    { args: plan("-r", "cn", "--key-stdin", "extra"), says: ["extra word"] },
    { args: plan("-r", "cn", "--key-stdin", "--", "x"), says: [] },
    // Keys
    { args: plan("-r", "cn", "--key-stdin"), says: ["empty"] },
    { args: plan("-r", "cn", "--key-stdin"), says: ["empty"], stdin: "\r\n" },
    { args: plan("-r", "cn", "--key-stdin"), says: ["white space"], stdin: `${KEY} ${KEY}` },
    { args: plan("-r", "cn", "--key-stdin"), says: ["empty"], stdin: " \t " },
    { args: plan("-r", "cn", "--key-stdin"), says: ["control"], stdin: `sk-sp-\u001b[31m${KEY}` },
    { args: plan("-r", "cn", "--key-stdin"), says: ["control"], stdin: `${KEY}\u0000` },
    { args: plan("-r", "cn", "--key-stdin"), says: ["control"], stdin: `${KEY}\u202e` },
    { args: plan("-r", "cn", "--key-stdin"), says: ["one line"], stdin: `${KEY}\n${KEY}\n` },
    { args: plan("-r", "cn", "--key", ""), says: ["empty"] },
    { args: plan("-r", "cn", "--key="), says: ["empty"] },
    { args: plan("-r", "cn", "--key"), says: ["--key", "value"] },
    {
      args: plan("-r", "cn", "--key-stdin", "--key", KEY),
      says: ["--key-stdin", "--key"],
      stdin: KEY,
    },
    {
      args: plan("-r", "cn", "--key-file", "-", "--key-env", "HOME"),
      says: ["--key-file", "--key-env"],
    },
    { args: plan("-r", "cn", "--key-stdin", "--with-token"), says: [] },
    { args: plan("-r", "cn", "--key-env", "NOT_SET"), says: ["NOT_SET", "not set"] },
    // Nothing to ask
    { args: plan(), says: ["region"], hint: "--region" },
    { args: plan("-r", "cn"), says: ["key"], hint: "--key-stdin" },
    { args: plan("--key-stdin"), says: ["region"], hint: "--region", stdin: KEY },
    // Commands
    { args: ["auth", "stauts"], says: [], hint: 'did you mean "status"?' },
    { args: ["auth", "coding-plna"], says: [], hint: 'did you mean "coding-plan"?' },
    { args: ["auht", "status"], says: [], hint: "did you mean `qwen auth status`?" },
    { args: ["hlep"], says: [], hint: "did you mean `qwen help`?" },
    { args: ["help", "auht"], says: [], hint: 'did you mean "auth"?' },
    { args: ["auth", "status", "--jsno"], says: ["--jsno"], hint: 'did you mean "--json"?' },
    { args: ["auth", "status", "--auth-type"], says: ["--auth-type", "value"] },
    {
      args: ["auth", "status", "--auth-type", "gemini", "--openai-base-url", "https://x.test"],
      says: ["--auth-type", "--openai-base-url"],
    },
    { args: ["--nonsense"], says: ["--nonsense"] },
  ];

  // `--with-token` is `--key-stdin` by another name: given twice, it is one input.
  const failing = cases.filter(
    ({ args }) => !args.includes("--with-token") && !args.includes("--"),
  );
  test.each(failing)("qwen $args is a usage error", async ({ args, says, hint, stdin = "" }) => {
    const at = machine();
    const failure = await expectFailure(at, args, { stdin, exitCode: 2 });
    for (const part of says) {
      expect(failure.message).toContain(part);
    }
    if (hint !== undefined) {
      expect(failure.hint).toContain(hint);
    }
    expect(JSON.stringify(failure)).not.toContain(KEY);
  });

  test("words after -- are a usage error as well", async () => {
    const ran = await qwen(machine(), plan("-r", "cn", "--key-stdin", "--", "x"), login);
    expect(ran.exitCode).toBe(2);
    failureOf(ran, false);
  });

  test.each([
    ["sk-sp- key", KEY],
    ["key of no known shape", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"],
  ])("a %s as a stray word is never repeated in full", async (_name, key) => {
    const at = machine();
    for (const args of [
      plan(key),
      plan("-r", "china", key),
      plan("-r", "china", "--key-stdin", key),
      ["auth", "status", key],
      ["auth", key],
      [key],
      ["auth", "login", key],
      ["help", key],
      plan("--region", "china", `--token=${key}`),
      plan("--region", "china", `-t${key}`),
    ]) {
      for (const json of [[], ["--json"]]) {
        const ran = await qwen(at, [...args, ...json], login);
        expect(ran.exitCode).toBe(2);
        expect({ args, output: ran.stdout + ran.stderr }).toEqual({
          args,
          output: expect.not.stringContaining(key),
        });
      }
    }
    expect(snapshot(at.home)).toEqual({ p: "directory 755" });
  });

  test.each([
    { name: "is missing", make: () => undefined },
    { name: "is a directory", make: (path: string) => mkdirSync(path) },
    { name: "is too large", make: (path: string) => writeFileSync(path, "x".repeat(70_000)) },
  ])("a --key-file that $name is exit 3 with its path", async ({ make }) => {
    const at = machine();
    make(join(at.project, "key.txt"));
    const { message } = await expectFailure(at, plan("-r", "cn", "--key-file", "key.txt"), {
      exitCode: 3,
    });
    expect(message).toContain("key.txt");
  });

  testUnless(missingPrograms("timeout"))("a --key-file that never ends is no hang", async () => {
    const ran = await shell(
      machine(),
      "timeout -s KILL 1 qwen auth coding-plan -r cn --key-file /dev/zero",
    );
    expect([2, 3]).toContain(ran.exitCode);
    expectNoStack(ran);
  });

  test("the error object has every exit code's shape", async () => {
    const usage = await qwen(machine(), ["auth", "status", "--nope", "--json"]);
    expect(JSON.parse(usage.stdout)).toEqual({
      error: {
        code: "unknown-flag",
        message: "Cannot read `--nope`: this flag is unknown",
        hint: expect.any(String),
        exitCode: 2,
      },
    });
    const at = machine();
    at.write(SETTINGS, "{");
    const config = await qwen(at, [...STATUS, "--json"]);
    expect(JSON.parse(config.stdout)).toEqual({
      error: {
        code: "settings-invalid",
        message: expect.stringContaining(at.settings),
        hint: expect.any(String),
        exitCode: 3,
      },
    });
    // Not configured is a state, not a failure: the status object, and exit 4.
    const none = await qwen(machine(), [...STATUS, "--json"]);
    expect(none).toMatchObject({ exitCode: 4, stderr: "" });
    expect(JSON.parse(none.stdout)).toMatchObject({
      schemaVersion: 1,
      state: "none",
      method: "none",
    });
  });

  test.each([
    { args: ["auth", "status", "--nope", "--debug"] },
    { args: plan("-r", "cn", "--debug", "--key", `${KEY} ${KEY}`) },
    { args: plan("-r", "cn", "-d", "--key-file", "/nonexistent") },
    { args: ["-d", KEY] },
  ])("--debug shows a stack on stderr only, and no key: $args", async ({ args }) => {
    for (const json of [[], ["--json"]]) {
      const ran = await qwen(machine(), [...args, ...json]);
      expect(ran.exitCode).toBeGreaterThan(1);
      expect(ran.stderr).toContain("    at ");
      expect(ran.stdout).not.toContain("    at ");
      expect(ran.stdout + ran.stderr).not.toContain(KEY);
    }
  });
});

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
    ["auth", "logout", "--json"],
    ["auth", "status", "--nope", "--json"],
  ];

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
    expect(missing.map((words) => words.join(" "))).toEqual([]);
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
