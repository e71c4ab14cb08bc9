import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import type { AnswerPart, StreamFailure, StreamReader, WireEvent } from "../chat-event.ts";
import { createAnswerChoice } from "../choose-answer.ts";
import { meaningOf } from "../finish-word.ts";
import { readAnswer } from "../read-answer.ts";
import { itemsAt, numberAt, textAt } from "../read-json.ts";

/**
 * Reads the events of a Gemini stream, each of which is an answer of its own, or one complete
 * answer (`reference/wire-protocols.md` §1.3 and §2). A prompt that was refused is a failure.
 */
export function createGeminiReader(): StreamReader {
  let hasCalls = false;
  let isCounted = false;
  const choose = createAnswerChoice();
  return readAnswer({
    protocol: "gemini",
    // Only the end of the connection tells that nothing follows, and the service says STOP also
    // before it runs a tool of its own.
    afterwordMs: 30_000,
    openCalls: () => [],
    read: (answer) => {
      const block = blockOf(answer);
      if (block !== undefined) {
        return [block];
      }
      const candidate = choose(answer.candidates);
      const parts = itemsAt(candidate, ["content", "parts"]);
      const events: WireEvent[] = parts.flatMap(readPart);
      const word = textAt(candidate, ["finishReason"]);
      hasCalls ||= events.some(({ kind }) => kind === "tool-call");
      if (word !== "") {
        // The service says STOP also where it calls a tool.
        const isCall = hasCalls && meaningOf(word) === "stop";
        events.push({ kind: "finish-word", word, ...(isCall ? { reason: "tool-calls" } : {}) });
      }
      const isTotal =
        parts.length === 0 && numberAt(answer, ["usageMetadata", "candidatesTokenCount"]) > 0;
      if (isTotal) {
        events.push({ kind: "complete" });
      }
      // Every event counts what came so far; what is told is the total.
      isCounted ||= word !== "" || isTotal;
      return isCounted ? [...events, ...usageOf(answer.usageMetadata)] : events;
    },
  });
}

function blockOf(answer: JsonObject): StreamFailure | undefined {
  const reason = textAt(answer, ["promptFeedback", "blockReason"]);
  return reason === ""
    ? undefined
    : { kind: "failure", reason: "blocked", message: "the prompt was blocked", code: reason };
}

function readPart(part: unknown): WireEvent[] {
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
  if (text !== "") {
    return [{ kind: part.thought === true ? "reasoning-delta" : "text-delta", text }];
  }
  // Code that the service runs, and what comes of it: the answer goes on.
  return part.text === undefined ? [{ kind: "piece" }] : [];
}

function usageOf(usage: unknown): AnswerPart[] {
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
