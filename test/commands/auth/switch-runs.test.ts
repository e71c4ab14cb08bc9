import { describe, expect, test } from "bun:test";
import { transcript } from "../../support/transcript.ts";
import { NAMED, SETTINGS, WITH_ACCOUNTS } from "../set-ups.ts";

describe("qwen auth switch", () => {
  test("makes another model the default", async () => {
    expect(await transcript("auth switch own-m", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      stderr:
      warning: no key: TEAM_KEY is not set
      ✓ own-m (https://own.example/v1) is now the default model
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"own-m"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("tells programs so", async () => {
    expect(
      await transcript("auth switch own-m --json", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "protocol": "openai",
        "model": "own-m",
        "baseUrl": "https://own.example/v1",
        "path": "~/.qwen/settings.json",
        "changed": true,
        "warnings": [
          "no key: TEAM_KEY is not set"
        ]
      }
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"own-m"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("says nothing where that is wanted", async () => {
    expect(
      await transcript("auth switch own-m --quiet", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      warning: no key: TEAM_KEY is not set
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"own-m"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("changes nothing of what is the default", async () => {
    expect(
      await transcript("auth switch deepseek-v4-pro", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ deepseek-v4-pro (https://api.deepseek.com) was already the default model
      "
    `);
  });

  test("loses no key without a name", async () => {
    expect(await transcript("auth switch deepseek@work", WITH_ACCOUNTS)).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot switch the account: the key in force has no name, and would be lost

      hint: name it first: \`qwen auth token | qwen auth api-key --account NAME --key-stdin\` with its provider
      "
    `);
  });

  test("loses no key without a name, for programs", async () => {
    expect(
      await transcript("auth switch DEEPSEEK_API_KEY@work --json", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      {
        "error": {
          "code": "invalid-value",
          "message": "Cannot switch the account: the key in force has no name, and would be lost",
          "hint": "name it first: \`qwen auth token | qwen auth api-key --account NAME --key-stdin\` with its provider",
          "exitCode": 2
        }
      }
      "
    `);
  });

  test("puts an account in force", async () => {
    expect(await transcript("auth switch deepseek@home", NAMED)).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ DeepSeek: the account home is now in force, model deepseek-v4-pro
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"deepseek-v4-pro"},"env":{"DEEPSEEK_API_KEY":"sk-home-0123456789abcdef"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("puts an account in force, for programs", async () => {
    expect(
      await transcript("auth switch DEEPSEEK_API_KEY@home --json", NAMED),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "protocol": "openai",
        "model": "deepseek-v4-pro",
        "baseUrl": "https://api.deepseek.com",
        "account": "home",
        "path": "~/.qwen/settings.json",
        "changed": true,
        "warnings": []
      }
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"deepseek-v4-pro"},"env":{"DEEPSEEK_API_KEY":"sk-home-0123456789abcdef"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("knows an account that is in force", async () => {
    expect(await transcript("auth switch deepseek@work", NAMED)).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ DeepSeek: the account work was already in force, model deepseek-v4-pro
      "
    `);
  });

  test("knows which accounts there are", async () => {
    expect(await transcript("auth switch deepseek@none", WITH_ACCOUNTS)).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot use the account "none": \`DEEPSEEK_API_KEY\` has none of that name

      hint: choose work
      "
    `);
  });

  test("keeps accounts out of a project", async () => {
    expect(
      await transcript("auth switch deepseek@work --scope project", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot switch the account in a project's settings: it is yours alone

      hint: leave \`--scope project\` out
      "
    `);
  });

  test("does not know a model", async () => {
    expect(
      await transcript("auth switch deepseek-v4-por", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot switch to "deepseek-v4-por": no such model or provider is configured

      hint: did you mean "deepseek-v4-pro"? choose one of deepseek-v4-pro, own-m
      "
    `);
  });

  test("asks nobody without a terminal", async () => {
    expect(await transcript("auth switch", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot switch the model: none was given and there is no terminal to ask

      hint: write \`qwen auth switch ID\`; \`qwen models\` lists the ids
      "
    `);
  });

  test("has nothing to choose from", async () => {
    expect(await transcript("auth switch")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot switch the model: none is configured

      hint: run \`qwen auth\`
      "
    `);
  });

  test("asks which", async () => {
    expect(
      await transcript("auth switch", {
        settings: SETTINGS,
        terminals: ["stdin", "stderr"],
        answers: [{ kind: "value", value: "1" }],
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      \x1B[33mwarning:\x1B[39m no key: TEAM_KEY is not set
      \x1B[32m✓\x1B[39m own-m (https://own.example/v1) is now the default model
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"own-m"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("is left", async () => {
    expect(
      await transcript("auth switch", {
        settings: SETTINGS,
        terminals: ["stdin", "stderr"],
        answers: [{ kind: "back" }],
      }),
    ).toMatchInlineSnapshot(`
      "
      exit 130
      stderr:
      Cancelled; nothing was written
      "
    `);
  });
});
