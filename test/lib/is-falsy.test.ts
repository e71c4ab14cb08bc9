import { expect, test } from "bun:test";
import { isFalsy } from "../../src/lib/is-falsy.ts";

test.each([
  [undefined, true],
  ["", true],
  [" ", true],
  ["0", true],
  ["false", true],
  ["FALSE", true],
  ["no", true],
  ["Off ", true],
  ["1", false],
  ["true", false],
  ["yes", false],
  ["00", false],
  ["woodpecker", false],
])("isFalsy(%j) is %p", (value, expected) => {
  expect(isFalsy(value)).toBe(expected);
});
