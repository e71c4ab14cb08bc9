import { visibleText } from "../../lib/visible-text.ts";
import type { Runtime } from "../../runtime.ts";
import type { Style } from "../../terminal/style.ts";
import type { Question } from "../answer-once.ts";
import { textOf } from "../answer-text.ts";
import type { Reporter } from "../reporter.ts";
import { createAnswerWriter } from "./answer-writer.ts";
import { openRenderer } from "./open-renderer.ts";
import { createThoughtsWriter } from "./thoughts-writer.ts";
import { createWaitingLine } from "./waiting-line.ts";

export type ScreenOptions = {
  readonly style: Style;
  /** How text on stderr is emphasised; `undefined`: nobody sees it, or wants to. */
  readonly talk: Style | undefined;
  readonly showsThinking: boolean;
};

type OnScreen = Pick<Question, "onWait" | "summarise"> & { readonly reporter: Reporter };

type Screen = Pick<Runtime, "stdout" | "stderr" | "terminal" | "env" | "now">;

/**
 * Shows one answer on a terminal, with its Markdown rendered; on stderr, what goes on before it, what
 * the model thinks where that is wanted, and at last what it cost.
 */
export function screenReporter(
  { stdout, stderr, terminal, env, now }: Screen,
  { style, talk, showsThinking }: ScreenOptions,
): OnScreen {
  const width = (): number => terminal.size().columns;
  let waiting: ReturnType<typeof createWaitingLine> | undefined;
  // What renders it is loaded while the service is asked.
  const writer = createAnswerWriter(openRenderer({ env, style, width }), async (text) => {
    await waiting?.end();
    return stdout.writeAnswer(text);
  });
  const thoughts = createThoughtsWriter({ style: talk ?? style, width }, async (text) => {
    await waiting?.end();
    return stderr.writeAnswer(text);
  });
  const reporter: Reporter = {
    begin: async ({ model }) => {
      if (talk !== undefined) {
        waiting = createWaitingLine(stderr, { model: visibleText(model), style: talk, now });
      }
    },
    events: async (events) => {
      const text = textOf(events);
      for (const event of events) {
        if (event.kind === "reasoning-delta") {
          waiting?.work({ kind: "thinking" });
          await (showsThinking ? thoughts.push(event.text) : undefined);
        }
      }
      if (text === "") {
        return true;
      }
      await thoughts.end();
      return writer.push(text);
    },
    end: async () => {
      await waiting?.end();
      await thoughts.end();
      await writer.end();
    },
  };
  if (talk === undefined) {
    return { reporter };
  }
  return {
    reporter,
    onWait: (wait) => waiting?.work({ kind: "retrying", ...wait, at: now() + wait.milliseconds }),
    summarise: (line) => stderr.write(`\n${talk.dim(visibleText(line))}\n`),
  };
}
