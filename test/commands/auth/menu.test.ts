import { describe, expect, test } from "bun:test";
import { menuCommand } from "../../../src/commands/auth/menu.ts";
import { optionsOf } from "../../support/read-line.ts";

describe("menuCommand.toOptions()", () => {
  test.each([
    ["auth", { scope: "user", store: "settings", force: false, verify: undefined, key: undefined }],
    ["auth login", { scope: "user", store: "settings" }],
    ["auth --scope project --force", { scope: "project", force: true }],
    ["auth --store=keyring", { store: "keyring" }],
    ["auth --verify", { verify: true }],
    ["auth --no-verify --no-input", { verify: false, noInput: true }],
  ])("reads `%s`", async (line, expected) => {
    expect(await optionsOf(menuCommand, line)).toMatchObject(expected);
  });

  test.each([
    ["auth --verify --no-verify", "Cannot use `--verify` and `--no-verify` together"],
    ["auth --store vault", 'Cannot use the store "vault": it is unknown'],
    ["auth --scope mine", 'Cannot use the scope "mine": it is unknown'],
    ["auth --key-stdin", "Cannot read `--key-stdin`: this flag is unknown"],
    ["auth --json status", "Cannot read `--json`: this flag is unknown"],
    ["auth -- status", "Cannot use an extra word: this command takes flags only"],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(menuCommand, line)).rejects.toThrow(message);
  });
});
