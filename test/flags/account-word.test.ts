import { describe, expect, test } from "bun:test";
import { readAccountWord, variableOf } from "../../src/flags/account-word.ts";
import { problemOf } from "../support/problem-of.ts";

describe("readAccountWord()", () => {
  test.each([
    ["work", { name: "work" }],
    ["a.b_c-1", { name: "a.b_c-1" }],
    ["x".repeat(32), { name: "x".repeat(32) }],
    ["deepseek@work", { name: "work", envKey: "DEEPSEEK_API_KEY" }],
    ["DeepSeek@work", { name: "work", envKey: "DEEPSEEK_API_KEY" }],
    ["claude@work", { name: "work", envKey: "ANTHROPIC_API_KEY" }],
    ["MY_KEY@work", { name: "work", envKey: "MY_KEY" }],
  ])("reads %s", (word, expected) => {
    expect(readAccountWord(word, "--account")).toEqual(expected);
  });

  test.each([
    "",
    "Work",
    "-work",
    "x".repeat(33),
    "two words",
    "@work",
    "deepseek@",
    "nobody@work",
    "my_key@work",
    "deepseek@work@more",
    "MY_KEY@deepseek@work",
  ])("refuses %j", (word) => {
    expect(problemOf(() => readAccountWord(word, "QWEN_ACCOUNT"))).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message: "Cannot use the value of `QWEN_ACCOUNT`: it is no name of an account",
      hint: "write up to 32 small letters, digits, `.`, `_` or `-`, such as `work`",
    });
  });
});

test.each([
  ["deepseek", "DEEPSEEK_API_KEY"],
  ["DEEPSEEK", "DEEPSEEK_API_KEY"],
  ["MY_KEY", "MY_KEY"],
  ["_KEY2", "_KEY2"],
  ["2KEY", undefined],
  ["MY-KEY", undefined],
  ["nobody", undefined],
])("variableOf(%s) is %p", (owner, expected) => {
  expect(variableOf(owner)).toBe(expected);
});
