import { describe, expect, test } from "bun:test";
import { transcript } from "../../support/transcript.ts";
import { WITH_ACCOUNTS } from "../set-ups.ts";

describe("qwen auth list", () => {
  test("shows providers and accounts", async () => {
    expect(await transcript("auth list", WITH_ACCOUNTS)).toMatchInlineSnapshot(`
      "
      * deepseek  DeepSeek
          Base URL  https://api.deepseek.com (openai)
          Key       sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
          Accounts    work  sk-…cdef
          Models    deepseek-v4-pro

        own.example  Team
          Base URL  https://own.example/v1 (openai)
          Key       missing (TEAM_KEY)
          Problem   no key: TEAM_KEY is not set
          Models    own-m
      "
    `);
  });

  test("tells programs of them", async () => {
    expect(await transcript("auth list --json", WITH_ACCOUNTS)).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "providers": [
          {
            "id": "deepseek",
            "label": "DeepSeek",
            "protocol": "openai",
            "baseUrl": "https://api.deepseek.com",
            "envKey": "DEEPSEEK_API_KEY",
            "key": {
              "present": true,
              "masked": "sk-…ghij",
              "source": {
                "kind": "settings",
                "name": "env.DEEPSEEK_API_KEY",
                "path": "~/.qwen/settings.json",
                "scope": "user",
                "origin": "user"
              }
            },
            "accounts": [
              {
                "name": "work",
                "active": false,
                "baseUrl": "https://api.deepseek.com",
                "key": {
                  "present": true,
                  "masked": "sk-…cdef",
                  "source": {
                    "kind": "account",
                    "name": "work",
                    "path": "~/.qwen/accounts.json",
                    "origin": "user"
                  }
                }
              }
            ],
            "models": [
              "deepseek-v4-pro"
            ],
            "active": true
          },
          {
            "id": "own.example",
            "label": "Team",
            "protocol": "openai",
            "baseUrl": "https://own.example/v1",
            "envKey": "TEAM_KEY",
            "key": {
              "present": false
            },
            "problem": {
              "code": "key-missing",
              "reason": "no key: TEAM_KEY is not set",
              "hint": "run \`export TEAM_KEY=YOUR_KEY\`"
            },
            "models": [
              "own-m"
            ],
            "active": false
          }
        ],
        "warnings": []
      }
      "
    `);
  });

  test("has nothing to show", async () => {
    expect(await transcript("auth list")).toMatchInlineSnapshot(`
      "
      stderr:
      No provider is configured; run \`qwen auth\`
      "
    `);
  });

  test("has nothing to tell", async () => {
    expect(await transcript("auth list --json")).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "providers": [],
        "problem": {
          "code": "not-configured",
          "reason": "nothing is configured",
          "hint": "run \`qwen auth\`"
        },
        "warnings": []
      }
      "
    `);
  });

  test("shows tokens that are stored beside", async () => {
    expect(
      await transcript("auth list", {
        ...WITH_ACCOUNTS,
        files: {
          ".qwen/oauth_creds.json": {
            access_token: "tok-0123456789",
            refresh_token: "r-0123456789",
            token_type: "Bearer",
            expiry_date: 4102444800000,
            resource_url: "portal.qwen.ai",
          },
        },
      }),
    ).toMatchInlineSnapshot(`
      "
      * deepseek  DeepSeek
          Base URL  https://api.deepseek.com (openai)
          Key       sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
          Models    deepseek-v4-pro

        own.example  Team
          Base URL  https://own.example/v1 (openai)
          Key       missing (TEAM_KEY)
          Problem   no key: TEAM_KEY is not set
          Models    own-m

        qwen-oauth  Qwen OAuth (discontinued 2026-04-15)
          Base URL  https://portal.qwen.ai/v1 (openai)
          Key       ***  from file ~/.qwen/oauth_creds.json (access_token)
          Models    coder-model
      "
    `);
  });
});
