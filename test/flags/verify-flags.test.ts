import { describe, expect, test } from "bun:test";
import type { FlagValues } from "../../src/flags/flag.ts";
import {
  isChecked,
  isOffline,
  throwIfNoSearch,
  throwIfOffline,
  toVerify,
} from "../../src/flags/verify-flags.ts";
import { problemOf } from "../support/problem-of.ts";

test.each<[FlagValues, boolean | undefined]>([
  [{}, undefined],
  [{ verify: true }, true],
  [{ "no-verify": true }, false],
  [{ verify: false, "no-verify": true }, false],
  [{ verify: true, "no-verify": false }, true],
])("toVerify(%j) is %p", (values, expected) => {
  expect(toVerify(values)).toBe(expected);
});

test.each<[QWEN_OFFLINE: string | undefined, offline: boolean, expected: boolean]>([
  [undefined, false, false],
  ["", false, false],
  ["0", false, false],
  ["false", false, false],
  ["1", false, true],
  ["yes", false, true],
  [undefined, true, true],
  ["0", true, true],
])("isOffline() with QWEN_OFFLINE=%s and --offline %p is %p", (value, offline, expected) => {
  const env = value === undefined ? {} : { QWEN_OFFLINE: value };
  expect(isOffline({ env }, { offline })).toBe(expected);
});

const NETWORK = { env: {} };
const NO_NETWORK = { env: { QWEN_OFFLINE: "1" } };

describe("isChecked()", () => {
  test.each([
    [NETWORK, undefined, true],
    [NETWORK, true, true],
    [NETWORK, false, false],
    [NO_NETWORK, undefined, false],
    [NO_NETWORK, false, false],
  ])("with %j and --verify %p is %p", (runtime, verify, expected) => {
    expect(isChecked(runtime, { offline: false, verify })).toBe(expected);
  });

  test.each([
    [NETWORK, true, "`--offline` was given"],
    [NO_NETWORK, true, "`--offline` was given"],
    [NO_NETWORK, false, "`QWEN_OFFLINE` is set"],
  ])("refuses --verify with %j and --offline %p", (runtime, offline, why) => {
    const problem = {
      name: "UsageError",
      code: "invalid-value",
      message: `Cannot use \`--verify\`: ${why}`,
      hint: "leave `--verify` out, or allow the network",
    };
    expect(problemOf(() => isChecked(runtime, { offline, verify: true }))).toEqual(problem);
    expect(problemOf(() => throwIfOffline(runtime, { offline }, "--verify"))).toEqual(problem);
  });
});

describe("throwIfNoSearch()", () => {
  test.each([undefined, true])("lets --region auto be with --verify %p", (verify) => {
    expect(problemOf(() => throwIfNoSearch(NETWORK, { offline: false, verify }))).toBeUndefined();
  });

  test("wants the network, and to ask", () => {
    const asked = { offline: false, verify: false };
    expect(problemOf(() => throwIfNoSearch(NO_NETWORK, asked))?.message).toBe(
      "Cannot use `--region auto`: `QWEN_OFFLINE` is set",
    );
    expect(problemOf(() => throwIfNoSearch(NETWORK, asked))).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message: "Cannot use `--region auto` with `--no-verify`: it asks the service",
      hint: "name the region, or leave `--no-verify` out",
    });
  });
});
