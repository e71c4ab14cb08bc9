import type { Output, Terminal } from "../../runtime.ts";
import { rowsOf } from "../../terminal/rows-of.ts";
import { layOutNear, type Prompts } from "./lay-out-draft.ts";
import { type Draft, draftOf } from "./line-editor.ts";

export type EditorView = {
  /** Shows the draft where it was shown before; `below` stands under it. */
  readonly draw: (draft: Draft, below?: string) => Promise<void>;
  /** Leaves the draft on the screen; what follows stands below it. */
  readonly finish: (draft: Draft) => Promise<void>;
  /** Takes the draft off the screen. */
  readonly erase: () => Promise<void>;
  /** Clears the screen. */
  readonly clear: () => Promise<void>;
};

type Picture = { readonly rows: readonly string[]; readonly row: number; readonly column: number };

/** Rows of a hint, or of what there is to choose from. */
const MOST_BELOW = 6;

const NOTHING: Picture = { rows: [""], row: 0, column: 0 };

/**
 * Draws a draft on the lines where the cursor stands, and draws it anew over itself. A terminal
 * that was made narrower in between has broken the rows, which counts when they are taken away.
 */
export function createEditorView(
  { stdout, terminal }: { readonly stdout: Output; readonly terminal: Terminal },
  prompts: Prompts,
): EditorView {
  let drawn = NOTHING;
  const draw = async (draft: Draft, below?: string): Promise<void> => {
    const { columns, rows: height } = terminal.size();
    const under =
      below === undefined ? [] : rowsOf(below, columns, Math.min(MOST_BELOW, height - 3));
    const room = Math.max(1, height - 1 - Math.max(1, under.length));
    const { rows, cursor } = layOutNear(draft, { prompts, columns, room });
    const all = [...rows, ...under];
    const back = all.length - 1 - cursor.row;
    await stdout.writeExact(
      [
        erase(drawn, columns),
        all.join("\r\n"),
        back === 0 ? "" : `\u001b[${back}A`,
        `\r${cursor.column === 0 ? "" : `\u001b[${cursor.column}C`}`,
      ].join(""),
    );
    drawn = { rows: all, ...cursor };
  };
  return {
    draw,
    finish: async (draft) => {
      await draw(draftOf(draft.text));
      await stdout.writeExact("\r\n");
      drawn = NOTHING;
    },
    erase: async () => {
      await stdout.writeExact(erase(drawn, terminal.size().columns));
      drawn = NOTHING;
    },
    clear: async () => {
      await stdout.writeExact("\u001b[2J\u001b[H");
      drawn = NOTHING;
    },
  };
}

/** Goes to the first row that was drawn and clears everything from there. */
function erase({ rows, row, column }: Picture, columns: number): string {
  const above = rows
    .slice(0, row)
    .reduce((sum, text) => sum + Math.max(1, Math.ceil(Bun.stringWidth(text) / columns)), 0);
  // A cursor that a narrower row has no room behind stays on its last cell.
  const up = above + Math.max(0, Math.ceil(column / columns) - 1);
  return `${up === 0 ? "" : `\u001b[${up}A`}\r\u001b[J`;
}
