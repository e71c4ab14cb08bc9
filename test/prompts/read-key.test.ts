import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyInput } from "../../src/flags/key-flags.ts";
import { askForKey, keyReader, readKey } from "../../src/prompts/read-key.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { laterProblemOf } from "../support/problem-of.ts";

const KEY = "sk-0123456789abcdef";
const ASK = { prompt: "Enter it:", canPrompt: true, noInput: false };
const value = (text: string) => ({ kind: "value", value: text }) as const;

/** What reading a key from there gives, and what was said meanwhile. */
async function read(input: KeyInput | undefined, given: Parameters<typeof fakeRuntime>[0] = {}) {
  const runtime = fakeRuntime(given);
  const answer = await readKey(runtime, input, ASK);
  return { answer, runtime, said: runtime.written.stderr };
}

describe("readKey()", () => {
  const home = () => {
    const runtime = fakeRuntime();
    const path = join(runtime.home, "key");
    writeFileSync(path, `${KEY}\n`);
    return path;
  };
  test.each<[string, KeyInput, object, string]>([
    ["--key-stdin", { kind: "stdin", flag: "--key-stdin" }, { stdin: `${KEY}\n` }, ""],
    ["--key-env", { kind: "variable", name: "MY_KEY" }, { env: { MY_KEY: ` ${KEY} ` } }, ""],
    ["--key-file", { kind: "file", path: home() }, {}, ""],
    [
      "--key",
      { kind: "flag", key: KEY },
      {},
      "warning: `--key` is visible in the process list and in shell history; use `--key-stdin`\n",
    ],
    [
      "quotes",
      { kind: "variable", name: "MY_KEY" },
      { env: { MY_KEY: `"${KEY}"` } },
      "warning: the key from `MY_KEY`: it stood in quotes, which were taken off\n",
    ],
  ])("takes it from %s, and hides it", async (_name, input, given, said) => {
    const taken = await read(input, given);
    expect(taken.answer).toEqual(value(KEY));
    expect(taken.said).toBe(said);
    expect(taken.runtime.secrets).toContain(KEY);
    expect(taken.runtime.asked).toEqual([]);
  });

  const variable = (name: string): KeyInput => ({ kind: "variable", name });
  test.each<[KeyInput, object, object]>([
    [
      variable("MY-KEY"),
      {},
      {
        name: "UsageError",
        code: "invalid-value",
        message: "Cannot read `--key-env`: its value is not the name of a variable",
      },
    ],
    [
      variable("MY_KEY"),
      {},
      {
        code: "missing-input",
        message: "Cannot take the key from `MY_KEY`: the variable is not set",
        hint: "set `MY_KEY`, or use `--key-stdin`",
      },
    ],
    [variable("MY_KEY"), { env: { MY_KEY: " " } }, { code: "missing-input" }],
    [
      variable("MY_KEY"),
      { env: { MY_KEY: "two words" } },
      {
        code: "invalid-key",
        message: "Cannot use the key from `MY_KEY`: it contains white space",
        hint: "give the key alone, on one line",
      },
    ],
    [{ kind: "flag", key: "" }, {}, { code: "invalid-key" }],
    [
      { kind: "file", path: "/nowhere/key" },
      {},
      {
        name: "ConfigError",
        code: "key-file-unreadable",
        message: expect.stringContaining("Cannot read the key from `/nowhere/key`: "),
      },
    ],
    [
      { kind: "stdin", flag: "--key-stdin" },
      { stdin: "k".repeat(64 * 1024 + 1) },
      { code: "usage" },
    ],
  ])("refuses %j with %j", async (input, given, expected) => {
    expect(await laterProblemOf(() => read(input, given))).toMatchObject(expected);
  });

  test("waits two minutes for what a slow program pipes in", async () => {
    const runtime = fakeRuntime();
    const limits: unknown[] = [];
    const readAll = async (given: object) => {
      limits.push(given);
      return KEY;
    };
    const at = { ...runtime, stdin: { ...runtime.stdin, readAll } };
    await readKey(at, { kind: "stdin", flag: "--key-stdin" }, ASK);
    expect(limits).toEqual([{ maxBytes: 65_536, timeoutMs: 120_000 }]);
  });

  test("asks on a terminal, without an input and with --key-stdin", async () => {
    for (const input of [undefined, { kind: "stdin", flag: "--key-stdin" } as const]) {
      const given = { terminals: ["stdin", "stderr"], answers: [value(KEY)] } as const;
      const { answer, runtime } = await read(input, given);
      expect([answer, runtime.asked]).toEqual([value(KEY), ["Enter it:"]]);
    }
  });
});

test("keyReader() reads once, and nothing before it is called", async () => {
  const runtime = fakeRuntime();
  const reader = await keyReader(runtime, { kind: "flag", key: KEY });
  expect(runtime.written.stderr).toBe("");
  expect(await Promise.all([reader?.(), reader?.()])).toEqual([KEY, KEY]);
  expect(runtime.written.stderr.match(/warning/g)).toHaveLength(1);
  expect(await keyReader(runtime, undefined)).toBeUndefined();
});

describe("askForKey()", () => {
  /** What is answered where a person types these one after the other. */
  async function typed(texts: readonly string[], more: object = {}) {
    const runtime = fakeRuntime({ answers: texts.map(value) });
    const answer = await askForKey(runtime, { ...ASK, ...more });
    return { answer, runtime };
  }

  test("takes a key and hides it", async () => {
    const { answer, runtime } = await typed([` '${KEY}' `]);
    expect(answer).toEqual(value(KEY));
    expect(runtime.secrets).toEqual([KEY]);
    expect(runtime.written.stderr).toBe(
      "warning: the key: it stood in quotes, which were taken off\n",
    );
  });

  test("complains of what is none, until there is one", async () => {
    const { answer, runtime } = await typed(["", "two words", KEY]);
    expect(answer).toEqual(value(KEY));
    expect(runtime.complaints).toEqual([
      expect.stringMatching(/^This is no key: .*\.$/),
      "This is no key: it contains white space.",
    ]);
  });

  test.each(["", "  "])("takes %j where a server may want none", async (text) => {
    const { answer, runtime } = await typed([text], { ifEmpty: "not-needed" });
    expect(answer).toEqual(value("not-needed"));
    expect([runtime.secrets, runtime.complaints]).toEqual([[], []]);
    const other = await typed(["two words", KEY], { ifEmpty: "not-needed" });
    expect([other.answer, other.runtime.complaints.length]).toEqual([value(KEY), 1]);
  });

  test.each([{ kind: "back" }, { kind: "cancelled" }] as const)("passes on %j", async (answer) => {
    expect(await askForKey(fakeRuntime({ answers: [answer] }), ASK)).toEqual(answer);
  });

  test.each([
    [{}, "there is no terminal to ask"],
    [{ noInput: true }, "`--no-input` was given"],
  ])("needs somebody to ask: %j", async (more, why) => {
    const work = () => typed([], { canPrompt: false, ...more });
    expect(await laterProblemOf(work)).toEqual({
      name: "UsageError",
      code: "missing-input",
      message: `Cannot set up the key: none was given and ${why}`,
      hint: "give the key with `--key-stdin`, `--key-file PATH` or `--key-env NAME`",
    });
  });
});
