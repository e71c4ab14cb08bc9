import { describe, expect, test } from "bun:test";
import { networked } from "../../connect/set-up.ts";
import type { FakeRuntime } from "../../support/fake-runtime.ts";
import { transcript } from "../../support/transcript.ts";
import { SETTINGS } from "../set-ups.ts";

const LIST = {
  data: [
    { id: "deepseek-v4-pro", context_length: 128_000 },
    { id: "deepseek-v5", name: "DeepSeek V5", context_length: 1_000_000 },
    { id: "text-embedding-9" },
    { id: "two words" },
  ],
};

/** A network on which every service answers so. */
function network(reply: (url: string) => Response, settings: object = SETTINGS) {
  return {
    settings,
    env: { QWEN_OFFLINE: "" },
    runtime: (runtime: FakeRuntime) => ({ fetch: networked(runtime, reply).at.fetch }),
  };
}

/** A service that takes every key. */
const takes = (url: string) =>
  url.endsWith("/models")
    ? Response.json(LIST)
    : Response.json({ choices: [{ message: { role: "assistant", content: "Hi" } }] });
const empty = () => Response.json({ data: [] });
const refuses = () => new Response("", { status: 401 });
const down = () => new Response("", { status: 503 });

describe("with a service", () => {
  test("models --remote", async () => {
    expect(await transcript("models --remote", network(takes))).toMatchInlineSnapshot(`
      "
      * deepseek-v4-pro  128k tokens
        deepseek-v5  1M tokens
        text-embedding-9
        two words
      ~/.qwen/cache/models-dc2d572f5cd2753d.json:
      {"schemaVersion":1,"protocol":"openai","baseUrl":"https://api.deepseek.com","at":0,"isPartial":false,"models":[{"id":"deepseek-v4-pro","contextWindow":128000},{"id":"deepseek-v5","contextWindow":1000000},{"id":"text-embedding-9"},{"id":"two words"}]}
      "
    `);
  });

  test("models --remote --json", async () => {
    expect(await transcript("models --remote --json", network(takes))).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "protocol": "openai",
        "baseUrl": "https://api.deepseek.com",
        "models": [
          {
            "id": "deepseek-v4-pro",
            "contextWindow": 128000,
            "configured": true,
            "active": true
          },
          {
            "id": "deepseek-v5",
            "contextWindow": 1000000,
            "configured": false,
            "active": false
          },
          {
            "id": "text-embedding-9",
            "configured": false,
            "active": false
          },
          {
            "id": "two words",
            "configured": false,
            "active": false
          }
        ]
      }
      ~/.qwen/cache/models-dc2d572f5cd2753d.json:
      {"schemaVersion":1,"protocol":"openai","baseUrl":"https://api.deepseek.com","at":0,"isPartial":false,"models":[{"id":"deepseek-v4-pro","contextWindow":128000},{"id":"deepseek-v5","contextWindow":1000000},{"id":"text-embedding-9"},{"id":"two words"}]}
      "
    `);
  });

  test("models --remote, of which there is none", async () => {
    expect(await transcript("models --remote", network(empty))).toMatchInlineSnapshot(`
      "
      ~/.qwen/cache/models-dc2d572f5cd2753d.json:
      {"schemaVersion":1,"protocol":"openai","baseUrl":"https://api.deepseek.com","at":0,"isPartial":false,"models":[]}
      "
    `);
  });

  test("models --remote, refused", async () => {
    expect(await transcript("models --remote", network(refuses))).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot list the models: api.deepseek.com does not accept the key of ~/.qwen/settings.json (env.DEEPSEEK_API_KEY) (401: the server answered 401 without a reason)

      hint: check the key at https://platform.deepseek.com/api_keys, and set another one with \`qwen auth\`
      "
    `);
  });

  test("models --remote --json, refused", async () => {
    expect(await transcript("models --remote --json", network(refuses))).toMatchInlineSnapshot(`
      "
      exit 4
      {
        "error": {
          "code": "key-rejected",
          "message": "Cannot list the models: api.deepseek.com does not accept the key of ~/.qwen/settings.json (env.DEEPSEEK_API_KEY) (401: the server answered 401 without a reason)",
          "hint": "check the key at https://platform.deepseek.com/api_keys, and set another one with \`qwen auth\`",
          "exitCode": 4
        }
      }
      "
    `);
  });

  test("models --update", async () => {
    expect(await transcript("models --update", network(takes))).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      warning: https://own.example/v1: Cannot list the models: no key: TEAM_KEY is not set
      https://api.deepseek.com
        + deepseek-v5
        ~ deepseek-v4-pro  context window
      ✓ ~/.qwen/settings.json is up to date
      ~/.qwen/cache/models-dc2d572f5cd2753d.json:
      {"schemaVersion":1,"protocol":"openai","baseUrl":"https://api.deepseek.com","at":0,"isPartial":false,"models":[{"id":"deepseek-v4-pro","contextWindow":128000},{"id":"deepseek-v5","contextWindow":1000000},{"id":"text-embedding-9"},{"id":"two words"}]}
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"deepseek-v4-pro"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY", "generationConfig": { "contextWindowSize": 128000 }},{ "id": "deepseek-v5", "name": "[DeepSeek] deepseek-v5", "baseUrl": "https://api.deepseek.com", "envKey": "DEEPSEEK_API_KEY", "generationConfig": { "contextWindowSize": 1000000 } }, {"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("models --update --json", async () => {
    expect(await transcript("models --update --json", network(takes))).toMatchInlineSnapshot(`
      "
      exit 4
      {
        "schemaVersion": 1,
        "dryRun": false,
        "changed": true,
        "path": "~/.qwen/settings.json",
        "endpoints": [
          {
            "protocol": "openai",
            "baseUrl": "https://api.deepseek.com",
            "envKey": "DEEPSEEK_API_KEY",
            "listed": 4,
            "added": [
              "deepseek-v5"
            ],
            "gone": [],
            "back": [],
            "windows": [
              "deepseek-v4-pro"
            ],
            "unlisted": []
          },
          {
            "protocol": "openai",
            "baseUrl": "https://own.example/v1",
            "envKey": "TEAM_KEY",
            "error": {
              "code": "key-missing",
              "message": "Cannot list the models: no key: TEAM_KEY is not set"
            }
          }
        ],
        "warnings": [
          "https://own.example/v1: Cannot list the models: no key: TEAM_KEY is not set"
        ]
      }
      ~/.qwen/cache/models-dc2d572f5cd2753d.json:
      {"schemaVersion":1,"protocol":"openai","baseUrl":"https://api.deepseek.com","at":0,"isPartial":false,"models":[{"id":"deepseek-v4-pro","contextWindow":128000},{"id":"deepseek-v5","contextWindow":1000000},{"id":"text-embedding-9"},{"id":"two words"}]}
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"deepseek-v4-pro"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY", "generationConfig": { "contextWindowSize": 128000 }},{ "id": "deepseek-v5", "name": "[DeepSeek] deepseek-v5", "baseUrl": "https://api.deepseek.com", "envKey": "DEEPSEEK_API_KEY", "generationConfig": { "contextWindowSize": 1000000 } }, {"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("models --update --dry-run", async () => {
    expect(await transcript("models --update --dry-run", network(takes))).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      warning: https://own.example/v1: Cannot list the models: no key: TEAM_KEY is not set
      https://api.deepseek.com
        + deepseek-v5
        ~ deepseek-v4-pro  context window
      Nothing was written (\`--dry-run\`)
      ~/.qwen/cache/models-dc2d572f5cd2753d.json:
      {"schemaVersion":1,"protocol":"openai","baseUrl":"https://api.deepseek.com","at":0,"isPartial":false,"models":[{"id":"deepseek-v4-pro","contextWindow":128000},{"id":"deepseek-v5","contextWindow":1000000},{"id":"text-embedding-9"},{"id":"two words"}]}
      "
    `);
  });

  test("models --update --provider deepseek, refused", async () => {
    expect(
      await transcript("models --update --provider deepseek", network(refuses)),
    ).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      warning: https://api.deepseek.com: Cannot list the models: api.deepseek.com does not accept the key of ~/.qwen/settings.json (env.DEEPSEEK_API_KEY) (401: the server answered 401 without a reason)
      ✓ ~/.qwen/settings.json was up to date already
      "
    `);
  });

  test("models --update --provider zai", async () => {
    expect(
      await transcript("models --update --provider zai", network(takes)),
    ).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot update the models: none is of zai

      hint: see what there is: \`qwen models\`
      "
    `);
  });

  test("auth list --verify", async () => {
    expect(await transcript("auth list --verify", network(takes))).toMatchInlineSnapshot(`
      "
      * deepseek  DeepSeek
          Base URL  https://api.deepseek.com (openai)
          Key       sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
          Models    deepseek-v4-pro
          Verified  yes: "deepseek-v4-pro" answers

        own.example  Team
          Base URL  https://own.example/v1 (openai)
          Key       missing (TEAM_KEY)
          Problem   no key: TEAM_KEY is not set
          Models    own-m
          Verified  no (not checked against the service; \`qwen auth status --verify\` does)
      "
    `);
  });

  test("auth list --verify, refused", async () => {
    expect(await transcript("auth list --verify", network(refuses))).toMatchInlineSnapshot(`
      "
      exit 4
      * deepseek  DeepSeek
          Base URL  https://api.deepseek.com (openai)
          Key       sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
          Models    deepseek-v4-pro
          Verified  no, rejected: api.deepseek.com does not accept the key of ~/.qwen/settings.json (env.DEEPSEEK_API_KEY) (401: the server answered 401 without a reason)

        own.example  Team
          Base URL  https://own.example/v1 (openai)
          Key       missing (TEAM_KEY)
          Problem   no key: TEAM_KEY is not set
          Models    own-m
          Verified  no (not checked against the service; \`qwen auth status --verify\` does)
      "
    `);
  });

  test("auth list --verify, down", async () => {
    expect(await transcript("auth list --verify", network(down))).toMatchInlineSnapshot(`
      "
      exit 5
      * deepseek  DeepSeek
          Base URL  https://api.deepseek.com (openai)
          Key       sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
          Models    deepseek-v4-pro
          Verified  no, unreachable: api.deepseek.com has a problem (503: the server answered 503 without a reason)

        own.example  Team
          Base URL  https://own.example/v1 (openai)
          Key       missing (TEAM_KEY)
          Problem   no key: TEAM_KEY is not set
          Models    own-m
          Verified  no (not checked against the service; \`qwen auth status --verify\` does)
      "
    `);
  });

  test("auth status --verify", async () => {
    expect(await transcript("auth status --verify", network(takes))).toMatchInlineSnapshot(`
      "
      Authentication status

      ✓ API key for DeepSeek is configured

        Method    API key for DeepSeek
        Protocol  openai  from ~/.qwen/settings.json (security.auth.selectedType)
        Base URL  https://api.deepseek.com  from ~/.qwen/settings.json (modelProviders.openai[0].baseUrl)
        Model     deepseek-v4-pro  from ~/.qwen/settings.json (model.name)
        API key   sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
        Verified  yes: "deepseek-v4-pro" answers
        Left      see https://platform.deepseek.com/api_keys
        Settings  ~/.qwen/settings.json (user)
        .env      no file
      "
    `);
  });

  test("auth status --verify, refused", async () => {
    expect(await transcript("auth status --verify", network(refuses))).toMatchInlineSnapshot(`
      "
      exit 4
      Authentication status

      ⚠ API key for DeepSeek is configured, but the key is not accepted

        Method    API key for DeepSeek
        Protocol  openai  from ~/.qwen/settings.json (security.auth.selectedType)
        Base URL  https://api.deepseek.com  from ~/.qwen/settings.json (modelProviders.openai[0].baseUrl)
        Model     deepseek-v4-pro  from ~/.qwen/settings.json (model.name)
        API key   sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
        Verified  no, rejected: api.deepseek.com does not accept the key of ~/.qwen/settings.json (env.DEEPSEEK_API_KEY) (401: the server answered 401 without a reason)
        Settings  ~/.qwen/settings.json (user)
        .env      no file

      hint: check the key at https://platform.deepseek.com/api_keys, and set another one with \`qwen auth\`
      "
    `);
  });

  test("auth status --verify, down", async () => {
    expect(await transcript("auth status --verify", network(down))).toMatchInlineSnapshot(`
      "
      exit 5
      Authentication status

      ✓ API key for DeepSeek is configured

        Method    API key for DeepSeek
        Protocol  openai  from ~/.qwen/settings.json (security.auth.selectedType)
        Base URL  https://api.deepseek.com  from ~/.qwen/settings.json (modelProviders.openai[0].baseUrl)
        Model     deepseek-v4-pro  from ~/.qwen/settings.json (model.name)
        API key   sk-…ghij  from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)
        Verified  no, unreachable: api.deepseek.com has a problem (503: the server answered 503 without a reason)
        Settings  ~/.qwen/settings.json (user)
        .env      no file
      "
    `);
  });
});
