import type { FinishReason, StreamEvent } from "./chat-event.ts";
import { lookUp } from "./read-json.ts";

/** Words in the place of a finish reason that are none: KoboldCpp's `"null"`, SGLang's `""`. */
const NONE: ReadonlySet<string> = new Set(["", "null", "none", "undefined"]);

/**
 * What the words of all three protocols mean, in small letters: gateways hand one protocol's words on
 * in another, and services have names of their own.
 */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  complete: "stop",
  eos: "stop",
  eos_token: "stop",
  length: "length",
  max_tokens: "length",
  model_length: "length",
  model_context_window_exceeded: "length",
  tool_calls: "tool-calls",
  tool_use: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
  sensitive: "content-filter",
  refusal: "content-filter",
  safety: "content-filter",
  recitation: "content-filter",
  blocklist: "content-filter",
  prohibited_content: "content-filter",
  spii: "content-filter",
};

/**
 * In words of services that could not go on: OpenRouter, Z.AI, DeepSeek, vLLM and SGLang, Cohere,
 * Bedrock, and what relays write for a lost upstream.
 */
const BROKEN_OFF =
  /error|fail|abort|cancell?ed|user_cancel|timeout|timed_out|interrupt|exception|unavailable|overload|disconnect|insufficient|malformed_model_output/;

/** Gemini's words that mean a failure where there is no text, and nothing else where there is. */
const BROKEN_OFF_UNSAID: ReadonlySet<string> = new Set([
  "other",
  "malformed_function_call",
  "malformed_response",
  "unexpected_tool_call",
  "finish_reason_unspecified",
]);

export function isFinishWord(word: string): boolean {
  return word !== "" && !NONE.has(word.trim().toLowerCase());
}

/** What a finish reason means, where that is known. */
export function meaningOf(word: string): FinishReason | undefined {
  return lookUp(REASONS, word.trim().toLowerCase());
}

type Finish = {
  readonly word: string;
  /** What it means in this answer, where it is not what it means in all. */
  readonly reason?: FinishReason | undefined;
  /** The answer has text, or calls a tool. */
  readonly hasAnswered: boolean;
};

/** What a finish reason tells: the end of the answer, or that it was broken off. */
export function finishEvent({ word, reason = meaningOf(word), hasAnswered }: Finish): StreamEvent {
  const name = word.trim().toLowerCase();
  if (reason !== undefined) {
    const isSame = name === reason || name === reason.replace("-", "_");
    return { kind: "finish", reason, ...(isSame ? {} : { said: word }) };
  }
  if (BROKEN_OFF.test(name) || (!hasAnswered && BROKEN_OFF_UNSAID.has(name))) {
    const message = "the service broke the answer off";
    return { kind: "failure", reason: "broken-off", message, code: word };
  }
  return { kind: "finish", reason: "other", said: word };
}
