import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { shell } from "../../support/shell.ts";
import { snapshot } from "../../support/snapshot.ts";
import {
  expectFailure,
  expectNoStack,
  failureOf,
  KEY,
  login,
  SETTINGS,
  STATUS,
} from "./bad-input-machine.ts";

setDefaultTimeout(60_000);

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
