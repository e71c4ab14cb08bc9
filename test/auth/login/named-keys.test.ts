import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogoutTarget } from "../../../src/auth/login/apply-logout.ts";
import { keepAccount, proveAccount } from "../../../src/auth/login/keep-account.ts";
import { isStoredKey, keyInStore } from "../../../src/auth/login/key-in-store.ts";
import { removeAccounts } from "../../../src/auth/login/remove-accounts.ts";
import { type NewKey, setKey } from "../../../src/auth/login/set-key.ts";
import { loadAccounts } from "../../../src/settings/accounts.ts";
import { ownRule } from "../../../src/settings/paths.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { memoryKeyring } from "../../support/memory-keyring.ts";
import { laterProblemOf } from "../../support/problem-of.ts";
import { machine } from "../../support/qwen.ts";

type Files = Readonly<Record<string, string | object>>;

/** A machine with these files below `.qwen` and these items in its keyring. */
function place(files: Files = {}, items: Readonly<Record<string, string>> = {}) {
  const at = machine();
  for (const [name, content] of Object.entries(files)) {
    at.write(`.qwen/${name}`, content);
  }
  const { keyring, items: held } = memoryKeyring(items);
  const runtime = { ...fakeRuntime({ home: at.home }), keyring };
  const text = (name: string) => readFileSync(join(at.home, ".qwen", name), "utf8");
  const accounts = async () =>
    (await loadAccounts(join(at.home, ".qwen"), ownRule(runtime))).accounts;
  return { at, runtime, held, text, accounts };
}

const ACCOUNTS = {
  accounts: {
    A_KEY: { work: { key: "sk-work" }, ring: { store: "keyring", baseUrl: "https://a/v1" } },
    B_KEY: { home: { key: "sk-home" } },
  },
};
const RING = { "A_KEY@ring": "sk-ring", A_KEY: "sk-a" };

describe("keepAccount()", () => {
  const login = { account: "work", envKey: "A_KEY", key: "sk-new", baseUrl: "https://a/v1" };

  test("does nothing without a name", async () => {
    const { at, runtime } = place();
    const unnamed = { ...login, account: undefined, store: "settings" } as const;
    await proveAccount(runtime, unnamed);
    expect(await keepAccount(runtime, unnamed)).toEqual({ changed: false, notes: [] });
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  test.each(["settings", "env-file"] as const)("keeps a key of %s in the file", async (store) => {
    const { runtime, accounts, held } = place();
    expect(await keepAccount(runtime, { ...login, store })).toMatchObject({ changed: true });
    const own = new Map([["work", { key: "sk-new", baseUrl: "https://a/v1" }]]);
    expect(await accounts()).toEqual(new Map([["A_KEY", own]]));
    expect(held.size).toBe(0);
    expect(await keepAccount(runtime, { ...login, store })).toMatchObject({ changed: false });
  });

  test("keeps a key of the keyring there, and its name in the file", async () => {
    const { runtime, text, held } = place();
    const kept = { ...login, baseUrl: undefined, store: "keyring" } as const;
    expect(await keepAccount(runtime, kept)).toMatchObject({ changed: true });
    expect(JSON.parse(text("accounts.json")).accounts).toEqual({
      A_KEY: { work: { store: "keyring" } },
    });
    expect([...held]).toEqual([["A_KEY@work", "sk-new"]]);
    expect(await keepAccount(runtime, kept)).toMatchObject({ changed: false });
    held.set("A_KEY@work", "sk-other");
    expect(await keepAccount(runtime, kept)).toMatchObject({ changed: true });
  });

  test("names no key that the keyring did not take", async () => {
    const { at, runtime } = place();
    const set = async (): Promise<never> => {
      throw new Error("locked");
    };
    const locked = { ...runtime, keyring: { ...runtime.keyring, set } };
    const work = () => keepAccount(locked, { ...login, store: "keyring" });
    expect(await laterProblemOf(work)).toMatchObject({ code: "keyring-unavailable" });
    expect(existsSync(join(at.home, ".qwen/accounts.json"))).toBe(false);
  });

  test("is proved before anything is written", async () => {
    const { runtime } = place({ "accounts.json": "{ broken" });
    const work = () => proveAccount(runtime, { ...login, store: "settings" });
    expect(await laterProblemOf(work)).toMatchObject({ code: "accounts-invalid" });
  });
});

describe("removeAccounts()", () => {
  const account = (envKey: string, name: string): LogoutTarget => ({
    kind: "account",
    envKey,
    name,
    envKeys: [],
  });
  const custom = (...envKeys: readonly string[]): LogoutTarget => ({
    ...{ kind: "custom", protocol: "openai", baseUrl: "https://a/v1", title: undefined },
    envKeys,
  });
  const { A_KEY, B_KEY } = ACCOUNTS.accounts;
  test.each<[string, LogoutTarget, names: string[], left: object, ring: string[]]>([
    [
      "one",
      account("A_KEY", "work"),
      ["work"],
      { A_KEY: { ring: A_KEY.ring }, B_KEY },
      ["A_KEY@ring", "A_KEY"],
    ],
    [
      "one of the keyring",
      account("A_KEY", "ring"),
      ["ring"],
      { A_KEY: { work: A_KEY.work }, B_KEY },
      ["A_KEY"],
    ],
    [
      "one that is not there",
      account("B_KEY", "work"),
      [],
      { A_KEY, B_KEY },
      ["A_KEY@ring", "A_KEY"],
    ],
    ["those of a variable", custom("A_KEY"), ["work", "ring"], { B_KEY }, ["A_KEY"]],
    ["those of another variable", custom("C_KEY"), [], { A_KEY, B_KEY }, ["A_KEY@ring", "A_KEY"]],
    ["all", { kind: "all" }, ["work", "ring", "home"], {}, ["A_KEY"]],
    ["none with Qwen OAuth", { kind: "qwen-oauth" }, [], { A_KEY, B_KEY }, ["A_KEY@ring", "A_KEY"]],
  ])("takes %s", async (_name, target, names, left, ring) => {
    const { runtime, text, held } = place({ "accounts.json": ACCOUNTS }, RING);
    const removed = await removeAccounts(runtime, target);
    expect([removed.names, removed.changed]).toEqual([names, names.length > 0]);
    expect(JSON.parse(text("accounts.json")).accounts ?? {}).toEqual(left);
    expect([...held.keys()]).toEqual(ring);
  });
});

describe("keyInStore()", () => {
  const listed = { security: { auth: { keyring: ["A_KEY"] } } };
  type Row = readonly [settings: object, dotenv: string, expected: object];
  test.each<Row>([
    [{}, "", { store: "settings", key: undefined }],
    [{ env: { A_KEY: "sk-1" } }, "", { store: "settings", key: "sk-1" }],
    [{ env: { A_KEY: "" } }, "", { store: "settings", key: undefined }],
    [{ env: { A_KEY: 3 } }, "", { store: "settings", key: undefined }],
    [{ env: { A_KEY: "not-needed" } }, "", { store: "settings", key: undefined }],
    [{ env: { A_KEY: "$OTHER" } }, "", { store: "settings", key: undefined }],
    [{ env: { A_KEY: "sk-1" } }, "A_KEY=sk-2\n", { store: "env-file", key: "sk-2" }],
    [{ env: { A_KEY: "sk-1" } }, "B_KEY=sk-2\n", { store: "settings", key: "sk-1" }],
    [{ env: { A_KEY: "sk-1" }, ...listed }, "A_KEY=sk-2\n", { store: "keyring", key: "sk-a" }],
  ])("with settings %j and .env %j is %j", async (settings, dotenv, expected) => {
    const { runtime } = place({ ".env": dotenv }, RING);
    expect(await keyInStore(runtime, { ...settings }, "A_KEY")).toEqual(expected as never);
  });
});

describe("isStoredKey()", () => {
  test.each([
    ["work", "sk-work", true],
    ["work", "sk-other", false],
    ["ring", "sk-ring", true],
    ["ring", "sk-work", false],
    ["gone", "sk-work", false],
  ])("of %s where %s is stored is %p", async (name, key, expected) => {
    const { runtime, accounts } = place(
      { "accounts.json": ACCOUNTS, "settings.json": { env: { A_KEY: key } } },
      RING,
    );
    const named = { accounts: await accounts(), envKey: "A_KEY", name };
    expect(await isStoredKey(runtime, named)).toBe(expected);
  });

  test("is not so where neither has a key", async () => {
    const { runtime } = place();
    expect(await isStoredKey(runtime, { accounts: new Map(), envKey: "A_KEY", name: "x" })).toBe(
      false,
    );
  });
});

describe("setKey()", () => {
  const key: NewKey = {
    ...{
      envKey: "A_KEY",
      key: "sk-new",
      account: undefined,
      inForce: undefined,
      named: "variable",
    },
  };
  const account = { name: "work", store: "settings", baseUrl: undefined } as const;
  const files = {
    "settings.json": { env: { A_KEY: "sk-1", B: "b" } },
    ".env": "A_KEY=sk-2\nB=b\n",
    "accounts.json": ACCOUNTS,
  };
  const all = async (more: Partial<NewKey>) => {
    const { runtime, text, held } = place(files, RING);
    const { changed } = await setKey(runtime, { ...key, ...more });
    return {
      changed,
      settings: JSON.parse(text("settings.json")).env.A_KEY,
      dotenv: text(".env"),
      account: JSON.parse(text("accounts.json")).accounts.A_KEY.work.key,
      ring: held.get("A_KEY"),
    };
  };
  const before = {
    changed: true,
    settings: "sk-1",
    dotenv: "A_KEY=sk-2\nB=b\n",
    account: "sk-work",
    ring: "sk-a",
  };
  test.each<[Partial<NewKey>, object]>([
    [{}, { changed: false }],
    [{ inForce: "settings" }, { settings: "sk-new" }],
    [{ inForce: "env-file" }, { dotenv: "A_KEY=sk-new\nB=b\n" }],
    [{ inForce: "keyring" }, { ring: "sk-new" }],
    [{ account }, { account: "sk-new" }],
    [
      { account, inForce: "settings" },
      { account: "sk-new", settings: "sk-new" },
    ],
    [{ inForce: "settings", key: "sk-1" }, { changed: false }],
    [{ inForce: "keyring", key: "sk-a" }, { changed: false }],
  ])("with %j changes %j and nothing else", async (more, expected) => {
    expect(await all(more)).toEqual({ ...before, ...expected });
  });

  test.each(["account", "variable"] as const)(
    "changes nothing where one cannot be: %s",
    async (named) => {
      const { runtime, text } = place({ ...files, "accounts.json": "{ broken" });
      const work = () => setKey(runtime, { ...key, account, inForce: "settings", named });
      expect(await laterProblemOf(work)).toMatchObject({ code: "accounts-invalid" });
      expect(JSON.parse(text("settings.json")).env.A_KEY).toBe("sk-1");
    },
  );

  test.each([
    ["account", ["A_KEY", "A_KEY@work"]],
    ["variable", ["A_KEY@work", "A_KEY"]],
  ] as const)("changes what was named last: the %s", async (named, order) => {
    const { runtime } = place(files);
    const saved: string[] = [];
    const set = async ({ name }: { readonly name: string }) => {
      saved.push(name);
    };
    const keyring = { ...runtime.keyring, set };
    const ring = { ...account, store: "keyring" } as const;
    await setKey({ ...runtime, keyring }, { ...key, account: ring, inForce: "keyring", named });
    expect(saved).toEqual([...order]);
  });
});
