import { describe, expect, test } from "bun:test";
import { closestTo, nearestTo, onlyLonger, slipDistance } from "../../src/lib/closest.ts";

describe("closestTo() knows", () => {
  const commands = ["auth", "status", "models", "Qwen3-Max", "-p"];
  const cases: readonly (readonly [word: string, meant: string | undefined])[] = [
    ["status", "status"],
    ["statsu", "status"],
    ["stat", "status"],
    ["STATUS", "status"],
    ["qwen3-max", "Qwen3-Max"],
    ["qwen4-mix", "Qwen3-Max"],
    ["ath", "auth"],
    ["-x", "-p"],
    ["sta", undefined],
    ["at", undefined],
    ["banana", undefined],
    ["", undefined],
    ["q", undefined],
  ];
  for (const [word, meant] of cases) {
    test(`that "${word}" means ${meant ?? "nothing"}`, () => {
      expect(closestTo(word, commands)).toBe(meant);
    });
  }

  test("nothing where there are no candidates", () => {
    expect(closestTo("status", [])).toBeUndefined();
  });

  test("that the nearest of several is meant", () => {
    expect(closestTo("modelx", ["mode", "model", "models"])).toBeOneOf(["model", "models"]);
    expect(closestTo("mode", ["models", "model"])).toBe("model");
  });
});

describe("onlyLonger() takes", () => {
  test.each([
    ["--output", "--output-format"],
    ["--OUT", "--output-format"],
    ["--ou", undefined],
    ["--mod", undefined],
    ["--none", undefined],
    ["", undefined],
  ])("%j for %j", (word, expected) => {
    expect(onlyLonger(word, ["--output-format", "--model", "--models"])).toBe(expected);
  });
});

test.each([
  ["", "", 0],
  ["", "abc", 3],
  ["abc", "", 3],
  ["abc", "abc", 0],
  ["abc", "abd", 1],
  ["abc", "ab", 1],
  ["ab", "abc", 1],
  ["abc", "xabc", 1],
  ["ab", "ba", 1],
  ["model", "mdoel", 1],
  ["model", "omdle", 2],
  ["abcd", "badc", 2],
  // No letter is moved twice: by way of `ac` it would be two.
  ["ca", "abc", 3],
  // Of a swap both letters have to be there.
  ["ab", "bb", 1],
  ["ab", "bc", 2],
  ["ab", "ca", 2],
  ["aab", "bba", 2],
  ["kitten", "sitting", 3],
])("slipDistance(%j, %j) is %i", (left, right, expected) => {
  expect(slipDistance(left, right)).toBe(expected);
  expect(slipDistance(right, left)).toBe(expected);
});

test.each<[string, readonly string[], readonly string[]]>([
  ["glm-5", ["z-ai/glm-5", "other"], ["z-ai/glm-5"]],
  ["z-ai/glm-5", ["glm-5", "other"], ["glm-5"]],
  ["QWEN3", ["qwen12", "qwen3"], ["qwen3", "qwen12"]],
  ["abcd", ["abcd1", "abcd2", "abcd3", "abcd4"], ["abcd1", "abcd2", "abcd3"]],
  ["abcdefgh", ["abcdefxx", "abcdexxx"], ["abcdefxx"]],
  ["abcdefghijkl", ["abcdefghixxx", "abcdefghxxxx"], ["abcdefghixxx"]],
  ["ab", ["abc", "a", "b", "xaby"], ["abc", "a", "b"]],
  ["abc", ["xxabcxx"], ["xxabcxx"]],
  ["ab", ["xxabxx"], []],
  // Nor does a letter or two of a word mean all of it.
  ["qwen3-max", ["m", "ax", "max"], ["max"]],
  ["a", ["b"], []],
])("nearestTo(%j, %j) are %j", (word, candidates, expected) => {
  expect(nearestTo(word, candidates)).toEqual([...expected]);
});
