import { describe, expect, test } from "bun:test";
import type Anthropic from "@anthropic-ai/sdk";
import { type GenerateContentParameters, GoogleGenAI, ThinkingLevel } from "@google/genai";
import type OpenAI from "openai";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import { toAnthropicRequest } from "../../src/protocols/anthropic/to-request.ts";
import type { ChatRequest } from "../../src/protocols/chat-request.ts";
import { toGeminiRequest } from "../../src/protocols/gemini/to-request.ts";
import { toOpenaiRequest } from "../../src/protocols/openai/to-request.ts";
import { GEMINI } from "../support/model-answers.ts";
import { answer, scriptedServer } from "../support/scripted-server.ts";

/**
 * The bodies are written as the types of the vendors' SDKs allow them (`satisfies`, checked by
 * tsc), and ours are the same.
 */
const PLAIN: ChatRequest = { model: "m", messages: [{ role: "user", text: "Hi" }] };

const CONVERSATION: ChatRequest = {
  model: "m",
  system: "Be brief",
  messages: [
    { role: "user", text: "Hi" },
    { role: "assistant", text: "Hello" },
    { role: "user", text: "Bye" },
  ],
};

const SAMPLED: ChatRequest = {
  ...PLAIN,
  samplingParams: { max_tokens: 64, temperature: 0.5, top_p: 0.9 },
};

const TURNS = [
  { role: "user", content: "Hi" },
  { role: "assistant", content: "Hello" },
  { role: "user", content: "Bye" },
] as const;

type OpenaiBody = OpenAI.Chat.ChatCompletionCreateParamsStreaming;
type AnthropicBody = Anthropic.MessageCreateParamsStreaming;

describe("toOpenaiRequest() makes what the SDK's types allow of", () => {
  const streamed = { model: "m", stream: true, stream_options: { include_usage: true } } as const;
  const rows = [
    {
      name: "a prompt",
      request: PLAIN,
      body: { ...streamed, messages: [{ role: "user", content: "Hi" }] } satisfies OpenaiBody,
    },
    {
      name: "a conversation",
      request: CONVERSATION,
      body: {
        ...streamed,
        messages: [{ role: "system", content: "Be brief" }, ...TURNS],
      } satisfies OpenaiBody,
    },
    {
      name: "sampling parameters",
      request: SAMPLED,
      body: {
        ...streamed,
        messages: [{ role: "user", content: "Hi" }],
        max_tokens: 64,
        temperature: 0.5,
        top_p: 0.9,
      } satisfies OpenaiBody,
    },
    {
      name: "an extra body",
      request: { ...PLAIN, extraBody: { reasoning_effort: "high", seed: 7 } },
      body: {
        ...streamed,
        messages: [{ role: "user", content: "Hi" }],
        reasoning_effort: "high",
        seed: 7,
      } satisfies OpenaiBody,
    },
  ];
  test.each(rows)("$name", ({ request, body }) => {
    expect(toOpenaiRequest(request, "https://api.openai.com/v1")).toEqual(body);
  });
});

describe("toAnthropicRequest() makes what the SDK's types allow of", () => {
  const hi = { model: "m", messages: [{ role: "user", content: "Hi" }], stream: true } as const;
  const rows = [
    {
      name: "a prompt",
      request: PLAIN,
      body: { ...hi, messages: [...hi.messages], max_tokens: 8192 } satisfies AnthropicBody,
    },
    {
      name: "a conversation",
      request: CONVERSATION,
      body: {
        ...hi,
        system: "Be brief",
        messages: [...TURNS],
        max_tokens: 8192,
      } satisfies AnthropicBody,
    },
    {
      name: "thinking with a budget",
      request: { ...PLAIN, reasoning: { kind: "on", effort: "low" } } as const,
      body: {
        ...hi,
        messages: [...hi.messages],
        max_tokens: 24_192,
        thinking: { type: "enabled", budget_tokens: 16_000 },
      } satisfies AnthropicBody,
    },
    {
      name: "thinking of a model that decides itself",
      request: {
        ...PLAIN,
        model: "claude-opus-4-7",
        reasoning: { kind: "on", effort: "low" },
      } as const,
      body: {
        ...hi,
        model: "claude-opus-4-7",
        messages: [...hi.messages],
        max_tokens: 24_192,
        thinking: { type: "adaptive" },
        output_config: { effort: "low" },
      } satisfies AnthropicBody,
    },
  ];
  test.each(rows)("$name", ({ request, body }) => {
    expect(toAnthropicRequest(request)).toEqual(body);
  });

  test("sampling parameters, which the newest version of the API has no more", () => {
    const sampled = toAnthropicRequest(SAMPLED);
    const { temperature, top_p, ...rest } = sampled;
    expect({ temperature, top_p }).toEqual({ temperature: 0.5, top_p: 0.9 });
    expect(rest).toEqual({
      ...hi,
      messages: [...hi.messages],
      max_tokens: 64,
    } satisfies AnthropicBody);
  });
});

/** The SDK has a form of its own for parameters: what it sends is the oracle. */
describe("toGeminiRequest() makes what the SDK sends for", () => {
  const hi = [{ role: "user", parts: [{ text: "Hi" }] }];
  const rows = [
    {
      name: "a prompt",
      request: PLAIN,
      parameters: { model: "m", contents: hi } satisfies GenerateContentParameters,
    },
    {
      name: "a conversation",
      request: CONVERSATION,
      parameters: {
        model: "m",
        contents: [
          { role: "user", parts: [{ text: "Hi" }] },
          { role: "model", parts: [{ text: "Hello" }] },
          { role: "user", parts: [{ text: "Bye" }] },
        ],
        config: { systemInstruction: "Be brief" },
      } satisfies GenerateContentParameters,
    },
    {
      name: "sampling parameters",
      request: { ...SAMPLED, samplingParams: { ...SAMPLED.samplingParams, top_k: 5 } },
      parameters: {
        model: "m",
        contents: hi,
        config: { maxOutputTokens: 64, temperature: 0.5, topP: 0.9, topK: 5 },
      } satisfies GenerateContentParameters,
    },
    {
      name: "penalties",
      request: { ...PLAIN, samplingParams: { frequency_penalty: 0.1, presence_penalty: 0.2 } },
      parameters: {
        model: "m",
        contents: hi,
        config: { frequencyPenalty: 0.1, presencePenalty: 0.2 },
      } satisfies GenerateContentParameters,
    },
    {
      name: "thinking",
      request: { ...PLAIN, reasoning: { kind: "on", effort: "high" } } as const,
      parameters: {
        model: "m",
        contents: hi,
        config: { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.HIGH } },
      } satisfies GenerateContentParameters,
    },
  ];
  test.each(rows)("$name", async ({ request, parameters }) => {
    const { origin, requests } = await scriptedServer(answer(200, GEMINI.finish));
    const client = new GoogleGenAI({ apiKey: "sk-0", httpOptions: { baseUrl: origin } });
    for await (const _ of await client.models.generateContentStream(parameters)) {
      // What it sent is all that is looked at.
    }
    expect(requests.map(({ path }) => path)).toEqual([GEMINI.chatPath]);
    expect(toGeminiRequest(request)).toEqual(withoutEmpty(JSON.parse(requests[0]?.body ?? "")));
  });
});

/** The SDK sends an empty `generationConfig`. */
function withoutEmpty(body: Record<string, object>): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => Object.keys(value).length > 0),
  );
}
