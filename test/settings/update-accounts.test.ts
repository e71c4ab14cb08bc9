import { describe, expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import type { JsoncEdit } from "../../src/lib/json/jsonc-edit.ts";
import {
  type Account,
  type Accounts,
  accountItem,
  accountsOf,
  accountsPath,
  accountWithKey,
  parseAccounts,
} from "../../src/settings/accounts.ts";
import {
  accountEdits,
  accountRemovals,
  updateAccounts,
} from "../../src/settings/update-accounts.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { laterProblemOf } from "../support/problem-of.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const WORK = { envKey: "A_KEY", name: "work" };
const at = (field: string) => ["accounts", "A_KEY", "work", field];

test.each<[Account, readonly JsoncEdit[]]>([
  [
    { key: "sk-1" },
    [
      { kind: "set", path: at("key"), value: "sk-1" },
      { kind: "remove", path: at("store") },
    ],
  ],
  [
    { key: "sk-1", baseUrl: "https://a/v1" },
    [
      { kind: "set", path: at("key"), value: "sk-1" },
      { kind: "remove", path: at("store") },
      { kind: "set", path: at("baseUrl"), value: "https://a/v1" },
    ],
  ],
  [
    {},
    [
      { kind: "remove", path: at("key") },
      { kind: "set", path: at("store"), value: "keyring" },
    ],
  ],
])("accountEdits() of %j", (account, expected) => {
  expect(accountEdits(WORK, account)).toEqual([...expected]);
});

const ACCOUNTS: Accounts = new Map([
  [
    "A_KEY",
    new Map<string, Account>([
      ["work", { key: "sk-1" }],
      ["home", {}],
    ]),
  ],
  ["B_KEY", new Map<string, Account>([["work", { key: "sk-2" }]])],
]);

test.each<[string, readonly (typeof WORK)[], readonly string[][]]>([
  ["none", [], []],
  ["one of two", [WORK], [["accounts", "A_KEY", "work"]]],
  ["both", [WORK, { ...WORK, name: "home" }], [["accounts", "A_KEY"]]],
  ["the only one", [{ ...WORK, envKey: "B_KEY" }], [["accounts", "B_KEY"]]],
  [
    "one of each",
    [WORK, { ...WORK, envKey: "B_KEY" }],
    [
      ["accounts", "A_KEY", "work"],
      ["accounts", "B_KEY"],
    ],
  ],
])("accountRemovals() of %s", (_name, gone, paths) => {
  expect(accountRemovals(ACCOUNTS, gone)).toEqual(
    paths.map((path): JsoncEdit => ({ kind: "remove", path })),
  );
});

test.each([
  ["A_KEY", "sk-1", "work"],
  ["A_KEY", "sk-2", undefined],
  ["B_KEY", "sk-2", "work"],
  ["C_KEY", "sk-1", undefined],
  [undefined, "sk-1", undefined],
])("accountWithKey() of %p and %s is %p", (envKey, key, expected) => {
  expect(accountWithKey(ACCOUNTS, envKey, key)).toBe(expected);
});

test("accountItem() names variable and account", () => {
  expect(accountItem("A_KEY", "work")).toBe("A_KEY@work");
});

describe("parseAccounts()", () => {
  const one = (account: unknown) => ({ accounts: { A_KEY: { work: account } } });
  test.each<[unknown, Account | undefined]>([
    [{}, undefined],
    [{ schemaVersion: 1, more: [] }, undefined],
    [{ accounts: {} }, undefined],
    [one({ key: "sk-1" }), { key: "sk-1" }],
    [one({ key: "sk-1", baseUrl: "u", more: 1 }), { key: "sk-1", baseUrl: "u" }],
    [one({ store: "keyring" }), {}],
    [one({ store: "keyring", key: "old" }), {}],
    [one({ store: "file", key: "sk-1" }), { key: "sk-1" }],
  ])("takes %j", async (document, expected) => {
    const accounts = accountsOf(await parseAccounts(JSON.stringify(document), "/a.json"));
    expect(accounts.get("A_KEY")?.get("work")).toEqual(expected);
  });

  test.each(["", " \n", "// nothing yet\n"])("takes %j for an empty file", async (text) => {
    expect(await parseAccounts(text, "/a.json")).toEqual({});
  });

  test.each([
    ["{", "line 1, column 2: "],
    ["[]", "expected an object"],
    ["3", "expected an object"],
    ['{"schemaVersion": 2}', "expected 1"],
    ['{"accounts": []}', "expected an object"],
    [JSON.stringify({ accounts: { A_KEY: [] } }), "expected an object"],
    [JSON.stringify(one("sk-1")), "expected an object"],
    [JSON.stringify(one({})), 'expected `key`, or `store` "keyring"'],
    [JSON.stringify(one({ key: "" })), 'expected `key`, or `store` "keyring"'],
    [JSON.stringify(one({ key: 3 })), 'expected `key`, or `store` "keyring"'],
    [JSON.stringify(one({ key: "k", baseUrl: 3 })), "expected a string in `baseUrl`"],
  ])("refuses %s", async (text, why) => {
    expect(await laterProblemOf(() => parseAccounts(text, "/a.json"))).toMatchObject({
      name: "ConfigError",
      code: "accounts-invalid",
      message: expect.stringContaining(why),
      hint: "correct the file with an editor; it was left as it is",
    });
  });
});

describe("updateAccounts()", () => {
  const keep = { edits: () => accountEdits(WORK, { key: "sk-1" }) };

  test("makes a private file, and leaves one that has it all as it is", async () => {
    const qwenHome = temporaryDirectory();
    const path = accountsPath(qwenHome);
    expect(await updateAccounts(fakeRuntime(), { qwenHome, ...keep })).toMatchObject({
      changed: true,
    });
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      schemaVersion: 1,
      accounts: { A_KEY: { work: { key: "sk-1" } } },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { ino, mtimeMs } = statSync(path);
    expect(await updateAccounts(fakeRuntime(), { qwenHome, ...keep })).toMatchObject({
      changed: false,
    });
    expect([statSync(path).ino, statSync(path).mtimeMs]).toEqual([ino, mtimeMs]);
  });

  test("keeps comments and unknown fields", async () => {
    const qwenHome = temporaryDirectory();
    const path = accountsPath(qwenHome);
    const text =
      '{\n  // mine\n  "accounts": { "A_KEY": { "work": { "store": "keyring", "x": 1 } } }\n}\n';
    await Bun.write(path, text);
    await updateAccounts(fakeRuntime(), { qwenHome, ...keep });
    const after = readFileSync(path, "utf8");
    expect(after).toContain("// mine");
    expect(accountsOf(await parseAccounts(after, path))).toEqual(
      new Map([["A_KEY", new Map([["work", { key: "sk-1" }]])]]),
    );
    expect(after).toContain('"x": 1');
    expect(after).not.toContain("keyring");
  });

  test("leaves a file that it does not understand", async () => {
    const qwenHome = temporaryDirectory();
    const path = accountsPath(qwenHome);
    await Bun.write(path, "{ broken");
    const work = () => updateAccounts(fakeRuntime(), { qwenHome, ...keep });
    expect(await laterProblemOf(work)).toMatchObject({ code: "accounts-invalid" });
    expect(readFileSync(path, "utf8")).toBe("{ broken");
  });
});
