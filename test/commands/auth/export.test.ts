import { describe, expect, test } from "bun:test";
import { transcript } from "../../support/transcript.ts";
import { WITH_ACCOUNTS } from "../set-ups.ts";

describe("qwen auth export", () => {
  test("prints what stands in settings, without keys", async () => {
    expect(await transcript("auth export", WITH_ACCOUNTS)).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "selection": {
          "selectedType": "openai",
          "model": "deepseek-v4-pro"
        },
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "work": {
              "baseUrl": "https://api.deepseek.com"
            }
          }
        }
      }
      "
    `);
  });

  test("writes one provider with its keys", async () => {
    expect(
      await transcript(
        "auth export --provider deepseek --with-keys --output one.json",
        WITH_ACCOUNTS,
      ),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ ~/p/one.json has the set-up, with its keys: keep it as you keep them
      ~/p/one.json:
      {
        "schemaVersion": 1,
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            }
          ]
        },
        "selection": {
          "selectedType": "openai",
          "model": "deepseek-v4-pro"
        },
        "env": {
          "DEEPSEEK_API_KEY": "sk-0123456789abcdefghij"
        },
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "work": {
              "key": "sk-work-0123456789abcdef",
              "baseUrl": "https://api.deepseek.com"
            }
          }
        }
      }
      "
    `);
  });

  test("prints what a variable is for", async () => {
    expect(
      await transcript("auth export --provider TEAM_KEY", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "modelProviders": {
          "openai": [
            {
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        }
      }
      "
    `);
  });

  test("does not know a provider", async () => {
    expect(
      await transcript("auth export --provider depseek", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot use the provider "depseek": it is unknown

      hint: did you mean "deepseek"? choose one of coding-plan, token-plan, modelstudio, openrouter, fireworks, modelscope, deepseek, moonshot, zai, minimax, xai, requesty, openai, azure, anthropic, gemini, mistral, groq, cerebras, siliconflow, ark, hunyuan, together, nvidia, github-models, ollama, lmstudio, vllm, llamacpp, litellm; any other endpoint takes \`--base-url\`
      "
    `);
  });

  test("has nothing of a provider", async () => {
    expect(await transcript("auth export --provider zai", WITH_ACCOUNTS)).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot export: your settings have nothing of zai

      hint: see what there is: \`qwen auth list\`
      "
    `);
  });

  test("has nothing at all", async () => {
    expect(await transcript("auth export")).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot export: your settings have nothing

      hint: see what there is: \`qwen auth list\`
      "
    `);
  });

  test("writes a file", async () => {
    expect(
      await transcript("auth export --output set-up.json", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ ~/p/set-up.json has the set-up, without keys
      ~/p/set-up.json:
      {
        "schemaVersion": 1,
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "selection": {
          "selectedType": "openai",
          "model": "deepseek-v4-pro"
        },
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "work": {
              "baseUrl": "https://api.deepseek.com"
            }
          }
        }
      }
      "
    `);
  });

  test("writes a file with keys", async () => {
    expect(
      await transcript("auth export --with-keys --output set-up.json", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ ~/p/set-up.json has the set-up, with its keys: keep it as you keep them
      ~/p/set-up.json:
      {
        "schemaVersion": 1,
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "selection": {
          "selectedType": "openai",
          "model": "deepseek-v4-pro"
        },
        "env": {
          "DEEPSEEK_API_KEY": "sk-0123456789abcdefghij"
        },
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "work": {
              "key": "sk-work-0123456789abcdef",
              "baseUrl": "https://api.deepseek.com"
            }
          }
        }
      }
      "
    `);
  });

  test("writes to standard output by its name", async () => {
    expect(
      await transcript("auth export --output - --provider TEAM_KEY", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "modelProviders": {
          "openai": [
            {
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        }
      }
      "
    `);
  });

  test("says nothing of a file where that is wanted", async () => {
    expect(
      await transcript("auth export -q --output set-up.json --provider TEAM_KEY", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      ~/p/set-up.json:
      {
        "schemaVersion": 1,
        "modelProviders": {
          "openai": [
            {
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        }
      }
      "
    `);
  });

  test("shows no key inside of `auth run`", async () => {
    expect(
      await transcript("auth export --with-keys", {
        ...WITH_ACCOUNTS,
        env: { QWEN_RUN: "1", QWEN_OFFLINE: "1" },
      }),
    ).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot export keys: this runs inside of \`qwen auth run\`, which hides it

      hint: run it in a terminal of your own
      "
    `);
  });
});
