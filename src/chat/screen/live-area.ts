import type { Output, Terminal } from "../../runtime.ts";

/** Text that grows, and rows below it that are gone without a trace when they are no longer true. */
export type LiveArea = {
  /** Part of an answer; `false`: nobody reads any more. */
  readonly write: (text: string) => Promise<boolean>;
  /** A line of ours, with its line break; wrapped. */
  readonly say: (line: string) => Promise<void>;
  /** Changes the rows below the text. */
  readonly show: (rows: readonly string[]) => Promise<void>;
};

/** @param terminal in raw mode: a line break needs both characters */
export function createLiveArea(stdout: Output, terminal: Pick<Terminal, "size">): LiveArea {
  /** Where the text ends. */
  let column = 0;
  let rows: readonly string[] = [];
  /** Whether rows stand on the screen. */
  let isShown = false;
  let last: Promise<unknown> = Promise.resolve();
  const next = <Value>(action: () => Promise<Value>): Promise<Value> => {
    const done = last.then(action);
    last = done.catch(() => undefined);
    return done;
  };
  const erase = (): string => {
    const was = isShown;
    isShown = false;
    return was ? "\u001b[J" : "";
  };
  /** The rows below the text, and the cursor back where the text ends. */
  const drawn = (): string => {
    const { columns } = terminal.size();
    const end = column === 0 ? 0 : column % columns || columns - 1;
    const up = rows.length - (column === 0 ? 1 : 0);
    if (rows.length === 0) {
      return "";
    }
    isShown = true;
    return [
      column === 0 ? "" : "\r\n",
      rows.map((row) => Bun.sliceAnsi(row, 0, columns - 1)).join("\r\n"),
      up === 0 ? "" : `\u001b[${up}A`,
      `\r${end === 0 ? "" : `\u001b[${end}C`}`,
    ].join("");
  };
  const moveOn = (text: string): void => {
    const line = text.slice(text.lastIndexOf("\n") + 1);
    column = (text.includes("\n") ? 0 : column) + Bun.stringWidth(line);
  };
  return {
    write: (text) =>
      next(async () => {
        const isRead = await stdout.writeAnswer(erase() + text.replaceAll("\n", "\r\n"));
        moveOn(text);
        await stdout.writeExact(drawn());
        return isRead;
      }),
    say: (line) =>
      next(async () => {
        await stdout.writeExact(erase());
        await stdout.write(`${column === 0 ? "" : "\r\n"}${line}\r\n`);
        column = 0;
        await stdout.writeExact(drawn());
      }),
    show: (changed) =>
      next(async () => {
        if (changed.length > 0 || rows.length > 0) {
          rows = changed;
          await stdout.writeExact(erase() + drawn());
        }
      }),
  };
}
