import { describe, expect, test } from "bun:test";
import {
  type ImportedKey,
  planAccounts,
  planKeys,
  planSettings,
} from "../../../src/auth/transfer/plan-import.ts";
import type { SetUp } from "../../../src/auth/transfer/set-up.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { editJsonc } from "../../../src/lib/json/jsonc-edit.ts";
import type { Account } from "../../../src/settings/accounts.ts";

const A = { id: "a", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
const B = { id: "b", baseUrl: "https://b.example/v1", envKey: "B_KEY" };
const G = { id: "g" };
const setUp = (more: Partial<SetUp>): SetUp => ({ schemaVersion: 1, ...more });

const key = (more: Partial<ImportedKey> = {}): ImportedKey => ({
  ...{ envKey: "A_KEY", key: "new", isGiven: false, store: "settings", stored: undefined },
  ...more,
});

describe("planKeys()", () => {
  const elsewhere = (more: Partial<ImportedKey> = {}) => key({ store: "keyring", ...more });
  test.each<[string, ImportedKey, boolean, "news" | "kept" | "nothing"]>([
    ["one of the settings", key(), false, "nothing"],
    ["one that is new", elsewhere(), false, "news"],
    ["one that is there", elsewhere({ stored: "new" }), true, "nothing"],
    ["one that differs", elsewhere({ stored: "old" }), false, "kept"],
    ["one that differs and is to be replaced", elsewhere({ stored: "old" }), true, "news"],
    ["one that differs and was given", elsewhere({ stored: "old", isGiven: true }), false, "news"],
  ])("%s", (_what, each, replace, expected) => {
    expect(planKeys({ keys: [each], replace })).toEqual({
      news: expected === "news" ? [each] : [],
      kept: expected === "kept" ? ["the key of A_KEY"] : [],
    });
  });
});

/** What settings are after an import, and what stayed as it was. */
function imported(
  current: JsonObject,
  wanted: Partial<SetUp>,
  options: { readonly replace?: boolean; readonly keys?: readonly ImportedKey[] } = {},
) {
  const { replace = false, keys = [] } = options;
  const { edits, kept } = planSettings(current, setUp(wanted), { replace, keys });
  const text = editJsonc(JSON.stringify(current), edits);
  return { settings: JSON.parse(text), kept };
}

describe("planSettings() brings models", () => {
  test("of every protocol behind those that are there, and touches nothing else", () => {
    const current = { ui: { theme: "x" }, modelProviders: { openai: [B], gemini: [] } };
    expect(imported(current, { modelProviders: { openai: [A], gemini: [G] } })).toEqual({
      settings: { ui: { theme: "x" }, modelProviders: { openai: [B, A], gemini: [G] } },
      kept: [],
    });
  });

  const mine = { ...A, name: "mine", own: 1 };
  const theirs = { ...A, name: "theirs" };
  test("but keeps what differs, and says so", () => {
    const current = { modelProviders: { openai: [B, mine] } };
    expect(imported(current, { modelProviders: { openai: [theirs, B] } })).toEqual({
      settings: current,
      kept: ['"a"'],
    });
  });

  test("over what differs where that is wanted, with fields that only it has", () => {
    const current = { modelProviders: { openai: [B, mine] } };
    expect(imported(current, { modelProviders: { openai: [theirs] } }, { replace: true })).toEqual({
      settings: { modelProviders: { openai: [B, { ...mine, name: "theirs" }] } },
      kept: [],
    });
  });

  test.each<[string, object, object, number]>([
    ["the same endpoint spelt differently", { ...A, baseUrl: "https://a.example/v1/" }, A, 1],
    ["another endpoint", { ...A, baseUrl: "https://c.example/v1" }, A, 2],
    ["another id", { ...A, id: "c" }, A, 2],
    ["no endpoint beside one", { id: "a" }, A, 2],
    ["an endpoint beside none", A, { id: "a" }, 2],
    ["none in both", { id: "a" }, { id: "a" }, 1],
    ["what is no entry", ["a"], A, 2],
  ])("once, where there is %s: %j", (_what, there, entry, length) => {
    const current = { modelProviders: { openai: [there] } };
    const { settings } = imported(current, { modelProviders: { openai: [entry as typeof A] } });
    expect(settings.modelProviders.openai).toHaveLength(length);
    expect(settings.modelProviders.openai[0]).toEqual(there);
  });

  test("to the one with its variable, of several with an id, and each once", () => {
    const other = { ...A, envKey: "C_KEY" };
    const current = { modelProviders: { openai: [other, A] } };
    const named = { ...A, name: "n" };
    const wanted = { modelProviders: { openai: [named, { ...other, name: "o" }] } };
    expect(imported(current, wanted, { replace: true }).settings.modelProviders.openai).toEqual([
      { ...other, name: "o" },
      named,
    ]);
  });

  test("in place of one with another variable only where it is to be replaced", () => {
    const current = { modelProviders: { openai: [A] } };
    const wanted = { modelProviders: { openai: [{ ...A, envKey: "C_KEY" }] } };
    expect(imported(current, wanted)).toEqual({ settings: current, kept: ['"a"'] });
    expect(imported(current, wanted, { replace: true }).settings).toEqual(wanted);
  });
});

describe("planSettings() brings keys", () => {
  test.each<[string, JsonObject, ImportedKey, boolean, string, readonly string[]]>([
    ["that are new", {}, key(), false, "new", []],
    ["that are there", { env: { A_KEY: "new" } }, key(), false, "new", []],
    ["never over another", { env: { A_KEY: "old" } }, key(), false, "old", ["the key of A_KEY"]],
    ["over another if wanted", { env: { A_KEY: "old" } }, key(), true, "new", []],
    ["over another if given", { env: { A_KEY: "old" } }, key({ isGiven: true }), false, "new", []],
  ])("%s", (_what, current, each, replace, after, kept) => {
    const all = imported(current, {}, { keys: [each], replace });
    expect(all).toEqual({ settings: { env: { A_KEY: after } }, kept: [...kept] });
  });

  test("to no settings that are kept elsewhere", () => {
    expect(imported({}, {}, { keys: [key({ store: "keyring" })] }).settings).toEqual({});
  });
});

describe("planSettings() makes a choice of all its parts", () => {
  const selection = { selectedType: "openai", model: "a", baseUrl: A.baseUrl } as const;
  const chosen = {
    security: { auth: { selectedType: "openai" } },
    model: { name: "a", baseUrl: A.baseUrl },
  };
  const other = { ...chosen, model: { name: "z", baseUrl: "https://z.example" } };
  const bare = { selectedType: "openai", model: "a" } as const;
  const kept = ["the default model"];
  test.each<[string, JsonObject, SetUp["selection"], boolean, JsonObject, readonly string[]]>([
    [
      "where there is none",
      { model: { fast: 1 } },
      selection,
      false,
      { ...chosen, model: { fast: 1, ...chosen.model } },
      [],
    ],
    ["where there is the same", chosen, selection, false, chosen, []],
    ["never over another", other, selection, false, other, kept],
    [
      "never over another model",
      { model: { name: "z" } },
      selection,
      false,
      { model: { name: "z" } },
      kept,
    ],
    [
      "never over another type",
      { security: { auth: { selectedType: "gemini" } } },
      selection,
      false,
      { security: { auth: { selectedType: "gemini" } } },
      kept,
    ],
    [
      "never over another endpoint",
      { ...chosen, model: { name: "a" } },
      selection,
      false,
      { ...chosen, model: { name: "a" } },
      kept,
    ],
    ["over another where that is wanted", other, selection, true, chosen, []],
    ["without an old endpoint", other, bare, true, { ...chosen, model: { name: "a" } }, []],
    ["only where the set-up has one", other, undefined, true, other, []],
  ])("%s", (_what, current, selected, replace, after, stayed) => {
    const wanted = selected === undefined ? {} : { selection: selected };
    expect<unknown>(imported(current, wanted, { replace })).toEqual({
      settings: after,
      kept: [...stayed],
    });
  });

  test.each([
    [{}, false, "china", []],
    [{ codingPlan: { region: "global" } }, false, "global", ["the region of the Coding Plan"]],
    [{ codingPlan: { region: "global" } }, true, "china", []],
  ] as const)("with the region of the plan: %j, %p", (current, replace, region, stayed) => {
    expect(imported(current, { codingPlan: { region: "china" } }, { replace })).toEqual({
      settings: { codingPlan: { region } },
      kept: [...stayed],
    });
  });
});

describe("planAccounts()", () => {
  const current = new Map([
    ["A_KEY", new Map<string, Account>([["work", { key: "old", baseUrl: A.baseUrl }]])],
  ]);
  test.each<[string, Account, boolean, number, readonly string[]]>([
    ["what is the same", { key: "old", baseUrl: A.baseUrl }, false, 0, []],
    ["another key", { key: "new", baseUrl: A.baseUrl }, false, 0, ["the account A_KEY@work"]],
    ["another endpoint", { key: "old" }, false, 0, ["the account A_KEY@work"]],
    ["another key if wanted", { key: "new", baseUrl: A.baseUrl }, true, 1, []],
    ["none without a key", { baseUrl: "https://b.example" }, true, 0, []],
  ])("of %s", (_what, account, replace, count, kept) => {
    const wanted = setUp({ accounts: { A_KEY: { work: account } } });
    const planned = planAccounts(current, wanted, { replace });
    expect(planned.kept).toEqual([...kept]);
    expect(planned.edits.length > 0).toBe(count > 0);
  });

  test("writes those that are new, with their endpoints", () => {
    const wanted = setUp({
      accounts: {
        A_KEY: { home: { key: "k1" } },
        B_KEY: { work: { key: "k2", baseUrl: B.baseUrl } },
      },
    });
    const { edits, kept } = planAccounts(current, wanted, { replace: false });
    const text = editJsonc("{}", edits);
    expect(JSON.stringify(JSON.parse(text))).toContain('"home":{"key":"k1"}');
    expect(JSON.stringify(JSON.parse(text))).toContain(
      `"work":{"key":"k2","baseUrl":"${B.baseUrl}"}`,
    );
    expect(text).not.toContain("old");
    expect(kept).toEqual([]);
  });
});
