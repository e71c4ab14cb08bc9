import { describe, expect, test } from "bun:test";
import { complete } from "../../src/cli/complete.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { machine } from "../support/qwen.ts";

const KEY = "sk-sp-0123456789abcdefghijklmnop";
const entry = (id: string, host: string) => ({
  id,
  baseUrl: `https://${host}/v1`,
  envKey: "A_KEY",
});
const SETTINGS = {
  env: { A_KEY: KEY },
  modelProviders: {
    openai: [
      entry("glm-5", "a.example"),
      entry("glm-5", "b.example"),
      entry("模型.v1", "a.example"),
      entry("vendor/m:free", "a.example"),
      entry("two words", "a.example"),
      entry("-flag", "a.example"),
      entry("$(id)", "a.example"),
      entry(`x${KEY}`, "a.example"),
    ],
  },
};
const ACCOUNTS = {
  schemaVersion: 1,
  accounts: {
    DEEPSEEK_API_KEY: { work: { key: "sk-a" }, "spare-1": { key: "sk-b" } },
    OWN_KEY: { work: { key: "sk-c" } },
  },
};

/** What is written for the word behind the first so many. */
async function completed(
  count: string | undefined,
  words: readonly string[],
  files: Readonly<Record<string, object | string>> = {
    "settings.json": SETTINGS,
    "accounts.json": ACCOUNTS,
  },
) {
  const { home, project, write } = machine();
  for (const [name, content] of Object.entries(files)) {
    write(`.qwen/${name}`, content);
  }
  const runtime = fakeRuntime({ home, cwd: project });
  const given = {
    words: ["__complete", ...(count === undefined ? [] : [count])],
    afterDashes: words,
  };
  expect(await complete(runtime, given)).toBe(0);
  expect(runtime.written.stderr).toBe("");
  return runtime.written.stdout;
}

describe("complete()", () => {
  test.each<
    readonly [count: string | undefined, words: readonly string[], lines: readonly string[]]
  >([
    ["1", ["auth", "sw"], ["switch\tMake another model or account the default"]],
    ["0", ["trus", "x"], ["trust\tTrust a folder's settings and .env files"]],
    ["1", ["-m", "glm", "x"], ["glm-5@a.example", "glm-5@b.example"]],
    ["1", ["--model", "mo"], []],
    ["1", ["--model", "模"], ["模型.v1"]],
    ["1", ["--model", "v"], ["vendor/m:free"]],
    ["1", ["--model", "two"], []],
    ["1", ["--model", "-"], []],
    ["1", ["--model", "$"], []],
    ["1", ["--model", "x"], []],
    ["2", ["auth", "switch", "glm"], ["glm-5@a.example", "glm-5@b.example"]],
    ["1", ["--account", "w"], ["work"]],
    ["2", ["auth", "switch", "deepseek@"], ["deepseek@work", "deepseek@spare-1"]],
    ["2", ["auth", "switch", "OWN"], ["OWN_KEY@work"]],
    ["1", ["--account", ""], ["work", "spare-1"]],
    ["3", ["auth", "api-key", "--key-file", "x"], [":files"]],
    ["2", ["nonsense", "words", "x"], []],
  ])("with %p behind %j", async (count, words, lines) => {
    expect((await completed(count, words)).split("\n").slice(0, -1)).toEqual(lines.slice());
  });

  test("offers the commands where nothing is said", async () => {
    const shown = await completed(undefined, []);
    expect(shown).toStartWith("auth\t");
    expect(shown).toEndWith("help\tShow the help of a command or topic\n");
  });

  test("offers nothing of files that cannot be used", async () => {
    expect(await completed("1", ["--model", ""], { "settings.json": "{" })).toBe("");
    expect(await completed("1", ["--account", ""], { "accounts.json": "[" })).toBe("");
    expect(await completed("1", ["--model", ""], {})).toBe("");
  });
});
