import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseKey } from "../../src/secrets/parse-key.ts";

describe("parseKey() takes", () => {
  const cases: readonly (readonly [name: string, text: string, key: string])[] = [
    ["a key as it is", "sk-sp-1", "sk-sp-1"],
    ["a line", "sk-sp-1\n", "sk-sp-1"],
    ["a line that ends as on Windows", "sk-sp-1\r\n", "sk-sp-1"],
    ["a line that ends as on old Macs", "sk-sp-1\r", "sk-sp-1"],
    ["a line and empty lines below it", "sk-sp-1\n\r\n\n", "sk-sp-1"],
    ["a line after a byte order mark", "\ufeffsk-sp-1\n", "sk-sp-1"],
    ["punctuation", "a/b+c=.:_~!$'\"\\{}", "a/b+c=.:_~!$'\"\\{}"],
    ["letters of any alphabet", "ключ-é", "ключ-é"],
  ];
  for (const [name, text, key] of cases) {
    test(name, () => {
      expect(parseKey(text)).toEqual({ kind: "key", key });
    });
  }
});

describe("parseKey() refuses", () => {
  const cases: readonly (readonly [name: string, text: string, reason: string])[] = [
    ["an empty text", "", "it is empty"],
    ["an empty line", "\r\n", "it is empty"],
    ["a byte order mark alone", "\ufeff\n", "it is empty"],
    ["two lines", "sk-sp-1\nsk-sp-2\n", "it has more than one line"],
    ["a line after an empty one", "\nsk-sp-1", "it has more than one line"],
    ["a space inside", "sk-sp 1", "it contains white space"],
    ["a tab inside", "sk-sp\t1", "it contains white space"],
    ["blanks only", "  ", "it contains white space"],
    ["a no-break space inside", "sk-sp\u00a01", "it contains white space"],
    ["an arrow key", "sk-sp-1\x1b[A", "it contains control characters"],
    ["an interrupt", "sk-sp-1\x03", "it contains control characters"],
    ["a null character", "sk-sp\x001", "it contains control characters"],
    ["a delete character", "sk-sp-1\x7f", "it contains control characters"],
    ["a C1 control", "sk-sp-1\x9b", "it contains control characters"],
    ["a bidirectional control", "sk-sp-\u202e1", "it contains control characters"],
    ["a zero-width space", "sk-sp-\u200b1", "it contains control characters"],
  ];
  for (const [name, text, reason] of cases) {
    test(name, () => {
      expect(parseKey(text)).toEqual({ kind: "invalid", reason });
    });
  }
});

test("parseKey() never repeats the text in a reason", () => {
  const fault = fc.constantFrom(" ", "\t", "\n", "\x1b", "\u202e");
  const word = fc.stringMatching(/^[A-Z0-9]{8,20}$/);
  fc.assert(
    fc.property(word, fault, word, (left, middle, right) => {
      const parsed = parseKey(left + middle + right);
      expect(parsed.kind).toBe("invalid");
      expect(JSON.stringify(parsed)).not.toContain(left);
      expect(JSON.stringify(parsed)).not.toContain(right);
    }),
  );
});

test("parseKey() makes no key with white space or control characters", () => {
  const pieces = fc.constantFrom("a", "-", "é", " ", "\n", "\r", "\t", "\x00", "\x9f", "\ufeff");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
      const parsed = parseKey(parts.join(""));
      expect(parsed.kind === "key" ? parsed.key : "a").toMatch(/^[a\-é]+$/);
    }),
  );
});
