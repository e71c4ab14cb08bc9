import { isJsonObject } from "../../lib/json-object.ts";
import type { ChatEvent, FinishReason, StreamEvent, StreamReader } from "../chat-event.ts";
import { errorOf, isFailure, itemsAt, numberAt, readJson, textAt } from "../read-json.ts";

/** A call as its parts arrive. */
type OpenCall = { id: string; name: string; arguments: string };

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
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
      const failure = errorOf(chunk);
      if (failure !== undefined) {
        return [...deltasOf(itemsAt(chunk, ["choices"])[0]), failure];
      }
      const [choice] = itemsAt(chunk, ["choices"]);
      const finished = textAt(choice, ["finish_reason"]);
      collectCalls(choice, calls);
      isFinished ||= finished !== "";
      return [
        ...deltasOf(choice),
        ...(finished === "" ? [] : takeCalls(calls)),
        ...(finished === "" ? [] : [finishEvent(finished)]),
        ...usageOf(chunk.usage),
      ];
    },
    isDone: () => isDone,
    end: () => (isFinished ? [] : [ENDED_EARLY]),
  };
}

const ENDED_EARLY: StreamEvent = {
  kind: "failure",
  reason: "ended-early",
  message: "the stream ended without a finish reason",
};

/** A complete answer has a `message` where a chunk has a `delta`. */
function partOf(choice: unknown): unknown {
  return isJsonObject(choice) ? (choice.delta ?? choice.message) : undefined;
}

function deltasOf(choice: unknown): ChatEvent[] {
  const part = partOf(choice);
  const reasoning = textAt(part, ["reasoning_content"]) || textAt(part, ["reasoning"]);
  const text = textAt(part, ["content"]);
  return [
    ...(reasoning === "" ? [] : [{ kind: "reasoning-delta", text: reasoning } as const]),
    ...(text === "" ? [] : [{ kind: "text-delta", text } as const]),
  ];
}

function collectCalls(choice: unknown, calls: Map<number, OpenCall>): void {
  for (const [position, item] of itemsAt(partOf(choice), ["tool_calls"]).entries()) {
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
  const known = Object.hasOwn(FINISH_REASONS, reason) ? FINISH_REASONS[reason] : undefined;
  return { kind: "finish", reason: known ?? "other" };
}

function usageOf(usage: unknown): ChatEvent[] {
  if (!isJsonObject(usage)) {
    return [];
  }
  const cached = numberAt(usage, ["prompt_tokens_details", "cached_tokens"]);
  const reasoning = numberAt(usage, ["completion_tokens_details", "reasoning_tokens"]);
  return [
    {
      kind: "usage",
      usage: {
        inputTokens: numberAt(usage, ["prompt_tokens"]),
        outputTokens: numberAt(usage, ["completion_tokens"]),
        ...(cached === 0 ? {} : { cachedInputTokens: cached }),
        ...(reasoning === 0 ? {} : { reasoningTokens: reasoning }),
      },
    },
  ];
}
