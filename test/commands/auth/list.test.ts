import { describe, expect, test } from "bun:test";
import { listCommand } from "../../../src/commands/auth/list.ts";
import { optionsOf } from "../../support/read-line.ts";

describe("listCommand.toOptions()", () => {
  test.each([
    ["auth list", { json: false, verify: false, offline: false }],
    ["auth ls --json", { json: true, verify: false }],
    ["auth list --verify --offline", { verify: true, offline: true }],
    ["auth list --json=true --verify=false", { json: true, verify: false }],
  ])("reads `%s`", async (line, expected) => {
    expect(await optionsOf(listCommand, line)).toMatchObject(expected);
  });

  test.each([
    ["auth list deepseek", "Cannot use an extra word: this command takes flags only"],
    ["auth list --no-verify", "Cannot read `--no-verify`: this flag is unknown"],
    ["auth list -o json", "Cannot read `-o`: this flag is unknown"],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(listCommand, line)).rejects.toThrow(message);
  });
});
