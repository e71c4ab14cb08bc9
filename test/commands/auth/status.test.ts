import { describe, expect, test } from "bun:test";
import { runStatus, statusCommand } from "../../../src/commands/auth/status.ts";
import { UsageError } from "../../../src/errors.ts";
import { toGlobals } from "../../../src/flags/global-flags.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

describe("statusCommand.toOptions()", () => {
  test("reads the connection's flags; an empty one counts as not given", () => {
    const values = { json: true, model: "m", "openai-base-url": "", "auth-type": "gemini" };
    expect(statusCommand.toOptions(values, toGlobals({ trust: true }))).toMatchObject({
      json: true,
      trust: true,
      connection: { model: "m", baseUrl: undefined, authType: "gemini", apiKey: undefined },
    });
  });
});

describe("toGlobals()", () => {
  test("refuses an unknown colour", () => {
    expect(() => toGlobals({ color: "red" })).toThrow(UsageError);
  });
});

describe("runStatus() with --show-token", () => {
  const KEY = "sk-sp-0123456789abcdefa289";
  const options = statusCommand.toOptions({ "show-token": true }, toGlobals({}));

  async function written(more: object, env: Readonly<Record<string, string>>) {
    const runtime = fakeRuntime({ env });
    await runStatus(runtime, { ...options, ...more });
    return runtime.written.stdout;
  }

  test("shows the key in full, as text and as JSON, beside the mask", async () => {
    const env = { OPENAI_API_KEY: KEY, OPENAI_MODEL: "m" };
    expect(await written({}, env)).toContain(
      `API key   ${KEY}  from shell variable OPENAI_API_KEY`,
    );
    const { key } = JSON.parse(await written({ json: true }, env));
    expect(key).toMatchObject({ present: true, masked: "sk-sp-…a289", value: KEY });
  });

  test("shows nothing more when there is no key", async () => {
    expect(await written({}, {})).toBe(await written({ showToken: false }, {}));
  });

  test("escapes what JSON must escape", async () => {
    const env = { OPENAI_API_KEY: 'a"b\\cdefgh', OPENAI_MODEL: "m" };
    expect(await written({}, env)).toContain('API key   a"b\\cdefgh');
    expect(JSON.parse(await written({ json: true }, env)).key.value).toBe(env.OPENAI_API_KEY);
  });
});

test("runStatus() with nothing configured names the three commands, each with its half line", async () => {
  const runtime = fakeRuntime();
  expect(await runStatus(runtime, statusCommand.toOptions({}, toGlobals({})))).toBe(4);
  expect(runtime.written.stdout).toEndWith(`
Run one of:
  qwen auth              to choose from a menu
  qwen auth coding-plan  for Alibaba Cloud Coding Plan
  qwen auth api-key      for a key of any other provider, or a server of your own
`);
});

test("runStatus() on Windows hints in the words of PowerShell", async () => {
  const runtime = { ...fakeRuntime({ env: { GEMINI_API_KEY: "k0123456789" } }), platform: "win32" };
  expect(await runStatus(runtime, statusCommand.toOptions({}, toGlobals({})))).toBe(4);
  expect(runtime.written.stdout).toEndWith(
    "Run: $env:GEMINI_MODEL = 'MODEL_ID'  # or add --model MODEL_ID\n",
  );
});

test.each([
  ["OPENAI_API_KEY", "Run: export OPENAI_MODEL=MODEL_ID  # or add --model MODEL_ID\n"],
  ["GEMINI_API_KEY", "Run: export GEMINI_MODEL=MODEL_ID  # or add --model MODEL_ID\n"],
])("runStatus() names what chooses a model for a lone %s", async (envKey, says) => {
  const runtime = fakeRuntime({ env: { [envKey]: "sk-0123456789abcdef0123" } });
  expect(await runStatus(runtime, statusCommand.toOptions({}, toGlobals({})))).toBe(4);
  expect(runtime.written.stdout).toEndWith(says);
});
