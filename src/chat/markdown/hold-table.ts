import { indentOf, isDelimiterRow, lineKind, takeQuotes } from "./read-line-kind.ts";
import { readTable } from "./read-table.ts";
import { renderTable } from "./render-table.ts";
import { lead, type Writing, writeLine } from "./write-line.ts";

/** Rows of a table that are waited for. */
const MOST_ROWS = 200;

export type TableHold = {
  /** Takes a whole line; what is to be shown of it, and of what it ends. */
  readonly take: (line: string) => string;
  /** Whether the next line must be whole. */
  readonly isOpen: () => boolean;
  /** Shows what is held: nothing more of it comes. */
  readonly close: () => string;
};

/**
 * Keeps the rows of a table until it ends: only then it is known how wide its columns are. A table
 * that goes on and on is shown as it came.
 */
export function holdTables(writing: Writing): TableHold {
  let lines: string[] = [];
  let depth = 0;
  /** The table became too long. */
  let isRaw = false;

  const rawRow = (row: string): string => {
    const place = writing.nesting.block({ depth, indent: indentOf(row) });
    return `${lead(writing, place)}${row.trim()}\n`;
  };
  const close = (): string => {
    const held = lines;
    const [first] = held;
    lines = [];
    if (first === undefined) {
      return "";
    }
    if (held.length === 1) {
      return writeLine(writing, "> ".repeat(depth) + first);
    }
    const table = isRaw ? undefined : readTable(held.map((line) => line.trim()));
    if (table === undefined) {
      return held.map(rawRow).join("");
    }
    const { look, nesting, painter } = writing;
    const place = nesting.block({ depth, indent: indentOf(first) });
    const width = Math.max(1, look.width() - place.first.width);
    const rows = renderTable(table, { style: look.style, painter, base: place.base, width });
    const [top = "", ...others] = rows;
    return [lead(writing, place) + top, ...others.map((row) => place.hang.text + row)]
      .map((row) => `${row}\n`)
      .join("");
  };
  /** The second line decides whether it is a table. */
  const goesOn = (row: string): boolean =>
    lines.length === 1 ? isDelimiterRow(row) : lines.length > 1 && !endsTable(row);
  const takeRow = (line: string): string => {
    const quoted = takeQuotes(line);
    const { rest } = quoted;
    const isRow = rest.includes("|") && (lines.length === 0 || quoted.depth === depth);
    if (isRaw && isRow) {
      return rawRow(rest);
    }
    isRaw = false;
    if (isRow && goesOn(rest)) {
      lines.push(rest);
      isRaw = lines.length > MOST_ROWS + 2;
      return isRaw ? close() : "";
    }
    const before = close();
    if (isRow && writing.fence === undefined && lineKind(rest).kind === "text") {
      lines = [rest];
      depth = quoted.depth;
      return before;
    }
    return before + writeLine(writing, line);
  };
  const isOpen = (): boolean => isRaw || lines.length > 0;
  return {
    take: (line) => (isOpen() || line.includes("|") ? takeRow(line) : writeLine(writing, line)),
    isOpen,
    close: () => {
      const rest = close();
      isRaw = false;
      return rest;
    },
  };
}

/** Another block than a text does, bars in it or none; of numbered items only the first one. */
function endsTable(row: string): boolean {
  const kind = lineKind(row.trim());
  return kind.kind === "item"
    ? kind.number === undefined || Number.parseInt(kind.number, 10) === 1
    : kind.kind !== "text";
}
