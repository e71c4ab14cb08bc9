import type { ChatEvent } from "../protocols/chat-event.ts";

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

/** The answer with these events, which holds no thoughts. */
export function answerWith(before: string, events: readonly ChatEvent[]): string {
  const last = events.findLastIndex(({ kind }) => kind === "thoughts-end");
  const answer = textOf(events.slice(last + 1));
  return last === -1 ? before + answer : answer;
}
