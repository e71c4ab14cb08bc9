import { Terminal } from "@xterm/headless";
import { jsonLine, jsonText } from "../../src/lib/visible-text.ts";
import type { Output } from "../../src/runtime.ts";

type Size = { readonly cols?: number; readonly rows?: number };

/** A terminal that shows what is written to it, line after line. */
export type Screen = {
  readonly write: (bytes: string) => Promise<void>;
  /** Breaks long lines anew, as most terminals do, also the one with the cursor. */
  readonly resize: (cols: number, rows: number) => void;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** The lines of the screen, trailing blanks and blank lines at the end gone. */
  readonly text: () => string;
  /** Whether what is written next would be dim. */
  readonly isDim: () => Promise<boolean>;
  /** Row and column from 0. */
  readonly cursor: () => readonly [row: number, column: number];
};

export function openScreen({ cols = 100, rows = 30 }: Size = {}): Screen {
  const terminal = new Terminal({ cols, rows, allowProposedApi: true, reflowCursorLine: true });
  const { active } = terminal.buffer;
  return {
    write: (bytes) => new Promise<void>((resolve) => terminal.write(bytes, resolve)),
    resize: (newCols, newRows) => terminal.resize(newCols, newRows),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    text: () =>
      Array.from({ length: terminal.rows }, (_, row) =>
        (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
      )
        .join("\n")
        .trimEnd(),
    isDim: async () => {
      const [row, column] = [active.cursorY, active.cursorX];
      await new Promise<void>((resolve) => terminal.write("x", resolve));
      return (
        (active
          .getLine(active.baseY + row)
          ?.getCell(column)
          ?.isDim() ?? 0) !== 0
      );
    },
    cursor: () => [active.cursorY, active.cursorX],
  };
}

/** Output that goes to a screen; `onWrite` is told of each part once it is there. */
export function screenOutput(screen: Screen, onWrite = (_text: string): void => undefined): Output {
  const write = async (text: string): Promise<void> => {
    await screen.write(text);
    onWrite(text);
  };
  return {
    isAscii: false,
    isTerminal: async () => true,
    columns: async () => screen.size().columns,
    inWords: async (text) => text,
    write,
    writeExact: write,
    writeSecret: write,
    writeJson: (document) => write(jsonText(document)),
    writeJsonLines: async (documents) => {
      await write(documents.map(jsonLine).join(""));
      return true;
    },
    writeAnswer: async (text) => {
      await write(text);
      return true;
    },
  };
}

/** What a person sees after a program drew `bytes`. */
export async function renderScreen(bytes: string, size?: Size): Promise<string> {
  const screen = openScreen(size);
  await screen.write(bytes);
  return screen.text();
}
