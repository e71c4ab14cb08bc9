import { describe, expect, test } from "bun:test";
import { traceResolution } from "../../src/connect/trace-resolution.ts";
import { setUp } from "./set-up.ts";

const KEY = "sk-0123456789abcdef";
const SELECTED = { security: { auth: { selectedType: "openai" } }, model: { name: "a" } };
const ENTRY = { id: "a", baseUrl: "https://one.example/v1", envKey: "A_KEY" };

async function trace(given: Parameters<typeof setUp>[0]): Promise<string[]> {
  const { home, load } = setUp(given);
  const { resolution } = await load();
  return traceResolution(resolution).map((line) => line.replaceAll(home, "~"));
}

const models = (entry: object) => ({ ...SELECTED, modelProviders: { openai: [entry] } });

describe("traceResolution() tells", () => {
  test("each value with its source, and no key", async () => {
    const lines = await trace({ settings: { ...models(ENTRY), env: { A_KEY: KEY } } });
    expect(lines).toEqual([
      "protocol openai from ~/.qwen/settings.json (security.auth.selectedType)",
      "model a from ~/.qwen/settings.json (model.name)",
      "endpoint https://one.example/v1 from ~/.qwen/settings.json (modelProviders.openai[0].baseUrl)",
      "key *** from ~/.qwen/settings.json (env.A_KEY)",
    ]);
    expect(lines.join("\n")).not.toContain(KEY);
  });

  test("what a value hides", async () => {
    const settings = { ...models(ENTRY), env: { A_KEY: KEY } };
    const lines = await trace({ settings, env: { A_KEY: KEY } });
    expect(lines[3]).toEndWith(
      " from shell variable A_KEY, hides ~/.qwen/settings.json (env.A_KEY)",
    );
  });

  test("that there is nothing", async () => {
    expect(await trace({})).toEqual([
      "protocol none",
      "model none",
      "endpoint none",
      expect.stringMatching(/^key missing: /),
    ]);
  });

  test.each<[string, object, Record<string, string>, string]>([
    ["a key that is missing", models(ENTRY), {}, "key missing: A_KEY"],
    [
      "a key in the keyring",
      { ...models(ENTRY), security: { auth: { selectedType: "openai", keyring: ["A_KEY"] } } },
      {},
      "key in keyring (A_KEY)",
    ],
    [
      "no key that is needed",
      { ...models(ENTRY), env: { A_KEY: "not-needed" } },
      {},
      "key not needed",
    ],
    [
      "a key that is none",
      { ...models(ENTRY), env: { A_KEY: "two words" } },
      {},
      "key of ~/.qwen/settings.json (env.A_KEY) unusable: it contains white space",
    ],
  ])("%s", async (_name, settings, env, expected) => {
    expect((await trace({ settings, env }))[3]).toBe(expected);
  });

  test("what makes the settings unusable, and that a key is withheld", async () => {
    const lines = await trace({ settings: { ...models(ENTRY), model: { name: "gone" } } });
    expect(lines.at(-1)).toBe("problem unknown-model");
    const withheld = await trace({
      settings: { ...SELECTED, env: { A_KEY: KEY } },
      files: { "p/.qwen/settings.json": { modelProviders: { openai: [ENTRY] } } },
    });
    expect(withheld[3]).toEndWith(", withheld from the endpoint");
  });
});
