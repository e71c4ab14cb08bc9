import { type Margin, type Paint, plain } from "../../terminal/flow.ts";
import type { Style } from "../../terminal/style.ts";

/** Where a line stands: in how many quotations, and how far in. */
export type Place = {
  readonly depth: number;
  /** Before its first row, and before the others. */
  readonly first: Margin;
  readonly hang: Margin;
  /** What lies below the emphasis of its parts. */
  readonly base: Paint;
};

export type Line = {
  readonly depth: number;
  /** Cells of blanks in front of it. */
  readonly indent: number;
};

export type Nesting = {
  /** An item of a list with its number, if it has one, which becomes the list that the next lines may stand in. */
  readonly item: (line: Line, number: string | undefined) => Place;
  /** Text: goes on with the item that it follows, also further out where no blank line parts them. */
  readonly text: (line: Line, isAfterBlank: boolean) => Place;
  /** What ends the lists that it does not stand in. */
  readonly block: (line: Line, further?: number) => Place;
  readonly isInList: () => boolean;
  /** What stands in an empty row. */
  readonly bars: (depth: number) => string;
};

/** Keeps which lists and quotations the next line of an answer may stand in. */
export function createNesting({ dim, italic, signs }: Style): Nesting {
  /** Where the sign stands in the source, and where the text stands on the screen. */
  let items: readonly { readonly indent: number; readonly column: number }[] = [];
  let quotes = 0;
  const enter = ({ depth, indent }: Line): void => {
    const first = items.findIndex((item) => indent <= item.indent);
    items = depth !== quotes ? [] : first === -1 ? items : items.slice(0, first);
    quotes = depth;
  };
  const column = (): number => items.at(-1)?.column ?? 0;
  const bars = (depth: number): string =>
    depth === 0 ? "" : dim(`${signs.bar} `.repeat(depth).trimEnd());
  const margin = (blank: number, sign = ""): Margin => ({
    text: `${quotes === 0 ? "" : `${bars(quotes)} `}${" ".repeat(blank)}${sign}`,
    width: 2 * quotes + blank + sign.length,
  });
  const place = (first: Margin, hang: Margin): Place => ({
    depth: quotes,
    first,
    hang,
    base: quotes === 0 ? plain : italic,
  });
  const here = (further = 0): Place => {
    const same = margin(column() + further);
    return place(same, same);
  };
  return {
    item: (line, number) => {
      enter(line);
      const marker = number ?? signs.bullet;
      const outer = column();
      const inner = Math.min(outer + marker.length + 1, DEEPEST);
      items = [...items, { indent: line.indent, column: inner }];
      return place(margin(Math.min(outer, DEEPEST), `${marker} `), margin(inner));
    },
    text: (line, isAfterBlank) => {
      if (isAfterBlank || line.depth !== quotes) {
        enter(line);
      }
      return here();
    },
    block: (line, further) => {
      enter(line);
      return here(further);
    },
    isInList: () => items.length > 0,
    bars,
  };
}

/** Cells; lists further in would leave no room on a narrow screen. */
const DEEPEST = 16;
