import type { Terminal } from "../../runtime.ts";
import { SIMPLE } from "../../terminal/words.ts";

/** Where a text that grows ends on the screen, also once that has another width. */
export type TextEnd = {
  /** Whether its last row is not empty. */
  readonly isBegun: () => boolean;
  /** More text, as it is to be written where the cursor is. */
  readonly onward: (text: string) => string;
  /** From the beginning of the row below it to its end. */
  readonly comeBack: () => string;
  /** A line break, where the last row is not empty. */
  readonly newLine: () => string;
};

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function createTextEnd(terminal: Pick<Terminal, "size">): TextEnd {
  /** The last line, which may take several rows. */
  let line = "";
  /** Its cells, with those that are empty before a wide character that begins a row. */
  let cells = 0;
  let columns = terminal.size().columns;
  /** The cursor stands on the last cell of a row, and what is written next belongs behind it. */
  let isOnLastCell = false;
  const fillsRow = (): boolean => cells > 0 && cells % columns === 0;
  /** From anywhere on its last row to its end. */
  const goThere = (): string => {
    isOnLastCell = fillsRow();
    const column = isOnLastCell ? columns - 1 : cells % columns;
    return `\r${column === 0 ? "" : `\u001b[${column}C`}`;
  };
  /** What a terminal does with the cursor when it breaks rows anew differs. */
  const adapt = (): string => {
    if (columns === terminal.size().columns) {
      return "";
    }
    columns = terminal.size().columns;
    cells = cellsBehind(0, line, columns);
    return cells === 0 ? "" : goThere();
  };
  return {
    isBegun: () => cells > 0,
    onward: (text) => {
      const moved = adapt();
      if (text === "") {
        return moved;
      }
      // Text that went on on the last cell would replace what stands there.
      const written = isOnLastCell ? `\n${text.replace(/^\n/, "")}` : text;
      isOnLastCell = false;
      const last = written.slice(written.lastIndexOf("\n") + 1);
      const isSame = last.length === written.length;
      cells = cellsBehind(isSame ? cells : 0, last, columns);
      line = isSame ? line + last : last;
      return moved + written;
    },
    comeBack: () => {
      adapt();
      return cells === 0 ? "" : `\u001b[A${goThere()}`;
    },
    newLine: () => {
      const isBegun = cells > 0;
      line = "";
      cells = 0;
      isOnLastCell = false;
      return isBegun ? "\r\n" : "";
    },
  };
}

/** Cells of a line to the end of a text that goes on behind so many. */
function cellsBehind(before: number, text: string, columns: number): number {
  const plain = Bun.stripANSI(text);
  if (SIMPLE.test(plain)) {
    return before + plain.length;
  }
  let cells = before;
  for (const { segment } of characters.segment(plain)) {
    const width = Bun.stringWidth(segment);
    const left = columns - (cells % columns);
    cells += width > left ? left + width : width;
  }
  return cells;
}
