import { visibleAnswer, visibleText } from "../../lib/visible-text.ts";
import { cellsOf, isBlank, mayBreakBetween } from "../../terminal/words.ts";
import { characterStart, type Draft, lineEnd, lineStart } from "./line-editor.ts";

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

type Layout = {
  readonly prompts: Prompts;
  readonly columns: number;
  /** Rows that there is room for. */
  readonly room: number;
};

/**
 * The rows around the cursor, as many as there is room for. No more of the draft is laid out than
 * may be shown: all of a long paste would take a while, at every key.
 */
export function layOutNear(draft: Draft, { prompts, columns, room }: Layout): LaidOut {
  const { start, end } = nearCursor(draft, { columns, room });
  const near = { text: draft.text.slice(start, end), cursor: draft.cursor - start };
  const { first, others } = prompts;
  const { rows, cursor } = layOutDraft(near, {
    prompts: { first: start === 0 ? first : others, others },
    columns,
  });
  const last = Math.max(0, Math.min(cursor.row - room + 1, rows.length - room));
  const top = Math.min(cursor.row, last);
  return {
    rows: rows.slice(top, top + room),
    cursor: { row: cursor.row - top, column: cursor.column },
  };
}

/** Screens after which a part of a long line begins elsewhere: until then it stands still. */
const STILL = 8;

/** What may be shown of a draft: lines on both sides of the cursor, and of long ones a part. */
function nearCursor({ text, cursor }: Draft, { columns, room }: Omit<Layout, "prompts">) {
  let [start, end] = [cursor, cursor];
  for (let line = 0; line <= room; line += 1) {
    start = lineStart({ text, cursor: Math.max(0, start - 1) });
    end = lineEnd({ text, cursor: end + 1 });
  }
  const cells = columns * room;
  const step = cells * STILL;
  const part = Math.floor(Math.max(0, cursor - cells) / step) * step;
  return {
    start: Math.max(start, characterStart(text, part)),
    end: Math.min(end, characterStart(text, cursor + cells)),
  };
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
