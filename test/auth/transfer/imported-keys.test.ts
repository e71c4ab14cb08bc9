import { describe, expect, test } from "bun:test";
import {
  freeVariables,
  importedKeys,
  keysOf,
  missingVariables,
  variableOfSelected,
} from "../../../src/auth/transfer/imported-keys.ts";
import type { ImportedKey } from "../../../src/auth/transfer/plan-import.ts";
import type { SetUp } from "../../../src/auth/transfer/set-up.ts";
import { configuration } from "../../models/configuration.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { machine } from "../../support/qwen.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

const A = { id: "a", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
const B = { id: "b", baseUrl: "https://b.example/v1", envKey: "B_KEY" };
const setUp = (more: Partial<SetUp> = {}): SetUp => ({
  schemaVersion: 1,
  modelProviders: { openai: [A, B] },
  ...more,
});

test("keysOf() has every key, and nothing that is none", () => {
  const env = { A_KEY: "k1", B_KEY: "$OTHER", C_KEY: "not-needed" };
  const accounts = { A_KEY: { work: { key: "k2" }, home: {} }, B_KEY: { work: { key: "k3" } } };
  expect(keysOf(setUp({ env, accounts }))).toEqual(["k1", "k2", "k3"]);
  expect(keysOf(setUp())).toEqual([]);
});

test.each<[SetUp["selection"], string | undefined]>([
  [{ selectedType: "openai", model: "b" }, "B_KEY"],
  [undefined, "A_KEY"],
])("variableOfSelected() with %j is %p", (selection, name) => {
  expect(variableOfSelected(setUp(selection === undefined ? {} : { selection }))).toBe(name);
});

test("variableOfSelected() is none where there are accounts alone", () => {
  expect(
    variableOfSelected({ schemaVersion: 1, accounts: { A_KEY: { work: {} } } }),
  ).toBeUndefined();
});

test("importedKeys() puts what was given before what comes along, each where it is kept", async () => {
  const at = machine();
  at.write(".qwen/settings.json", {
    security: { auth: { keyring: ["B_KEY"] } },
    env: { A_KEY: "old-a" },
  });
  const runtime = fakeRuntime({ home: at.home, cwd: at.project });
  const keyring = { ...runtime.keyring, get: async () => "old-b" };
  const env = { A_KEY: "from-file", B_KEY: "b", C_KEY: "c" };
  const given = [{ envKey: "A_KEY", key: "a" }];
  expect(await importedKeys({ ...runtime, keyring }, { env }, given)).toEqual([
    { envKey: "A_KEY", key: "a", isGiven: true, store: "settings", stored: "old-a" },
    { envKey: "B_KEY", key: "b", isGiven: false, store: "keyring", stored: "old-b" },
    { envKey: "C_KEY", key: "c", isGiven: false, store: "settings", stored: undefined },
  ]);
  expect(await importedKeys(runtime, {}, [])).toEqual([]);
});

describe("freeVariables()", () => {
  const settings = (value: string): Given => ({ settings: { user: { env: { A_KEY: value } } } });
  const cases: readonly (readonly [string, Given, Partial<ImportedKey>, boolean, boolean])[] = [
    ["has one that is nowhere", {}, {}, false, true],
    ["has one that is there already", settings("new"), { stored: "new" }, false, true],
    ["has none whose own key stays", settings("old"), { stored: "old" }, false, false],
    ["has one that is replaced", settings("old"), { stored: "old" }, true, true],
    ["has one that was given", settings("old"), { stored: "old", isGiven: true }, false, true],
    [
      "has none that the shell hides",
      { variables: { A_KEY: "other" } },
      { stored: "old", isGiven: true },
      true,
      false,
    ],
    [
      "has none that the shell hides with the old one",
      { variables: { A_KEY: "old" } },
      { stored: "old" },
      true,
      false,
    ],
    ["has one that the shell has as well", { variables: { A_KEY: "new" } }, {}, false, true],
    ["has none that stands for another", {}, { key: "$OTHER" }, false, false],
    [
      "has none with a helper",
      { settings: { user: { apiKeyHelper: { A_KEY: "pass" } } } },
      {},
      true,
      false,
    ],
    [
      "has one in the keyring",
      { settings: { user: { security: { auth: { keyring: ["A_KEY"] } } } } },
      { store: "keyring", stored: undefined },
      false,
      true,
    ],
  ];
  test.each(cases)("%s", (_what, given, more, replace, isFree) => {
    const key: ImportedKey = {
      ...{ envKey: "A_KEY", key: "new", isGiven: false, store: "settings", stored: undefined },
      ...more,
    };
    expect([...freeVariables(configuration(given), [key], { replace })]).toEqual(
      isFree ? ["A_KEY"] : [],
    );
  });
});

describe("missingVariables()", () => {
  const key = (envKey: string): ImportedKey => ({
    ...{ envKey, key: "k", isGiven: false, store: "settings", stored: undefined },
  });
  const both = setUp({ modelProviders: { openai: [A, B, { ...A, id: "c" }, { id: "d" }] } });
  const cases: readonly (readonly [string, Given, readonly ImportedKey[], readonly string[]])[] = [
    ["has each once", {}, [], ["A_KEY", "B_KEY"]],
    ["has none that comes along", {}, [key("A_KEY")], ["B_KEY"]],
    ["has none that is set", { variables: { B_KEY: "k" } }, [], ["A_KEY"]],
    [
      "has none that is kept elsewhere",
      { settings: { user: { apiKeyHelper: { A_KEY: "pass" } } } },
      [],
      ["B_KEY"],
    ],
  ];
  test.each(cases)("%s", (_what, given, keys, names) => {
    expect(missingVariables(configuration(given), both, keys)).toEqual([...names]);
  });
});
