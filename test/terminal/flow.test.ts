import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createFlow, plain } from "../../src/terminal/flow.ts";

const part = fc.constantFrom(
  ..."快速排序，（）“”…— a).\t".split(""),
  "是一种算法",
  "中文字符串",
  "Array",
  "か",
  "🙂",
  "  ",
);

test("createFlow() breaks many ideographs at once where it breaks them one by one", () => {
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 20 }).map((parts) => parts.join("")),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(5),
      (text, columns, column) => {
        const hang = { text: "  ", width: 2 };
        const wrapped = (pieces: readonly string[]): string => {
          const flow = createFlow({ width: () => columns, column, hang });
          return pieces.map((piece) => flow.add(piece, plain)).join("") + flow.end();
        };
        const apart = text.split(/(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])/);
        expect(wrapped([text])).toBe(wrapped(apart));
      },
    ),
    { numRuns: 5000 },
  );
});

/** A text, one that is painted, or a pause. */
type Piece = string | readonly [painted: string] | null;

/** What each piece lets be written, and then the end. */
function writtenOf(pieces: readonly Piece[], { columns = 8, column = 0 } = {}): string[] {
  const hang = { text: "> ", width: 2 };
  const flow = createFlow({ width: () => columns, column, hang });
  const paint = (text: string): string => `<${text}>`;
  const parts = pieces.map((piece) => {
    if (piece === null) {
      return flow.pause();
    }
    return typeof piece === "string" ? flow.add(piece, plain) : flow.add(piece[0], paint);
  });
  return [...parts, flow.end()];
}

describe("createFlow() writes", () => {
  test.each<readonly [columns: number, column: number, Piece[], string[]]>([
    [7, 0, ["one two"], ["one", " two"]],
    [6, 0, ["one two"], ["one", "\n> two"]],
    [7, 1, ["one two"], ["one", "\n> two"]],
    [8, 1, ["one two"], ["one", " two"]],
    // A row that is full already gets the first word, which the terminal puts on the next.
    [7, 7, ["one"], ["", "one"]],
    [8, 0, ["one two three"], ["one two", "\n> three"]],
    [8, 0, ["on", "e t", "wo th", "ree"], ["", "one", " two", "", "\n> three"]],
    [8, 0, ["one tw", null, "o three"], ["one", " tw", "o", "\n> three"]],
    [8, 0, ["one ", null, "two"], ["one", "", "", " two"]],
    [8, 0, [null, "two"], ["", "", "two"]],
    [8, 0, ["one twoo", null, "oo x"], ["one", " twoo", "oo", " x"]],
    // A word wider than a row goes on behind its end.
    [6, 0, ["abcdefghij k lm"], ["abcdefghij k", "\n> lm"]],
    [6, 0, ["abcdefghijkl m"], ["abcdefghijkl", "\n> m"]],
    [6, 0, ["ab abcdefghij k"], ["ab\n> abcdefghij", "\n> k"]],
    [8, 0, ["one   "], ["one", ""]],
    [8, 0, ["one", "   ", "two"], ["", "one", "", "\n> two"]],
    [8, 0, ["one     two"], ["one", "\n> two"]],
    [8, 0, ["  one two"], ["  one", "\n> two"]],
    [8, 0, ["a\tb c\td e"], ["a b c d", "\n> e"]],
    [8, 0, ["one ", ["two"], " ", ["three"]], ["one", "", " <two>", "", "\n> <three>"]],
    [8, 0, ["one", ["two"], "six"], ["", "", "", "one<two>six"]],
    [8, 0, ["é è ê ë ô"], ["é è ê ë", "\n> ô"]],
    [8, 0, ["中文字符中文字符"], ["中文字符\n> 中文字", "\n> 符"]],
    [7, 0, ["中文字符中文字符"], ["中文字\n> 符中\n> 文字", "\n> 符"]],
    [8, 1, ["中文字符中文字符"], ["中文字\n> 符中文\n> 字", "符"]],
    [8, 0, ["ab中文，字符。cd"], ["ab中文，\n> 字符。", "\n> cd"]],
    [8, 0, ["ab ", "中文，", "字符。", "cd"], ["ab", " 中", "\n> 文，字", "\n> 符。", "cd"]],
    [8, 0, ["中文字", "，符"], ["中文", "字，", "\n> 符"]],
    [8, 0, ["中文", "字符ab"], ["中", "文字符", "\n> ab"]],
    [8, 0, ["é中", null, "文é"], ["é", "中", "文", "é"]],
  ])("on %i columns from %i on of %j: %j", (columns, column, pieces, written) => {
    expect(writtenOf(pieces, { columns, column })).toEqual(written);
  });

  test("the beginning of a word that does not end", () => {
    const parts = writtenOf(Array.from({ length: 258 }, () => "a"));
    expect(parts.map((part) => part.length).filter((length) => length > 0)).toEqual([257, 1]);
    expect(parts.findIndex((part) => part !== "")).toBe(256);
    expect(writtenOf(["a".repeat(4096)]).map((part) => part.length)).toEqual([0, 4096]);
    expect(writtenOf(["a".repeat(4097)]).map((part) => part.length)).toEqual([4097, 0]);
  });

  test("on the width that the screen has by then", () => {
    let columns = 20;
    const flow = createFlow({ width: () => columns, column: 0, hang: { text: "", width: 0 } });
    const first = flow.add("one two ", plain);
    columns = 10;
    expect([first, flow.add("three four", plain), flow.end()]).toEqual([
      "one two",
      "\nthree",
      " four",
    ]);
  });
});
