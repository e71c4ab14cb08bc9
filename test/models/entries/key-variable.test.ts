import { expect, test } from "bun:test";
import { canHoldKey } from "../../../src/models/entries/key-variable.ts";

test.each([
  ["A_KEY", true],
  ["a1", true],
  ["_A", true],
  ["OPENAI_API_KEY", true],
  ["1A", false],
  ["A-KEY", false],
  ["A KEY", false],
  ["A\n", false],
  ["", false],
  ["PATH", false],
  ["LD_PRELOAD", false],
  ["OPENAI_BASE_URL", false],
  ["OPENAI_MODEL", false],
  ["ANTHROPIC_BASE_URL", false],
])("canHoldKey(%j) is %p", (name, expected) => {
  expect(canHoldKey(name)).toBe(expected);
});
