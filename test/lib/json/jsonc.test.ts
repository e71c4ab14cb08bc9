import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseJsonc } from "../../../src/lib/json/jsonc.ts";

describe("parseJsonc() reads", () => {
  const cases: readonly (readonly [name: string, text: string, value: unknown])[] = [
    ["a number", " 1.5e3 ", 1500],
    ["a string with escapes", '"\\u0041\\n\\"// \\/"', 'A\n"// /'],
    ["null", "null", null],
    ["comments", '// a\n{ /* b */ "a" /* c */ : // d\r\n [] } // e', { a: [] }],
    ["trailing commas", '{ "a": [1, 2, ], }', { a: [1, 2] }],
    ["a BOM", '\ufeff{ "a": 1 }', { a: 1 }],
    ["the last of equal keys", '{ "a": 1, "b": 2, "a": { "c": 3 } }', { a: { c: 3 }, b: 2 }],
    ["a comment mark in a string", '{ "a": "https://x/*y*/" }', { a: "https://x/*y*/" }],
  ];
  for (const [name, text, value] of cases) {
    test(name, () => {
      expect(parseJsonc(text)).toEqual({ kind: "value", value });
    });
  }

  test("a `__proto__` key as a property of its own", () => {
    const parsed = parseJsonc('{ "__proto__": { "polluted": true } }');
    const value: unknown = parsed.kind === "value" ? parsed.value : undefined;
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value).not.toHaveProperty("polluted");
  });

  test("whatever JSON.parse() reads, as JSON.parse() does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJsonc(text)).toEqual({ kind: "value", value: JSON.parse(text) });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("parseJsonc() says", () => {
  const cases: readonly (readonly [text: string, line: number, column: number, message: string])[] =
    [
      ["", 1, 1, "the file is empty"],
      [" \r\n\t\n", 1, 1, "the file is empty"],
      ["\ufeff", 1, 1, "the file is empty"],
      ["// a\n/* b */\n", 1, 1, "the file is empty"],
      ["/* a", 1, 1, "the comment is not closed"],
      ['{ "a": 1 "b": 2 }', 1, 10, "expected a comma"],
      ["[1 2]", 1, 4, "expected a comma"],
      ['{\n  "a": 1\n  "b": 2\n}', 3, 3, "expected a comma"],
      ['{\r\n  "a": 1\r\n  "b": 2\r\n}', 3, 3, "expected a comma"],
      ['\ufeff{ "a" 1 }', 1, 7, "expected a colon"],
      ['{ "a": }', 1, 8, "expected a value"],
      ["[1,,2]", 1, 4, "expected a value"],
      ["}", 1, 1, "expected a value"],
      ["{ 1: 2 }", 1, 3, "expected a property name in double quotes"],
      ['{ "a": 1,, }', 1, 10, "expected a property name in double quotes"],
      ['{ "a": 1\n', 2, 1, "expected a closing brace"],
      ["[1, 2", 1, 6, "expected a closing bracket"],
      ["{} {}", 1, 4, "expected the end of the file"],
      ["01", 1, 2, "expected the end of the file"],
      ["{ a: 1 }", 1, 3, "unexpected character"],
      ["{ 'a': 1 }", 1, 3, "unexpected character"],
      ["[sk-secret]", 1, 2, "unexpected character"],
      ['{ "a": "x\n}', 1, 8, "the string is not closed"],
      ["[1.]", 1, 2, "the number is not complete"],
      ['["\\u12"]', 1, 2, "expected four hexadecimal digits after \\u"],
      ['["\\x"]', 1, 2, "unknown escape in a string"],
      ['["\u0001"]', 1, 2, "unescaped control character in a string"],
      ["[".repeat(1_000_000), 1, 1, "the nesting is too deep"],
    ];
  for (const [text, line, column, message] of cases) {
    test(`${message} in ${JSON.stringify(text.slice(0, 30))}`, () => {
      const isEmpty = message === "the file is empty" ? { isEmpty: true } : {};
      expect(parseJsonc(text)).toEqual({
        kind: "error",
        message,
        line,
        column,
        ...isEmpty,
      } as never);
    });
  }

  test("what is wrong with any text instead of throwing", () => {
    const part = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      "1",
      "//",
      "/*",
      "*/",
      "\n",
      "-",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(["value", "error"]).toContain(parseJsonc(parts.join("")).kind);
      }),
      { numRuns: 1000 },
    );
  });
});
