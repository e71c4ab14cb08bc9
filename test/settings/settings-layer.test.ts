import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type JsonObject, valueAt } from "../../src/lib/json/json-object.ts";
import { mergeSettings } from "../../src/settings/merge-settings.ts";
import {
  findSetting,
  findText,
  type SettingsLayer,
  settingSource,
} from "../../src/settings/settings-layer.ts";
import type { Source } from "../../src/source.ts";

const USER = layer("user", { env: { A: "u", E: "" }, model: { name: "m" }, n: 1 });
const PROJECT = layer("project", { env: { A: "p" }, model: { name: "" }, n: 2 });
const SYSTEM = layer("system", { env: { B: "s", E: "e" } });
const LAYERS = [USER, PROJECT, SYSTEM];

describe("findSetting() finds", () => {
  const cases: readonly (readonly [
    name: string,
    path: readonly string[],
    value: unknown,
    ...sources: Source[],
  ])[] = [
    ["the value of the only layer that has it", ["env", "B"], "s", source(SYSTEM, "env.B")],
    [
      "the value of the highest layer and what it hides",
      ["env", "A"],
      "p",
      source(PROJECT, "env.A"),
      source(USER, "env.A"),
    ],
    ["no empty text", ["model", "name"], "m", source(USER, "model.name")],
    ["no empty text below another", ["env", "E"], "e", source(SYSTEM, "env.E")],
    ["values of any type", ["n"], 2, source(PROJECT, "n"), source(USER, "n")],
  ];
  for (const [name, path, value, first, ...shadowed] of cases) {
    test(name, () => {
      expect<unknown>(findSetting(LAYERS, path)).toMatchObject({ value, source: first, shadowed });
    });
  }

  test("nothing where no layer has anything", () => {
    expect(findSetting(LAYERS, ["env", "C"])).toBeUndefined();
    expect(findSetting(LAYERS, ["env", "A", "x"])).toBeUndefined();
    expect(findSetting(LAYERS, ["constructor", "name"])).toBeUndefined();
    expect(findSetting([], ["env"])).toBeUndefined();
  });
});

describe("findSetting() takes for mixed, the user's as a secret,", () => {
  type Paths = Pick<SettingsLayer, "projectPaths" | "userPaths" | "ownPaths">;
  type Case = readonly [name: string, scope: "user" | "project", ...(keyof Paths)[]];
  const cases: readonly (readonly [expected: boolean, ...Case])[] = [
    [false, "no user's text of its own", "user"],
    [false, "no user's text with a user's variable", "user", "userPaths", "ownPaths"],
    [false, "no user's text that is a project's variable", "user", "projectPaths"],
    [true, "a user's text around a project's variable", "user", "projectPaths", "ownPaths"],
    [true, "a user's and a project's variable", "user", "projectPaths", "userPaths"],
    [false, "no project's text with a project's variable", "project", "projectPaths", "ownPaths"],
    [true, "a project's text that is a user's variable", "project", "userPaths"],
    [true, "a project's text around a user's variable", "project", "userPaths", "ownPaths"],
  ];
  for (const [expected, name, scope, ...paths] of cases) {
    test(name, () => {
      const here = {
        projectPaths: new Map([["env.A", []]]),
        userPaths: new Set(["env.A"]),
        ownPaths: new Set(["env.A"]),
      };
      const given = Object.fromEntries(paths.map((key) => [key, here[key]]));
      const only = { ...layer(scope, { env: { A: "x" } }), ...given };
      expect(findSetting([only], ["env", "A"])?.mixed ?? false).toBe(expected);
    });
  }
});

test("findText() finds strings only", () => {
  expect(findText(LAYERS, ["env", "B"])?.value).toBe("s");
  expect(findText(LAYERS, ["n"])).toBeUndefined();
});

test("settingSource() gives the project what has a part of the project's", () => {
  const user = { ...USER, projectPaths: new Map([["modelProviders.openai[0].baseUrl", []]]) };
  const path = ["modelProviders", "openai", 0];
  expect(settingSource(user, [...path, "baseUrl"])).toEqual({
    kind: "settings",
    name: "modelProviders.openai[0].baseUrl",
    path: USER.path,
    scope: "user",
    origin: "project",
  });
  expect(settingSource(user, [...path, "id"]).origin).toBe("user");
});

test("findSetting() of a scalar agrees with the merged settings", () => {
  const text = fc.stringMatching(/^[a-z]{1,2}$/);
  const settings: fc.Arbitrary<JsonObject> = fc.record(
    {
      n: fc.integer(),
      env: fc.dictionary(fc.constantFrom("A", "B"), text, { noNullPrototype: true }),
      model: fc.record({ name: text }, { requiredKeys: [], noNullPrototype: true }),
      list: fc.array(text),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const paths = [["n"], ["env", "A"], ["env", "B"], ["model", "name"], ["list"], ["none"]];
  fc.assert(
    fc.property(fc.array(settings, { maxLength: 4 }), (values) => {
      const layers = values.map((value) => layer("user", value));
      const merged = mergeSettings(values);
      for (const path of paths) {
        expect(findSetting(layers, path)?.value).toEqual(valueAt(merged, path));
      }
    }),
  );
});

function layer(scope: SettingsLayer["scope"], value: JsonObject): SettingsLayer {
  const origin = scope === "project" ? "project" : "user";
  const paths = { projectPaths: new Map(), userPaths: new Set(""), ownPaths: new Set("") };
  return { scope, path: `/${scope}.json`, origin, value, ...paths };
}

function source({ scope, path, origin }: SettingsLayer, name: string): Source {
  return { kind: "settings", name, path, scope, origin };
}
