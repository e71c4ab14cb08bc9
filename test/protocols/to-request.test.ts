import { describe, expect, test } from "bun:test";
import { toAnthropicRequest } from "../../src/protocols/anthropic/to-request.ts";
import type { ChatRequest } from "../../src/protocols/chat-request.ts";
import { toGeminiRequest } from "../../src/protocols/gemini/to-request.ts";
import { toOpenaiRequest } from "../../src/protocols/openai/to-request.ts";

const REQUEST: ChatRequest = {
  model: "m",
  system: "Be brief",
  messages: [
    { role: "user", text: "Hi" },
    { role: "assistant", text: "Hello" },
    { role: "user", text: "Bye" },
  ],
};

describe("toOpenaiRequest()", () => {
  test("streams, with usage", () => {
    expect(toOpenaiRequest(REQUEST)).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "Be brief" },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello" },
        { role: "user", content: "Bye" },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test("takes sampling parameters verbatim, and `extra_body` over them", () => {
    const body = toOpenaiRequest({
      ...REQUEST,
      samplingParams: { top_k: 5, weird_param: "x", max_tokens: 7 },
      extraBody: { top_k: 9, enable_thinking: true },
      effort: "high",
    });
    expect(body).toMatchObject({
      top_k: 9,
      weird_param: "x",
      max_tokens: 7,
      enable_thinking: true,
      reasoning: { effort: "high" },
    });
  });
});

describe("toAnthropicRequest()", () => {
  test("names a limit always", () => {
    expect(toAnthropicRequest(REQUEST)).toEqual({
      model: "m",
      system: "Be brief",
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello" },
        { role: "user", content: "Bye" },
      ],
      max_tokens: 8192,
      stream: true,
    });
  });

  const thinking: readonly (readonly [Partial<ChatRequest>, object])[] = [
    [
      { effort: "low" },
      { max_tokens: 24_192, thinking: { type: "enabled", budget_tokens: 16_000 } },
    ],
    [
      { effort: "high", samplingParams: { max_tokens: 8000 } },
      { max_tokens: 8000, thinking: { type: "enabled", budget_tokens: 7999 } },
    ],
    [{ effort: "high", samplingParams: { max_tokens: 777 } }, { max_tokens: 777 }],
    [
      { model: "claude-opus-4-7", effort: "low" },
      { max_tokens: 24_192, thinking: { type: "adaptive" } },
    ],
    [
      { model: "claude-sonnet-4-5-20250929", effort: "low" },
      { thinking: { type: "enabled", budget_tokens: 16_000 } },
    ],
  ];
  test.each(thinking)("thinks within its bounds: %j", (changes, expected) => {
    const body = toAnthropicRequest({ ...REQUEST, ...changes });
    expect(body).toMatchObject(expected);
    expect("thinking" in body).toBe("thinking" in expected);
  });

  test("maps sampling parameters, drops others, and those that thinking forbids", () => {
    const samplingParams = { temperature: 0.5, top_p: 0.9, top_k: 5, seed: 1 };
    expect(toAnthropicRequest({ ...REQUEST, samplingParams, extraBody: { x: 1 } })).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
    });
    const body = toAnthropicRequest({ ...REQUEST, samplingParams, effort: "low" });
    expect(Object.keys(body)).not.toContain("temperature");
    expect(Object.keys(body)).not.toContain("top_k");
    expect(Object.keys(body)).not.toContain("seed");
  });
});

describe("toGeminiRequest()", () => {
  test("calls the assistant a model", () => {
    expect(toGeminiRequest(REQUEST)).toEqual({
      contents: [
        { role: "user", parts: [{ text: "Hi" }] },
        { role: "model", parts: [{ text: "Hello" }] },
        { role: "user", parts: [{ text: "Bye" }] },
      ],
      systemInstruction: { role: "user", parts: [{ text: "Be brief" }] },
    });
  });

  test("maps sampling parameters and effort", () => {
    const samplingParams = { max_tokens: 9, top_p: 1, frequency_penalty: 0.1, seed: 1 };
    expect(toGeminiRequest({ ...REQUEST, samplingParams, effort: "high" })).toMatchObject({
      generationConfig: {
        maxOutputTokens: 9,
        topP: 1,
        frequencyPenalty: 0.1,
        thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
      },
    });
  });
});
