import { createFlow, type Paint } from "../../terminal/flow.ts";
import type { Style } from "../../terminal/style.ts";
import { cellsOf, widestWord } from "../../terminal/words.ts";
import type { Painter } from "./paint.ts";
import type { Span } from "./read-inline.ts";
import type { Table } from "./read-table.ts";

type Look = {
  readonly style: Style;
  readonly painter: Painter;
  /** What lies below everything: italic within a quotation. */
  readonly base: Paint;
  /** Cells of a row. */
  readonly width: number;
};

type Cell = readonly Span[];

/** Cells between two columns: blank, bar, blank. */
const GAP = 3;

/**
 * A table in columns, as wide as what stands in them, with wrapped cells where that is too wide; on a
 * screen too narrow for that one line for each cell, behind the heading of its column.
 */
export function renderTable(table: Table, look: Look): readonly string[] {
  const widths = columnWidths(table, look.width);
  return widths === undefined ? inLines(table, look) : inColumns(table, widths, look);
}

/** `undefined`: not even the longest words fit beside each other. */
function columnWidths({ header, rows }: Table, width: number): readonly number[] | undefined {
  const all = [header, ...rows];
  const natural = header.map((_, index) => widest(all, index, cellsOf));
  const room = width - GAP * (header.length - 1);
  if (sum(natural) <= room) {
    return natural;
  }
  const least = header.map((_, index) => widest(all, index, widestWord));
  return sum(least) > room ? undefined : share(natural, least, room);
}

function widest(rows: Table["rows"], column: number, widthOf: (text: string) => number): number {
  let most = 1;
  for (const row of rows) {
    most = Math.max(most, widthOf(textOf(row[column] ?? [])));
  }
  return most;
}

/** Every column gets its longest word, and then cells go one by one to the one that lacks most. */
function share(natural: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...least];
  for (let left = room - sum(least); left > 0; left -= 1) {
    const lacks = widths.map((width, index) => (natural[index] ?? 0) / width);
    const most = lacks.indexOf(Math.max(...lacks));
    widths[most] = (widths[most] ?? 0) + 1;
  }
  return widths;
}

function inColumns(
  { align, header, rows }: Table,
  widths: readonly number[],
  look: Look,
): readonly string[] {
  const { dim, bold, signs } = look.style;
  const gap = dim(` ${signs.bar} `);
  const row = (cells: readonly Cell[], base: Paint): string[] => {
    const wrapped = widths.map((width, index) =>
      wrapCell(cells[index] ?? [], { ...look, base, width }),
    );
    const height = Math.max(...wrapped.map((lines) => lines.length));
    const shown: string[] = [];
    for (let line = 0; line < height; line += 1) {
      let row = "";
      for (const [index, width] of widths.entries()) {
        const text = aligned(wrapped[index]?.[line] ?? "", width, align[index]);
        row += index === 0 ? text : gap + text;
      }
      shown.push(row.trimEnd());
    }
    return shown;
  };
  const bars = widths.map((width) => signs.rule.repeat(width));
  const rule = dim(bars.join(`${signs.rule}${signs.cross}${signs.rule}`));
  const head = row(header, (text) => bold(look.base(text)));
  return [...head, rule, ...rows.flatMap((cells) => row(cells, look.base))];
}

function aligned(text: string, width: number, side: Table["align"][number] | undefined): string {
  const free = Math.max(0, width - Bun.stringWidth(text));
  const before = side === "right" ? free : side === "center" ? Math.floor(free / 2) : 0;
  return " ".repeat(before) + text + " ".repeat(free - before);
}

function inLines({ header, rows }: Table, look: Look): readonly string[] {
  const { bold, dim, signs } = look.style;
  const lines = rows.map((row) =>
    header.flatMap((title, index) => {
      const name = textOf(title);
      const label: Span[] = name === "" ? [] : [{ text: `${name}: `, marks: ["bold"] }];
      return wrapCell([...label, ...(row[index] ?? [])], look, "  ");
    }),
  );
  const rule = dim(signs.rule.repeat(Math.min(look.width, 20)));
  const body = lines.flatMap((row, index) => (index === 0 ? row : [rule, ...row]));
  return rows.length === 0 ? [bold(header.map(textOf).join(" "))] : body;
}

function wrapCell(cell: Cell, { painter, base, width }: Look, hang = ""): readonly string[] {
  const [only, ...others] = cell;
  if (only !== undefined && others.length === 0 && fits(only.text, width)) {
    return [painter.of(only, base)(only.text)];
  }
  const flow = createFlow({
    width: () => width,
    column: 0,
    hang: { text: hang, width: hang.length },
  });
  const shown = cell.map((span) =>
    flow.add(span.text.replaceAll(/<br\s*\/?>/g, " "), painter.of(span, base)),
  );
  return [...shown, flow.end()].join("").split("\n");
}

/** Whether a text stands in a row as it is; nearly all cells are like this. */
function fits(text: string, width: number): boolean {
  return PLAIN_CELL.test(text) && text.length <= width;
}

/** Printable ASCII without blanks around it or a `<br>`. */
const PLAIN_CELL = /^[!-;=-~](?:[ -;=-~]*[!-;=-~])?$/;

function textOf(cell: Cell): string {
  let all = "";
  for (const { text } of cell) {
    all += text;
  }
  return all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
