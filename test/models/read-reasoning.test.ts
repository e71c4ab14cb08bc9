import { describe, expect, test } from "bun:test";
import { readReasoning } from "../../src/models/read-reasoning.ts";
import type { Reasoning } from "../../src/protocols/chat-request.ts";
import { PATHS, settings } from "./configuration.ts";

const KNOWN = "it knows none, minimal, low, medium, high, xhigh, max";

function read(reasoning: unknown, effort?: unknown, isMandatory = false) {
  const field = (name: string, value: unknown) =>
    value === undefined ? undefined : { value, source: settings("user", name) };
  return readReasoning({
    reasoning: field("reasoning", reasoning),
    effort: field("effort", effort),
    isMandatory,
  });
}

const no = (name: string, advice: string) =>
  `\`${name}\` of \`${PATHS.user}\` is not understood: ${advice}`;
const OFF: Reasoning = { kind: "off" };
const BUDGET = no("reasoning.budget_tokens", "it is a number of tokens");

describe("readReasoning() understands", () => {
  test.each<[unknown, unknown, Reasoning | undefined]>([
    [undefined, undefined, undefined],
    [{}, undefined, undefined],
    [false, undefined, OFF],
    [{ effort: "none" }, undefined, OFF],
    [{ effort: "max" }, undefined, { kind: "on", effort: "max" }],
    [{ budget_tokens: 1 }, undefined, { kind: "on", budgetTokens: 1 }],
    [
      { effort: "low", budget_tokens: 2048 },
      undefined,
      { kind: "on", effort: "low", budgetTokens: 2048 },
    ],
    [undefined, "none", OFF],
    [undefined, "high", { kind: "on", effort: "high" }],
    // One off is off, whichever says so.
    [false, "high", OFF],
    [{ effort: "high" }, "none", OFF],
    [{ effort: "low", budget_tokens: 5 }, "high", { kind: "on", effort: "high", budgetTokens: 5 }],
  ])("%j with the effort %j", (reasoning, effort, wanted) => {
    const expected = wanted === undefined ? { warnings: [] } : { reasoning: wanted, warnings: [] };
    expect(read(reasoning, effort)).toEqual(expected);
    // What cannot be asked not to think is asked nothing then.
    const mandatory = wanted?.kind === "off" ? { warnings: [] } : expected;
    expect(read(reasoning, effort, true)).toEqual(mandatory);
  });
});

test.each<[unknown, unknown, object]>([
  [true, undefined, { warnings: [no("reasoning", 'write it as {"effort": "high"}, or false')] }],
  [{ budget_tokens: 0 }, undefined, { warnings: [BUDGET] }],
  [{ budget_tokens: 1.5 }, undefined, { warnings: [BUDGET] }],
  [{ budget_tokens: "1" }, undefined, { warnings: [BUDGET] }],
  [
    { effort: "low", budget_tokens: -1 },
    undefined,
    { reasoning: { kind: "on", effort: "low" }, warnings: [BUDGET] },
  ],
  [
    { effort: "huge", budget_tokens: 5 },
    undefined,
    { reasoning: { kind: "on", budgetTokens: 5 }, warnings: [no("reasoning.effort", KNOWN)] },
  ],
  [
    { effort: "none", enabled: true },
    "huge",
    {
      reasoning: OFF,
      warnings: [
        no("reasoning.enabled", "it knows `effort` and `budget_tokens`"),
        no("effort", KNOWN),
      ],
    },
  ],
])("readReasoning() names what it does not understand of %j and %j", (reasoning, effort, it) => {
  expect(read(reasoning, effort)).toEqual(it as never);
});
