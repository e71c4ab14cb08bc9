import { QwenError } from "../../errors.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { ChatEvent } from "../../protocols/chat-event.ts";
import type { Env, Output, Terminal } from "../../runtime.ts";
import type { Style } from "../../terminal/style.ts";
import { answerWith, textOf } from "../answer-text.ts";
import { askModel, remarks, type Service } from "../ask-model.ts";
import type { Conversation } from "../conversation.ts";
import { createAnswerWriter } from "./answer-writer.ts";
import { createLiveArea, type LiveArea } from "./live-area.ts";
import { openRenderer } from "./open-renderer.ts";
import { summaryLine } from "./summary-line.ts";
import { createThoughtsWriter } from "./thoughts-writer.ts";
import { FRAME_MS, type Work, workingLine } from "./working-line.ts";

/** What became of a question; `text` is the answer as far as it came. */
export type Turn =
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "interrupted"; readonly text: string }
  | { readonly kind: "failed"; readonly text: string; readonly error: QwenError };

/** What a person types while an answer comes. */
type Typing = {
  /** As it stands below the answer. */
  readonly rows: () => readonly string[];
  /** Called with what draws it anew. */
  readonly attach: (redraw: () => void) => void;
};

export type AnswerScreen = {
  readonly stdout: Output;
  readonly terminal: Pick<Terminal, "size">;
  readonly style: Style;
  readonly env: Env;
  readonly now: () => number;
  /** Ends the answer. */
  readonly signal: AbortSignal;
  readonly showsThinking: boolean;
  readonly typing?: Typing;
};

/** Milliseconds without anything new after which a person is told what goes on. */
const PATIENCE_MS = 300;

/**
 * Asks in a session and shows the answer as it arrives, with what goes on below it, and what it cost
 * in a line at its end. Failures are an outcome, and not shown here.
 */
export async function showAnswer(
  service: Service,
  conversation: Conversation,
  { signal, ...place }: AnswerScreen,
): Promise<Turn> {
  const screen = createScreen(service, place);
  const startedAt = place.now();
  let text = "";
  try {
    const asked = await askModel(service, conversation, {
      signal,
      tell: screen.say,
      onWait: (wait) =>
        screen.work({ kind: "retrying", ...wait, at: place.now() + wait.milliseconds }),
      onEvents: async (events) => {
        text = answerWith(text, events);
        await screen.take(events);
        return true;
      },
    });
    const took = place.now() - startedAt;
    await screen.end([...remarks(asked, service), summaryLine(service, asked, took)]);
    return { kind: "answered", text };
  } catch (error) {
    await screen.end(signal.aborted ? ["interrupted"] : []);
    if (signal.aborted) {
      return { kind: "interrupted", text };
    }
    if (error instanceof QwenError) {
      return { kind: "failed", text, error };
    }
    throw error;
  }
}

function thoughtOf(event: ChatEvent): string {
  return event.kind === "reasoning-delta" ? event.text : "";
}

type Screen = {
  readonly take: (events: readonly ChatEvent[]) => Promise<void>;
  readonly work: (work: Work) => void;
  readonly say: (line: string) => Promise<void>;
  /** Ends the answer; then the lines. */
  readonly end: (lines: readonly string[]) => Promise<void>;
};

function createScreen(
  { request }: Pick<Service, "request">,
  { stdout, terminal, style, env, now, showsThinking, typing }: Omit<AnswerScreen, "signal">,
): Screen {
  const area = createLiveArea(stdout, terminal);
  const startedAt = now();
  let quietSince = startedAt;
  let work: Work = { kind: "waiting", model: visibleText(request.model) };
  let hasText = false;
  let isOver = false;
  const redraw = async (): Promise<void> => {
    if (isOver) {
      return;
    }
    const isQuiet = now() - quietSince >= PATIENCE_MS;
    const line = workingLine(work, { now: now(), startedAt, stop: "Esc stops" });
    const working = isQuiet ? [style.dim(await stdout.inWords(line))] : [];
    await area.show([...working, ...(typing?.rows() ?? [])]);
  };
  const draw = (): void => void redraw().catch(() => undefined);
  typing?.attach(draw);
  const timer = setInterval(draw, FRAME_MS);
  const write = (text: string): Promise<boolean> => {
    hasText = true;
    return writeNew(area, text);
  };
  const writeNew = async (to: LiveArea, text: string): Promise<boolean> => {
    quietSince = now();
    await redraw();
    return to.write(text);
  };
  const width = (): number => terminal.size().columns;
  // Loaded while the service is asked.
  const answer = createAnswerWriter(openRenderer({ env, style, width }), write);
  const thoughts = createThoughtsWriter({ style, width }, (text) => writeNew(area, text));
  return {
    work: (changed) => {
      work = changed;
    },
    say: (line) => area.say(style.dim(visibleText(line))),
    take: async (events) => {
      for (const event of events) {
        const thought = thoughtOf(event);
        if (thought !== "") {
          work = { kind: "thinking" };
          await (showsThinking ? thoughts.push(thought) : undefined);
        }
      }
      const text = textOf(events);
      if (text !== "") {
        work = { kind: "writing" };
        await thoughts.end();
        await answer.push(text);
      }
    },
    end: async (lines) => {
      clearInterval(timer);
      isOver = true;
      await thoughts.end();
      await answer.end();
      await area.show([]);
      for (const line of [...(hasText && lines.length > 0 ? [""] : []), ...lines]) {
        await area.say(line === "" ? "" : style.dim(visibleText(line)));
      }
    },
  };
}
