import { describe, expect, test } from "bun:test";
import { parse } from "dotenv";
import fc from "fast-check";
import { parseDotenv } from "../../src/env/parse-dotenv.ts";
import { cpuTime } from "../support/cpu-time.ts";

/** `DOTENV_RUNS=1000000 bun test …` searches longer. */
const RUNS = Number(process.env.DOTENV_RUNS ?? 10_000);

describe("parseDotenv() reads", () => {
  const cases: readonly (readonly [text: string, expected: Readonly<Record<string, string>>])[] = [
    // Names and separators.
    ["A=b", { A: "b" }],
    ["A = b", { A: "b" }],
    ["  A=b", { A: "b" }],
    ["export A=b", { A: "b" }],
    ["export\tA=b", { A: "b" }],
    ["export=b", { export: "b" }],
    ["exportA=b", { exportA: "b" }],
    ["A: b", { A: "b" }],
    ["A:\nb", { A: "b" }],
    ["A:b", {}],
    ["A : b", {}],
    ["set A=b", {}],
    ["1A.b-c_=d", { "1A.b-c_": "d" }],
    ["É=b", {}],
    ["A", {}],
    ["A\n=b", { A: "b" }],
    ["=b", {}],
    // Comments.
    ["# A=b", {}],
    ["A=b # c", { A: "b" }],
    ["A=b#c", { A: "b" }],
    ["A=#c", { A: "" }],
    ['A="b" # c', { A: "b" }],
    ['A="b"#c', { A: "b" }],
    ['A="b # c"', { A: "b # c" }],
    ['A="b # c', { A: '"b' }],
    // Quotes.
    ['A="b"', { A: "b" }],
    ["A='b'", { A: "b" }],
    ["A=`b`", { A: "b" }],
    ['A=" b "', { A: " b " }],
    ['A="b"tail', { A: '"b"tail' }],
    ['A="b" "c"', { A: 'b" "c' }],
    ['A="b', { A: '"b' }],
    ['A="b\nB=c', { A: '"b', B: "c" }],
    ['A="b\nc"', { A: "b\nc" }],
    ["A='b\nB=c'", { A: "b\nB=c" }],
    ['A=\n"b"', { A: "b" }],
    ["A=\nB=c", { A: "", B: "c" }],
    ["A=\nb", { A: "" }],
    ['A="', { A: '"' }],
    ["A=\"b'", { A: "\"b'" }],
    // Escapes.
    ['A="b\\nc\\rd"', { A: "b\nc\rd" }],
    ['A="b\\tc\\"d\\\\e"', { A: 'b\\tc\\"d\\\\e' }],
    ["A='b\\nc'", { A: "b\\nc" }],
    ["A=`b\\nc`", { A: "b\\nc" }],
    ["A=b\\nc", { A: "b\\nc" }],
    ['A="b\\nc', { A: '"b\nc' }],
    ['A="C:\\"', { A: "C:\\" }],
    ['A="b\\"\nB="c"', { A: "b\\", B: "c" }],
    ['A="b\\" c" # d', { A: 'b\\" c' }],
    // Values that are kept as they are.
    ["A=$HOME/x", { A: "$HOME/x" }],
    ["A=$" + "{B}", { A: "$" + "{B}" }],
    ["A=b;C=d", { A: "b;C=d" }],
    ["A=b=c", { A: "b=c" }],
    ["A=b\\\nB=c", { A: "b\\", B: "c" }],
    ["A=", { A: "" }],
    ['A=""', { A: "" }],
    // Lines and whitespace.
    ["A=b\nA=c", { A: "c" }],
    ["A=b\r\nB=c\rC=d", { A: "b", B: "c", C: "d" }],
    ['A="b\r\nc"', { A: "b\nc" }],
    ["A=  b  ", { A: "b" }],
    ["\u00a0A=\u00a0b\u00a0", { A: "b" }],
    ["\ufeffA=b", { A: "b" }],
    ["\n\n A=b\n\n\n  B=c\n", { A: "b", B: "c" }],
    ["# A\u2028B=c", { B: "c" }],
    ["", {}],
  ];
  for (const [text, expected] of cases) {
    test(`${JSON.stringify(text)} as ${JSON.stringify(expected)}`, () => {
      expect(Object.fromEntries(parseDotenv(text))).toEqual(expected);
      expect(parse(text)).toEqual(expected);
    });
  }
});

test("parseDotenv() takes `__proto__` for a name like any other", () => {
  expect([...parseDotenv("__proto__=a\nB=c")]).toEqual([
    ["__proto__", "a"],
    ["B", "c"],
  ]);
});

describe("parseDotenv() agrees with dotenv", () => {
  const punctuation = ["'", '"', "`", "=", ":", "#", "\\", "$", ".", "-", "_", "!"];
  const whitespace = [" ", "\t", "\r", "\n", "\r\n", "\v", "\u00a0", "\ufeff"];
  const words = ["export", "export ", "a", "B", "7", "é", "日本", "\u0000", "\\n", '\\"'];
  const openings = ["A=", "B: ", 'A="', "B='", "A=`", "\nA=", "\nexport B="];
  const anything = fc.constantFrom(...punctuation, ...whitespace, ...words, ...openings);

  test("on texts of nasty pieces", () => {
    agree(joined(anything, 40));
  });

  test("on texts of lines that look like assignments", () => {
    const name = fc.constantFrom("A", "B.c", "1-d", "export", "export A", " A", "é", "", "A B");
    const separator = fc.constantFrom("=", " = ", "= ", ":", ": ", ":\n", "=\n", " : ", "\n=");
    const inner = joined(fc.constantFrom(...punctuation, ...whitespace, ...words), 6);
    const quote = fc.constantFrom("", "'", '"', "`", '\\"');
    const tail = fc.constantFrom("", " ", " # c", "#c", "tail", ' "', "\\");
    const line = fc
      .tuple(name, separator, quote, inner, quote, tail)
      .map((pieces) => pieces.join(""));
    agree(fc.array(line, { maxLength: 6 }).map((lines) => lines.join("\n")));
  });

  function joined(piece: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
    return fc.array(piece, { maxLength, size: "max" }).map((pieces) => pieces.join(""));
  }

  function agree(texts: fc.Arbitrary<string>): void {
    fc.assert(
      fc.property(texts, (text) => {
        // dotenv's answer is a plain object, which has no room for that name.
        fc.pre(!text.includes("__proto__"));
        expect(Object.fromEntries(parseDotenv(text))).toEqual(parse(text));
      }),
      { numRuns: RUNS },
    );
  }
});

describe("parseDotenv() takes linear time for a megabyte of", () => {
  const cases: readonly (readonly [name: string, piece: string, start?: string, end?: string])[] = [
    ["double quotes", '"'],
    ["double quotes in a value", '"', "A="],
    ["escaped quotes that never close", '\\"', 'A="', "x"],
    ["escaped quotes with spaces", '\\"    ', 'A="', "x"],
    ["assignments on one line", "a="],
    ["assignments that open a quote", "a='\n"],
    ["assignments that open three kinds of quotes", "a='\nb=\"\nc=`\n"],
    ["names with a colon", "a:\n"],
    ["spaces", " "],
    ["spaces before a word", " ", "", "x"],
    ["line feeds", "\n"],
    ["line feeds after a name", "\n", "a", "b"],
    ["line feeds before a quote", "\n", "a=", '"b" c'],
    ["carriage returns", "\r"],
    ["backslashes", "\\"],
    ["letters", "a"],
    ["`export`", "export "],
    ["`export` on lines", "export\n"],
    ["line separators", '\u2028"x', "a="],
  ];
  for (const [name, piece, start = "", end = ""] of cases) {
    test(name, () => {
      const text = `${start}${piece.repeat((1 << 20) / piece.length)}${end}`;
      // About 30 ms at the most; anything quadratic takes minutes.
      expect(cpuTime(() => parseDotenv(text))).toBeLessThan(2_000);
    });
  }
});
