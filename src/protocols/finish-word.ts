import type { FinishReason, StreamEvent } from "./chat-event.ts";

/** Words in the place of a finish reason that are none: KoboldCpp's `"null"`, SGLang's `""`. */
const NONE: ReadonlySet<string> = new Set(["", "null", "none", "undefined"]);

/**
 * Words of services that could not go on: OpenRouter, Z.AI, DeepSeek, vLLM and SGLang, Cohere,
 * Bedrock, and what relays write for a lost upstream.
 */
const BROKEN_OFF: ReadonlySet<string> = new Set([
  "error",
  "network_error",
  "insufficient_system_resource",
  "abort",
  "aborted",
  "cancelled",
  "canceled",
  "user_cancel",
  "timeout",
  "failed",
  "server_error",
  "internal_error",
  "model_error",
  "upstream_error",
  "malformed_model_output",
]);

/** Gemini's words that mean a failure where there is no text, and nothing else where there is. */
const BROKEN_OFF_UNSAID: ReadonlySet<string> = new Set([
  "other",
  "malformed_function_call",
  "malformed_response",
  "unexpected_tool_call",
  "finish_reason_unspecified",
]);

export function isFinishWord(word: string): boolean {
  return !NONE.has(word.trim().toLowerCase());
}

type Finish = {
  readonly word: string;
  readonly reason: FinishReason | undefined;
  /** The answer has text, or calls a tool. */
  readonly hasAnswered: boolean;
};

/** What a finish reason tells: the end of the answer, or that it was broken off. */
export function finishEvent({ word, reason, hasAnswered }: Finish): StreamEvent {
  const name = word.trim().toLowerCase();
  if (BROKEN_OFF.has(name) || (!hasAnswered && BROKEN_OFF_UNSAID.has(name))) {
    const message = "the service broke the answer off";
    return { kind: "failure", reason: "broken-off", message, code: word };
  }
  if (reason === undefined) {
    return { kind: "finish", reason: "other", said: word };
  }
  const isSame = name === reason || name === reason.replace("-", "_");
  return { kind: "finish", reason, ...(isSame ? {} : { said: word }) };
}
