import { describe, expect, test } from "bun:test";
import { toAnthropicRequest } from "../../src/protocols/anthropic/to-request.ts";
import type { ChatRequest, Effort, Reasoning } from "../../src/protocols/chat-request.ts";
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

const ANYWHERE = "https://models.example/v1";
const LOW: Reasoning = { kind: "on", effort: "low" };
const HIGH: Reasoning = { kind: "on", effort: "high" };

describe("toOpenaiRequest() says how to think as the host wants it:", () => {
  const OFF: Reasoning = { kind: "off" };
  const on = (effort: Effort, budgetTokens?: number): Reasoning =>
    budgetTokens === undefined ? { kind: "on", effort } : { kind: "on", effort, budgetTokens };
  type Case = readonly [host: string, model: string, reasoning: Reasoning, fields: object];
  const cases: readonly Case[] = [
    ["dashscope.aliyuncs.com", "qwen-plus", on("high"), { enable_thinking: true }],
    ["dashscope-intl.aliyuncs.com", "qwen-plus", on("minimal"), { enable_thinking: true }],
    ["gw.alicloudapi.com", "qwen-plus", on("low"), { enable_thinking: true }],
    ["models.alibaba-inc.com", "qwen-plus", OFF, { enable_thinking: false }],
    ["models.aliyun-inc.com", "qwen-plus", on("low"), { enable_thinking: true }],
    ["alicloudapi.com.example", "m", on("low"), { reasoning: { effort: "low" } }],
    [
      "coding.dashscope.aliyuncs.com",
      "qwen3.5-plus",
      on("low", 2048),
      { enable_thinking: true, thinking_budget: 2048 },
    ],
    ["coding.dashscope.aliyuncs.com", "qwen3.5-plus", OFF, { enable_thinking: false }],
    ["api.openai.com", "gpt-5.1", on("high"), { reasoning_effort: "high" }],
    ["api.openai.com", "gpt-5.1", on("max"), { reasoning_effort: "high" }],
    ["api.openai.com", "gpt-5.2", on("max"), { reasoning_effort: "xhigh" }],
    ["me.openai.azure.com", "gpt-5", on("minimal"), { reasoning_effort: "minimal" }],
    ["api.openai.com", "gpt-5.1", OFF, { reasoning_effort: "none" }],
    ["api.openai.com", "gpt-4o", OFF, {}],
    ["api.openai.com", "gpt-5.1-codex", OFF, {}],
    ["api.deepseek.com", "deepseek-chat", on("max"), { reasoning_effort: "max" }],
    ["api.deepseek.com", "deepseek-chat", on("xhigh"), { reasoning_effort: "max" }],
    ["api.deepseek.com", "deepseek-chat", on("low"), { reasoning_effort: "high" }],
    ["api.deepseek.com", "deepseek-chat", OFF, { thinking: { type: "disabled" } }],
    [
      "api.z.ai",
      "glm-4.7",
      on("high"),
      { thinking: { type: "enabled" }, reasoning_effort: "high" },
    ],
    ["open.bigmodel.cn", "glm-4.7", OFF, { thinking: { type: "disabled" } }],
    ["openrouter.ai", "x/y", on("high"), { reasoning: { effort: "high" } }],
    ["openrouter.ai", "x/y", on("high", 2000), { reasoning: { max_tokens: 2000 } }],
    ["openrouter.ai", "x/y", OFF, { reasoning: { enabled: false } }],
    ["models.example", "m", on("xhigh"), { reasoning: { effort: "xhigh" } }],
    ["models.example", "m", on("low", 9), { reasoning: { effort: "low", budget_tokens: 9 } }],
    ["models.example", "m", OFF, {}],
    ["vllm", "Qwen3-8B", OFF, { chat_template_kwargs: { enable_thinking: false } }],
    ["notdeepseek.com", "m", on("max"), { reasoning: { effort: "max" } }],
  ];
  test.each(cases)("%s %s %j", (host, model, reasoning, fields) => {
    const plain = { model, messages: REQUEST.messages };
    const baseUrl = `https://${host}/v1`;
    const { messages: _, ...body } = toOpenaiRequest({ ...plain, reasoning }, baseUrl);
    const { messages: __, ...without } = toOpenaiRequest(plain, baseUrl);
    expect(body).toEqual({ ...without, ...fields });
  });

  test("off goes over `extra_body`, on does not", () => {
    const dashScope = "https://dashscope.aliyuncs.com/compatible-mode/v1";
    const ask = (reasoning: Reasoning, enable_thinking: boolean) =>
      toOpenaiRequest({ ...REQUEST, reasoning, extraBody: { enable_thinking } }, dashScope);
    expect(ask(OFF, true)).toMatchObject({ enable_thinking: false });
    expect(ask(HIGH, false)).toMatchObject({ enable_thinking: false });
  });
});

describe("toOpenaiRequest()", () => {
  test("streams, with usage", () => {
    expect(toOpenaiRequest(REQUEST, ANYWHERE)).toEqual({
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
    const body = toOpenaiRequest(
      {
        ...REQUEST,
        samplingParams: { top_k: 5, weird_param: "x", max_tokens: 7 },
        extraBody: { top_k: 9, enable_thinking: true },
        reasoning: HIGH,
      },
      ANYWHERE,
    );
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
      { reasoning: LOW },
      { max_tokens: 24_192, thinking: { type: "enabled", budget_tokens: 16_000 } },
    ],
    [
      { reasoning: HIGH, samplingParams: { max_tokens: 8000 } },
      { max_tokens: 8000, thinking: { type: "enabled", budget_tokens: 7999 } },
    ],
    [{ reasoning: HIGH, samplingParams: { max_tokens: 777 } }, { max_tokens: 777 }],
    [
      { model: "claude-opus-4-7", reasoning: LOW },
      {
        max_tokens: 24_192,
        thinking: { type: "adaptive" },
        output_config: { effort: "low" },
      },
    ],
    [
      { reasoning: { kind: "on", budgetTokens: 2048 } },
      { max_tokens: 10_240, thinking: { type: "enabled", budget_tokens: 2048 } },
    ],
    [
      { reasoning: { kind: "on", effort: "low", budgetTokens: 2048 } },
      { max_tokens: 10_240, thinking: { type: "enabled", budget_tokens: 2048 } },
    ],
    [
      { reasoning: { kind: "on", effort: "max" } },
      { max_tokens: 136_192, thinking: { type: "enabled", budget_tokens: 128_000 } },
    ],
    [{ reasoning: { kind: "off" } }, { max_tokens: 8192 }],
    [{ reasoning: { kind: "off" }, samplingParams: { max_tokens: 5 } }, { max_tokens: 5 }],
    [
      { model: "claude-sonnet-4-5-20250929", reasoning: LOW },
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
    const body = toAnthropicRequest({ ...REQUEST, samplingParams, reasoning: LOW });
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

  const thinking: readonly (readonly [Reasoning, object])[] = [
    [
      { kind: "on", effort: "minimal" },
      { includeThoughts: true, thinkingLevel: "MINIMAL" },
    ],
    [
      { kind: "on", effort: "max" },
      { includeThoughts: true, thinkingLevel: "HIGH" },
    ],
    [
      { kind: "on", budgetTokens: 2048 },
      { includeThoughts: true, thinkingBudget: 2048 },
    ],
    [
      { kind: "on", effort: "low", budgetTokens: 2048 },
      { includeThoughts: true, thinkingLevel: "LOW" },
    ],
    [{ kind: "off" }, { includeThoughts: false }],
  ];
  test.each(thinking)("thinks as it is told: %j", (reasoning, thinkingConfig) => {
    expect(toGeminiRequest({ ...REQUEST, reasoning })).toMatchObject({
      generationConfig: { thinkingConfig },
    });
  });

  test("maps sampling parameters and effort", () => {
    const samplingParams = { max_tokens: 9, top_p: 1, frequency_penalty: 0.1, seed: 1 };
    expect(toGeminiRequest({ ...REQUEST, samplingParams, reasoning: HIGH })).toMatchObject({
      generationConfig: {
        maxOutputTokens: 9,
        topP: 1,
        frequencyPenalty: 0.1,
        thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
      },
    });
  });
});
