import { readInline, type Span } from "./read-inline.ts";

/** A table: cells as parts, one alignment for each column. */
export type Table = {
  readonly align: readonly ("left" | "center" | "right")[];
  readonly header: readonly (readonly Span[])[];
  readonly rows: readonly (readonly (readonly Span[])[])[];
};

/**
 * The table that whole lines without blanks around them make up, as GFM has it. `undefined`: they
 * are none, or a row has more cells than there are columns, and would lose them.
 */
export function readTable(lines: readonly string[]): Table | undefined {
  const [first = "", second = "", ...others] = lines;
  const header = cellsOf(first);
  const align = alignments(second);
  const rows = others.map(cellsOf);
  const { length } = header;
  if (align?.length !== length || rows.some((cells) => cells.length > length)) {
    return undefined;
  }
  return {
    align,
    header: header.map(readInline),
    rows: rows.map((cells) => header.map((_, index) => readInline(cells[index] ?? ""))),
  };
}

/** A bar between two cells: none that is escaped. */
const BAR = /(?<!(?<!\\)(?:\\\\)*\\)\|/;

function cellsOf(row: string): string[] {
  const cells = row.split(row.includes("\\") ? BAR : "|").map((cell) => cell.trim());
  const begin = cells[0] === "" ? 1 : 0;
  const end = cells.length > begin && cells.at(-1) === "" ? -1 : cells.length;
  return cells.slice(begin, end).map((cell) => cell.replaceAll("\\|", "|"));
}

/** `undefined`: the row below the header is something else. */
function alignments(row: string): Table["align"] | undefined {
  const marks = row.replace(/^\||\|$/g, "").split("|");
  return marks.every((mark) => /^ *:?-+:? *$/.test(mark)) ? marks.map(alignment) : undefined;
}

function alignment(mark: string): Table["align"][number] {
  const text = mark.trim();
  const isRight = text.endsWith(":");
  return isRight ? (text.startsWith(":") ? "center" : "right") : "left";
}
