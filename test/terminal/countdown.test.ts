import { describe, expect, test } from "bun:test";
import { formatLeft, withCountdown } from "../../src/terminal/countdown.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { renderScreen } from "../support/screen.ts";

describe("withCountdown()", () => {
  test("draws on one line and takes it away before the answer is given", async () => {
    const { stderr, written } = fakeRuntime();
    const work = Promise.withResolvers<number>();
    let left = 125_000;
    const sleep = async (): Promise<void> => {
      left -= 1000;
      if (left === 122_000) {
        work.resolve(7);
      }
    };
    const options = { text: "Waiting", left: () => left, sleep };
    expect(await withCountdown(stderr, options, work.promise)).toBe(7);
    expect(written.stderr).toContain("Waiting (2:05 left)");
    expect(written.stderr).toContain("Waiting (2:03 left)");
    expect(await renderScreen(written.stderr)).toBe("");
  });

  test("takes it away when the work fails, and fails with it", async () => {
    const { stderr, written, sleep } = fakeRuntime();
    const options = { text: "Waiting", left: () => 1000, sleep };
    const failed = withCountdown(stderr, options, Promise.reject(new Error("no")));
    await expect(failed).rejects.toThrow("no");
    expect(await renderScreen(written.stderr)).toBe("");
  });
});

test.each([
  [0, "0:00"],
  [-5, "0:00"],
  [1, "0:01"],
  [59_000, "0:59"],
  [60_000, "1:00"],
  [900_000, "15:00"],
])("formatLeft(%d) is %s", (milliseconds, text) => {
  expect(formatLeft(milliseconds)).toBe(text);
});
