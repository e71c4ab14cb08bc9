import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import type { AnswerPart, StreamReader, WireEvent } from "../chat-event.ts";
import { readAnswer } from "../read-answer.ts";
import { itemsAt, numberAt, textAt } from "../read-json.ts";

type OpenCall = { id: string; name: string; json: string };

/** What is known of a message while its events arrive. */
type State = {
  readonly calls: Map<number, OpenCall>;
  /** The blocks that deltas came for. */
  readonly begun: Set<number>;
  hasText: boolean;
  hasReasoning: boolean;
  hasCalls: boolean;
  /** The blocks of a message that was whole when it started. */
  start: readonly unknown[];
  usage: JsonObject;
  isFinished: boolean;
};

/**
 * Reads the events of an Anthropic stream by their `type`, with or without `event:` lines, or one
 * complete message (`reference/wire-protocols.md` §2). `ping` and unknown types are passed over.
 */
export function createAnthropicReader(): StreamReader {
  const state: State = {
    calls: new Map(),
    begun: new Set(),
    hasText: false,
    hasReasoning: false,
    hasCalls: false,
    start: [],
    usage: {},
    isFinished: false,
  };
  return readAnswer({
    protocol: "anthropic",
    afterwordMs: 2000,
    openCalls: () => [...state.calls.keys()].flatMap((index) => takeCall(index, state)),
    read: (event) => readEvent(event, state),
  });
}

function readEvent(event: JsonObject, state: State): readonly WireEvent[] {
  const index = numberAt(event, ["index"]);
  switch (event.type) {
    case "message_start":
      addUsage(state, event.message);
      state.start = itemsAt(event, ["message", "content"]);
      return [];
    case "content_block_start":
      // After deltas it repeats them.
      return state.begun.has(index) ? [] : startBlock(event.content_block, index, state);
    case "content_block_delta":
      return readDelta(event.delta, index, state);
    case "content_block_stop":
      return takeCall(index, state);
    case "message_delta":
      addUsage(state, event);
      return [...readStart(state), ...finish(textAt(event, ["delta", "stop_reason"]), state)];
    case "message_stop":
      return [...readStart(state), { kind: "end" }];
    case "message":
      addUsage(state, event);
      return [
        ...readBlocks(itemsAt(event, ["content"]), state),
        ...finish(textAt(event, ["stop_reason"]), state),
      ];
    default:
      return [];
  }
}

function startBlock(block: unknown, index: number, state: State): readonly WireEvent[] {
  if (textAt(block, ["type"]) === "tool_use") {
    state.calls.set(index, openCall(block));
    state.hasCalls = true;
    return [{ kind: "piece" }];
  }
  return deltas(textAt(block, ["text"]), textAt(block, ["thinking"]), state);
}

function openCall(block: unknown): OpenCall {
  const input = isJsonObject(block) && isJsonObject(block.input) ? block.input : {};
  const json = Object.keys(input).length === 0 ? "" : JSON.stringify(input);
  return { id: textAt(block, ["id"]), name: textAt(block, ["name"]), json };
}

/** A message as a whole, which repeats what came before in pieces, where some did. */
function readBlocks(blocks: readonly unknown[], state: State): readonly WireEvent[] {
  const before = { ...state };
  return blocks.flatMap((block) => readBlock(block, before, state));
}

function readStart(state: State): readonly WireEvent[] {
  const { start } = state;
  state.start = [];
  return readBlocks(start, state);
}

/** A block of a complete message, but for what was told before. */
function readBlock(block: unknown, before: State, state: State): readonly WireEvent[] {
  if (textAt(block, ["type"]) === "tool_use") {
    state.hasCalls = true;
    return before.hasCalls ? [] : takeCall(0, { calls: new Map([[0, openCall(block)]]) });
  }
  const text = before.hasText ? "" : textAt(block, ["text"]);
  return deltas(text, before.hasReasoning ? "" : textAt(block, ["thinking"]), state);
}

function readDelta(delta: unknown, index: number, state: State): readonly WireEvent[] {
  state.begun.add(index);
  const call = state.calls.get(index);
  if (call !== undefined) {
    call.json += textAt(delta, ["partial_json"]);
    return [{ kind: "piece" }];
  }
  return deltas(textAt(delta, ["text"]), textAt(delta, ["thinking"]), state);
}

function deltas(
  text: string,
  thinking: string,
  state: Pick<State, "hasText" | "hasReasoning">,
): WireEvent[] {
  state.hasText ||= text !== "";
  state.hasReasoning ||= thinking !== "";
  return [
    ...(thinking === "" ? [] : [{ kind: "reasoning-delta", text: thinking } as const]),
    ...(text === "" ? [] : [{ kind: "text-delta", text } as const]),
  ];
}

function takeCall(index: number, { calls }: Pick<State, "calls">): AnswerPart[] {
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
function finish(word: string, state: State): WireEvent[] {
  const event = word === "" ? [] : [{ kind: "finish-word", word } as const];
  state.isFinished ||= word !== "";
  return state.isFinished ? [...event, usageOf(state)] : [];
}

function usageOf({ usage }: State): AnswerPart {
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
