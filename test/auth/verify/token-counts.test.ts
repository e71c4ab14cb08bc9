import { expect, test } from "bun:test";
import { type TokenCounts, tokenCounts } from "../../../src/auth/verify/token-counts.ts";

test.each<[string, TokenCounts | undefined]>([
  [
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
    { limit: 4096, count: 5000 },
  ],
  [
    "maximum context length is 128,000 tokens. However, your messages resulted in 130,001 tokens",
    { limit: 128_000, count: 130_001 },
  ],
  ["prompt is too long: 200001 tokens > 200000 maximum", { limit: 200_000, count: 200_001 }],
  [
    "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).",
    { limit: 1_048_576, count: 1_048_577 },
  ],
  ["The input token count exceeds the maximum number of tokens allowed 1048576", undefined],
  [
    "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    { limit: 131_072, count: 140_000 },
  ],
  [
    "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000",
    { limit: 272_000, count: 300_000 },
  ],
  [
    "the request (9000 tokens) exceeds the available context size (8192 tokens)",
    { limit: 8192, count: 9000 },
  ],
  ["Range of input length should be [1, 129024]", { limit: 129_024 }],
  ["the maximum context length is 32768", { limit: 32_768 }],
  ["MAXIMUM CONTEXT LENGTH IS 5", { limit: 5 }],
  ["too long", undefined],
  ["", undefined],
])("tokenCounts(%j) are %j", (words, counts) => {
  expect(tokenCounts(words)).toEqual(counts as never);
});
