import { expect, test } from "bun:test";
import { filled } from "../../src/lib/filled.ts";

test.each([
  ["sk-1", "sk-1"],
  [" \t\ufeffsk-1 \r\n", "sk-1"],
  ["a b", "a b"],
  [" \n", undefined],
  ["", undefined],
  [undefined, undefined],
])("filled(%j) is %j", (text, expected) => {
  expect(filled(text)).toBe(expected as never);
});
