import { describe, expect, test } from "bun:test";
import {
  type Flag,
  joinValues,
  listOf,
  splitList,
  splitValue,
  textOf,
} from "../../src/flags/flag.ts";

const PLAIN: Flag = { type: "string", description: "" };
const LIST: Flag = { ...PLAIN, isList: true };
const REPEATED: Flag = { ...PLAIN, isRepeated: true };

describe("values that are given one after the other", () => {
  test.each<[string, Flag, readonly string[], string | string[]]>([
    ["a plain flag", PLAIN, ["a"], "a"],
    ["a plain flag", PLAIN, ["a", "b,c"], "b,c"],
    ["a list", LIST, [""], []],
    ["a list", LIST, ["a"], ["a"]],
    ["a list", LIST, ["a, b", ",c,"], ["a", "b", "c"]],
    ["a flag that is repeated", REPEATED, ["a, b"], ["a, b"]],
    ["a flag that is repeated", REPEATED, ["a", "", 'say "b"'], ["a", "", 'say "b"']],
  ])("of %s (%j): %j are %j", (_name, flag, given, expected) => {
    const text = given.reduce<string | undefined>(
      (earlier, value) => joinValues(flag, earlier, value),
      undefined,
    );
    expect(splitValue(flag, text ?? "")).toEqual(expected);
  });
});

test.each(["{}", "3", '"a"'])("splitValue() makes nothing of %s", (text) => {
  expect(splitValue(REPEATED, text)).toEqual([]);
});

test("splitValue() takes nothing but texts", () => {
  expect(splitValue(REPEATED, '["a", 1, null, "b"]')).toEqual(["a", "b"]);
});

test.each([
  ["", []],
  [",, ,", []],
  [" a ,b c,", ["a", "b c"]],
])("splitList(%j) is %j", (text, expected) => {
  expect(splitList(text)).toEqual(expected);
});

test("textOf() and listOf() take a value of their kind alone", () => {
  const values = { text: "", list: ["a"], is: true };
  const names = ["text", "list", "is", "none"];
  expect(names.map((name) => textOf(values, name))).toEqual(["", undefined, undefined, undefined]);
  expect(names.map((name) => listOf(values, name))).toEqual([
    undefined,
    ["a"],
    undefined,
    undefined,
  ]);
});
