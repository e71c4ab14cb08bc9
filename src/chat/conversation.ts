import type { ChatMessage } from "../protocols/chat-request.ts";

/** What was said, the same for all protocols: it goes on when the model changes. */
export type Conversation = readonly ChatMessage[];

/**
 * The conversation with a question and what came of its answer. Without a word of an answer it is
 * as before: no protocol takes an empty message, and Anthropic none of blanks.
 */
export function withTurn(
  conversation: Conversation,
  question: string,
  answer: string,
): Conversation {
  return answer.trim() === ""
    ? conversation
    : [...conversation, { role: "user", text: question }, { role: "assistant", text: answer }];
}
