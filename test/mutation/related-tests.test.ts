import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { binaryTests, relatedTests } from "./related-tests.ts";

const IMPORTS = new Map([
  ["src/a.ts", []],
  ["src/b.ts", ["src/a.ts"]],
  ["test/a.test.ts", ["src/a.ts"]],
  ["test/b.test.ts", ["src/b.ts"]],
  ["test/support/c.ts", ["src/b.ts"]],
  ["test/c.test.ts", ["test/support/c.ts"]],
  ["test/e2e/d.test.ts", ["src/a.ts"]],
  ["test/linear-time.test.ts", ["src/a.ts"]],
  ["test/e.test.ts", ["src/other.ts"]],
]);

test("relatedTests() are those that reach a file, the nearest first, without the binary's", () => {
  expect(relatedTests(IMPORTS, "src/a.ts")).toEqual([
    "test/a.test.ts",
    "test/b.test.ts",
    "test/c.test.ts",
  ]);
  const alone = new Map([...IMPORTS, ["src/alone.ts", []], ["test/alone.test.ts", []]] as const);
  expect(relatedTests(alone, "src/alone.ts")).toEqual(["test/alone.test.ts"]);
  expect(relatedTests(IMPORTS, "src/b.ts")).toEqual(["test/b.test.ts", "test/c.test.ts"]);
});

test("relatedTests() have a file's own before all others, however far it is", () => {
  const imports = new Map([
    ...IMPORTS,
    ["test/z.test.ts", ["src/b.ts"]],
    ["src/z.ts", []],
  ] as const);
  const all = new Map([...imports, ["src/b.ts", ["src/a.ts", "src/z.ts"]]] as const);
  expect(relatedTests(all, "src/z.ts")).toEqual([
    "test/z.test.ts",
    "test/b.test.ts",
    "test/c.test.ts",
  ]);
});

test("binaryTests() are folders that are there; all of them for a room without its own", () => {
  for (const room of readdirSync(join(import.meta.dir, "../../src"))) {
    for (const folder of binaryTests(room.replace(/\.ts$/, ""))) {
      expect([room, existsSync(join(import.meta.dir, "../..", folder))]).toEqual([room, true]);
    }
  }
  expect(binaryTests("main")).toEqual(["test/e2e"]);
});
