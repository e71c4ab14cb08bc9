import { describe, expect, test } from "bun:test";
import { transcript } from "../../support/transcript.ts";
import { SETTINGS } from "../set-ups.ts";

describe("qwen auth token and env", () => {
  test("prints the key", async () => {
    expect(await transcript("auth token", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      sk-0123456789abcdefghij
      "
    `);
  });

  test("prints the key for programs", async () => {
    expect(await transcript("auth token --json", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "token": "sk-0123456789abcdefghij",
        "envKey": "DEEPSEEK_API_KEY",
        "source": {
          "kind": "settings",
          "name": "env.DEEPSEEK_API_KEY",
          "path": "~/.qwen/settings.json",
          "scope": "user",
          "origin": "user"
        }
      }
      "
    `);
  });

  test("has none to print", async () => {
    expect(
      await transcript("auth token --model own-m", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot print the key: no key: TEAM_KEY is not set

      hint: run \`export TEAM_KEY=YOUR_KEY\`
      "
    `);
  });

  test("prints lines for sh", async () => {
    expect(await transcript("auth env", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      export OPENAI_API_KEY='sk-0123456789abcdefghij'
      export OPENAI_BASE_URL='https://api.deepseek.com'
      export OPENAI_MODEL='deepseek-v4-pro'
      export DEEPSEEK_API_KEY='sk-0123456789abcdefghij'
      "
    `);
  });

  test("prints lines for fish", async () => {
    expect(
      await transcript("auth env --shell fish", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      set -gx OPENAI_API_KEY 'sk-0123456789abcdefghij'
      set -gx OPENAI_BASE_URL 'https://api.deepseek.com'
      set -gx OPENAI_MODEL 'deepseek-v4-pro'
      set -gx DEEPSEEK_API_KEY 'sk-0123456789abcdefghij'
      "
    `);
  });

  test("prints lines for PowerShell", async () => {
    expect(
      await transcript("auth env --shell powershell", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      $env:OPENAI_API_KEY = 'sk-0123456789abcdefghij'
      $env:OPENAI_BASE_URL = 'https://api.deepseek.com'
      $env:OPENAI_MODEL = 'deepseek-v4-pro'
      $env:DEEPSEEK_API_KEY = 'sk-0123456789abcdefghij'
      "
    `);
  });

  test("does not know a shell", async () => {
    expect(await transcript("auth env --shell bsh", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot write for the shell "bsh": it is unknown

      hint: did you mean "sh"? choose sh (bash, zsh), fish or pwsh
      "
    `);
  });

  test("has nothing to print", async () => {
    expect(
      await transcript("auth env --model own-m", { settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot print variables: no key: TEAM_KEY is not set

      hint: run \`export TEAM_KEY=YOUR_KEY\`
      "
    `);
  });

  test("has nothing at all", async () => {
    expect(await transcript("auth env")).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot print variables: nothing is configured

      hint: run \`qwen auth\`
      "
    `);
  });

  test("gives nothing away inside of `auth run`", async () => {
    expect(
      await transcript("auth env", {
        settings: SETTINGS,
        env: { QWEN_RUN: "1", QWEN_OFFLINE: "1" },
      }),
    ).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot print variables: this runs inside of \`qwen auth run\`, which hides it

      hint: run it in a terminal of your own
      "
    `);
  });
});
