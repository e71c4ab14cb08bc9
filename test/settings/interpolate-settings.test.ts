// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings refer to variables this way

import { describe, expect, test } from "bun:test";
import {
  type InterpolationLookup,
  interpolateSettings,
  referencedNames,
  unfilledName,
  unfilledReference,
} from "../../src/settings/interpolate-settings.ts";
import type { Origin, Sourced } from "../../src/source.ts";

const lookup: InterpolationLookup = (name) => {
  switch (name) {
    case "A":
      return variable("a", "user");
    case "LOOP":
      return variable("$A${LOOP}$&", "user");
    case "EMPTY":
      return variable("", "user");
    case "P":
      return variable("p", "project");
    default:
      return undefined;
  }
};

function variable(value: string, origin: Origin): Sourced<string> {
  return { value, source: { kind: "env", origin }, shadowed: [] };
}

describe("interpolateSettings() writes", () => {
  const cases: readonly (readonly [name: string, text: string, expected: string])[] = [
    ["a text without references as it is", "a b", "a b"],
    ["a variable", "$A", "a"],
    ["a variable in braces", "${A}", "a"],
    ["several variables in one text", "x-$A/${A}.$P", "x-a/a.p"],
    ["a variable up to the first character that is no word", "$A-B $A.", "a-B a."],
    ["no variable whose name goes on", "$AB", "$AB"],
    ["an unknown variable as it is written", "$B ${B} ${A", "$B ${B} ${A"],
    ["a default value, which does not exist, as it is written", "${B:-x}", "${B:-x}"],
    ["a value as it is, without a second round", "$LOOP", "$A${LOOP}$&"],
    ["an empty value", "[$EMPTY]", "[]"],
    ["dollars that begin no name", "$ $$ 5$ $-", "$ $$ 5$ $-"],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => {
      expect(interpolateSettings({ key: text }, lookup).value).toEqual({ key: expected });
    });
  }

  test("strings at any depth, but keys and other values as they are", () => {
    const value = { $A: "$A", b: [{ "${A}": ["$A", 1, null, true] }], c: { d: { e: "${A}" } } };
    expect(interpolateSettings(value, lookup).value).toEqual({
      $A: "a",
      b: [{ "${A}": ["a", 1, null, true] }],
      c: { d: { e: "a" } },
    });
  });

  test("no prototype", () => {
    const value = JSON.parse('{"__proto__": {"polluted": "$A"}, "constructor": "$A"}');
    const interpolated = interpolateSettings(value, lookup).value;
    expect(Object.getPrototypeOf(interpolated)).toBe(Object.prototype);
    expect(Reflect.get(interpolated, "polluted")).toBeUndefined();
    expect(JSON.stringify(interpolated)).toBe('{"__proto__":{"polluted":"a"},"constructor":"a"}');
  });
});

test("interpolateSettings() names the values of which a part is the project's", () => {
  const value = {
    env: { X: "$P", Y: "$A", "a.b": "${P}" },
    modelProviders: { openai: [{ baseUrl: "$A" }, { baseUrl: "https://$P/$A", id: "$B" }] },
  };
  const { source } = variable("p", "project");
  expect([...interpolateSettings(value, lookup).projectPaths]).toEqual([
    ["env.X", [source]],
    ['env["a.b"]', [source]],
    ["modelProviders.openai[1].baseUrl", [source]],
  ]);
});

test("interpolateSettings() names the values of which a part is the user's or the file's own", () => {
  const value = { a: "$A", b: "$P", c: "$A$P", d: "x$P", e: "x", f: "$UNKNOWN" };
  const { userPaths, ownPaths } = interpolateSettings(value, lookup);
  expect([[...userPaths], [...ownPaths]]).toEqual([["a", "c"], ["d"]]);
});

test("interpolateSettings() names the values that hold a user's variable, or text of their own", () => {
  const value = { a: "$P", b: "$A", c: "$P$A", d: "Bearer $P", e: "$UNKNOWN", f: "plain" };
  const { projectPaths, userPaths, ownPaths } = interpolateSettings(value, lookup);
  expect([...projectPaths.keys()]).toEqual(["a", "c", "d"]);
  expect([...userPaths]).toEqual(["b", "c"]);
  expect([...ownPaths]).toEqual(["d"]);
});

test("interpolateSettings() takes a mixed variable for both, as it may be a user's secret", () => {
  const mixed: InterpolationLookup = () => ({ ...variable("x", "project"), mixed: true });
  const { projectPaths, userPaths } = interpolateSettings({ a: "$M" }, mixed);
  expect([[...projectPaths.keys()], [...userPaths]]).toEqual([["a"], ["a"]]);
});

test("interpolateSettings() leaves its input alone", () => {
  const value = { a: { b: ["$A"] } };
  interpolateSettings(value, lookup);
  expect(value).toEqual({ a: { b: ["$A"] } });
});

test("referencedNames() finds every name in every value", () => {
  const value = { a: "$A-${B:-x}", $KEY: ["$C", { d: "${D}${A}" }], e: 1, f: null, g: "none" };
  expect([...referencedNames(value)]).toEqual(["A", "B:-x", "C", "D"]);
});

test.each([
  ["", undefined],
  ["plain", undefined],
  ["$", undefined],
  ["5$ $-", undefined],
  ["$A", "A"],
  ["a$A_1-b", "A_1"],
  ["${A}", "A"],
  ["${A B}", "A B"],
  ["${}", undefined],
  ["${}x}", undefined],
  ["${A", undefined],
  ["$${A}", "A"],
  ["${}$B", "B"],
])("unfilledName(%j) is %j", (text, name) => {
  expect(unfilledName(text)).toBe(name as never);
});

test.each<[unknown, string | undefined]>([
  ["$A", "$A"],
  ["a$A", undefined],
  ["$A-b", undefined],
  ["$1", undefined],
  ["a${A}b${B}", "${A}"],
  ["${}", undefined],
  [5, undefined],
  [null, undefined],
  [{}, undefined],
  [{ a: 1, b: ["x", { c: "$B" }], d: "$C" }, "$B"],
  [["x", [], "${D}"], "${D}"],
  [{ a: { b: "x" } }, undefined],
])("unfilledReference(%j) is %j", (value, reference) => {
  expect(unfilledReference(value)).toBe(reference as never);
});
