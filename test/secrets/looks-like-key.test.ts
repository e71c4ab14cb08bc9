import { expect, test } from "bun:test";
import { looksLikeKey, looksLikeKeyForVariable } from "../../src/secrets/looks-like-key.ts";

test.each([
  ["sk-sp-0123456789abcdef", true],
  ["gsk_0123456789abcdefghij", true],
  ["0123456789abcdef0123456789abcdef", true],
  ["9f8b2c6e-1d3a-4b5c-8e7f-0a1b2c3d4e5f", true],
  ["qwen3-max-2026-01-23", false],
  ["claude-3-5-sonnet-20241022", false],
  ["deepseek-ai/DeepSeek-V4-Flash-Instruct-2026", false],
  ["z-ai/glm-4.5-air:free", false],
  ["sk-0123456789abc", true],
  ["sk-0123456789ab", false],
  ["0123456789abcdef0123456789abcde", false],
  ["a".repeat(32), false],
  ["a_0".repeat(11), true],
  ["sk-1", false],
  ["", false],
])("looksLikeKey(%j) is %p", (word, expected) => {
  expect(looksLikeKey(word)).toBe(expected);
});

test.each([
  ["sk-sp-0123456789abcdef", true],
  ["MY_PROVIDER_API_KEY", false],
  ["A0123456789ABCDEF0123456789ABCDEF", false],
  ["_0123456789ABCDEF0123456789ABCDEF", false],
  ["0123456789ABCDEF0123456789ABCDEF", true],
  ["A_KEY", false],
  ["a_key", false],
])("looksLikeKeyForVariable(%j) is %p", (word, expected) => {
  expect(looksLikeKeyForVariable(word)).toBe(expected);
});
