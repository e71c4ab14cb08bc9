import { describe, expect, test } from "bun:test";
import { transcript } from "../support/transcript.ts";
import { SETTINGS } from "./set-ups.ts";

describe("qwen models", () => {
  test("lists models", async () => {
    expect(await transcript("models", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      openai
      * deepseek-v4-pro  DeepSeek  https://api.deepseek.com
        own-m            Team  https://own.example/v1  no key
      "
    `);
  });

  test("lists models for programs", async () => {
    expect(await transcript("models --json", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "models": [
          {
            "protocol": "openai",
            "id": "deepseek-v4-pro",
            "name": "[DeepSeek] deepseek-v4-pro",
            "baseUrl": "https://api.deepseek.com",
            "keyPresent": true,
            "active": true
          },
          {
            "protocol": "openai",
            "id": "own-m",
            "name": "[Team] own-m",
            "baseUrl": "https://own.example/v1",
            "keyPresent": false,
            "active": false
          }
        ],
        "warnings": []
      }
      "
    `);
  });

  test("has none to list", async () => {
    expect(await transcript("models")).toMatchInlineSnapshot(`
      "
      stderr:
      No model is configured; run \`qwen auth\`
      "
    `);
  });

  test("has none for programs", async () => {
    expect(await transcript("models --json")).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "models": [],
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

  test("marks another", async () => {
    expect(await transcript("models --model own-m", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      openai
        deepseek-v4-pro  DeepSeek  https://api.deepseek.com
      * own-m            Team  https://own.example/v1  no key
      stderr:
      warning: no key: TEAM_KEY is not set
      "
    `);
  });

  test("updates nothing without the network", async () => {
    expect(
      await transcript("models --update --provider deepseek", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot use \`--update\`: \`QWEN_OFFLINE\` is set

      hint: leave \`--update\` out, or allow the network
      "
    `);
  });

  test("takes no connection to update", async () => {
    expect(
      await transcript("models --update --model x", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot use \`--update\` and flags that choose a connection together

      hint: leave one of the two out
      "
    `);
  });

  test("takes no provider to list", async () => {
    expect(
      await transcript("models --provider deepseek", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot use \`--provider\` without \`--update\`

      hint: add \`--update\`, or leave \`--provider\` out
      "
    `);
  });

  test("tries nothing that it does not update", async () => {
    expect(await transcript("models --dry-run", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot use \`--dry-run\` without \`--update\`

      hint: add \`--update\`, or leave \`--dry-run\` out
      "
    `);
  });
});
