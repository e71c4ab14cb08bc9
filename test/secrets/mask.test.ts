import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { maskKey } from "../../src/secrets/mask.ts";

describe("maskKey() keeps the prefix and the last four characters of", () => {
  const cases: readonly (readonly [name: string, key: string, masked: string])[] = [
    ["a key of the Coding Plan", "sk-sp-0123456789abcdefa289", "sk-sp-…a289"],
    ["a key of Anthropic", "sk-ant-api03-0123456789abcdwxyz", "sk-ant-…wxyz"],
    ["any other key that begins with sk-", "sk-0123456789abcdefghij", "sk-…ghij"],
    ["a key of Google", "AIzaSy0123456789abcdefghij", "AIza…ghij"],
    ["a key of 20 characters", "sk-45678901234567890", "sk-…7890"],
    ["a key of 1,000 characters", `sk-sp-${"0".repeat(990)}a289`, "sk-sp-…a289"],
    ["a prefix that stands inside another word", "xsk-sp-0123456789abcdef", "…cdef"],
  ];
  for (const [name, key, masked] of cases) {
    test(name, () => {
      expect(maskKey(key)).toBe(masked);
    });
  }
});

describe("maskKey() shows nothing of", () => {
  const cases: readonly (readonly [name: string, key: string])[] = [
    ["an empty key", ""],
    ["a short key", "sk-sp-1"],
    ["a key of 19 characters", "sk-4567890123456789"],
  ];
  for (const [name, key] of cases) {
    test(name, () => {
      expect(maskKey(key)).toBe("***");
    });
  }
});

test("maskKey() keeps no prefix that it does not know", () => {
  expect(maskKey("secret-0123456789abcdefghij")).toBe("…ghij");
});

test("maskKey() never shows more than a known prefix and four characters", () => {
  const prefix = fc.constantFrom("", "sk-", "sk-sp-", "sk-ant-", "sk-proj-", "AIza", "token-");
  const key = fc.tuple(prefix, fc.string({ maxLength: 80 })).map((parts) => parts.join(""));
  fc.assert(
    fc.property(key, (text) => {
      const masked = maskKey(text);
      if (masked === "***") {
        expect(text.length).toBeLessThan(20);
        return;
      }
      const [start = "", end = "", ...rest] = splitAtFirst(masked);
      expect(rest).toEqual([]);
      expect(start).toMatch(/^(?:[A-Za-z]{2,5}[-_](?:[a-z]{2,5}-)?|AIza)?$/);
      expect(text.startsWith(start)).toBe(true);
      expect(end).toBe(text.slice(-4));
    }),
  );
});

test("maskKey() never shows the length", () => {
  const middle = fc.string({ minLength: 20, maxLength: 200 });
  fc.assert(
    fc.property(middle, middle, (left, right) => {
      expect(maskKey(`sk-sp-${left}a289`)).toBe(maskKey(`sk-sp-${right}a289`));
    }),
  );
});

function splitAtFirst(masked: string): readonly string[] {
  const at = masked.indexOf("…");
  return [masked.slice(0, at), masked.slice(at + 1)];
}
