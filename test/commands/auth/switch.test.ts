import { describe, expect, test } from "bun:test";
import { switchCommand } from "../../../src/commands/auth/switch.ts";
import { optionsOf } from "../../support/read-line.ts";

describe("switchCommand.toOptions()", () => {
  test.each([
    ["auth switch", { word: undefined, scope: "user", json: false }],
    ["auth switch glm-5", { word: "glm-5", scope: "user", json: false }],
    ["auth switch --json glm-5@host.test", { word: "glm-5@host.test", json: true }],
    ["auth switch deepseek --scope=project", { word: "deepseek", scope: "project" }],
    ["auth switch -- -odd", { word: "-odd", json: false }],
    ["auth switch -- --json", { word: "--json", json: false }],
    ["auth switch glm-5 --no-input -q", { word: "glm-5", noInput: true, quiet: true }],
  ])("reads `%s`", async (line, expected) => {
    expect(await optionsOf(switchCommand, line)).toMatchObject(expected);
  });

  test.each([
    ["auth switch a b", "Cannot use an extra word: this command takes flags and one word"],
    ["auth switch a -- b", "Cannot use an extra word: this command takes flags and one word"],
    ["auth switch --scope", "Cannot read `--scope`: its value is missing"],
    ["auth switch --scope mine", 'Cannot use the scope "mine": it is unknown'],
    ["auth switch --model glm-5", "Cannot read `--model`: this flag is unknown"],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(switchCommand, line)).rejects.toThrow(message);
  });
});
