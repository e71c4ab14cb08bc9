import { describe, expect, test } from "bun:test";
import { ConfigError, QwenError } from "../../../src/errors.ts";
import { createSteps, ifChanged } from "../../../src/lib/files/steps.ts";

const FULL = { code: "write-failed", hint: "free some space" } as const;

/** The failure of a last step, after steps that said these. */
async function failureAfter(said: readonly (string | undefined)[], failure: unknown) {
  const step = createSteps();
  for (const [index, what] of said.entries()) {
    expect(
      await step(
        async () => index,
        () => what,
      ),
    ).toBe(index);
  }
  return step(
    () => Promise.reject(failure),
    () => "never said",
  ).catch((error: unknown) => error);
}

describe("createSteps() lets the failure of a step tell", () => {
  test("what the steps before it did, in their order", async () => {
    const failure = new QwenError("Cannot write `f`: no space", FULL);
    const told = await failureAfter(["the key was saved", undefined, "`g` was written"], failure);
    expect(told).toBeInstanceOf(QwenError);
    expect(told).toMatchObject({
      ...FULL,
      message: "Cannot write `f`: no space; before that, the key was saved, `g` was written",
      exitCode: 1,
      cause: failure,
    });
  });

  test("the same of a file that cannot be used", async () => {
    const failure = new ConfigError("Cannot write `f`: a link", {
      ...FULL,
      code: "settings-unsafe",
    });
    const told = await failureAfter(["the key was saved"], failure);
    expect(told).toBeInstanceOf(ConfigError);
    expect(told).toMatchObject({
      code: "settings-unsafe",
      hint: FULL.hint,
      message: "Cannot write `f`: a link; before that, the key was saved",
      exitCode: 3,
      cause: failure,
    });
  });

  test.each([
    ["nothing when nothing was done", [], new QwenError("Cannot write `f`: no")],
    ["nothing when nothing was said", [undefined], new QwenError("Cannot write `f`: no")],
    ["nothing of what is no message for people", ["done"], new TypeError("a bug")],
  ])("%s", async (_what, said, failure) => {
    expect(await failureAfter(said, failure)).toBe(failure);
  });
});

test("ifChanged() speaks of what changed alone", () => {
  expect(ifChanged("it was written")({ changed: true })).toBe("it was written");
  expect(ifChanged("it was written")({ changed: false })).toBeUndefined();
});
