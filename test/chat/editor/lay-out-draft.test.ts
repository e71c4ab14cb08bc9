import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type LaidOut, layOutDraft } from "../../../src/chat/editor/lay-out-draft.ts";

const PROMPTS = { first: "> ", others: "  " };

/** Lays out a text in which `|` is the cursor. */
function layOut(marked: string, columns: number): LaidOut {
  const cursor = marked.indexOf("|");
  const text = marked.slice(0, cursor) + marked.slice(cursor + 1);
  return layOutDraft({ text, cursor }, { prompts: PROMPTS, columns });
}

describe("layOutDraft() breaks", () => {
  type Case = readonly [
    name: string,
    marked: string,
    rows: readonly string[],
    cursor: readonly [row: number, column: number],
  ];
  const cases: readonly Case[] = [
    ["nothing", "|", ["> "], [0, 2]],
    ["a short line", "ab|c", ["> abc"], [0, 4]],
    ["a line that is too long", "abcdefghi|", ["> abcdef", "ghi"], [1, 3]],
    ["a line that fills its row", "abcde|f", ["> abcdef"], [0, 7]],
    ["behind a full row", "abcdef|", ["> abcdef", ""], [1, 0]],
    ["before the first of the next row", "abcdef|g", ["> abcdef", "g"], [1, 0]],
    ["at a line break behind a full row", "abcdef|\ng", ["> abcdef", "", "  g"], [1, 0]],
    ["a line break behind a full row", "|abcdef\ng", ["> abcdef", "  g"], [0, 2]],
    ["several lines", "a\nb|\nc", ["> a", "  b", "  c"], [1, 3]],
    ["line breaks at both ends", "\na\n|", ["> ", "  a", "  "], [2, 2]],
    ["a wide character that does not fit", "abcde世|", ["> abcde", "世"], [1, 2]],
    ["before a wide one that does not fit", "abcde|世", ["> abcde", "世"], [1, 0]],
    ["wide characters", "世界|世", ["> 世界世"], [0, 6]],
    ["an emoji of several parts", "a👨‍👩‍👧|b", ["> a👨‍👩‍👧b"], [0, 5]],
    ["a combining mark", "e\u0301|a", ["> e\u0301a"], [0, 3]],
    ["a tab as two blanks", "a\tb|", ["> a  b"], [0, 6]],
    ["control characters as they are written", "\u001b|[", ["> \\x1b["], [0, 6]],
    ["a bidi character as it is written", "a\u202e|b", ["> a\\u202", "eb"], [1, 1]],
    ["a control character over an edge", "abc\u001b|", ["> abc\\x1", "b"], [1, 1]],
  ];
  test.each(cases)("%s", (_name, marked, rows, [row, column]) => {
    expect(layOut(marked, 8)).toEqual({ rows, cursor: { row, column } });
  });
});

describe("layOutDraft() breaks between words", () => {
  type Case = readonly [
    name: string,
    marked: string,
    rows: readonly string[],
    cursor: readonly [row: number, column: number],
  ];
  const cases: readonly Case[] = [
    ["that do not fit", "how it is done in it|", ["> how it is done", "  in it"], [1, 7]],
    ["with the cursor in one", "how it is do|ne in", ["> how it is done", "  in"], [0, 14]],
    ["at a blank behind a full row", "how it is done| it", ["> how it is done", "  it"], [1, 2]],
    ["where the next word begins", "how it is done |it", ["> how it is done", "  it"], [1, 2]],
    ["with two blanks", "how it is done  it|", ["> how it is done", "   it"], [1, 5]],
    ["at the end of a full row", "how it is done|", ["> how it is done", "  "], [1, 2]],
    ["in a further line", "a\nhow it was done|", ["> a", "  how it was ", "  done"], [2, 6]],
    ["unless one is too long", "see abcdefghijklmnopq|", ["> see abcdefghij", "  klmnopq"], [1, 9]],
    ["or Chinese characters", "见快速排序的算法|吗", ["> 见快速排序的算", "  法吗"], [1, 4]],
    ["but not before a full stop", "见快速排序的算。|", ["> 见快速排序的", "  算。"], [1, 6]],
  ];
  test.each(cases)("%s", (_name, marked, rows, [row, column]) => {
    expect(layOut(marked, 16)).toEqual({ rows, cursor: { row, column } });
  });
});

describe("layOutDraft() of any text", () => {
  const piece = fc.constantFrom(
    ...["a", "b", " ", "\n", "\t", "世", "é", "e\u0301", "👨‍👩‍👧", "🇩🇪", "👍🏽", "𝕏"],
    ...["\u001b", "\u0085", "\u0301", "\u200b", "\u202e", "각"],
  );
  const options = fc.record({
    text: fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
    columns: fc.integer({ min: 3, max: 20 }),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

  /** A draft with its cursor at one of the places where it can stand. */
  function draftAt(text: string, place: number) {
    const starts = [...[...characters.segment(text)].map(({ index }) => index), text.length];
    return { text, cursor: starts[Math.round(place * (starts.length - 1))] ?? 0 };
  }

  test("has no row that is wider than the screen, and the cursor on it", () => {
    fc.assert(
      fc.property(options, ({ text, columns, place }) => {
        const { rows, cursor } = layOutDraft(draftAt(text, place), { prompts: PROMPTS, columns });
        expect(rows.filter((row) => Bun.stringWidth(row) > columns)).toEqual([]);
        expect(cursor.row).toBeLessThan(rows.length);
        expect(cursor.column).toBeLessThan(columns);
        expect(cursor.column).toBeLessThanOrEqual(Bun.stringWidth(rows[cursor.row] ?? ""));
      }),
      { numRuns: 2000 },
    );
  });

  const withoutBlanks = (shown: string): string => shown.replaceAll(" ", "");

  test("breaks no word that has room on a row", () => {
    fc.assert(
      fc.property(options, ({ text, columns, place }) => {
        const plain = text.replace(/[^ab \n]/gu, "a");
        const { rows } = layOutDraft(draftAt(plain, place), { prompts: PROMPTS, columns });
        const whole = plain.split(/\s+/).filter((word) => word !== "" && word.length < columns - 2);
        const shown = rows.flatMap((row) => row.slice(row.startsWith("> ") ? 2 : 0).split(" "));
        expect(shown.filter((word) => word !== "" && word.length < columns - 2)).toEqual(
          expect.arrayContaining(whole),
        );
      }),
    );
  });

  test("shows all of it but the blanks at which rows end, in order", () => {
    const marks = { first: "", others: "⏎" };
    fc.assert(
      fc.property(options, ({ text, columns, place }) => {
        const { rows } = layOutDraft(draftAt(text, place), { prompts: marks, columns });
        const shown = text
          .replaceAll("\u001b", "\\x1b")
          .replaceAll("\u0085", "\\x85")
          .replaceAll("\u200b", "\\u200b")
          .replaceAll("\u202e", "\\u202e");
        expect(withoutBlanks(rows.join(""))).toBe(
          withoutBlanks(shown.replaceAll("\t", "").replaceAll("\n", "⏎")),
        );
      }),
    );
  });
});
