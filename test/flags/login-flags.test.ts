import { describe, expect, test } from "bun:test";
import type { FlagValues } from "../../src/flags/flag.ts";
import { toGlobals } from "../../src/flags/global-flags.ts";
import { type LoginOptions, toLoginOptions, toScope } from "../../src/flags/login-flags.ts";
import { problemOf } from "../support/problem-of.ts";

const GLOBALS = toGlobals({ quiet: true });

const NONE: LoginOptions = {
  ...GLOBALS,
  key: undefined,
  scope: "user",
  store: "settings",
  force: false,
  json: false,
  verify: undefined,
  account: undefined,
};

describe("toLoginOptions()", () => {
  test.each<[FlagValues, Partial<LoginOptions>]>([
    [{}, {}],
    [{ key: "sk-1" }, { key: { kind: "flag", key: "sk-1" } }],
    [{ scope: "user", store: "settings" }, {}],
    [{ scope: "project" }, { scope: "project" }],
    [{ store: "env-file" }, { store: "env-file" }],
    [{ store: "keyring" }, { store: "keyring" }],
    [{ force: true }, { force: true }],
    [{ json: true }, { json: true }],
    [{ verify: true }, { verify: true }],
    [{ "no-verify": true }, { verify: false }],
    [{ account: "work" }, { account: "work" }],
  ])("turns %j into %j", (values, expected) => {
    expect(toLoginOptions(values, GLOBALS)).toEqual({ ...NONE, ...expected });
  });

  test.each<[FlagValues, string, string]>([
    [{ scope: "system" }, 'Cannot use the scope "system": it is unknown', "choose user or project"],
    [{ scope: "" }, 'Cannot use the scope "": it is unknown', "choose user or project"],
    [
      { store: "env" },
      'Cannot use the store "env": it is unknown',
      "choose settings (the default), env-file (`~/.qwen/.env`) or keyring",
    ],
    [
      { account: "deepseek@work" },
      "Cannot use the value of `--account`: a login knows its provider",
      "write `--account work`",
    ],
    [
      { account: "Work" },
      "Cannot use the value of `--account`: it is no name of an account",
      "write up to 32 small letters, digits, `.`, `_` or `-`, such as `work`",
    ],
    [
      { verify: true, "no-verify": true },
      "Cannot use `--verify` and `--no-verify` together",
      "leave one of the two out",
    ],
  ])("refuses %j", (values, message, hint) => {
    expect(problemOf(() => toLoginOptions(values, GLOBALS))).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message,
      hint,
    });
  });
});

test("toScope() takes the user's where none is named", () => {
  expect([toScope(), toScope(undefined), toScope("project")]).toEqual(["user", "user", "project"]);
});
