import { describe, expect, test } from "bun:test";
import { throwIfInsideRun, throwIfNested } from "../../src/auth/inside-run.ts";
import { problemOf } from "../support/problem-of.ts";

const INSIDE = { QWEN_RUN: "1" };

describe.each([{}, { QWEN_RUN: "" }, { QWEN_RUN: "0" }, { QWEN_RUN: "true" }])("with %j", (env) => {
  test("neither key nor tool is refused", () => {
    expect(problemOf(() => throwIfInsideRun(env, "print the key"))).toBeUndefined();
    expect(problemOf(() => throwIfNested(env))).toBeUndefined();
  });
});

test("throwIfInsideRun() refuses the key to a tool that does without", () => {
  expect(problemOf(() => throwIfInsideRun(INSIDE, "print the key"))).toEqual({
    name: "AuthError",
    code: "inside-run",
    message: "Cannot print the key: this runs inside of `qwen auth run`, which hides it",
    hint: "run it in a terminal of your own",
  });
});

test("throwIfNested() refuses a broker behind a broker", () => {
  expect(problemOf(() => throwIfNested(INSIDE))).toEqual({
    name: "UsageError",
    code: "nested-run",
    message: "Cannot run a tool: this runs inside of `qwen auth run` already",
    hint: "start the tool as it is: it uses the broker that is there",
  });
});
