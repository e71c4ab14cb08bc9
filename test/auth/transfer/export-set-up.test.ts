import { describe, expect, test } from "bun:test";
import { exportSetUp, type StoredSetUp } from "../../../src/auth/transfer/export-set-up.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import type { Account } from "../../../src/settings/accounts.ts";

const KEY = "sk-0123456789abcdef";
const A = { id: "a", name: "A", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
const B = { id: "b", baseUrl: "https://b.example/v1", envKey: "B_KEY" };

function exported(settings: JsonObject, more: Partial<StoredSetUp> = {}) {
  return exportSetUp({
    ...{ settings, accounts: new Map(), keys: new Map(), withKeys: false },
    ...{ isWanted: () => true, isAllWanted: true, holdsSecret: (text) => text.includes(KEY) },
    ...more,
  });
}

const models = (...openai: readonly unknown[]) => ({ modelProviders: { openai } });
const document = (more: object) => ({ schemaVersion: 1, ...more });

describe("exportSetUp()", () => {
  test("takes models and selection as they stand, and nothing else of the settings", () => {
    const settings = {
      ...models(A, "no entry", B),
      modelProviders: { openai: [A, "no entry", B], gemini: [{ id: "g" }], vertex: [{ id: "v" }] },
      security: { auth: { selectedType: "openai", apiKey: KEY } },
      model: { name: "a", baseUrl: A.baseUrl, other: 1 },
      env: { A_KEY: KEY, B_KEY: "$OTHER", HOME_URL: "x" },
      proxy: "http://proxy.example",
      codingPlan: { region: "china" },
    };
    expect<unknown>(exported(settings)).toEqual({
      document: document({
        modelProviders: { openai: [A, B], gemini: [{ id: "g" }] },
        selection: { selectedType: "openai", model: "a", baseUrl: A.baseUrl },
        env: { B_KEY: "$OTHER" },
      }),
      count: 3,
      notes: [],
    });
  });

  test("has nothing where there is nothing", () => {
    expect<unknown>(exported({})).toEqual({ document: document({}), count: 0, notes: [] });
  });

  test("takes what is asked for alone, with its keys", () => {
    const accounts = new Map([
      ["A_KEY", new Map<string, Account>([["work", { key: "x", baseUrl: A.baseUrl }]])],
      ["B_KEY", new Map<string, Account>([["home", {}]])],
    ]);
    const keys = new Map([
      ["A_KEY", KEY],
      ["A_KEY@work", "sk-work-0123456789"],
      ["B_KEY", "sk-b-0123456789ab"],
    ]);
    const wanted = { isWanted: ({ id }: JsonObject) => id === "a", isAllWanted: false };
    const settings = { ...models(A, B), env: { A_KEY: "not-needed" } };
    const named = (key: object) => ({ A_KEY: { work: { ...key, baseUrl: A.baseUrl } } });
    expect<unknown>(exported(settings, { accounts, keys, withKeys: true, ...wanted })).toEqual({
      document: document({
        ...models(A),
        env: { A_KEY: KEY },
        accounts: named({ key: "sk-work-0123456789" }),
      }),
      count: 2,
      notes: [],
    });
    expect<unknown>(exported(settings, { accounts, ...wanted }).document).toEqual(
      document({ ...models(A), env: { A_KEY: "not-needed" }, accounts: named({}) }),
    );
    expect(exported(settings, { accounts }).document.accounts).toEqual({
      ...named({}),
      B_KEY: { home: {} },
    });
  });

  test.each([
    ["china", { region: "china" }],
    ["global", { region: "global" }],
    ["mars", undefined],
  ])("takes the region %p of the plan where its models go along", (region, codingPlan) => {
    const settings = {
      ...models({ ...A, envKey: "BAILIAN_CODING_PLAN_API_KEY" }),
      codingPlan: { region },
    };
    expect(exported(settings).document.codingPlan).toEqual(codingPlan);
    expect(exported({ ...models(A), codingPlan: { region } }).document.codingPlan).toBeUndefined();
  });

  const selected = (selectedType: unknown, name: unknown, baseUrl?: unknown) => ({
    ...models(A, B),
    security: { auth: { selectedType } },
    model: { name, baseUrl },
  });
  test.each<[JsonObject, object | undefined]>([
    [selected("openai", "b"), { selectedType: "openai", model: "b" }],
    [selected("openai", "b", ""), { selectedType: "openai", model: "b" }],
    [selected("openai", "b", "https://c.example"), { selectedType: "openai", model: "b" }],
    [
      selected("openai", "b", B.baseUrl),
      { selectedType: "openai", model: "b", baseUrl: B.baseUrl },
    ],
    [selected("openai", "c"), undefined],
    [selected("gemini", "b"), undefined],
    [selected("qwen-oauth", "b"), undefined],
    [selected("openai", 7), undefined],
  ])("of %j selects %j", (settings, selection) => {
    expect<unknown>(exported(settings).document.selection).toEqual(selection);
  });
});

describe("exportSetUp() leaves out", () => {
  test("fields that nothing reads, and says so, with and without keys", () => {
    const settings = models({ ...A, apiKey: KEY, other: 1 });
    const notes = ['left out of "a", as nothing reads it: apiKey, other'];
    for (const withKeys of [false, true]) {
      const { document: all, notes: said } = exported(settings, { withKeys });
      expect<unknown>(all).toEqual(document(models(A)));
      expect(said).toEqual(notes);
    }
  });

  test("what stands there twice, and says so", () => {
    const twin = { ...A, baseUrl: "https://a.example/v1/" };
    expect<unknown>(exported(models(A, B, twin))).toEqual({
      document: document(models(A, B)),
      count: 2,
      notes: ['left out, as it stands there twice: "a"'],
    });
  });

  const config = (generationConfig: object) => ({ ...A, generationConfig });
  const left = ['keys that stand in "a" are left out; `--with-keys` takes them along'];
  test.each<[string, object, object]>([
    [
      "a known secret",
      { ...A, description: `see ${KEY}` },
      { id: "a", name: "A", baseUrl: A.baseUrl, envKey: "A_KEY" },
    ],
    [
      "what looks like a key",
      config({ extra_body: { x: "sk-abcdefghij0123456789", y: 1 } }),
      config({ extra_body: { y: 1 } }),
    ],
    [
      "a header that is a credential",
      config({ customHeaders: { "x-api-key": "short", "x-team": "t" } }),
      config({ customHeaders: { "x-team": "t" } }),
    ],
    ["one in a list", config({ stop: [KEY, "b", [KEY, "c"]] }), config({ stop: ["b", ["c"]] })],
  ])("%s, and says so", (_what, entry, bare) => {
    const { document: all, notes } = exported(models(entry));
    expect<unknown>(all).toEqual(document(models(bare)));
    expect(notes).toEqual(left);
    expect<unknown>(exported(models(entry), { withKeys: true })).toMatchObject({
      document: models(entry),
      notes: [],
    });
  });

  test.each([{ id: KEY }, { envKey: KEY }, { baseUrl: `https://a.example/?key=${KEY}` }])(
    "a model whose own place holds a key: %j",
    (more) => {
      expect<unknown>(exported(models({ ...A, ...more }, B))).toEqual({
        document: document(models(B)),
        count: 1,
        notes: ["a model is left out, as a key stands in it; `--with-keys` takes it along"],
      });
    },
  );
});
