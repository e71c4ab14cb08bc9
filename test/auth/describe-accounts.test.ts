import { expect, test } from "bun:test";
import { activeAccount, describeAccounts } from "../../src/auth/describe-accounts.ts";
import type { ResolvedKey } from "../../src/models/resolution.ts";
import type { Account } from "../../src/settings/accounts.ts";
import type { Source } from "../../src/source.ts";
import { configuration, variableSource } from "../models/configuration.ts";

const accounts = new Map<string, Map<string, Account>>([
  [
    "A_KEY",
    new Map<string, Account>([
      ["work", { key: "sk-work-0123456789abcdef", baseUrl: "https://a.example/v1" }],
      ["home", { key: "sk-home-0123456789abcdef" }],
      ["ring", {}],
    ]),
  ],
  ["B_KEY", new Map()],
]);
const KNOWN = configuration({ accounts });
const account = (name: string): Source => ({
  ...{ kind: "account", name, path: KNOWN.accountsPath, origin: "user" },
});
const present = (value: string, source: Source = variableSource("A_KEY")): ResolvedKey => ({
  ...{ kind: "present", value, source, shadowed: [], envKey: "A_KEY", scheme: "key" },
});
const deferred = (source: Source): ResolvedKey => ({
  kind: "deferred",
  places: [{ kind: "keyring", item: "A_KEY@ring", source }],
  source,
  shadowed: [],
  envKey: "A_KEY",
  scheme: "key",
});
const MISSING: ResolvedKey = { kind: "missing", envKeys: [], unresolved: [], hiddenIn: [] };

test.each<[string, ResolvedKey, string | undefined]>([
  ["no key", MISSING, undefined],
  ["a key that is nobody's", present("sk-other-0123456789"), undefined],
  ["a key that is equal", present("sk-home-0123456789abcdef"), "home"],
  ["an account that was asked for", present("sk-x", account("work")), "work"],
  ["one in the keyring that was asked for", deferred(account("ring")), "ring"],
  ["another in the keyring", deferred(variableSource("A_KEY")), undefined],
])("activeAccount() of %s is %j", (_what, key, name) => {
  expect(activeAccount(accounts, key)).toBe(name as never);
});

test("describeAccounts() masks keys, and says of none in the keyring that it is not active", () => {
  const row = (name: string, masked?: string) => ({
    name,
    key: { present: true, ...(masked === undefined ? {} : { masked }), source: account(name) },
  });
  const work = { ...row("work", "sk-…cdef"), baseUrl: "https://a.example/v1" };
  const home = row("home", "sk-…cdef");
  const of = (key: ResolvedKey) => describeAccounts(KNOWN, "A_KEY", key);
  expect(of(MISSING)).toEqual({
    accounts: [{ ...work, active: false }, { ...home, active: false }, row("ring")],
  } as never);
  expect(of(present("sk-work-0123456789abcdef"))).toEqual({
    accounts: [{ ...work, active: true }, { ...home, active: false }, row("ring")],
  } as never);
  expect(of(deferred(account("ring")))).toEqual({
    accounts: [
      { ...work, active: false },
      { ...home, active: false },
      { ...row("ring"), active: true },
    ],
  } as never);
});

test.each(["B_KEY", "C_KEY", undefined])("describeAccounts() of %j has none", (envKey) => {
  expect(describeAccounts(KNOWN, envKey, MISSING)).toEqual({});
});
