import type { Output, Terminal } from "../../runtime.ts";
import { rowsOf } from "../../terminal/rows-of.ts";
import { createTextEnd } from "./text-end.ts";

/** Text that grows, and rows below it that are gone without a trace when they are no longer true. */
export type LiveArea = {
  /** Part of an answer; `false`: nobody reads any more. */
  readonly write: (text: string) => Promise<boolean>;
  /** A line of ours, with its line break; wrapped. */
  readonly say: (line: string) => Promise<void>;
  /** Changes the rows below the text. */
  readonly show: (rows: readonly string[]) => Promise<void>;
};

/** Rows of one line below the text. */
const MOST_ROWS = 3;

/** @param terminal in raw mode: a line break needs both characters */
export function createLiveArea(stdout: Output, terminal: Pick<Terminal, "size">): LiveArea {
  const below = createRowsBelow(terminal);
  let last: Promise<unknown> = Promise.resolve();
  const next = <Value>(action: () => Promise<Value>): Promise<Value> => {
    const done = last.then(action);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    write: (text) =>
      next(async () => {
        const begin = below.erase();
        const shown = begin + below.onward(text).replaceAll("\n", "\r\n");
        const isRead = await stdout.writeAnswer(shown);
        await stdout.writeExact(below.draw());
        return isRead;
      }),
    say: (line) =>
      next(async () => {
        await stdout.writeExact(below.erase() + below.newLine());
        await stdout.write(`${line}\r\n`);
        await stdout.writeExact(below.draw());
      }),
    show: (rows) =>
      next(async () => {
        if (below.change(rows)) {
          await stdout.writeExact(below.erase() + below.draw());
        }
      }),
  };
}

/** Where text ends, and what stands below it: what is to be written so that both stay true. */
function createRowsBelow(terminal: Pick<Terminal, "size">) {
  const end = createTextEnd(terminal);
  let rows: readonly string[] = [];
  /** Those on the screen, the cursor behind the last one. */
  let shown: readonly string[] = [];
  return {
    /** Whether anything is to be drawn. */
    change: (changed: readonly string[]): boolean => {
      const had = rows.length > 0;
      rows = changed;
      return had || rows.length > 0;
    },
    /** Takes the rows away, also those that a narrower screen has broken; back to the text. */
    erase: (): string => {
      const { columns } = terminal.size();
      const height = shown.reduce(
        (sum, row) => sum + Math.max(1, Math.ceil(Bun.stringWidth(row) / columns)),
        0,
      );
      shown = [];
      return height === 0 ? "" : `${up(height - 1)}\r\u001b[J${end.comeBack()}`;
    },
    onward: end.onward,
    newLine: end.newLine,
    /** The rows below the text. */
    draw: (): string => {
      const { columns, rows: height } = terminal.size();
      const wrapped = rows.flatMap((row) => rowsOf(row, columns, MOST_ROWS));
      shown = wrapped.slice(0, Math.max(1, height - 1));
      return shown.length === 0 ? "" : (end.isBegun() ? "\r\n" : "") + shown.join("\r\n");
    },
  };
}

function up(rows: number): string {
  return rows === 0 ? "" : `\u001b[${rows}A`;
}
