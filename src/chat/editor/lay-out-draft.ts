import { visibleAnswer, visibleText } from "../../lib/visible-text.ts";
import { cellsOf, isBlank, mayBreakBetween } from "../../terminal/words.ts";
import type { Draft } from "./line-editor.ts";

/** What stands in front of the first line and of the others. */
export type Prompts = { readonly first: string; readonly others: string };

export type LaidOut = {
  /** As they stand on the screen, none wider than the terminal. */
  readonly rows: readonly string[];
  /** Where the cursor stands, from 0. */
  readonly cursor: { readonly row: number; readonly column: number };
};

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** On a narrower screen no cell is left empty before what goes on on a further row. */
const NARROW = 16;

/**
 * Breaks a draft into rows of at most `columns` cells, at words and between Chinese characters, wide
 * characters and emoji as the two cells that they take. What goes on stands below what it belongs
 * to; the blank at which a row ends is not shown. The cursor never stands behind the last cell of a
 * row: it goes to the next one.
 */
export function layOutDraft(
  { text, cursor }: Draft,
  { prompts, columns }: { readonly prompts: Prompts; readonly columns: number },
): LaidOut {
  const sheet = createSheet(prompts, columns);
  /** The cursor needs a cell, also before a line break and at the end. */
  const needs = ({ cells, start }: Part): number => Math.max(cells, start === cursor ? 1 : 0);
  let place = { row: 0, column: 0 };
  for (const word of wordsOf(partsOf(text))) {
    sheet.makeRoom(word.reduce((sum, part) => sum + needs(part), 0));
    for (const part of word) {
      const at = sheet.put(part, needs(part));
      place = part.start === cursor ? at : place;
      if (part.endsLine) {
        sheet.breakRow(prompts.others);
      }
    }
  }
  return { rows: sheet.rows(), cursor: place };
}

/** Rows that are filled one after the other. */
function createSheet(prompts: Prompts, columns: number) {
  const hang = columns < NARROW ? "" : " ".repeat(Bun.stringWidth(prompts.others));
  const rows: string[] = [];
  let row = prompts.first;
  let width = Bun.stringWidth(row);
  let isFresh = true;
  const isFull = (cells: number): boolean => width + cells > columns;
  const breakRow = (next = hang): void => {
    rows.push(row);
    row = next;
    width = Bun.stringWidth(next);
    isFresh = true;
  };
  return {
    breakRow,
    /** Breaks the row for a word that has room on the next one alone. */
    makeRoom: (cells: number): void => {
      if (!isFresh && cells > 1 && isFull(cells) && hang.length + cells <= columns) {
        breakRow();
      }
    },
    /** Where a part stands; a blank that has no room is the end of its row. */
    put: ({ shown, cells }: Part, needed: number) => {
      const isAtEdge = isFull(needed);
      if (isAtEdge) {
        breakRow();
      }
      const at = { row: rows.length, column: width };
      if (!(isAtEdge && shown === " ")) {
        row += shown;
        width += cells;
        isFresh = false;
      }
      return at;
    },
    rows: () => [...rows, row],
  };
}

/** Parts between which no row ends, unless they are wider than one; a blank stands alone. */
function wordsOf(parts: readonly Part[]): Part[][] {
  const words: Part[][] = [];
  let last: Part | undefined;
  for (const part of parts) {
    const mayBreak =
      last === undefined ||
      last.endsLine ||
      isBlank(last.shown) ||
      isBlank(part.shown) ||
      part.cells === 0 ||
      mayBreakBetween(last.shown, part.shown);
    if (mayBreak) {
      words.push([]);
    }
    words.at(-1)?.push(part);
    last = part;
  }
  return words;
}

/** What stays together on a row. */
type Part = {
  readonly shown: string;
  readonly cells: number;
  /** Where its character begins in the text; `undefined`: not with this part. */
  readonly start: number | undefined;
  readonly endsLine: boolean;
};

/** The parts of a text, at last an empty one for its end. */
function partsOf(text: string): Part[] {
  const parts = [...characters.segment(text)].flatMap(({ segment, index }) =>
    visibleParts(segment).map((shown, nth) => ({
      shown,
      cells: cellsOf(shown),
      start: nth === 0 ? index : undefined,
      endsLine: segment === "\n",
    })),
  );
  return [...parts, { shown: "", cells: 0, start: text.length, endsLine: false }];
}

/** Control and bidi characters are shown, not obeyed; emoji are joined as they were typed. */
function visibleParts(segment: string): readonly string[] {
  switch (segment) {
    case "\n":
      return [""];
    case "\t":
      return ["  "];
    default:
      return visibleAnswer(segment) === segment ? [segment] : [...visibleText(segment)];
  }
}
