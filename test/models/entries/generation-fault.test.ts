import { describe, expect, test } from "bun:test";
import { generationFault, inexactFault } from "../../../src/models/entries/generation-fault.ts";

const ANEW = "correct that field, or leave it out";
const DAY = 86_400_000;
const EXACT = {
  why: "it holds a number that cannot be kept exactly",
  hint: "write that number as a text",
};

describe("generationFault() has none of", () => {
  test.each<[object]>([
    [{}],
    [{ timeout: 0, streamIdleTimeoutMs: DAY, maxRetries: 0 }],
    [{ timeout: DAY, retryInitialDelayMs: 1.5, retryMaxDelayMs: 2 * DAY }],
    [{ retryErrorCodes: [], contextWindowSize: 1 }],
    [{ retryErrorCodes: [500, 0] }],
    [{ customHeaders: {} }],
    [{ customHeaders: { "X-A": "a" }, extra_body: {}, samplingParams: { top_p: 0.5 } }],
    [{ reasoning: false, thinkingMandatory: true }],
    [{ reasoning: { effort: "low" }, thinkingMandatory: false }],
    [{ timeout: null, customHeaders: null, reasoning: null, other: null }],
    [{ unknown: { deep: [1, "a", null, true, 1.5] }, toString: "a" }],
  ])("%j", (config) => {
    expect(generationFault(config as never)).toBeUndefined();
  });
});

describe("generationFault() tells of", () => {
  const count = "it is no number from 0 on";
  const day = "it is more than a day";
  test.each<[string, unknown, string, string?]>([
    ["timeout", -1, count],
    ["timeout", "5", count],
    ["timeout", DAY + 1, day],
    ["streamIdleTimeoutMs", DAY + 1, day],
    ["streamIdleTimeoutMs", Number.POSITIVE_INFINITY, count],
    ["maxRetries", -1, count],
    ["maxRetries", true, count],
    ["retryInitialDelayMs", {}, count],
    ["retryMaxDelayMs", "1", count],
    ["retryErrorCodes", 500, "it is no list of numbers"],
    ["retryErrorCodes", [500, "502"], "it is no list of numbers"],
    ["contextWindowSize", 0, "it is no whole number above 0"],
    ["contextWindowSize", 1.5, "it is no whole number above 0"],
    ["contextWindowSize", "1", "it is no whole number above 0"],
    ["contextWindowSize", 2 ** 53, "it is no whole number above 0"],
    ["customHeaders", "a", "it is no object of names and texts"],
    ["customHeaders", [], "it is no object of names and texts"],
    ["customHeaders", { Host: "a" }, 'the header "Host" is the endpoint\'s', 'leave "Host" out'],
    ["extra_body", "a", "it is no JSON object"],
    ["extra_body", [], "it is no JSON object"],
    ["samplingParams", 1, "it is no JSON object"],
    [
      "samplingParams",
      JSON.parse('{"a":{"__proto__":1}}'),
      "no settings keep a field named `__proto__`",
      "leave that field out",
    ],
    ["extra_body", { seed: 2 ** 53 }, EXACT.why, EXACT.hint],
    ["reasoning", true, "it is not understood"],
    ["reasoning", { effort: "huge" }, "it is not understood"],
    ["thinkingMandatory", "yes", "it is neither true nor false"],
    ["unknown", [{ a: 2 ** 53 }], EXACT.why, EXACT.hint],
  ])("%s: %j", (field, value, why, hint = ANEW) => {
    expect(generationFault({ fine: 1, [field]: value })).toEqual({ field, why, hint });
  });
});

test.each<[unknown, boolean]>([
  [0, true],
  [-0.5, true],
  [Number.MAX_SAFE_INTEGER, true],
  [Number.MAX_SAFE_INTEGER + 1, false],
  [Number.POSITIVE_INFINITY, false],
  [Number.NaN, false],
  ["1e999", true],
  [null, true],
  [{ a: [1, { b: 2 ** 60 }] }, false],
  [{ a: [1, { b: 2 }] }, true],
])("inexactFault(%j): JSON keeps it is %p", (value, isExact) => {
  expect(inexactFault(value)).toEqual(isExact ? (undefined as never) : EXACT);
});
