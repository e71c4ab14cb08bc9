import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { CANARIES } from "../../support/canary.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { ENTRY, expectSilent, runs, SETTINGS, watched } from "./leak-machine.ts";

setDefaultTimeout(60_000);

describe("a key of the known shape is hidden wherever it was put by mistake", () => {
  const [key = ""] = CANARIES;

  const mistakes: readonly { args: string[] }[] = [
    { args: [key] },
    { args: ["auth", key] },
    { args: ["help", key] },
    { args: ["auth", "status", key] },
    { args: ["auth", "coding-plan", key] },
    { args: ["auth", "coding-plan", `--${key}`] },
    { args: ["auth", "coding-plan", "--region", key] },
    { args: ["auth", "coding-plan", "--base-url", `https://x.test/${key}`] },
    { args: ["auth", "coding-plan", "-r", "cn", "--model", key] },
    { args: ["auth", "coding-plan", "-r", "cn", "--scope", key] },
    { args: ["auth", "coding-plan", "-r", "cn", "--key-file", key] },
    { args: ["auth", "coding-plan", "-r", "cn", "--key-env", key] },
    { args: ["auth", "api-key", key] },
    { args: ["auth", "api-key", "--provider", key] },
    { args: ["auth", "api-key", "--env-key", key] },
    { args: ["auth", "api-key", "--base-url", `https://u:${key}@x.test/v1`] },
    { args: ["auth", "api-key", "-u", "https://x.test/v1", "--name", key] },
    { args: ["auth", "switch", key] },
    { args: ["auth", "switch", "a", key] },
    { args: ["auth", "logout", "--provider", key] },
    { args: ["auth", "env", "--shell", key] },
    { args: ["auth", "status", "--auth-type", key] },
    { args: ["auth", "status", "--color", key] },
  ];
  test.each(mistakes)("qwen $args", async ({ args }) => {
    for (const each of runs([args])) {
      const ran = await qwen(machine(), each);
      expect(ran.exitCode).not.toBe(0);
      expectSilent(each, ran, key);
    }
  });

  test.each([
    { name: "model.name", settings: { ...SETTINGS, model: { name: key } } },
    {
      name: "selectedType",
      settings: { ...SETTINGS, security: { auth: { selectedType: key } } },
    },
    {
      name: "an entry's envKey",
      settings: { ...SETTINGS, modelProviders: { openai: [{ ...ENTRY, envKey: key }] } },
    },
    {
      name: "an entry's base URL",
      settings: {
        ...SETTINGS,
        modelProviders: { openai: [{ ...ENTRY, baseUrl: `https://x.test/?api_key=${key}` }] },
      },
    },
    { name: "a variable's name", settings: { ...SETTINGS, env: { [key]: 5 } } },
  ])("$name of the settings", async ({ settings }) => {
    const at = watched();
    at.write(".qwen/settings.json", settings);
    for (const each of runs([["auth", "status"]])) {
      expectSilent(each, await qwen(at, each), key);
    }
  });
});
