import { isJsonObject, type JsonObject } from "../../lib/json-object.ts";
import type { ChatEvent, FinishReason, StreamEvent, StreamReader } from "../chat-event.ts";
import { errorOf, isFailure, itemsAt, numberAt, readJson, textAt } from "../read-json.ts";

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool-calls",
  refusal: "content-filter",
};

type OpenCall = { id: string; name: string; json: string };

/** What is known of a message while its events arrive. */
type State = {
  readonly calls: Map<number, OpenCall>;
  usage: JsonObject;
  isFinished: boolean;
  isDone: boolean;
};

/**
 * Reads the events of an Anthropic stream by their `type`, with or without `event:` lines, or one
 * complete message (`reference/wire-protocols.md` §2). `ping` and unknown types are passed over.
 */
export function createAnthropicReader(): StreamReader {
  const state: State = { calls: new Map(), usage: {}, isFinished: false, isDone: false };
  return {
    read: (data) => {
      const event = readJson(data);
      if (isFailure(event)) {
        return [event];
      }
      const failure = errorOf(event);
      return failure === undefined ? readEvent(event, state) : [failure];
    },
    progress: () => (state.isDone ? "done" : state.isFinished ? "finished" : "open"),
    end: () => (state.isFinished ? [] : [ENDED_EARLY]),
  };
}

const ENDED_EARLY: StreamEvent = {
  kind: "failure",
  reason: "ended-early",
  message: "the stream ended before the message did",
};

function readEvent(event: JsonObject, state: State): readonly StreamEvent[] {
  const index = numberAt(event, ["index"]);
  switch (event.type) {
    case "message_start":
      addUsage(state, event.message);
      return [];
    case "content_block_start":
      return startBlock(event.content_block, index, state);
    case "content_block_delta":
      return readDelta(event.delta, index, state);
    case "content_block_stop":
      return takeCall(index, state);
    case "message_delta":
      addUsage(state, event);
      return finish(textAt(event, ["delta", "stop_reason"]), state);
    case "message_stop":
      state.isFinished = true;
      state.isDone = true;
      return [];
    case "message":
      addUsage(state, event);
      return [
        ...itemsAt(event, ["content"]).flatMap((block) => readBlock(block, state)),
        ...finish(textAt(event, ["stop_reason"]), state),
      ];
    default:
      return [];
  }
}

function startBlock(block: unknown, index: number, state: State): readonly StreamEvent[] {
  if (textAt(block, ["type"]) === "tool_use") {
    const input = isJsonObject(block) && isJsonObject(block.input) ? block.input : {};
    const json = Object.keys(input).length === 0 ? "" : JSON.stringify(input);
    state.calls.set(index, { id: textAt(block, ["id"]), name: textAt(block, ["name"]), json });
    return [];
  }
  return deltas(textAt(block, ["text"]), textAt(block, ["thinking"]));
}

/** A block of a complete message. */
function readBlock(block: unknown, state: State): readonly StreamEvent[] {
  return [...startBlock(block, 0, state), ...takeCall(0, state)];
}

function readDelta(delta: unknown, index: number, { calls }: State): readonly StreamEvent[] {
  const call = calls.get(index);
  if (call !== undefined) {
    call.json += textAt(delta, ["partial_json"]);
  }
  return deltas(textAt(delta, ["text"]), textAt(delta, ["thinking"]));
}

function deltas(text: string, thinking: string): ChatEvent[] {
  return [
    ...(thinking === "" ? [] : [{ kind: "reasoning-delta", text: thinking } as const]),
    ...(text === "" ? [] : [{ kind: "text-delta", text } as const]),
  ];
}

function takeCall(index: number, { calls }: State): ChatEvent[] {
  const call = calls.get(index);
  if (call === undefined) {
    return [];
  }
  calls.delete(index);
  const { id, name, json } = call;
  const identity = id === "" ? {} : { id };
  return [{ kind: "tool-call", ...identity, name, arguments: json === "" ? "{}" : json }];
}

/** Later counts replace earlier ones; what is not repeated, is `null` or has become 0 stays. */
function addUsage(state: State, holder: unknown): void {
  if (isJsonObject(holder) && isJsonObject(holder.usage)) {
    const counted = Object.entries(holder.usage).filter(([, count]) => Boolean(count));
    state.usage = { ...state.usage, ...Object.fromEntries(counted) };
  }
}

/** The end of the answer; what is counted after it is told anew. */
function finish(reason: string, state: State): ChatEvent[] {
  const event = reason === "" ? [] : [finishEvent(reason)];
  state.isFinished ||= reason !== "";
  return state.isFinished ? [...event, usageOf(state)] : [];
}

function finishEvent(reason: string): ChatEvent {
  const known = Object.hasOwn(FINISH_REASONS, reason) ? FINISH_REASONS[reason] : undefined;
  return {
    kind: "finish",
    reason: known ?? "other",
    ...(known === undefined ? { said: reason } : {}),
  };
}

function usageOf({ usage }: State): ChatEvent {
  const cached = numberAt(usage, ["cache_read_input_tokens"]);
  const created = numberAt(usage, ["cache_creation_input_tokens"]);
  return {
    kind: "usage",
    usage: {
      // The server counts the cached part apart.
      inputTokens: numberAt(usage, ["input_tokens"]) + cached + created,
      outputTokens: numberAt(usage, ["output_tokens"]),
      ...(cached === 0 ? {} : { cachedInputTokens: cached }),
    },
  };
}
