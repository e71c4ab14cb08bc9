import { expect, test } from "bun:test";
import { tellWarnings } from "../../src/connect/tell-warnings.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

test.each<[color: "never" | "always", warnings: readonly string[], expected: string]>([
  ["never", [], ""],
  ["always", [], ""],
  ["never", ["a"], "warning: a\n"],
  ["never", ["a", "b \u001b[2J"], "warning: a\nwarning: b \\x1b[2J\n"],
  ["always", ["a"], "\u001b[33mwarning:\u001b[39m a\n"],
])("tellWarnings() with --color %s of %j", async (color, warnings, expected) => {
  const runtime = fakeRuntime();
  await tellWarnings(runtime, { color }, warnings);
  expect(runtime.written).toEqual({ stdout: "", stderr: expected });
});
