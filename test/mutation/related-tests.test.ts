import { expect, test } from "bun:test";
import { relatedTests } from "./related-tests.ts";

const IMPORTS = new Map([
  ["src/a.ts", []],
  ["src/b.ts", ["src/a.ts"]],
  ["test/a.test.ts", ["src/a.ts"]],
  ["test/b.test.ts", ["src/b.ts"]],
  ["test/support/c.ts", ["src/b.ts"]],
  ["test/c.test.ts", ["test/support/c.ts"]],
  ["test/e2e/d.test.ts", ["src/a.ts"]],
  ["test/e.test.ts", ["src/other.ts"]],
]);

test("relatedTests() are those that reach a file, the nearest first, without the binary's", () => {
  expect(relatedTests(IMPORTS, "src/a.ts")).toEqual([
    "test/a.test.ts",
    "test/b.test.ts",
    "test/c.test.ts",
  ]);
  expect(relatedTests(IMPORTS, "src/b.ts")).toEqual(["test/b.test.ts", "test/c.test.ts"]);
});
