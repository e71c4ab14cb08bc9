import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";
import { giveAway, qwenAsNobody } from "../../support/unprivileged.ts";
import {
  configured,
  expectFailure,
  expectNoStack,
  failureOf,
  LOGIN,
  login,
  NOBODY_TEST,
  SETTINGS,
  STATUS,
} from "./bad-input-machine.ts";

setDefaultTimeout(60_000);

const COMMANDS = [
  { command: "status", args: STATUS },
  { command: "coding-plan", args: LOGIN },
];

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
