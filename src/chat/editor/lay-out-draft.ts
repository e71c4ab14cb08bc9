import { visibleAnswer, visibleText } from "../../lib/visible-text.ts";
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

/**
 * Breaks a draft into rows of at most `columns` cells, wide characters and emoji as the two cells
 * that they take. The cursor never stands behind the last cell of a row: it goes to the next one.
 */
export function layOutDraft(
  { text, cursor }: Draft,
  { prompts, columns }: { readonly prompts: Prompts; readonly columns: number },
): LaidOut {
  const rows: string[] = [];
  let row = prompts.first;
  let width = Bun.stringWidth(row);
  let place = { row: 0, column: 0 };
  const breakRow = (next: string): void => {
    rows.push(row);
    row = next;
    width = Bun.stringWidth(next);
  };
  for (const { shown, start, endsLine } of partsOf(text)) {
    const cells = Bun.stringWidth(shown);
    const isAtCursor = start === cursor;
    // The cursor needs a cell, also before a line break and at the end.
    if (width + Math.max(cells, isAtCursor ? 1 : 0) > columns) {
      breakRow("");
    }
    if (isAtCursor) {
      place = { row: rows.length, column: width };
    }
    row += shown;
    width += cells;
    if (endsLine) {
      breakRow(prompts.others);
    }
  }
  return { rows: [...rows, row], cursor: place };
}

/** What stays together on a row. */
type Part = {
  readonly shown: string;
  /** Where its character begins in the text; `undefined`: not with this part. */
  readonly start: number | undefined;
  readonly endsLine: boolean;
};

/** The parts of a text, at last an empty one for its end. */
function partsOf(text: string): Part[] {
  const parts = [...characters.segment(text)].flatMap(({ segment, index }) =>
    visibleParts(segment).map((shown, nth) => ({
      shown,
      start: nth === 0 ? index : undefined,
      endsLine: segment === "\n",
    })),
  );
  return [...parts, { shown: "", start: text.length, endsLine: false }];
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
