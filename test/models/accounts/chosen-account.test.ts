import { describe, expect, test } from "bun:test";
import {
  accountFor,
  accountKey,
  accountWarnings,
  chosenAccount,
  variableInForce,
} from "../../../src/models/accounts/chosen-account.ts";
import type { AccountChoice } from "../../../src/models/connection-flags.ts";
import type { ResolvedKey } from "../../../src/models/resolution.ts";
import type { Account } from "../../../src/settings/accounts.ts";
import type { Source } from "../../../src/source.ts";
import { problemOf } from "../../support/problem-of.ts";
import { configuration, variableSource } from "../configuration.ts";

const WORK: Account = { key: "sk-work-0123456789", baseUrl: "https://a.example/v1" };
const accounts: ReadonlyMap<string, ReadonlyMap<string, Account>> = new Map([
  [
    "A_KEY",
    new Map<string, Account>([
      ["work", WORK],
      ["home", {}],
    ]),
  ],
  ["B_KEY", new Map<string, Account>([["work", { key: "sk-b-0123456789" }]])],
]);
const ALL = configuration({ accounts });
const flag = (name: string, envKey?: string): AccountChoice => ({
  ...{ name, from: "--account" },
  ...(envKey === undefined ? {} : { envKey }),
});
const variable = (name: string, envKey?: string): AccountChoice => ({
  ...flag(name, envKey),
  from: "QWEN_ACCOUNT",
});
const source = (name: string): Source => ({
  ...{ kind: "account", name, path: "/home/me/.qwen/accounts.json", origin: "user" },
});

describe("chosenAccount()", () => {
  type Found = readonly [envKey: string, name: string] | undefined;
  const cases: readonly (readonly [AccountChoice | undefined, readonly string[], Found])[] = [
    [undefined, ["A_KEY"], undefined],
    [flag("work"), ["A_KEY"], ["A_KEY", "work"]],
    [flag("work"), ["B_KEY", "A_KEY"], ["B_KEY", "work"]],
    [flag("home"), ["B_KEY", "A_KEY"], ["A_KEY", "home"]],
    [flag("work", "A_KEY"), ["B_KEY", "A_KEY"], ["A_KEY", "work"]],
    [variable("home"), ["B_KEY"], undefined],
    [variable("none"), [], undefined],
    [variable("work", "A_KEY"), ["B_KEY"], undefined],
  ];
  test.each(cases)("of %j among %j is %j", (account, envKeys, found) => {
    const chosen = chosenAccount(ALL, { account }, envKeys);
    expect(chosen && [chosen.envKey, chosen.name]).toEqual(found && [...found]);
    expect(chosen?.source).toEqual(found && source(found[1]));
  });

  const failures: readonly (readonly [AccountChoice, readonly string[], string, string])[] = [
    [flag("none"), ["A_KEY", "B_KEY"], "`A_KEY` or `B_KEY` has", "choose work or home"],
    [flag("none"), ["C_KEY"], "`C_KEY` has", "set it up: `qwen auth api-key --account none`"],
    [flag("work"), [], "the connection has", "set it up: `qwen auth api-key --account work`"],
    [flag("work", "A_KEY"), ["B_KEY"], "`B_KEY` has", "choose work"],
    [variable("home", "B_KEY"), ["B_KEY"], "`B_KEY` has", "choose work"],
  ];
  test.each(failures)("refuses %j among %j", (account, envKeys, whose, hint) => {
    expect(problemOf(() => chosenAccount(ALL, { account }, envKeys))).toMatchObject({
      name: "AuthError",
      code: "account-unknown",
      message: `Cannot use the account "${account.name}": ${whose} none of that name`,
      hint,
    });
  });
});

describe("accountKey()", () => {
  const at = (value: string) => ({
    kind: "known" as const,
    endpoint: { value, source: variableSource("OPENAI_BASE_URL"), shadowed: [] },
  });
  const keyOf = (
    account: AccountChoice | undefined,
    endpoint: ReturnType<typeof at> | { kind: "unknown" },
  ) => accountKey(ALL, { flags: { account }, endpoint }, ["A_KEY"]);

  test("is none where none is asked for", () => {
    expect(keyOf(undefined, at("https://b.example/v1"))).toEqual([]);
  });

  test.each([
    at("https://a.example/v1"),
    at("https://a.example/v1/"),
    { kind: "unknown" as const },
  ])("is the account's own for %j", (endpoint) => {
    expect(keyOf(flag("work"), endpoint)).toEqual([
      {
        key: { value: "sk-work-0123456789", source: source("work"), shadowed: [] },
        envKey: "A_KEY",
      },
    ]);
  });

  test("lies in the keyring where the file has none, and may go anywhere without an endpoint", () => {
    expect(keyOf(flag("home"), at("https://b.example/v1"))).toEqual([
      {
        places: [{ kind: "keyring", item: "A_KEY@home", source: source("home") }],
        envKey: "A_KEY",
      },
    ]);
  });

  test("goes to no other endpoint than its own", () => {
    expect(problemOf(() => keyOf(flag("work"), at("https://b.example/v1")))).toMatchObject({
      code: "account-unknown",
      message:
        'Cannot use the account "work": its key is for https://a.example/v1, not for https://b.example/v1',
    });
  });
});

const present = (from: Source): ResolvedKey => ({
  ...{ kind: "present", value: "k", source: from, shadowed: [], envKey: "A_KEY", scheme: "key" },
});
const MISSING: ResolvedKey = { kind: "missing", envKeys: ["X", "Y"], unresolved: [], hiddenIn: [] };
const PASSED = ['`QWEN_ACCOUNT` is passed over: `A_KEY` has no account "none"'];

test.each<[AccountChoice | undefined, ResolvedKey, string | undefined, readonly string[]]>([
  [variable("none"), present(variableSource("A_KEY")), undefined, PASSED],
  [variable("none"), present(variableSource("A_KEY")), "sk-given", []],
  [undefined, present(variableSource("A_KEY")), undefined, []],
  [variable("work"), present(source("work")), undefined, []],
  [variable("none"), { kind: "keyless", envKey: "A_KEY" }, undefined, []],
  [variable("none"), MISSING, undefined, []],
])("accountWarnings() for %j and %j, with the key %p", (account, key, apiKey, warnings) => {
  expect(accountWarnings({ account, apiKey }, key)).toEqual([...warnings]);
});

describe("accountFor()", () => {
  const cases: readonly (readonly [AccountChoice | undefined, string | undefined, boolean])[] = [
    [undefined, "A_KEY", false],
    [flag("work"), undefined, false],
    [flag("work"), "A_KEY", true],
    [flag("work", "A_KEY"), "A_KEY", true],
  ];
  test.each(cases)("keeps %j for the variable %p: %p", (account, envKey, isKept) => {
    expect<unknown>(accountFor(ALL, account, envKey)).toEqual({
      ...(isKept ? { account } : {}),
      warnings: [],
    });
  });

  const OF_A = (envKey: string) => `it is for \`A_KEY\`, and \`${envKey}\` holds the key here`;
  test.each([
    [flag("home"), "B_KEY", '`B_KEY` has no account "home"'],
    [flag("work", "A_KEY"), "B_KEY", OF_A("B_KEY")],
    [flag("work", "A_KEY"), "C_KEY", OF_A("C_KEY")],
  ])("passes %j over for %p, and says so", (account, envKey, why) => {
    expect(accountFor(ALL, account, envKey)).toEqual({
      warnings: [`\`--account\` is passed over: ${why}`],
    });
  });
});

test.each([
  [present(variableSource("A_KEY")), undefined, "A_KEY"],
  [{ kind: "keyless", envKey: undefined } as const, "B_KEY", "B_KEY"],
  [MISSING, undefined, "X"],
  [MISSING, "B_KEY", "B_KEY"],
])("variableInForce() of %j with an entry of %p is %p", (key, envKey, expected) => {
  const openai = [
    { id: "m", baseUrl: "https://a.example/v1", ...(envKey === undefined ? {} : { envKey }) },
  ];
  const { models } = configuration({ settings: { user: { modelProviders: { openai } } } });
  const [entry] = models.entries;
  expect(variableInForce({ key, entry })).toBe(expected);
});
