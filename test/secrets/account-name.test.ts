import { expect, test } from "bun:test";
import { isAccountName } from "../../src/secrets/account-name.ts";

test.each([
  ["work", true],
  ["7", true],
  ["a.b_c-d", true],
  ["a".repeat(32), true],
  ["a".repeat(33), false],
  ["", false],
  ["Work", false],
  ["-a", false],
  [".a", false],
  ["a b", false],
  ["a\n", false],
  ["é", false],
  ["constructor", false],
  ["prototype", false],
  ["__proto__", false],
])("isAccountName(%j) is %p", (word, expected) => {
  expect(isAccountName(word)).toBe(expected);
});
