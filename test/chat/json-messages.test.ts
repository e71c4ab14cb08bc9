import { describe, expect, test } from "bun:test";
import {
  beginMessages,
  endMessages,
  eventMessages,
  type JsonMessage,
  type JsonState,
} from "../../src/chat/json-messages.ts";
import type { Ending } from "../../src/chat/reporter.ts";
import { AuthError, UnreachableError } from "../../src/errors.ts";
import type { ChatEvent } from "../../src/protocols/chat-event.ts";

const DONE: Ending = { kind: "done", finish: "stop", usage: undefined };
const SUCCESS: JsonMessage = {
  type: "result",
  subtype: "success",
  is_error: false,
  retries: 0,
  duration_ms: 7,
};

/** All messages of an answer. */
function messagesOf(events: readonly ChatEvent[], ending = DONE): readonly JsonMessage[] {
  const state: JsonState = {
    hasBegun: false,
    model: "m",
    block: undefined,
    index: 0,
    text: "",
    retries: 0,
  };
  return [
    ...beginMessages(state),
    ...events.flatMap((event) => eventMessages(state, event)),
    ...endMessages(state, ending, 7),
  ];
}

/** The same without partial messages. */
function wholeMessagesOf(events: readonly ChatEvent[], ending = DONE): readonly JsonMessage[] {
  return messagesOf(events, ending).filter(({ type }) => type !== "stream_event");
}

function text(piece: string): ChatEvent {
  return { kind: "text-delta", text: piece };
}

function thought(piece: string): ChatEvent {
  return { kind: "reasoning-delta", text: piece };
}

function said(block: object): JsonMessage {
  return { type: "assistant", message: { role: "assistant", model: "m", content: [block] } };
}

function partial(event: object): JsonMessage {
  return { type: "stream_event", event };
}

const INIT: JsonMessage = { type: "system", subtype: "init", model: "m" };

describe("the messages of", () => {
  type Case = readonly [
    name: string,
    events: readonly ChatEvent[],
    blocks: readonly object[],
    result: string,
  ];
  const call = { kind: "tool-call", id: "c", name: "look", arguments: '{"at":1}' } as const;
  const cases: readonly Case[] = [
    ["nothing", [], [], ""],
    ["a text", [text("Hel"), text("lo")], [{ type: "text", text: "Hello" }], "Hello"],
    [
      "reasoning and a text",
      [thought("H"), thought("m"), text("Hi")],
      [
        { type: "thinking", thinking: "Hm" },
        { type: "text", text: "Hi" },
      ],
      "Hi",
    ],
    [
      "texts with reasoning between",
      [text("a"), thought("b"), text("c")],
      [
        { type: "text", text: "a" },
        { type: "thinking", thinking: "b" },
        { type: "text", text: "c" },
      ],
      "ac",
    ],
    [
      "a text and a tool call",
      [text("Hi"), call],
      [
        { type: "text", text: "Hi" },
        { type: "tool_use", id: "c", name: "look", input: { at: 1 } },
      ],
      "Hi",
    ],
    [
      "two tool calls, one without an id, one with broken arguments",
      [
        { ...call, arguments: "{at:" },
        { kind: "tool-call", name: "see", arguments: "[]" },
      ],
      [
        { type: "tool_use", id: "c", name: "look", input: "{at:" },
        { type: "tool_use", name: "see", input: [] },
      ],
      "",
    ],
  ];
  test.each(cases)("%s", (_name, events, blocks, result) => {
    expect(wholeMessagesOf(events)).toEqual([
      INIT,
      ...blocks.map(said),
      { ...SUCCESS, result, stop_reason: "stop" },
    ]);
  });
});

test("partial messages stand in the order that the Messages API has", () => {
  const events: readonly ChatEvent[] = [
    thought("Hm"),
    text("Hel"),
    text("lo"),
    { kind: "tool-call", id: "c", name: "look", arguments: "{}" },
    { kind: "finish", reason: "tool-calls" },
  ];
  const call = { type: "tool_use", id: "c", name: "look", input: {} };
  expect(messagesOf(events)).toEqual([
    INIT,
    partial({
      type: "message_start",
      message: { role: "assistant", model: "m", content: [] },
    }),
    partial({
      type: "content_block_start",
      index: 0,
      content_block: { type: "thinking", thinking: "" },
    }),
    partial({
      type: "content_block_delta",
      index: 0,
      delta: { type: "thinking_delta", thinking: "Hm" },
    }),
    partial({ type: "content_block_stop", index: 0 }),
    said({ type: "thinking", thinking: "Hm" }),
    partial({ type: "content_block_start", index: 1, content_block: { type: "text", text: "" } }),
    partial({ type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Hel" } }),
    partial({ type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "lo" } }),
    partial({ type: "content_block_stop", index: 1 }),
    said({ type: "text", text: "Hello" }),
    partial({ type: "content_block_start", index: 2, content_block: call }),
    partial({ type: "content_block_stop", index: 2 }),
    said(call),
    partial({ type: "message_stop" }),
    { ...SUCCESS, result: "Hello", stop_reason: "stop" },
  ]);
});

describe("the result", () => {
  const usage = { inputTokens: 15, outputTokens: 3 };
  const counts = { input_tokens: 15, output_tokens: 3, total_tokens: 18 };
  const cases: readonly (readonly [name: string, ending: Ending, result: object])[] = [
    [
      "counts tokens",
      { kind: "done", finish: "length", usage },
      { ...SUCCESS, result: "Hi", stop_reason: "length", usage: counts },
    ],
    [
      "counts cached ones and reasoning apart",
      {
        kind: "done",
        finish: "tool-calls",
        usage: { ...usage, cachedInputTokens: 4, reasoningTokens: 1 },
      },
      {
        ...SUCCESS,
        result: "Hi",
        stop_reason: "tool_calls",
        usage: { ...counts, cache_read_input_tokens: 4, reasoning_tokens: 1 },
      },
    ],
    [
      "leaves out what is not known",
      { kind: "done", finish: undefined, usage: undefined },
      { ...SUCCESS, result: "Hi" },
    ],
    [
      "of a failure keeps the text",
      { kind: "failed", error: new UnreachableError("Cannot ask: cut", { code: "stream-cut" }) },
      {
        type: "result",
        subtype: "error_during_execution",
        is_error: true,
        error: { code: "stream-cut", message: "Cannot ask: cut", exitCode: 5 },
        partial_result: "Hi",
        retries: 0,
        duration_ms: 7,
      },
    ],
  ];
  test.each(cases)("%s", (_name, ending, result) => {
    expect<object[]>([...wholeMessagesOf([text("Hi")], ending)]).toEqual([
      INIT,
      said({ type: "text", text: "Hi" }),
      result,
    ]);
  });

  test("of a failure says what to do, and has no text where none came", () => {
    const error = new AuthError("Cannot ask: no", { code: "key-rejected", hint: "do this" });
    expect(wholeMessagesOf([], { kind: "failed", error }).at(-1)).toEqual({
      type: "result",
      subtype: "error_during_execution",
      is_error: true,
      error: { code: "key-rejected", message: "Cannot ask: no", hint: "do this", exitCode: 4 },
      retries: 0,
      duration_ms: 7,
    });
  });
});
