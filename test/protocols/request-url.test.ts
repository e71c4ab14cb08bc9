import { describe, expect, test } from "bun:test";
import {
  anthropicUrl,
  geminiModelsUrl,
  geminiUrl,
  openaiUrl,
} from "../../src/protocols/request-url.ts";

describe("openaiUrl()", () => {
  test.each([
    ["https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"],
    ["https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"],
    ["https://api.deepseek.com", "https://api.deepseek.com/chat/completions"],
    ["http://localhost:8000/v1//", "http://localhost:8000/v1/chat/completions"],
    [
      "https://a.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
      "https://a.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
    ],
  ])("makes of %s %s", (baseUrl, url) => {
    expect(openaiUrl(baseUrl)).toBe(url);
  });

  test("takes another path", () => {
    expect(openaiUrl("https://a.example/v1/", "/models")).toBe("https://a.example/v1/models");
  });
});

describe("anthropicUrl()", () => {
  test.each([
    ["https://api.anthropic.com", "https://api.anthropic.com/v1/messages"],
    ["https://api.anthropic.com/v1/", "https://api.anthropic.com/v1/messages"],
    [
      "https://coding.dashscope.aliyuncs.com/apps/anthropic",
      "https://coding.dashscope.aliyuncs.com/apps/anthropic/v1/messages",
    ],
  ])("makes of %s %s", (baseUrl, url) => {
    expect(anthropicUrl(baseUrl)).toBe(url);
  });
});

describe("geminiUrl()", () => {
  const host = "https://generativelanguage.googleapis.com";
  const call = "/models/gemini-2.5-pro:streamGenerateContent?alt=sse";
  test.each([
    [host, `${host}/v1beta${call}`],
    [`${host}/`, `${host}/v1beta${call}`],
    [`${host}/v1beta`, `${host}/v1beta${call}`],
    [`${host}/v1alpha/`, `${host}/v1alpha${call}`],
    [
      "https://gw.example/google?key=x",
      `https://gw.example/google/v1beta${call.replace("?", "?key=x&")}`,
    ],
  ])("makes of %s %s", (baseUrl, url) => {
    expect(geminiUrl(baseUrl, "gemini-2.5-pro")).toBe(url);
  });

  test("takes a model with its prefix", () => {
    expect(geminiUrl(host, "models/gemini-2.5-pro")).toBe(`${host}/v1beta${call}`);
    expect(geminiUrl(host, "[渠道] a/b@c:d")).toBe(
      `${host}/v1beta/models/%5B%E6%B8%A0%E9%81%93%5D%20a/b%40c%3Ad:streamGenerateContent?alt=sse`,
    );
  });

  test.each([
    ...[
      "..",
      "../x",
      "a/../../x",
      "./..",
      "models/..",
      "models/../../x",
      "a/.",
      "/x",
      "x/",
      "a//b",
    ],
    ...[
      "a/..%2f..",
      "%2e%2e/x",
      "a%252e",
      "a;/..;/b",
      "a\\..\\b",
      "a?b",
      "a#b",
      "a\nb",
      "https:/x",
    ],
    ...["‥/x", "．．/x", "a／b", "a\u0000"],
  ])("lets no model leave the path: %j", (model) => {
    expect(() => geminiUrl(host, model)).toThrow("its name would change where the request goes");
  });

  test("lists models below a version that is there", () => {
    expect(geminiModelsUrl(`${host}/v1beta/`)).toBe(`${host}/v1beta/models`);
  });
});
