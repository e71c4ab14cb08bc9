import { visibleAnswer } from "../lib/visible-text.ts";
import type { ChatEvent } from "../protocols/chat-event.ts";
import type { Output } from "../runtime.ts";
import { type AnswerWriter, createAnswerWriter } from "./answer-writer.ts";
import type { MarkdownRenderer } from "./markdown/render-markdown.ts";
import type { Reporter } from "./reporter.ts";
import { createWholeCharacters } from "./whole-characters.ts";

/**
 * The text of the answer and nothing else, as it arrives; a newline at its end if it has none. On
 * a terminal what would move the cursor or hide text is made visible; elsewhere the text is as the
 * model said it.
 */
export function textReporter(stdout: Output): Reporter {
  let isTerminal = false;
  let last = "";
  const whole = createWholeCharacters();
  return {
    begin: async () => {
      isTerminal = await stdout.isTerminal();
    },
    events: async (events) => {
      const text = whole(textOf(events));
      last = text.at(-1) ?? last;
      return text === "" || stdout.writeAnswer(isTerminal ? visibleAnswer(text) : text);
    },
    end: async () => {
      const rest = whole("\n");
      if (rest !== "\n" || (last !== "" && last !== "\n")) {
        await stdout.writeAnswer(isTerminal ? visibleAnswer(rest) : rest);
      }
    },
  };
}

/** The same for a terminal, with its Markdown rendered. What renders it is loaded meanwhile. */
export function renderedReporter(stdout: Output, open: () => Promise<MarkdownRenderer>): Reporter {
  let writer: AnswerWriter | undefined;
  return {
    begin: async () => {
      writer = createAnswerWriter(open(), stdout.writeAnswer);
    },
    events: async (events) => writer?.push(textOf(events)) ?? true,
    end: async () => writer?.end(),
  };
}

/**
 * What is written of events. Thoughts that were written as text cannot be taken back: the tag that
 * ends them stays.
 */
export function textOf(events: readonly ChatEvent[]): string {
  return events.map(pieceOf).join("");
}

function pieceOf(event: ChatEvent): string {
  switch (event.kind) {
    case "text-delta":
      return event.text;
    case "thoughts-end":
      return `${event.mark}\n\n`;
    default:
      return "";
  }
}
