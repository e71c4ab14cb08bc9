import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImportedKey } from "../../../src/auth/transfer/plan-import.ts";
import { saveImport } from "../../../src/auth/transfer/save-import.ts";
import type { SetUp } from "../../../src/auth/transfer/set-up.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { machine } from "../../support/qwen.ts";

const ENTRY = { id: "m", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
const SET_UP: SetUp = {
  schemaVersion: 1,
  modelProviders: { openai: [ENTRY] },
  accounts: { A_KEY: { work: { key: "sk-work-0123456789" } } },
};

const key = (more: Partial<ImportedKey> = {}): ImportedKey => ({
  ...{ envKey: "A_KEY", key: "sk-new-0123456789", isGiven: false, store: "settings" },
  ...{ stored: undefined, ...more },
});

/** A machine with these settings, and a keyring that remembers. */
function setUp(settings: object) {
  const at = machine();
  at.write(".qwen/settings.json", settings);
  const runtime = fakeRuntime({ home: at.home, cwd: at.project });
  const read = (path: string): unknown => JSON.parse(readFileSync(join(at.home, path), "utf8"));
  const items: string[] = [];
  const keyring = {
    ...runtime.keyring,
    set: async ({ name }: { readonly name: string }, secret: string) => {
      items.push(`${name}=${secret}`);
    },
  };
  return { at, read, items, runtime: { ...runtime, keyring } };
}

const KEYRING = { security: { auth: { keyring: ["A_KEY"] } } };

describe("saveImport()", () => {
  test("writes accounts, keys where they are kept, and models", async () => {
    const { read, items, runtime } = setUp(KEYRING);
    const keys = [key({ store: "keyring" }), key({ envKey: "B_KEY" })];
    expect(await saveImport(runtime, { setUp: SET_UP, keys, replace: false })).toEqual({
      changed: true,
      kept: [],
      notes: [],
    });
    expect(items).toEqual(["A_KEY=sk-new-0123456789"]);
    expect(read(".qwen/settings.json")).toEqual({
      ...KEYRING,
      modelProviders: { openai: [ENTRY] },
      env: { B_KEY: "sk-new-0123456789" },
    });
    expect(read(".qwen/accounts.json")).toMatchObject({
      accounts: { A_KEY: { work: { key: "sk-work-0123456789" } } },
    });
  });

  test("keeps what differs in every file, says so, and changes nothing", async () => {
    const settings = { ...KEYRING, modelProviders: { openai: [{ ...ENTRY, name: "mine" }] } };
    const { at, read, items, runtime } = setUp(settings);
    const accounts = {
      schemaVersion: 1,
      accounts: { A_KEY: { work: { key: "sk-old-0123456789" } } },
    };
    at.write(".qwen/accounts.json", accounts);
    const wanted: SetUp = {
      ...SET_UP,
      modelProviders: { openai: [{ ...ENTRY, name: "theirs" }] },
    };
    const keys = [key({ store: "keyring", stored: "sk-old-0123456789" })];
    expect(await saveImport(runtime, { setUp: wanted, keys, replace: false })).toEqual({
      changed: false,
      kept: ["the account A_KEY@work", '"m"', "the key of A_KEY"],
      notes: [],
    });
    expect(items).toEqual([]);
    expect(read(".qwen/settings.json")).toEqual(settings);
    expect(read(".qwen/accounts.json")).toEqual(accounts);
  });
});
