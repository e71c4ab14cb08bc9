import { visibleAnswer } from "../../lib/visible-text.ts";
import { createFlow, type Flow } from "../../terminal/flow.ts";
import type { Style } from "../../terminal/style.ts";
import { createWholeCharacters } from "./whole-characters.ts";

type Look = { readonly style: Style; readonly width: () => number };

/** Writes what a model thinks: dim, wrapped, with an empty row between it and the answer. */
export function createThoughtsWriter(
  { style, width }: Look,
  write: (text: string) => Promise<boolean>,
): { readonly push: (piece: string) => Promise<void>; readonly end: () => Promise<void> } {
  const whole = createWholeCharacters();
  let flow: Flow | undefined;
  let hasBegun = false;
  const open = (): Flow => createFlow({ width, column: 0, hang: { text: "", width: 0 } });
  return {
    push: async (piece) => {
      const [first = "", ...others] = visibleAnswer(whole(piece)).split("\n");
      flow ??= open();
      let shown = flow.add(first, style.dim);
      for (const line of others) {
        shown += `${flow.end()}\n`;
        flow = open();
        shown += flow.add(line, style.dim);
      }
      hasBegun = true;
      if (shown !== "") {
        await write(shown);
      }
    },
    end: async () => {
      if (hasBegun) {
        hasBegun = false;
        const rest = flow?.end() ?? "";
        flow = undefined;
        await write(`${rest}\n\n`);
      }
    },
  };
}
