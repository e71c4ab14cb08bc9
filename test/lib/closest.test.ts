import { describe, expect, test } from "bun:test";
import { closestTo, onlyLonger } from "../../src/lib/closest.ts";

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
