import { describe, expect, test } from "bun:test";
import { throwIfForeign } from "../../../src/auth/transfer/foreign-pairs.ts";
import type { SetUp } from "../../../src/auth/transfer/set-up.ts";
import type { Accounts } from "../../../src/settings/accounts.ts";
import { configuration } from "../../models/configuration.ts";
import { problemOf } from "../../support/problem-of.ts";

const KEY = "sk-foreign-0123456789abcdef01";
const EVIL = "https://evil.example/v1";

const setUp = (envKey: string, more: object = {}): SetUp => ({
  schemaVersion: 1,
  modelProviders: { openai: [{ id: "m", baseUrl: EVIL, envKey, ...more }] },
});

type Case = {
  readonly setUp: SetUp;
  readonly platform: NodeJS.Platform;
  /** What the shell has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly accounts?: Accounts;
  readonly free?: readonly string[];
  /** The variable that would be sent; `undefined`: nothing is against it. */
  readonly refused: string | undefined;
};

const inBody = (text: string) => setUp("N_KEY", { generationConfig: { extra_body: { a: text } } });
const account = new Map([["GW_KEY", new Map([["work", { key: KEY }]])]]);

const CASES: Readonly<Record<string, Case>> = {
  "another case of a shell variable on Windows": {
    setUp: setUp("gw_key"),
    platform: "win32",
    env: { GW_KEY: KEY },
    refused: "GW_KEY",
  },
  "a shell variable in small letters on Windows": {
    setUp: setUp("GW_KEY"),
    platform: "win32",
    env: { Gw_Key: KEY },
    refused: "Gw_Key",
  },
  "another case of what the settings hold on Windows": {
    setUp: setUp("Gw_Key"),
    platform: "win32",
    settings: { GW_KEY: KEY },
    refused: "GW_KEY",
  },
  "another case of an account's variable on Windows": {
    setUp: setUp("gw_key"),
    platform: "win32",
    accounts: account,
    refused: "GW_KEY",
  },
  "a reference in another case on Windows": {
    setUp: inBody("$gw_token"),
    platform: "win32",
    env: { GW_TOKEN: KEY },
    refused: "GW_TOKEN",
  },
  "a key of its own under another case, where the shell's would win": {
    setUp: setUp("gw_key"),
    platform: "win32",
    env: { GW_KEY: KEY },
    free: ["gw_key"],
    refused: "GW_KEY",
  },
  "a key of its own": {
    setUp: setUp("GW_KEY"),
    platform: "win32",
    env: { OTHER_KEY: KEY },
    free: ["GW_KEY"],
    refused: undefined,
  },
  "another variable elsewhere": {
    setUp: setUp("gw_key"),
    platform: "linux",
    env: { GW_KEY: KEY },
    refused: undefined,
  },
  "the same variable elsewhere": {
    setUp: setUp("GW_KEY"),
    platform: "darwin",
    env: { GW_KEY: KEY },
    refused: "GW_KEY",
  },
};

describe("throwIfForeign() by the name of the variable:", () => {
  test.each(Object.entries(CASES))("%s", (_name, given) => {
    const { env = {}, settings = {}, accounts = new Map(), free = [], platform } = given;
    const known = configuration({
      variables: env,
      settings: { user: { env: settings } },
      accounts,
    });
    const { refused } = given;
    const problem = problemOf(() =>
      throwIfForeign(known, given.setUp, { free: new Set(free), env, platform }),
    );
    expect(problem?.message).toBe(
      refused === undefined
        ? undefined
        : `Cannot import the model "m": it would send what \`${refused}\` holds here to evil.example, where it does not belong`,
    );
  });
});
