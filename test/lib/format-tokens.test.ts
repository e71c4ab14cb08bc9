import { expect, test } from "bun:test";
import { formatTokens } from "../../src/lib/format-tokens.ts";

test.each([
  [0, "0 tokens"],
  [999, "999 tokens"],
  [1000, "1k tokens"],
  [1499, "1k tokens"],
  [1500, "2k tokens"],
  [262_144, "262k tokens"],
  [999_499, "999k tokens"],
  [1_000_000, "1M tokens"],
  [1_048_576, "1M tokens"],
  [1_050_000, "1.1M tokens"],
  [10_000_000, "10M tokens"],
])("formatTokens(%i) is %s", (tokens, told) => {
  expect(formatTokens(tokens)).toBe(told);
});
