import { expect, test } from "bun:test";
import { envKeysOf, isKeyField, keysInEntries } from "../../src/settings/env-keys.ts";

const entry = (name: string) => ({ id: "m", envKey: name });

test.each<[object, readonly string[]]>([
  [{}, []],
  [{ modelProviders: [entry("A")] }, []],
  [{ modelProviders: { openai: [] } }, []],
  [{ modelProviders: { openai: [entry("A"), entry("B"), entry("A")] } }, ["A", "B"]],
  [{ modelProviders: { openai: [entry("A")], mine: { models: [entry("B")] } } }, ["A", "B"]],
  [{ modelProviders: { openai: entry("A") } }, ["A"]],
  [{ modelProviders: { openai: { models: entry("A") } } }, []],
  [{ modelProviders: { openai: [null, "A", ["A"], { envKey: 5 }, {}, { envKey: "" }] } }, [""]],
])("envKeysOf(%j) are %j", (settings, names) => {
  expect([...envKeysOf(settings as never)]).toEqual([...names]);
});

test.each([
  ["key", true],
  ["apiKey", true],
  ["APIKEY", true],
  ["api_key", true],
  ["api-key", true],
  ["envKey", false],
  ["keys", false],
  ["mykey", false],
  ["api__key", false],
])("isKeyField(%j) is %p", (field, expected) => {
  expect(isKeyField(field)).toBe(expected);
});

test("keysInEntries() are what stands there as a key, and no name of a variable", () => {
  const openai = [
    { ...entry("A"), apiKey: "sk-1", key: "sk-2", name: "n" },
    { apiKey: "", key: 5, "api-key": "sk-3" },
  ];
  const other = { API_KEY: "sk-4" };
  expect(keysInEntries({ modelProviders: { openai, other } })).toEqual([
    ...["sk-1", "sk-2", "sk-3", "sk-4"],
  ]);
  expect(keysInEntries({ apiKey: "sk-5" })).toEqual([]);
});
