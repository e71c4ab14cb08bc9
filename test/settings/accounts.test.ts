import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  accountItem,
  accountsOf,
  accountsPath,
  accountWithKey,
  loadAccounts,
  parseAccounts,
} from "../../src/settings/accounts.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const UID = process.geteuid?.();
const OWN = { uid: UID, homes: [], isShared: false };
const EDITOR = "correct the file with an editor; it was left as it is";

function home(text?: string | Uint8Array, mode = 0o600) {
  const directory = temporaryDirectory();
  const path = accountsPath(directory);
  if (text !== undefined) {
    writeFileSync(path, text);
    chmodSync(path, mode);
  }
  return { directory, path };
}

test("accountsPath() and accountItem() put names together", () => {
  expect(accountsPath("/q")).toBe(join("/q", "accounts.json"));
  expect(accountItem("A_KEY", "work")).toBe("A_KEY@work");
});

describe("loadAccounts() has", () => {
  test("none without the file", async () => {
    const { directory, path } = home();
    const none = { accounts: new Map(), accountsPath: path, warnings: [] };
    expect(await loadAccounts(directory, OWN)).toEqual(none);
  });

  test.each(["", "\n", "// none yet", "{}", '{"schemaVersion":1}'])("none in %j", async (text) => {
    const { directory } = home(text);
    expect((await loadAccounts(directory, OWN)).accounts).toEqual(new Map());
  });

  test("those that stand there, with comments, and a warning of its mode", async () => {
    const { directory, path } = home(
      '{"accounts": {"A_KEY": {"work": {"key": "sk-1"},}} /*!*/}',
      0o620,
    );
    expect(await loadAccounts(directory, OWN)).toEqual({
      accounts: new Map([["A_KEY", new Map([["work", { key: "sk-1" }]])]]),
      accountsPath: path,
      warnings: [`its group can write to \`${path}\` (mode 0620): run \`chmod go-w ${path}\``],
    });
  });

  test("as much as 8 MiB", async () => {
    const most = 8 * 1024 * 1024;
    const text = '{"schemaVersion":1}';
    const { directory } = home(text.padEnd(most));
    expect((await loadAccounts(directory, OWN)).accounts).toEqual(new Map());
    await expect(loadAccounts(home(text.padEnd(most + 1)).directory, OWN)).rejects.toMatchObject({
      message: expect.stringContaining("it is larger than 8 MiB"),
    });
  });
});

describe("loadAccounts() refuses", () => {
  test.each<[string, (path: string) => unknown, string, string?]>([
    ["a directory", (path) => mkdirSync(path), "it is a directory"],
    [
      "a loop of links",
      (path) => symlinkSync("accounts.json", path),
      "too many levels of links (ELOOP)",
    ],
    [
      "UTF-16",
      (path) => writeFileSync(path, new Uint8Array([0xff, 0xfe, 0x7b, 0])),
      "it is UTF-16; save it as UTF-8",
    ],
    [
      "what is no JSON",
      (path) => writeFileSync(path, '{\n "a" 1}'),
      "line 2, column 6: expected a colon",
    ],
    [
      "one that others may write",
      (path) => {
        writeFileSync(path, "{}");
        chmodSync(path, 0o602);
      },
      "others can write to it (mode 0602)",
      "run `chmod go-w PATH`",
    ],
  ])("%s", async (_what, make, why, hint = EDITOR) => {
    const { directory, path } = home();
    make(path);
    await expect(loadAccounts(directory, OWN)).rejects.toMatchObject({
      message: `Cannot use \`${path}\`: ${why}`,
      code: "accounts-invalid",
      hint: hint.replace("PATH", path),
      exitCode: 3,
    });
  });
});

describe("parseAccounts()", () => {
  test.each<[string, string]>([
    ["[]", "expected an object"],
    ["null", "expected an object"],
    ['{"schemaVersion":2}', "schemaVersion: expected 1"],
    ['{"accounts":[]}', "accounts: expected an object"],
    ['{"accounts":{"A":5}}', "accounts.A: expected an object"],
    ['{"accounts":{"A":{"w":"sk-1"}}}', "accounts.A.w: expected an object"],
    ['{"accounts":{"A":{"w":{}}}}', 'accounts.A.w: expected `key`, or `store` "keyring"'],
    ['{"accounts":{"A":{"w":{"key":""}}}}', 'accounts.A.w: expected `key`, or `store` "keyring"'],
    ['{"accounts":{"A":{"w":{"key":5}}}}', 'accounts.A.w: expected `key`, or `store` "keyring"'],
    [
      '{"accounts":{"A":{"w":{"store":"file"}}}}',
      'accounts.A.w: expected `key`, or `store` "keyring"',
    ],
    [
      '{"accounts":{"A":{"w":{"key":"sk-1","baseUrl":5}}}}',
      "accounts.A.w: expected a string in `baseUrl`",
    ],
  ])("refuses %s", async (text, why) => {
    await expect(parseAccounts(text, "/f")).rejects.toMatchObject({
      message: `Cannot use \`/f\`: ${why}`,
      hint: EDITOR,
    });
  });

  test("takes what is right, with all that else stands there", async () => {
    const document = {
      schemaVersion: 1,
      more: true,
      accounts: {
        A: { w: { key: "sk-1", baseUrl: "u", note: 1 }, k: { store: "keyring" }, none: {} },
        B: {},
      },
    };
    const { none: _none, ...rest } = document.accounts.A;
    const right = { ...document, accounts: { A: rest, B: {} } };
    expect(await parseAccounts(JSON.stringify(right), "/f")).toEqual(right);
  });
});

test("accountsOf() knows key and endpoint of each; in the keyring there is no key", () => {
  const accounts = {
    A: {
      w: { key: "sk-1", baseUrl: "u", store: "settings", note: 1 },
      k: { key: "sk-2", store: "keyring", baseUrl: "v" },
    },
    B: {},
  };
  expect(accountsOf({ accounts })).toEqual(
    new Map([
      [
        "A",
        new Map([
          ["w", { key: "sk-1", baseUrl: "u" }],
          ["k", { baseUrl: "v" }],
        ]),
      ],
      ["B", new Map()],
    ] as never),
  );
  expect([{}, { accounts: [] }].map(accountsOf)).toEqual([new Map(), new Map()]);
});

test("accountWithKey() is the name of the account that has the very key", () => {
  const all = new Map([
    [
      "A",
      new Map([
        ["home", {}],
        ["one", { key: "sk-1" }],
        ["two", { key: "sk-2" }],
      ]),
    ],
    ["B", new Map([["three", { key: "sk-3" }]])],
  ]);
  const asked = [
    ["A", "sk-2"],
    ["A", "sk-3"],
    ["B", "sk-3"],
    ["C", "sk-1"],
    [undefined, "sk-1"],
  ] as const;
  expect(asked.map(([envKey, key]) => accountWithKey(all, envKey, key))).toEqual([
    "two",
    undefined,
    "three",
    undefined,
    undefined,
  ]);
});
