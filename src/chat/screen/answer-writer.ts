import { visibleAnswer } from "../../lib/visible-text.ts";
import type { MarkdownRenderer } from "../markdown/render-markdown.ts";
import { createWholeCharacters } from "./whole-characters.ts";

export type AnswerWriter = {
  /** `false`: nobody reads any more. */
  readonly push: (piece: string) => Promise<boolean>;
  /** Writes what waited, and a line break where none stands. */
  readonly end: () => Promise<void>;
};

/** Milliseconds after which the last word is shown although more of it may come. */
const PAUSE_MS = 100;

/** Writes an answer to a terminal: rendered, with what would move the cursor or hide text visible. */
export function createAnswerWriter(
  opening: Promise<MarkdownRenderer>,
  write: (text: string) => Promise<boolean>,
): AnswerWriter {
  const whole = createWholeCharacters();
  let timer: Timer | undefined;
  /** Whatever is written stands behind what was written before. */
  let done: Promise<boolean> = Promise.resolve(true);
  const next = (render: (renderer: MarkdownRenderer) => string): Promise<boolean> => {
    done = done.then(async (isRead) => {
      const text = render(await opening);
      return isRead && (text === "" || write(text));
    });
    return done;
  };
  return {
    push: async (piece) => {
      clearTimeout(timer);
      const text = whole(piece);
      const isRead = await next((renderer) => renderer.push(visibleAnswer(text)));
      clearTimeout(timer);
      timer = setTimeout(
        () => next((renderer) => renderer.pause()).catch(() => undefined),
        PAUSE_MS,
      );
      return isRead;
    },
    end: async () => {
      clearTimeout(timer);
      const rest = whole(" ").trimEnd();
      await next((renderer) => renderer.push(visibleAnswer(rest)) + renderer.end());
    },
  };
}
