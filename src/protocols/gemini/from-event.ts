import { isJsonObject, type JsonObject } from "../../lib/json-object.ts";
import type { ChatEvent, FinishReason, StreamEvent, StreamReader } from "../chat-event.ts";
import { errorOf, isFailure, itemsAt, numberAt, readJson, textAt } from "../read-json.ts";

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  FUNCTION_CALL: "tool-calls",
  SAFETY: "content-filter",
  RECITATION: "content-filter",
  BLOCKLIST: "content-filter",
  PROHIBITED_CONTENT: "content-filter",
  SPII: "content-filter",
};

/**
 * Reads the events of a Gemini stream, each of which is an answer of its own, or one complete
 * answer (`reference/wire-protocols.md` §1.3 and §2). A prompt that was refused is a failure.
 */
export function createGeminiReader(): StreamReader {
  let isFinished = false;
  let hasCalls = false;
  return {
    read: (data) => {
      const answer = readJson(data);
      if (isFailure(answer)) {
        return [answer];
      }
      const failure = errorOf(answer) ?? blockOf(answer);
      if (failure !== undefined) {
        return [failure];
      }
      const [candidate] = itemsAt(answer, ["candidates"]);
      const parts = itemsAt(candidate, ["content", "parts"]).flatMap(readPart);
      const reason = textAt(candidate, ["finishReason"]);
      hasCalls ||= parts.some(({ kind }) => kind === "tool-call");
      isFinished ||= reason !== "";
      return [
        ...parts,
        ...(reason === "" ? [] : [finishEvent(reason, hasCalls)]),
        // A gateway may count the tokens in an event after the last one.
        ...(isFinished ? usageOf(answer.usageMetadata) : []),
      ];
    },
    // Only the end of the stream tells that nothing follows.
    progress: () => (isFinished ? "finished" : "open"),
    end: () => (isFinished ? [] : [ENDED_EARLY]),
  };
}

const ENDED_EARLY: StreamEvent = {
  kind: "failure",
  reason: "ended-early",
  message: "the stream ended without a finish reason",
};

function blockOf(answer: JsonObject): StreamEvent | undefined {
  const reason = textAt(answer, ["promptFeedback", "blockReason"]);
  return reason === ""
    ? undefined
    : { kind: "failure", reason: "blocked", message: "the prompt was blocked", code: reason };
}

function readPart(part: unknown): ChatEvent[] {
  if (!isJsonObject(part)) {
    return [];
  }
  if (isJsonObject(part.functionCall)) {
    const { id, name, args } = part.functionCall;
    return [
      {
        kind: "tool-call",
        ...(typeof id === "string" ? { id } : {}),
        name: typeof name === "string" ? name : "",
        arguments: JSON.stringify(args ?? {}),
      },
    ];
  }
  const text = textAt(part, ["text"]);
  if (text === "") {
    return [];
  }
  return [{ kind: part.thought === true ? "reasoning-delta" : "text-delta", text }];
}

/** The service says STOP also where it calls a tool. */
function finishEvent(reason: string, hasCalls: boolean): ChatEvent {
  const known = Object.hasOwn(FINISH_REASONS, reason) ? FINISH_REASONS[reason] : undefined;
  const isCall = hasCalls && known === "stop";
  return {
    kind: "finish",
    reason: isCall ? "tool-calls" : (known ?? "other"),
    ...(known === undefined ? { said: reason } : {}),
  };
}

function usageOf(usage: unknown): ChatEvent[] {
  if (!isJsonObject(usage)) {
    return [];
  }
  const cached = numberAt(usage, ["cachedContentTokenCount"]);
  const thoughts = numberAt(usage, ["thoughtsTokenCount"]);
  return [
    {
      kind: "usage",
      usage: {
        inputTokens: numberAt(usage, ["promptTokenCount"]),
        // Thoughts are counted apart from the answer.
        outputTokens: numberAt(usage, ["candidatesTokenCount"]) + thoughts,
        ...(cached === 0 ? {} : { cachedInputTokens: cached }),
        ...(thoughts === 0 ? {} : { reasoningTokens: thoughts }),
      },
    },
  ];
}
