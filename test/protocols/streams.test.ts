import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { createAnthropicReader } from "../../src/protocols/anthropic/from-event.ts";
import type { FinishReason, StreamEvent } from "../../src/protocols/chat-event.ts";
import { createGeminiReader } from "../../src/protocols/gemini/from-event.ts";
import { createOpenaiReader } from "../../src/protocols/openai/from-event.ts";
import { createEventReader } from "../../src/protocols/server-sent-events.ts";

const DIRECTORY = join(import.meta.dir, "..", "fixtures", "sse");
const FILES = readdirSync(DIRECTORY);

function readerFor(file: string) {
  if (file.includes("anthropic")) {
    return createAnthropicReader();
  }
  return file.includes("gemini") ? createGeminiReader() : createOpenaiReader();
}

/** The events of a stream that arrives in these pieces; deltas that touch are put together. */
function eventsOf(file: string, pieces: readonly Uint8Array[]): StreamEvent[] {
  const reader = readerFor(file);
  const frames = createEventReader();
  const all = [...pieces.flatMap((piece) => frames.push(piece)), ...frames.end()];
  const events = [
    ...all.flatMap((data) => reader.read(data)),
    ...reader.end({ isWhole: false, stray: undefined }),
  ];
  const joined: StreamEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (last !== undefined && "text" in last && "text" in event && last.kind === event.kind) {
      joined.splice(-1, 1, { ...event, text: last.text + event.text });
    } else {
      joined.push(event);
    }
  }
  return joined;
}

function split(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function bytesOf(file: string): Uint8Array {
  return readFileSync(join(DIRECTORY, file));
}

describe("a stream gives the same events however its bytes arrive:", () => {
  test.each(FILES)("%s", (file) => {
    const bytes = bytesOf(file);
    const whole = eventsOf(file, [bytes]);
    expect(whole.length).toBeGreaterThan(0);
    for (const size of [1, 7]) {
      expect(eventsOf(file, split(bytes, size))).toEqual(whole);
    }
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (positions) => {
        const edges = [0, ...positions.sort((left, right) => left - right), bytes.length];
        const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(eventsOf(file, pieces)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });
});

describe("every variant of a protocol says the same:", () => {
  const usage = { inputTokens: 11, outputTokens: 3, cachedInputTokens: 4 };
  const thought: readonly StreamEvent[] = [
    { kind: "reasoning-delta", text: "thinking" },
    { kind: "text-delta", text: "Hello" },
    { kind: "finish", reason: "stop" },
  ];
  const expected: Readonly<Record<string, readonly StreamEvent[]>> = {
    openai: [...thought, { kind: "usage", usage: { ...usage, reasoningTokens: 1 } }],
    anthropic: [
      ...thought.slice(0, 2),
      { kind: "finish", reason: "stop", said: "end_turn" },
      { kind: "usage", usage: { ...usage, inputTokens: 15 } },
    ],
    gemini: [
      ...thought,
      { kind: "usage", usage: { ...usage, outputTokens: 4, reasoningTokens: 1 } },
    ],
  };
  const same = FILES.filter((file) =>
    /^synthetic-(openai|anthropic|gemini)-(plain|crlf|cr|bom|comments|multidata|nospace|nofinalblank|noeventline)\./.test(
      file,
    ),
  );

  test.each(same)("%s", (file) => {
    const [, protocol = ""] = file.split("-");
    expect(eventsOf(file, [bytesOf(file)])).toEqual([...(expected[protocol] ?? [])]);
  });

  test("there are such files", () => {
    expect(same.length).toBeGreaterThan(20);
  });
});

describe("what goes wrong inside a stream is told apart, and what came before stays:", () => {
  const failures: readonly (readonly [file: string, text: string, failure: object])[] = [
    ["synthetic-anthropic-miderror", "Hello", { reason: "server-error", code: "overloaded_error" }],
    ["synthetic-gemini-miderror", "Hel", { reason: "server-error", code: "503" }],
    ["synthetic-openrouter-miderror", "He", { reason: "server-error", code: "server_error" }],
    ["synthetic-vllm-error", "", { reason: "server-error", message: "boom", code: "400" }],
    ["synthetic-gemini-promptblock", "", { reason: "blocked", code: "SAFETY" }],
  ];
  test.each(failures)("%s", (name, text, failure) => {
    const file = `${name}.txt`;
    const events = eventsOf(file, [bytesOf(file)]);
    const said = events.map((event) => (event.kind === "text-delta" ? event.text : "")).join("");
    expect(said).toBe(text);
    expect(events.find(({ kind }) => kind === "failure")).toMatchObject(failure);
  });

  test.each(["openai", "anthropic", "gemini"])("a broken chunk of %s", (protocol) => {
    const file = `synthetic-${protocol}-malformed.txt`;
    const events = eventsOf(file, [bytesOf(file)]);
    expect(events.find(({ kind }) => kind === "failure")).toMatchObject({ reason: "malformed" });
  });

  test.each(["openai", "anthropic", "gemini"])(
    "a stream of %s that is cut or empty",
    (protocol) => {
      const file = `synthetic-${protocol}-plain.txt`;
      const bytes = bytesOf(file);
      for (const length of [0, Math.floor(bytes.length / 2)]) {
        const events = eventsOf(file, [bytes.subarray(0, length)]);
        expect(events.at(-1)).toMatchObject({ kind: "failure", reason: "ended-early" });
      }
    },
  );
});

describe("a tool call arrives whole:", () => {
  test.each(["openai", "anthropic", "gemini"])("%s", (provider) => {
    const file = `peer-${provider}-tool.txt`;
    const events = eventsOf(file, [bytesOf(file)]);
    const call = events.find((event) => event.kind === "tool-call");
    expect(call).toMatchObject({ name: "get_weather" });
    expect(JSON.parse(call?.kind === "tool-call" ? call.arguments : "")).toEqual({ city: "Paris" });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: "finish", reason: "tool-calls" }),
    );
  });

  test("two at once, their parts mixed", () => {
    const file = "synthetic-openai-tools-parallel.txt";
    const calls = eventsOf(file, [bytesOf(file)]).filter(({ kind }) => kind === "tool-call");
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(() => JSON.parse(call.kind === "tool-call" ? call.arguments : "")).not.toThrow();
    }
  });
});

describe("one complete answer instead of a stream is read, too:", () => {
  const said = (reader: ReturnType<typeof createOpenaiReader>, answer: object) => [
    ...reader.read(JSON.stringify(answer)),
    ...reader.end({ isWhole: true, stray: undefined }),
  ];

  test("OpenAI", () => {
    const message = { role: "assistant", content: "Hi" };
    const answer = {
      choices: [{ index: 0, message, finish_reason: "length" }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    };
    expect(said(createOpenaiReader(), answer)).toEqual([
      { kind: "text-delta", text: "Hi" },
      { kind: "finish", reason: "length" },
      { kind: "usage", usage: { inputTokens: 1, outputTokens: 2 } },
    ]);
  });

  test("Anthropic", () => {
    const content = [
      { type: "thinking", thinking: "Hm" },
      { type: "text", text: "Hi" },
      { type: "tool_use", id: "t", name: "f", input: { a: 1 } },
    ];
    const usage = { input_tokens: 1, output_tokens: 2 };
    expect(
      said(createAnthropicReader(), { type: "message", content, stop_reason: "tool_use", usage }),
    ).toEqual([
      { kind: "reasoning-delta", text: "Hm" },
      { kind: "text-delta", text: "Hi" },
      { kind: "tool-call", id: "t", name: "f", arguments: '{"a":1}' },
      { kind: "finish", reason: "tool-calls", said: "tool_use" },
      { kind: "usage", usage: { inputTokens: 1, outputTokens: 2 } },
    ]);
  });
});

describe("an error in place of an answer is told in the server's words:", () => {
  const cases: readonly (readonly [name: string, event: object, failure: object])[] = [
    [
      "Z.AI",
      { code: 500, msg: "404 NOT_FOUND", success: false },
      { reason: "not-an-api", code: "500", message: "404 NOT_FOUND" },
    ],
    [
      "DashScope",
      { code: "InvalidParameter", message: "no", request_id: "r" },
      { reason: "server-error", code: "InvalidParameter", message: "no" },
    ],
    [
      "MiniMax",
      { choices: null, base_resp: { status_code: 1008, status_msg: "insufficient balance" } },
      { reason: "server-error", code: "1008", message: "insufficient balance" },
    ],
  ];
  test.each(cases)("%s", (_name, event, failure) => {
    for (const reader of [createOpenaiReader(), createAnthropicReader(), createGeminiReader()]) {
      const told = reader.read(JSON.stringify(event));
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({ kind: "failure", ...failure });
    }
  });

  test("but a code in every answer is no error", () => {
    const choices = [{ index: 0, delta: { content: "Hi" } }];
    const base_resp = { status_code: 0, status_msg: "" };
    for (const code of [0, 200, "ok"]) {
      const chunk = { code, message: "Success", choices, base_resp };
      expect(createOpenaiReader().read(JSON.stringify(chunk))).toEqual([
        { kind: "text-delta", text: "Hi" },
      ]);
    }
    expect(createOpenaiReader().read('{"code":0,"message":"Success"}')).toEqual([]);
  });
});

describe("tokens are counted", () => {
  const kinds = (events: readonly StreamEvent[]) =>
    events.flatMap((event) => (event.kind === "usage" ? [event.usage] : []));
  const read = (reader: ReturnType<typeof createOpenaiReader>, ...events: readonly object[]) =>
    kinds(events.flatMap((event) => reader.read(JSON.stringify(event)))).at(-1);

  test("by what Anthropic counted first, where it later says nothing", () => {
    const start = {
      type: "message_start",
      message: { usage: { input_tokens: 9, output_tokens: 1 } },
    };
    const nothing = { input_tokens: null, cache_read_input_tokens: null };
    for (const counts of [nothing, { input_tokens: 0 }, {}]) {
      const usage = { ...counts, output_tokens: 5 };
      const end = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage };
      expect(read(createAnthropicReader(), start, end)).toEqual({
        inputTokens: 9,
        outputTokens: 5,
      });
    }
  });

  test("where Anthropic's count follows the end", () => {
    const end = { type: "message_delta", delta: { stop_reason: "end_turn" } };
    const count = {
      type: "message_delta",
      delta: {},
      usage: { input_tokens: 3, output_tokens: 2 },
    };
    expect(read(createAnthropicReader(), end, count)).toEqual({ inputTokens: 3, outputTokens: 2 });
  });

  test("where Gemini's count follows the end", () => {
    const end = { candidates: [{ content: { parts: [{ text: "Hi" }] }, finishReason: "STOP" }] };
    const count = { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 } };
    expect(read(createGeminiReader(), end, count)).toEqual({ inputTokens: 3, outputTokens: 2 });
  });
});

describe("an answer finishes as", () => {
  const openai = (finish_reason: string) =>
    createOpenaiReader().read(
      JSON.stringify({ choices: [{ index: 0, delta: { content: "Hi" }, finish_reason }] }),
    );
  const anthropic = (stop_reason: string) => {
    const reader = createAnthropicReader();
    const delta = { type: "text_delta", text: "Hi" };
    return [
      ...reader.read(JSON.stringify({ type: "content_block_delta", index: 0, delta })),
      ...reader.read(JSON.stringify({ type: "message_delta", delta: { stop_reason } })),
    ];
  };
  const gemini = (finishReason: string, parts: readonly object[] = [{ text: "Hi" }]) =>
    createGeminiReader().read(
      JSON.stringify({ candidates: [{ content: { parts }, finishReason }] }),
    );
  const finish = (reason: FinishReason, said?: string): StreamEvent => ({
    kind: "finish",
    reason,
    ...(said === undefined ? {} : { said }),
  });
  const broken = (code: string): StreamEvent => ({
    kind: "failure",
    reason: "broken-off",
    message: "the service broke the answer off",
    code,
  });

  test.each([
    ["STOP of a gateway", openai("STOP"), finish("stop")],
    ["end_turn of a gateway", openai("end_turn"), finish("stop", "end_turn")],
    ["MAX_TOKENS of a gateway", openai("MAX_TOKENS"), finish("length", "MAX_TOKENS")],
    ["model_length of Mistral", openai("model_length"), finish("length", "model_length")],
    ["sensitive of Z.AI", openai("sensitive"), finish("content-filter", "sensitive")],
    ["repetition of vLLM", openai("repetition"), finish("other", "repetition")],
    [
      "a full context",
      anthropic("model_context_window_exceeded"),
      finish("length", "model_context_window_exceeded"),
    ],
    ["pause_turn of Anthropic", anthropic("pause_turn"), finish("other", "pause_turn")],
    ["OTHER of Gemini behind text", gemini("OTHER"), finish("other", "OTHER")],
    ["SAFETY of Gemini", gemini("SAFETY"), finish("content-filter", "SAFETY")],
    ["error of OpenRouter", openai("error"), broken("error")],
    ["network_error of Z.AI", openai("network_error"), broken("network_error")],
    [
      "insufficient_system_resource of DeepSeek",
      openai("insufficient_system_resource"),
      broken("insufficient_system_resource"),
    ],
    ["abort of vLLM and SGLang", openai("abort"), broken("abort")],
    ["TIMEOUT of Cohere", openai("TIMEOUT"), broken("TIMEOUT")],
    ["OTHER of Gemini without text", gemini("OTHER", []), broken("OTHER")],
    [
      "MALFORMED_FUNCTION_CALL of Gemini without text",
      gemini("MALFORMED_FUNCTION_CALL", []),
      broken("MALFORMED_FUNCTION_CALL"),
    ],
  ])("%s", (_name, events, event) => {
    expect(events.find(({ kind }) => kind === "finish" || kind === "failure")).toEqual(event);
  });
});

test("an error as a string, as the Coding Plan sends it, keeps its words", () => {
  expect(createOpenaiReader().read('{"error":"only for Coding Agents"}')).toEqual([
    {
      kind: "failure",
      reason: "server-error",
      message: "only for Coding Agents",
      event: { error: "only for Coding Agents" },
    },
  ]);
});

test("createEventReader() refuses a line that never ends", () => {
  const frames = createEventReader();
  const piece = new Uint8Array(1024 * 1024).fill(97);
  expect(() => {
    for (let count = 0; count < 9; count += 1) {
      frames.push(piece);
    }
  }).toThrow(RangeError);
});
