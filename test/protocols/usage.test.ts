import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import { createAnthropicReader } from "../../src/protocols/anthropic/from-event.ts";
import type { StreamReader, Usage } from "../../src/protocols/chat-event.ts";
import { createOpenaiReader } from "../../src/protocols/openai/from-event.ts";

const END = { isWhole: false, stray: undefined };

/** The last counts that a reader tells of. */
function usageOf(reader: StreamReader, events: readonly JsonObject[]) {
  const told = [
    ...events.flatMap((event) => reader.read(JSON.stringify(event))),
    ...reader.end(END),
  ];
  return told.findLast((event) => event.kind === "usage")?.usage;
}

const COUNTED = { prompt_tokens: 7, completion_tokens: 3 };
const PLAIN = { inputTokens: 7, outputTokens: 3 };

describe("the tokens of an OpenAI-compatible answer", () => {
  const choice = { index: 0, delta: { content: "a" }, finish_reason: "stop" };
  test.each<[name: string, chunk: JsonObject, usage: Usage | undefined]>([
    ["are those of the chunk", { choices: [choice], usage: COUNTED }, PLAIN],
    ["stand in a choice", { choices: [{ ...choice, usage: COUNTED }] }, PLAIN],
    ["stand in Groq's field", { choices: [choice], x_groq: { id: "r", usage: COUNTED } }, PLAIN],
    [
      "have Anthropic's names",
      { choices: [choice], usage: { input_tokens: 7, output_tokens: 3 } },
      PLAIN,
    ],
    [
      "are the chunk's where a choice has others",
      { choices: [{ ...choice, usage: { prompt_tokens: 1 } }], usage: COUNTED },
      PLAIN,
    ],
    [
      "may be of one kind alone",
      { choices: [choice], usage: { prompt_tokens: 7 } },
      { inputTokens: 7, outputTokens: 0 },
    ],
    [
      "are told with those that were kept, and with those of thoughts",
      {
        choices: [choice],
        usage: {
          ...COUNTED,
          prompt_tokens_details: { cached_tokens: 5 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      },
      { ...PLAIN, cachedInputTokens: 5, reasoningTokens: 2 },
    ],
    [
      "are kept in Moonshot's way",
      { choices: [choice], usage: { ...COUNTED, cached_tokens: 4 } },
      { ...PLAIN, cachedInputTokens: 4 },
    ],
    [
      "are kept in DeepSeek's way",
      { choices: [choice], usage: { ...COUNTED, prompt_cache_hit_tokens: 6 } },
      { ...PLAIN, cachedInputTokens: 6 },
    ],
    [
      "are none where none is counted",
      { choices: [choice], usage: { prompt_tokens: 0, completion_tokens: 0, characters: 9 } },
      undefined,
    ],
    ["are none where nothing is said", { choices: [choice], x_groq: { id: "r" } }, undefined],
  ])("%s", (_name, chunk, usage) => {
    expect(usageOf(createOpenaiReader(), [chunk])).toEqual(usage);
  });
});

describe("the tokens of an Anthropic answer", () => {
  const text = [
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } },
  ];
  const start = (usage: JsonObject) => ({ type: "message_start", message: { usage } });
  const end = (usage?: JsonObject) => ({
    type: "message_delta",
    delta: { stop_reason: "end_turn" },
    ...(usage === undefined ? {} : { usage }),
  });
  test.each<[name: string, events: readonly JsonObject[], usage: Usage]>([
    [
      "are those of its beginning and of its end",
      [start({ input_tokens: 7, output_tokens: 1 }), ...text, end({ output_tokens: 3 })],
      PLAIN,
    ],
    [
      "of its end go before those of its beginning, but for a 0",
      [start({ input_tokens: 7 }), ...text, end({ input_tokens: 0, output_tokens: 3 })],
      PLAIN,
    ],
    [
      "count what was kept and what was written apart",
      [
        start({ input_tokens: 2, cache_read_input_tokens: 4, cache_creation_input_tokens: 1 }),
        ...text,
        end({ output_tokens: 3 }),
      ],
      { ...PLAIN, cachedInputTokens: 4 },
    ],
    [
      "are those of a whole message",
      [
        {
          type: "message",
          content: [{ type: "text", text: "a" }],
          stop_reason: "end_turn",
          usage: { input_tokens: 7, output_tokens: 3 },
        },
      ],
      PLAIN,
    ],
    ["may be said nowhere", [start({}), ...text, end()], { inputTokens: 0, outputTokens: 0 }],
  ])("%s", (_name, events, usage) => {
    expect(usageOf(createAnthropicReader(), events)).toEqual(usage);
  });
});
