import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import type { JsoncEdit } from "../../src/lib/json/jsonc-edit.ts";
import {
  ineffectiveFlatKeys,
  keepFlatKeys,
  normalizeVersions,
} from "../../src/settings/normalize-versions.ts";

describe("normalizeVersions() reads", () => {
  type Case = readonly [name: string, raw: JsonObject, understood: JsonObject];
  const cases: readonly Case[] = [
    ["an empty file", {}, {}],
    [
      "the flat keys of version 1",
      {
        selectedAuthType: "openai",
        enforcedAuthType: "gemini",
        model: "m",
        contentGenerator: { timeout: 5 },
        excludedProjectEnvVars: ["A"],
        ui: 1,
      },
      {
        security: { auth: { selectedType: "openai", enforcedType: "gemini" } },
        model: { name: "m", generationConfig: { timeout: 5 } },
        advanced: { excludedEnvVars: ["A"] },
        ui: 1,
      },
    ],
    [
      "a version that is no number as version 1",
      { $version: "4", selectedAuthType: "openai" },
      {
        $version: "4",
        security: { auth: { selectedType: "openai" } },
      },
    ],
    [
      "flat keys beside the object that holds the rest",
      { selectedAuthType: "openai", security: { auth: { apiKey: "k" }, x: 1 } },
      { security: { auth: { apiKey: "k", selectedType: "openai" }, x: 1 } },
    ],
    [
      "no flat key whose new place is taken",
      { selectedAuthType: "gemini", security: { auth: { selectedType: "openai" } } },
      { security: { auth: { selectedType: "openai" } } },
    ],
    ["a model that is an object already", { model: { name: "m" } }, { model: { name: "m" } }],
    [
      "the reversed cache control of version 2",
      { $version: 2, model: { generationConfig: { disableCacheControl: true, timeout: 5 } } },
      { $version: 2, model: { generationConfig: { enableCacheControl: false, timeout: 5 } } },
    ],
    [
      "the flat cache control of version 1",
      { disableCacheControl: true },
      { model: { generationConfig: { enableCacheControl: false } } },
    ],
  ];
  for (const [name, raw, understood] of cases) {
    test(name, () => {
      const before = JSON.stringify(raw);
      expect(normalizeVersions(raw)).toEqual(understood);
      expect(JSON.stringify(raw)).toBe(before);
    });
  }

  for (const version of [2, 3, 4, 5, 6]) {
    test(`version ${version} as it is, with flat keys that have no effect`, () => {
      const raw = {
        $version: version,
        selectedAuthType: "gemini",
        modelProviders: { openai: { protocol: "openai", models: [{ id: "m" }] } },
      };
      expect(normalizeVersions(raw)).toEqual(raw);
    });
  }

  for (const version of [3, 4, 5]) {
    test(`version ${version} without turning the cache control round`, () => {
      const raw = {
        $version: version,
        model: { generationConfig: { disableCacheControl: true } },
      };
      expect(normalizeVersions(raw)).toEqual(raw);
    });
  }
});

test("ineffectiveFlatKeys() names flat keys of files that are newer than version 1", () => {
  const flat = { selectedAuthType: "a", model: "m", contentGenerator: {}, other: 1 };
  expect(ineffectiveFlatKeys(flat)).toEqual([]);
  expect(ineffectiveFlatKeys({ ...flat, $version: 1 })).toEqual([]);
  expect(ineffectiveFlatKeys({ ...flat, $version: 2 })).toEqual([
    "selectedAuthType",
    "contentGenerator",
  ]);
  expect(ineffectiveFlatKeys({ $version: 4, model: { name: "m" } })).toEqual([]);
});

describe("keepFlatKeys() adds", () => {
  const type: JsoncEdit = { kind: "set", path: ["security", "auth", "selectedType"], value: "new" };
  const model: JsoncEdit = { kind: "set", path: ["model", "name"], value: "new" };
  const cases: readonly (readonly [name: string, current: JsonObject, JsoncEdit[]])[] = [
    ["nothing to a file without flat keys", {}, [type, model]],
    [
      "nothing to a file of version 2 or newer",
      { $version: 2, selectedAuthType: "old", model: "old" },
      [type, model],
    ],
    [
      "the selected type at its flat place too",
      { selectedAuthType: "old" },
      [type, model, { kind: "set", path: ["selectedAuthType"], value: "new" }],
    ],
    [
      "an object that takes the place of the flat model",
      { $version: 1, model: "old" },
      [{ kind: "set", path: ["model"], value: { name: "old" } }, type, model],
    ],
    ["nothing to an object of models", { model: { name: "old" } }, [type, model]],
  ];
  for (const [name, current, edits] of cases) {
    test(name, () => {
      expect(keepFlatKeys(current, [type, model])).toEqual(edits);
    });
  }

  test("nothing where the selected type does not change", () => {
    expect(keepFlatKeys({ selectedAuthType: "old" }, [model])).toEqual([model]);
  });
});
