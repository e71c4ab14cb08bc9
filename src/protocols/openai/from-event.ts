import { isJsonObject, type JsonObject } from "../../lib/json-object.ts";
import type { ChatEvent, FinishReason, StreamEvent, StreamReader } from "../chat-event.ts";
import { errorOf, isFailure, numberAt, readJson, textAt, textOf } from "../read-json.ts";

/** A call as its parts arrive. */
type OpenCall = { id: string; name: string; arguments: string };

/** OpenAI's own; those of others that gateways hand on; and those of Z.AI. */
const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  eos_token: "stop",
  length: "length",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
  sensitive: "content-filter",
};

/**
 * Reads the chunks of an OpenAI-compatible stream, or one complete answer
 * (`reference/wire-protocols.md` §2 and §4): empty `choices`, `reasoning` or `reasoning_content`,
 * usage in a chunk of its own or in the last one, no `[DONE]`.
 */
export function createOpenaiReader(): StreamReader {
  const calls = new Map<number, OpenCall>();
  let isFinished = false;
  let isDone = false;
  return {
    read: (data) => {
      if (data.startsWith("[DONE]")) {
        isDone = true;
        return [];
      }
      const chunk = readJson(data);
      if (isFailure(chunk)) {
        return [chunk];
      }
      const choice = firstChoice(chunk);
      const events: StreamEvent[] = deltasOf(choice);
      const failure = errorOf(chunk);
      if (failure !== undefined) {
        return [...events, failure];
      }
      collectCalls(choice, calls);
      const finished = textOf(choice, "finish_reason");
      if (finished !== "") {
        isFinished = true;
        events.push(...takeCalls(calls), finishEvent(finished));
      }
      if (isJsonObject(chunk.usage)) {
        events.push(usageOf(chunk.usage));
      }
      return events;
    },
    progress: () => (isDone ? "done" : isFinished ? "finished" : "open"),
    end: () => (isFinished ? [] : [ENDED_EARLY]),
  };
}

const ENDED_EARLY: StreamEvent = {
  kind: "failure",
  reason: "ended-early",
  message: "the stream ended without a finish reason",
};

function firstChoice({ choices }: JsonObject): JsonObject | undefined {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isJsonObject(choice) ? choice : undefined;
}

/** A complete answer has a `message` where a chunk has a `delta`. */
function partOf(choice: JsonObject | undefined): JsonObject | undefined {
  const part = choice?.delta ?? choice?.message;
  return isJsonObject(part) ? part : undefined;
}

function deltasOf(choice: JsonObject | undefined): ChatEvent[] {
  const part = partOf(choice);
  const reasoning = textOf(part, "reasoning_content") || textOf(part, "reasoning");
  const text = contentOf(part);
  const events: ChatEvent[] = [];
  if (reasoning !== "") {
    events.push({ kind: "reasoning-delta", text: reasoning });
  }
  if (text !== "") {
    events.push({ kind: "text-delta", text });
  }
  return events;
}

/** A text, parts of one, or what the model says instead of an answer. */
function contentOf(part: JsonObject | undefined): string {
  const content = part?.content;
  if (Array.isArray(content)) {
    return content.map((piece) => textAt(piece, ["text"])).join("");
  }
  return (typeof content === "string" ? content : "") || textOf(part, "refusal");
}

function collectCalls(choice: JsonObject | undefined, calls: Map<number, OpenCall>): void {
  const parts = partOf(choice)?.tool_calls;
  for (const [position, item] of (Array.isArray(parts) ? parts : []).entries()) {
    const index = isJsonObject(item) && typeof item.index === "number" ? item.index : position;
    const call = calls.get(index) ?? { id: "", name: "", arguments: "" };
    call.id ||= textAt(item, ["id"]);
    call.name ||= textAt(item, ["function", "name"]);
    call.arguments += textAt(item, ["function", "arguments"]);
    calls.set(index, call);
  }
}

function takeCalls(calls: Map<number, OpenCall>): ChatEvent[] {
  const taken = [...calls].sort(([left], [right]) => left - right);
  calls.clear();
  return taken.map(([, { id, ...call }]) => ({
    kind: "tool-call",
    ...(id === "" ? {} : { id }),
    ...call,
  }));
}

function finishEvent(reason: string): ChatEvent {
  const name = reason.toLowerCase();
  const known = Object.hasOwn(FINISH_REASONS, name) ? FINISH_REASONS[name] : undefined;
  return {
    kind: "finish",
    reason: known ?? "other",
    ...(known === undefined ? { said: reason } : {}),
  };
}

function usageOf(usage: JsonObject): ChatEvent {
  const cached = numberAt(usage, ["prompt_tokens_details", "cached_tokens"]);
  const reasoning = numberAt(usage, ["completion_tokens_details", "reasoning_tokens"]);
  return {
    kind: "usage",
    usage: {
      inputTokens: numberAt(usage, ["prompt_tokens"]),
      outputTokens: numberAt(usage, ["completion_tokens"]),
      ...(cached === 0 ? {} : { cachedInputTokens: cached }),
      ...(reasoning === 0 ? {} : { reasoningTokens: reasoning }),
    },
  };
}
