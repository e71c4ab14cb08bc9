import type { ChatEvent, FinishReason, Usage } from "../protocols/chat-event.ts";
import type { Ending } from "./reporter.ts";

/** A part of an assistant message. */
type Block =
  | { readonly type: "thinking"; readonly thinking: string }
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "tool_use";
      readonly id?: string;
      readonly name: string;
      readonly input: unknown;
    };

/** What has been said so far; the functions below change it. */
export type JsonState = {
  hasBegun: boolean;
  model: string;
  /** The block that is being said. */
  block: Block | undefined;
  index: number;
  /** The whole answer, without reasoning. */
  text: string;
  /** How often the service was asked once more. */
  retries: number;
};

/** One line of `stream-json`, but for the session's id. */
export type JsonMessage = {
  /** `stream_event` only with `--include-partial-messages`. */
  readonly type: "system" | "assistant" | "stream_event" | "result";
  readonly [field: string]: unknown;
};

export function beginMessages(state: JsonState): readonly JsonMessage[] {
  const { model } = state;
  state.hasBegun = true;
  const message = { role: "assistant", model, content: [] };
  return [{ type: "system", subtype: "init", model }, partial({ type: "message_start", message })];
}

/** The messages that one event leads to; an `assistant` message when a block is complete. */
export function eventMessages(state: JsonState, event: ChatEvent): readonly JsonMessage[] {
  switch (event.kind) {
    case "text-delta":
      state.text += event.text;
      return delta(state, "text", event.text);
    case "reasoning-delta":
      return delta(state, "thinking", event.text);
    case "thoughts-end":
      return endThoughts(state);
    case "tool-call": {
      const { id, name } = event;
      const input = parse(event.arguments);
      const block = { type: "tool_use", ...(id === undefined ? {} : { id }), name, input } as const;
      return [...openBlock(state, block, block), ...closeBlock(state)];
    }
    case "usage":
    case "finish":
      return [];
  }
}

/** The last messages, the `result` at the end of them. */
export function endMessages(
  state: JsonState,
  ending: Ending,
  durationMs: number,
): readonly JsonMessage[] {
  const stop = state.hasBegun ? [partial({ type: "message_stop" })] : [];
  return [
    ...closeBlock(state),
    ...stop,
    {
      type: "result",
      ...result(ending, state.text),
      retries: state.retries,
      duration_ms: durationMs,
    },
  ];
}

function result(ending: Ending, text: string): object {
  if (ending.kind === "failed") {
    const { code, message, hint, exitCode } = ending.error;
    return {
      subtype: "error_during_execution",
      is_error: true,
      error: { code, message, ...(hint === undefined ? {} : { hint }), exitCode },
      ...(text === "" ? {} : { partial_result: text }),
    };
  }
  const { finish, finishSaid, usage } = ending;
  return {
    subtype: "success",
    is_error: false,
    result: text,
    ...(finish === undefined ? {} : { stop_reason: stopReason(finish) }),
    ...(finishSaid === undefined ? {} : { stop_reason_raw: finishSaid }),
    ...(usage === undefined ? {} : { usage: usageFields(usage) }),
  };
}

function stopReason(finish: FinishReason): string {
  return finish.replace("-", "_");
}

function usageFields(usage: Usage): object {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cache_read_input_tokens: cachedInputTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoning_tokens: reasoningTokens }),
    total_tokens: inputTokens + outputTokens,
  };
}

function delta(state: JsonState, type: "text" | "thinking", piece: string): JsonMessage[] {
  const open =
    state.block?.type === type ? [] : openBlock(state, emptyBlock(type), emptyBlock(type));
  const { block } = state;
  if (block?.type === "text") {
    state.block = { ...block, text: block.text + piece };
  } else if (block?.type === "thinking") {
    state.block = { ...block, thinking: block.thinking + piece };
  }
  const change = { type: `${type}_delta`, [type]: piece };
  return [...open, partial({ type: "content_block_delta", index: state.index, delta: change })];
}

/** What was said as text was thought; deltas that were told of it stay as they are. */
function endThoughts(state: JsonState): JsonMessage[] {
  const { block } = state;
  state.text = "";
  if (block?.type === "text") {
    state.block = { type: "thinking", thinking: block.text };
  }
  return closeBlock(state);
}

function emptyBlock(type: "text" | "thinking"): Block {
  return type === "text" ? { type, text: "" } : { type, thinking: "" };
}

function openBlock(state: JsonState, block: Block, content_block: Block): JsonMessage[] {
  const closed = closeBlock(state);
  state.block = block;
  return [...closed, partial({ type: "content_block_start", index: state.index, content_block })];
}

function closeBlock(state: JsonState): JsonMessage[] {
  const { block, model, index } = state;
  if (block === undefined) {
    return [];
  }
  state.block = undefined;
  state.index += 1;
  const message = { role: "assistant", model, content: [block] };
  return [partial({ type: "content_block_stop", index }), { type: "assistant", message }];
}

function partial(event: object): JsonMessage {
  return { type: "stream_event", event };
}

/** Arguments of a tool are JSON; what a model got wrong is given as it is. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
