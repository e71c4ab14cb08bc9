import { describe, expect, test } from "bun:test";
import { logoutCommand } from "../../../src/commands/auth/logout.ts";
import { optionsOf } from "../../support/read-line.ts";

describe("logoutCommand.toOptions()", () => {
  test.each([
    ["auth logout", { provider: undefined, all: false, scope: "user", json: false }],
    ["auth logout --provider deepseek", { provider: "deepseek", all: false }],
    ["auth logout --provider=https://h.test/v1", { provider: "https://h.test/v1" }],
    ["auth logout --all --json", { provider: undefined, all: true, json: true }],
    ["auth logout --all=false", { all: false }],
    ["auth logout --scope project", { scope: "project" }],
    ["--no-project auth logout", { noProject: true }],
  ])("reads `%s`", async (line, expected) => {
    expect(await optionsOf(logoutCommand, line)).toMatchObject(expected);
  });

  test.each([
    ["auth logout --all --provider x", "Cannot use `--all` with `--provider`"],
    ["auth logout --provider", "Cannot read `--provider`: its value is missing"],
    [
      "auth logout -provider x",
      "Cannot read `-provider`: a flag of several letters has two dashes",
    ],
    ["auth logout --all=yes", "Cannot give `--all` a value: it is a switch"],
    ["auth logout --scope mine", 'Cannot use the scope "mine": it is unknown'],
    ["auth logout deepseek", "Cannot use an extra word: this command takes flags only"],
    ["auth logout -- --all", "Cannot use an extra word: this command takes flags only"],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(logoutCommand, line)).rejects.toThrow(message);
  });
});
