import { describe, expect, test } from "bun:test";
import { createLedger, summaryOf } from "../../../src/broker/accounting/ledger.ts";

const NO_LIMIT = { requests: undefined, tokens: undefined };

describe("createLedger()", () => {
  test("refuses what comes after so many requests", () => {
    const ledger = createLedger({ ...NO_LIMIT, requests: 2 });
    expect([ledger.spend(), ledger.spend()]).toEqual([undefined, undefined]);
    expect(ledger.spend()).toMatchObject({
      status: 403,
      refusedBy: "budget",
      message: "budget of this run is used up (2 requests)",
    });
    expect(ledger.totals().requests).toBe(2);
  });

  test("refuses what comes once so many tokens are used", () => {
    const ledger = createLedger({ ...NO_LIMIT, tokens: 10 });
    ledger.add({ inputTokens: 4, outputTokens: 5, cachedTokens: 0 });
    expect(ledger.spend()).toBeUndefined();
    ledger.add(undefined);
    ledger.add({ inputTokens: 1, outputTokens: 0, cachedTokens: 0 });
    expect(ledger.spend()).toMatchObject({ message: "budget of this run is used up (10 tokens)" });
  });
});

describe("summaryOf()", () => {
  const told = { tool: "claude", host: "coding.dashscope.aliyuncs.com", model: "glm-5" };
  const totals = { requests: 0, refused: 0, badTokens: 0, inputTokens: 0, outputTokens: 0 };

  test.each([
    [
      { requests: 14, refused: 1, inputTokens: 182_340, outputTokens: 6120 },
      "qwen: 14 requests to coding.dashscope.aliyuncs.com (glm-5): 182,340 tokens in, 6,120 out; 1 refused",
    ],
    [
      { requests: 1 },
      "qwen: 1 request to coding.dashscope.aliyuncs.com (glm-5): 0 tokens in, 0 out",
    ],
    [{}, "qwen: claude sent nothing through the broker; it may be using a login of its own"],
    [
      { refused: 2 },
      "qwen: claude sent nothing through the broker; it may be using a login of its own; 2 refused",
    ],
  ])("%j", (some, line) => {
    expect(summaryOf({ ...totals, ...some }, told)).toBe(line);
  });

  test("a broker alone accuses no tool", () => {
    expect(summaryOf(totals, { ...told, tool: undefined })).toBe(
      "qwen: nothing was sent through the broker",
    );
  });
});
