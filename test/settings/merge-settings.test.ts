import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import { mergeSettings, unkeptField } from "../../src/settings/merge-settings.ts";

describe("mergeSettings()", () => {
  type Case = readonly [name: string, layers: readonly JsonObject[], merged: JsonObject];
  const cases: readonly Case[] = [
    ["makes nothing of nothing", [], {}],
    ["keeps one layer", [{ a: { b: [1] }, c: null }], { a: { b: [1] }, c: null }],
    ["lets higher scalars win", [{ a: 1, b: 2 }, { a: 3 }, { a: 4 }], { a: 4, b: 2 }],
    [
      "merges objects key by key",
      [{ a: { b: { c: 1 } } }, { a: { b: { d: 2 } } }],
      {
        a: { b: { c: 1, d: 2 } },
      },
    ],
    ["replaces arrays", [{ a: [1, 2] }, { a: [3] }], { a: [3] }],
    ["replaces an array by an empty one", [{ a: [1, 2] }, { a: [] }], { a: [] }],
    ["replaces an object by a scalar", [{ a: { b: 1 } }, { a: "x" }], { a: "x" }],
    ["replaces a scalar by an object", [{ a: "x" }, { a: { b: 1 } }], { a: { b: 1 } }],
    ["replaces an object by null", [{ a: { b: 1 } }, { a: null }], { a: null }],
    [
      "merges variables one by one",
      [{ env: { A: "1", B: "2" } }, { env: { B: "3" } }],
      {
        env: { A: "1", B: "3" },
      },
    ],
    [
      "merges `env` one level deep only",
      [{ env: { A: { x: 1 } } }, { env: { A: { y: 2 } } }],
      {
        env: { A: { y: 2 } },
      },
    ],
    [
      "unites the excluded variables, in order, each once",
      [
        { advanced: { excludedEnvVars: ["A", "B"], x: 1 } },
        { advanced: { excludedEnvVars: ["C", "A"] } },
      ],
      { advanced: { excludedEnvVars: ["A", "B", "C"], x: 1 } },
    ],
    [
      "unites no other array of that name",
      [{ excludedEnvVars: ["A"], b: { excludedEnvVars: ["A"] } }, { excludedEnvVars: ["B"] }],
      { excludedEnvVars: ["B"], b: { excludedEnvVars: ["A"] } },
    ],
    [
      "merges providers by protocol, each array as a whole",
      [
        { modelProviders: { openai: [{ id: "a" }, { id: "b" }], gemini: [{ id: "g" }] } },
        { modelProviders: { openai: [{ id: "c" }], anthropic: [{ id: "d" }] } },
      ],
      {
        modelProviders: {
          openai: [{ id: "c" }],
          gemini: [{ id: "g" }],
          anthropic: [{ id: "d" }],
        },
      },
    ],
    [
      "keeps unknown keys",
      [{ ui: { theme: "Dark" } }, { mcpServers: { x: {} } }],
      {
        ui: { theme: "Dark" },
        mcpServers: { x: {} },
      },
    ],
    [
      "takes `toString` for a key like any other",
      [{}, { toString: { a: 1 } }],
      {
        toString: { a: 1 },
      },
    ],
  ];
  for (const [name, layers, merged] of cases) {
    test(name, () => {
      const before = JSON.stringify(layers);
      expect(mergeSettings(layers)).toEqual(merged);
      expect(JSON.stringify(layers)).toBe(before);
    });
  }
});

describe("mergeSettings() skips keys that reach a prototype", () => {
  for (const key of ["__proto__", "constructor", "prototype"]) {
    const polluting = JSON.stringify({ [key]: { polluted: true }, kept: 1 }).replace(
      /^\{.*?:/,
      `{"${key}":`,
    );
    const places: readonly (readonly [name: string, wrap: (text: string) => string])[] = [
      ["at the top", (text) => text],
      ["one level deep", (text) => `{"a":${text}}`],
      ["three levels deep", (text) => `{"a":{"b":{"c":${text}}}}`],
      ["in `env`", (text) => `{"env":${text}}`],
    ];
    for (const [place, wrap] of places) {
      test(`\`${key}\` ${place}`, () => {
        const layer = JSON.parse(wrap(polluting));
        for (const layers of [[layer], [layer, layer], [{ a: { b: { c: {} } }, env: {} }, layer]]) {
          const merged = mergeSettings(layers);
          expect(ownKeys(merged)).not.toContain(key);
          expect(ownKeys(merged)).toContain("kept");
          expect(JSON.stringify(merged)).not.toContain("polluted");
          expect(Reflect.get(merged, "polluted")).toBeUndefined();
        }
        expect(Reflect.get({}, "polluted")).toBeUndefined();
      });
    }
  }
});

/** Settings in which each key has one type, as the schema sees to. */
const text = fc.stringMatching(/^[a-z]{1,3}$/);
const object = fc.record(
  {
    $version: fc.nat(5),
    env: fc.dictionary(fc.constantFrom("A", "B", "C"), text, { noNullPrototype: true }),
    model: fc.record({ name: text, baseUrl: text }, { requiredKeys: [], noNullPrototype: true }),
    modelProviders: fc.dictionary(
      fc.constantFrom("openai", "gemini"),
      fc.array(fc.record({ id: text }, { noNullPrototype: true }), { maxLength: 3 }),
      { noNullPrototype: true },
    ),
    advanced: fc.record(
      { excludedEnvVars: fc.array(text, { maxLength: 4 }), other: fc.array(text) },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);

test("mergeSettings() does not care how layers are grouped", () => {
  fc.assert(
    fc.property(object, object, object, (a, b, c) => {
      const all = mergeSettings([a, b, c]);
      expect(mergeSettings([mergeSettings([a, b]), c])).toEqual(all);
      expect(mergeSettings([a, mergeSettings([b, c])])).toEqual(all);
    }),
  );
});

test("mergeSettings() changes nothing by an empty layer", () => {
  fc.assert(
    fc.property(object, (layer) => {
      const [once, before, after] = [[layer], [{}, layer], [layer, {}]].map(mergeSettings);
      expect(before).toEqual(once);
      expect(after).toEqual(once);
    }),
  );
});

test("mergeSettings() never pollutes a prototype, whatever JSON it gets", () => {
  const key = fc.constantFrom("__proto__", "constructor", "prototype", "polluted", "env", "a");
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(1, "x", null),
      fc.array(tie("value"), { maxLength: 2 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 3 }).map(Object.fromEntries),
    ),
  }));
  const layer = value.map((inner): JsonObject => ({ a: inner, env: inner }));
  const before = Object.getOwnPropertyNames(Object.prototype);
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 3 }), (layers) => {
      const merged = mergeSettings(layers);
      expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
      expect(Reflect.get(merged, "polluted")).toBeUndefined();
    }),
  );
});

/** The own keys of an object and of all objects in it, but not in arrays. */
function ownKeys(value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, child]) => [key, ...ownKeys(child)]);
}

test.each([
  [{ a: { b: [{ constructor: 1 }] } }, "constructor"],
  [JSON.parse('{"__proto__": {}}'), "__proto__"],
  [{ a: { prototype: 1 }, constructor: 2 }, "constructor"],
  [{ a: ["constructor", null, undefined, 3] }, undefined],
  [null, undefined],
  [undefined, undefined],
  ["constructor", undefined],
])("unkeptField() of %j is %p", (document, field) => {
  expect(unkeptField(document)).toBe(field);
});
