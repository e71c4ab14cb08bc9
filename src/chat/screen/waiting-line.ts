import type { Output } from "../../runtime.ts";
import { oneRow } from "../../terminal/progress.ts";
import type { Style } from "../../terminal/style.ts";
import { FRAME_MS, type Work, workingLine } from "./working-line.ts";

/** What goes on before the first word of an answer, on a terminal that nobody types at. */
export type WaitingLine = {
  readonly work: (work: Work) => void;
  /** Takes it away for good. */
  readonly end: () => Promise<void>;
};

/** Milliseconds after which it is worth saying. */
const PATIENCE_MS = 300;

type Options = { readonly model: string; readonly style: Style; readonly now: () => number };

export function createWaitingLine(stderr: Output, { model, style, now }: Options): WaitingLine {
  const startedAt = now();
  let work: Work = { kind: "waiting", model };
  let isShown = false;
  let last: Promise<void> = Promise.resolve();
  const draw = (): void => {
    if (now() - startedAt >= PATIENCE_MS) {
      isShown = true;
      const line = workingLine(work, { now: now(), startedAt, stop: "Ctrl+C stops" });
      last = last.then(() => stderr.write(oneRow(`\u001b[2K${style.dim(line)}`)));
    }
  };
  let timer: Timer | undefined = setInterval(draw, FRAME_MS);
  return {
    work: (changed) => {
      work = changed;
    },
    end: async () => {
      if (timer !== undefined) {
        clearInterval(timer);
        timer = undefined;
        await last;
        await (isShown ? stderr.write("\r\u001b[2K") : undefined);
      }
    },
  };
}
