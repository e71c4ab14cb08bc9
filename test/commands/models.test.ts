import { describe, expect, test } from "bun:test";
import { modelsCommand } from "../../src/commands/models.ts";
import { optionsOf } from "../support/read-line.ts";

describe("modelsCommand.toOptions()", () => {
  test.each([
    ["models", { json: false, remote: false, offline: false }],
    ["models --json", { json: true, remote: false }],
    ["models --remote --openai-base-url u", { remote: true, connection: { baseUrl: "u" } }],
    ["models --auth-type gemini", { connection: { authType: "gemini" } }],
    ["--offline models --remote", { remote: true, offline: true }],
  ])("reads `%s`", async (line, expected) => {
    expect(await optionsOf(modelsCommand, line)).toMatchObject(expected);
  });

  test.each([
    ["models glm-5", "Cannot use an extra word: this command takes flags only"],
    ["models --json=1", "Cannot give `--json` a value: it is a switch"],
    ["models --key k", "Cannot read `--key`: this flag is unknown"],
    ["-o json models", "Cannot read `-o`: this flag is unknown"],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(modelsCommand, line)).rejects.toThrow(message);
  });
});
