import { describe, expect, test } from "bun:test";
import { transcript } from "../support/transcript.ts";

describe("qwen", () => {
  test("version", async () => {
    expect(await transcript("version")).toMatchInlineSnapshot(`
      "
      qwen 1.2.3
      commit unknown
      target unknown
      bun 1.4.5
      "
    `);
  });

  test("version --json", async () => {
    expect(await transcript("version --json")).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "version": "1.2.3",
        "commit": "unknown",
        "target": "unknown",
        "bun": "1.4.5"
      }
      "
    `);
  });

  test("version of a build", async () => {
    expect(
      await transcript("version", {
        runtime: { build: { commit: "0123456789abcdef", target: "linux-x64", repository: "o/n" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      qwen 1.2.3
      commit 0123456789abcdef
      target linux-x64
      bun 1.4.5
      "
    `);
  });

  test("version of a build for programs", async () => {
    expect(
      await transcript("version --json", {
        runtime: { build: { commit: "0123456789abcdef", target: "linux-x64", repository: "o/n" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "version": "1.2.3",
        "commit": "0123456789abcdef",
        "target": "linux-x64",
        "bun": "1.4.5"
      }
      "
    `);
  });

  test("completion without a shell", async () => {
    expect(await transcript("completion")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot print a completion script: no shell was named

      hint: choose bash, zsh, fish or powershell
      "
    `);
  });

  test("completion of an unknown one", async () => {
    expect(await transcript("completion bsh")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot print a completion script for "bsh": it is unknown

      hint: did you mean "bash"? choose bash, zsh, fish or powershell
      "
    `);
  });

  test("a question without anything", async () => {
    expect(await transcript("hello")).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot ask a model: nothing is configured

      hint: run \`qwen auth\`
      "
    `);
  });

  test("a question for programs", async () => {
    expect(await transcript("-o json hello")).toMatchInlineSnapshot(`
      "
      exit 4
      {"type":"result","subtype":"error_during_execution","is_error":true,"error":{"code":"not-configured","message":"Cannot ask a model: nothing is configured","hint":"run \`qwen auth\`","exitCode":4},"retries":0,"duration_ms":0,"session_id":"<id>"}
      "
    `);
  });

  test("the menu without a terminal", async () => {
    expect(await transcript("auth")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot ask for an authentication method: there is no terminal to ask

      hint: run \`qwen auth coding-plan --help\` or \`qwen auth api-key --help\` for the flags
      "
    `);
  });

  test("status without anything", async () => {
    expect(await transcript("auth status")).toMatchInlineSnapshot(`
      "
      exit 4
      Authentication status

      ⚠ No authentication method is configured

        Settings  no file
        .env      no file

      Run one of:
        qwen auth              to choose from a menu
        qwen auth coding-plan  for Alibaba Cloud Coding Plan
        qwen auth api-key      for a key of any other provider, or a server of your own
      "
    `);
  });

  test("status for programs", async () => {
    expect(await transcript("auth status --json")).toMatchInlineSnapshot(`
      "
      exit 4
      {
        "schemaVersion": 1,
        "loggedIn": false,
        "method": "none",
        "state": "none",
        "problem": {
          "code": "not-configured",
          "reason": "nothing is configured",
          "hint": "run \`qwen auth\`"
        },
        "key": {
          "present": false,
          "shadowed": []
        },
        "settings": [
          {
            "scope": "system-defaults",
            "path": "~/system/system-defaults.json",
            "exists": false
          },
          {
            "scope": "user",
            "path": "~/.qwen/settings.json",
            "exists": false
          },
          {
            "scope": "project",
            "path": "~/p/.qwen/settings.json",
            "exists": false
          },
          {
            "scope": "system",
            "path": "~/system/settings.json",
            "exists": false
          }
        ],
        "dotenv": {
          "shadowed": []
        },
        "trust": {
          "folder": "~/p",
          "trusted": false,
          "required": false
        },
        "verified": {
          "state": "unchecked"
        },
        "warnings": []
      }
      "
    `);
  });
});
