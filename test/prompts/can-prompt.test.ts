import { describe, expect, test } from "bun:test";
import { canPrompt, whyNotAsked } from "../../src/prompts/can-prompt.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

describe("whyNotAsked() tells", () => {
  test.each([
    [{}, false, "there is no terminal to ask"],
    [{ CI: "false", TERM: "xterm" }, false, "there is no terminal to ask"],
    [{ CI: "true" }, false, "nothing is asked where `CI` is set"],
    [{ TERM: "dumb" }, false, "a terminal with TERM=dumb cannot be asked"],
    [{ CI: "true", TERM: "dumb" }, true, "`--no-input` was given"],
  ])("%j with --no-input %j: %s", async (env: Record<string, string>, noInput, expected) => {
    const runtime = fakeRuntime({ env });
    expect(await canPrompt(runtime, { noInput })).toBe(false);
    expect(whyNotAsked(runtime, { noInput })).toBe(expected);
  });
});

test.each<[readonly ("stdin" | "stdout" | "stderr")[], boolean]>([
  [["stdin", "stderr"], true],
  [["stdin", "stdout", "stderr"], true],
  [["stdin", "stdout"], false],
  [["stderr", "stdout"], false],
  [[], false],
])("canPrompt() with terminals %j is %p", async (terminals, expected) => {
  expect(await canPrompt(fakeRuntime({ terminals }), { noInput: false })).toBe(expected);
});
