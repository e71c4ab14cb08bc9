import { visibleText } from "../lib/visible-text.ts";
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
  let place = { row: 0, column: width };
  const breakRow = (next: string): void => {
    rows.push(row);
    row = next;
    width = Bun.stringWidth(next);
  };
  for (const { segment, index } of characters.segment(text)) {
    if (index === cursor) {
      place = { row: rows.length, column: width };
    }
    if (segment === "\n") {
      breakRow(prompts.others);
      continue;
    }
    const shown = segment === "\t" ? "  " : visible(segment);
    const cells = Bun.stringWidth(shown);
    if (width + cells > columns) {
      breakRow("");
      if (index === cursor) {
        place = { row: rows.length, column: 0 };
      }
    }
    row += shown;
    width += cells;
  }
  if (cursor === text.length) {
    if (width >= columns) {
      breakRow("");
    }
    place = { row: rows.length, column: width };
  }
  return { rows: [...rows, row], cursor: place };
}

/** Pasted control characters are shown, not obeyed; emoji are joined as they were typed. */
function visible(segment: string): string {
  return /\p{Cc}/u.test(segment) ? visibleText(segment) : segment;
}
