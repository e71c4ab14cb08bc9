import { holdTables } from "./hold-table.ts";
import { isUndecided, takeQuotes } from "./read-line-kind.ts";
import { beginLine, beginWriting, endLine, type MarkdownLook, writeCode } from "./write-line.ts";

export type MarkdownRenderer = {
  /** What to show of the next piece; what is not clear yet waits. What was shown never changes. */
  readonly push: (piece: string) => string;
  /** The last word as far as it came, where nothing came for a while. */
  readonly pause: () => string;
  /** What still waited; whatever was shown ends with a line break then. */
  readonly end: () => string;
};

/** Characters of a row of a table that are waited for. */
const LONGEST_ROW = 16 * 1024;

/**
 * Renders the Markdown of an answer for a terminal while it arrives (`spec/on-a-terminal.md`,
 * "Answers"): line after line, word after word. What is no Markdown, or none yet when the answer
 * ends, is shown as text. Takes text that was made visible.
 */
export function createMarkdownRenderer(look: MarkdownLook): MarkdownRenderer {
  // Nobody changes the size of a terminal while a piece is rendered, and to look at it takes long.
  let columns = look.width();
  const writing = beginWriting({ ...look, width: () => columns });
  const table = holdTables(writing);
  /** The beginning of a line, until it is decided what it is. */
  let held = "";

  const waits = (): boolean => {
    if (table.isOpen()) {
      return held.length < LONGEST_ROW;
    }
    const { fence } = writing;
    const { rest } = takeQuotes(held, fence?.place.depth);
    const isRow = fence === undefined && /^[ \t]*\|/.test(rest);
    return isUndecided(rest) || (isRow && held.length < LONGEST_ROW);
  };
  const part = (piece: string, isWhole: boolean): string => {
    if (writing.writer !== undefined) {
      const shown = writing.writer.add(piece, isWhole);
      return isWhole ? shown + endLine(writing) : shown;
    }
    held += piece;
    if (!isWhole && waits()) {
      return "";
    }
    const line = held;
    held = "";
    return isWhole ? table.take(line) : table.close() + beginLine(writing, line);
  };
  return {
    push: (piece) => {
      columns = look.width();
      let shown = "";
      let at = 0;
      for (let end = piece.indexOf("\n"); end !== -1; end = piece.indexOf("\n", at)) {
        shown += part(piece.slice(at, end), true);
        at = end + 1;
        const code = writeCode(writing, piece, at);
        shown += code.shown;
        at = code.end;
      }
      return shown + part(piece.slice(at), false);
    },
    pause: () => {
      columns = look.width();
      return writing.writer?.pause() ?? "";
    },
    end: () => {
      columns = look.width();
      const isEmpty = held === "" && writing.writer === undefined;
      return (isEmpty ? "" : part("", true)) + table.close();
    },
  };
}
