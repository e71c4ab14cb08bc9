import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { jsonText, shorten, visibleText, withoutLastWord } from "../../src/lib/visible-text.ts";

/** C0, DEL, C1, bidirectional controls, separators, zero-width characters. */
const INVISIBLE = [
  ...[0x00, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f],
  ...[0x061c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff],
].map((code) => String.fromCharCode(code));

const mixed = fc.string({
  unit: fc.oneof(fc.constantFrom(...INVISIBLE), fc.constantFrom(...'aZ é日😀"\\')),
});

describe("visibleText() writes", () => {
  const cases: readonly (readonly [name: string, text: string, expected: string])[] = [
    ["nothing for nothing", "", ""],
    ["letters and signs as they are", "é 日本 😀 \\ \"'`…", "é 日本 😀 \\ \"'`…"],
    ["line ends", "a\r\nb", "a\\r\\nb"],
    ["a tab", "a\tb", "a\\tb"],
    ["an escape sequence", "\x1b[31mred", "\\x1b[31mred"],
    ["a null character", "\x00", "\\x00"],
    ["a delete character", "\x7f", "\\x7f"],
    ["a C1 control", "\x9b31m", "\\x9b31m"],
    ["a right-to-left override", "\u202egpj.exe", "\\u202egpj.exe"],
    ["a bidirectional isolate", "\u2066a\u2069", "\\u2066a\\u2069"],
    ["an Arabic letter mark", "\u061c", "\\u061c"],
    ["a line separator", "a\u2028b", "a\\u2028b"],
    ["a zero-width space", "a\u200bb", "a\\u200bb"],
    ["a byte order mark", "\ufeffa", "\\ufeffa"],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => {
      expect(visibleText(text)).toBe(expected);
    });
  }
});

test("visibleText() leaves nothing that a terminal acts on, and nothing to do again", () => {
  fc.assert(
    fc.property(mixed, (text) => {
      const shown = visibleText(text);
      expect(INVISIBLE.filter((character) => shown.includes(character))).toEqual([]);
      expect(visibleText(shown)).toBe(shown);
    }),
  );
});

test("jsonText() is indented and ends with a newline", () => {
  expect(jsonText({ a: [1, "é"] })).toBe('{\n  "a": [\n    1,\n    "é"\n  ]\n}\n');
});

test("jsonText() shows controls that JSON itself does not escape", () => {
  expect(jsonText("\u202e\x7f\x9b\u2028\x1b")).toBe('"\\u202e\\u007f\\u009b\\u2028\\u001b"\n');
});

test("jsonText() changes no value", () => {
  const value = fc.dictionary(mixed, fc.array(mixed, { maxLength: 3 }), { noNullPrototype: true });
  fc.assert(
    fc.property(value, (document) => {
      const text = jsonText(document);
      expect(JSON.parse(text)).toEqual(document);
      const shown = INVISIBLE.filter((character) => character !== "\n");
      expect(shown.filter((character) => text.includes(character))).toEqual([]);
    }),
  );
});

test.each([
  ["", 3, ""],
  ["abc", 3, "abc"],
  ["abcd", 3, "…"],
  ["ab cd", 4, "ab …"],
  ["ab cd", 3, "ab …"],
  ["ab cd", 2, "…"],
  ["ab\ncd", 4, "ab\n…"],
])("shorten(%j, %i) is %j", (text, length, short) => {
  expect(shorten(text, length)).toBe(short);
});

test.each([
  ["", ""],
  ["ab", ""],
  ["ab ", "ab "],
  ["ab c", "ab "],
  ["ab\tc", "ab\t"],
])("withoutLastWord(%j) is %j", (text, rest) => {
  expect(withoutLastWord(text)).toBe(rest);
});
