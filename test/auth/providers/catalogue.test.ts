import { describe, expect, test } from "bun:test";
import { CATALOGUE, providerOf } from "../../../src/auth/providers/catalogue.ts";
import type { Protocol } from "../../../src/models/protocol.ts";

test("CATALOGUE pairs each variable with its provider's endpoints and no other", () => {
  const pairs = CATALOGUE.knownPairs();
  const endpointsOf = (envKey: string) =>
    pairs.filter((pair) => pair.envKey === envKey).map(({ baseUrl }) => baseUrl);
  expect(endpointsOf("BAILIAN_CODING_PLAN_API_KEY")).toEqual([
    "https://coding.dashscope.aliyuncs.com/v1",
    "https://coding.dashscope.aliyuncs.com/apps/anthropic",
    "https://coding-intl.dashscope.aliyuncs.com/v1",
    "https://coding-intl.dashscope.aliyuncs.com/apps/anthropic",
  ]);
  expect(endpointsOf("DASHSCOPE_API_KEY")).toEqual([
    "https://dashscope.aliyuncs.com/compatible-mode/v1",
    "https://dashscope.aliyuncs.com/apps/anthropic",
    "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    "https://dashscope-intl.aliyuncs.com/apps/anthropic",
    "https://dashscope-us.aliyuncs.com/compatible-mode/v1",
    "https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1",
  ]);
  expect(endpointsOf("AWS_SECRET_ACCESS_KEY")).toEqual([]);
});

test("CATALOGUE knows the Coding Plan of older releases", () => {
  expect(CATALOGUE.legacyPlan).toEqual({
    envKey: "BAILIAN_CODING_PLAN_API_KEY",
    endpoints: {
      china: "https://coding.dashscope.aliyuncs.com/v1",
      global: "https://coding-intl.dashscope.aliyuncs.com/v1",
    },
    defaultRegion: "china",
    defaultModel: "qwen3.5-plus",
  });
});

test("CATALOGUE knows the login of every variable that is not a protocol's own", () => {
  const commands = new Map(CATALOGUE.keyVariables().map(({ name, command }) => [name, command]));
  expect([
    commands.get("BAILIAN_CODING_PLAN_API_KEY"),
    commands.get("DASHSCOPE_API_KEY"),
    commands.get("DEEPSEEK_API_KEY"),
    commands.get("AZURE_OPENAI_API_KEY"),
    commands.get("QWEN_API_KEY"),
  ]).toEqual([
    "qwen auth coding-plan --region REGION",
    "qwen auth api-key --provider modelstudio --region REGION",
    "qwen auth api-key --provider deepseek",
    "qwen auth api-key --provider azure",
    "qwen auth api-key --base-url URL",
  ]);
  for (const name of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"]) {
    expect(commands.has(name)).toBe(false);
  }
});

describe("providerOf() says that", () => {
  const dashscope = "dashscope.aliyuncs.com/compatible-mode/v1";
  type Case = readonly [url: string, protocol: Protocol, provider?: string, region?: string];
  const cases: readonly Case[] = [
    ["https://coding.dashscope.aliyuncs.com/v1", "openai", "coding-plan", "china"],
    ["https://coding-intl.dashscope.aliyuncs.com/v1/", "openai", "coding-plan", "global"],
    [`https://${dashscope}`, "openai", "modelstudio", "cn-beijing"],
    [`https://cn-hongkong.${dashscope}`, "openai", "modelstudio", "cn-hongkong"],
    ["https://api.z.ai/api/coding/paas/v4", "openai", "zai", "coding"],
    ["https://api.z.ai/api/paas/v4", "openai", "zai", "standard"],
    ["https://openrouter.ai/api/v1", "openai", "openrouter"],
    ["https://API.OpenAI.com:443/v1", "openai", "openai"],
    ["https://api.anthropic.com", "anthropic", "anthropic"],
    ["https://generativelanguage.googleapis.com/v1beta", "gemini", "gemini"],
    ["https://api.anthropic.com", "openai"],
    ["http://api.openai.com/v1", "openai"],
    ["https://api.openai.com.evil.example/v1", "openai"],
    ["https://api.openai.com/v2", "openai"],
    ["https://dashscope.aliyuncs.com", "openai"],
    ["https://openai.com/v1", "openai"],
    ["http://localhost:8000/v1", "openai"],
    ["nowhere", "openai"],
  ];
  for (const [url, protocol, provider, region] of cases) {
    test(`${url} over ${protocol} is ${provider ?? "unknown"}`, () => {
      const known = providerOf(url, protocol);
      expect([known?.provider.id, known?.endpoint.region]).toEqual([provider, region]);
    });
  }
});
