import type { Flow, Paint } from "../../terminal/flow.ts";
import type { Painter } from "./paint.ts";
import { mayBeEmphasis, readInline, settledLength } from "./read-inline.ts";

/** Writes the rest of a line whose beginning is decided, as it comes. */
export type LineWriter = {
  /** @param isWhole nothing more of the line comes: what waits does so for `end` */
  readonly add: (text: string, isWhole: boolean) => string;
  /** What waits although it is clear what it is: more of the line does not come for a while. */
  readonly pause: () => string;
  readonly end: () => string;
};

/** Characters that wait for the end of their emphasis or of their word. */
export const LONGEST_WAIT = 400;

type Place = { readonly flow: Flow; readonly painter: Painter; readonly base: Paint };

/** A line of text with emphasis, all of which is there; not longer than `LONGEST_WAIT`. */
export function wholeText(text: string, place: Place): string {
  return `${withEmphasis(text.trimEnd(), place)}${place.flow.end()}\n`;
}

function withEmphasis(text: string, { flow, painter, base }: Place): string {
  let shown = "";
  for (const span of readInline(text)) {
    shown += flow.add(span.text, painter.of(span, base));
  }
  return shown;
}

/** Text with emphasis, wrapped. What may be emphasis waits for its end, or for that of the line. */
export function textWriter(place: Place): LineWriter {
  let waiting = "";
  const show = (text: string): string => withEmphasis(text, place);
  const settle = (): string => {
    const isLong = waiting.length > LONGEST_WAIT;
    const settled = settledLength(waiting) || (isLong ? waiting.length : 0);
    const ready = waiting.slice(0, settled);
    waiting = waiting.slice(settled);
    return ready === "" ? "" : show(ready);
  };
  return {
    add: (text, isWhole) => {
      let shown = "";
      let at = 0;
      // The lexer never gets more than that at once: what it makes of hostile text is not linear.
      for (; text.length - at > LONGEST_WAIT; at += LONGEST_WAIT) {
        waiting += text.slice(at, at + LONGEST_WAIT);
        shown += settle();
      }
      waiting += text.slice(at);
      return shown + (isWhole && waiting.length <= LONGEST_WAIT ? "" : settle());
    },
    pause: () => {
      if (mayBeEmphasis(waiting)) {
        return "";
      }
      const ready = waiting;
      waiting = "";
      return show(ready) + place.flow.pause();
    },
    end: () => wholeText(waiting, place),
  };
}

/** Text as it is. A word is written whole, so that a key in it can be hidden. */
export function plainWriter(paint: Paint): LineWriter {
  let waiting = "";
  const show = (text: string): string => (text === "" ? "" : paint(text));
  return {
    add: (text, isWhole) => {
      waiting += text;
      if (isWhole) {
        return "";
      }
      const word = waiting.lastIndexOf(" ") + 1;
      const ready = waiting.slice(0, waiting.length - word > LONGEST_WAIT ? waiting.length : word);
      waiting = waiting.slice(ready.length);
      return show(ready);
    },
    pause: () => {
      const ready = waiting;
      waiting = "";
      return show(ready);
    },
    end: () => `${show(waiting)}\n`,
  };
}
