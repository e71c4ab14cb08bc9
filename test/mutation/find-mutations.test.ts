import { describe, expect, test } from "bun:test";
import { findMutations, mutate } from "./find-mutations.ts";

describe("findMutations()", () => {
  test.each([
    ["if (a === b) {}", ["if (!(a === b)) {}", "if (a !== b) {}"]],
    ["const x = a < 3;", ["const x = a <= 3;", "const x = a < 4;"]],
    ["const x = a && !b;", ["const x = a || !b;", "const x = a && b;"]],
    ["const x = a ?? b;", ["const x = a;"]],
    ["const x = a ? b : c;", ["const x = !(a) ? b : c;"]],
    ["fsync(d);", [";"]],
    ["await close();", [";"]],
    ["const x = [...a, true];", ["const x = [...[], true];", "const x = [...a, false];"]],
    ["while (a) {}", ["while (!(a)) {}"]],
  ])("of %s", (text, expected) => {
    const found = findMutations("a.ts", text);
    expect(found.map((each) => mutate(text, each)).sort()).toEqual([...expected].sort());
  });

  test.each([
    "import { a } from './a.ts';",
    "type A = { readonly b: true; readonly c: 3 };",
    "const x: 3 | true = y;",
    "const x = 'a === b';",
    "const x = new Map();",
    "export function f(a: A<1>): asserts a is B {}",
  ])("leaves %s", (text) => {
    expect(findMutations("a.ts", text)).toEqual([]);
  });

  test("names the line", () => {
    expect(findMutations("a.ts", "\n\nlet x = 1;").map(({ line }) => line)).toEqual([3]);
  });

  test("looks into what a cast holds", () => {
    const text = "const x = (a === b) as boolean;";
    expect(findMutations("a.ts", text).map((each) => mutate(text, each))).toEqual([
      "const x = (a !== b) as boolean;",
    ]);
  });

  test("refuses what is no TypeScript", () => {
    expect(() => findMutations("a.ts", "if (")).toThrow("Cannot parse `a.ts`");
  });
});
