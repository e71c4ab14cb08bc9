import { describe, expect, test } from "bun:test";
import { resourceEndpoint } from "../../../src/auth/oauth/resource-endpoint.ts";

describe("resourceEndpoint()", () => {
  test.each([
    [undefined, "https://dashscope.aliyuncs.com/compatible-mode/v1"],
    ["portal.qwen.ai", "https://portal.qwen.ai/v1"],
    ["portal.qwen.ai/", "https://portal.qwen.ai/v1"],
    ["portal.qwen.ai/v1", "https://portal.qwen.ai/v1"],
    ["https://portal.qwen.ai/v1/", "https://portal.qwen.ai/v1"],
    ["HTTPS://Portal.Qwen.AI", "https://portal.qwen.ai/v1"],
    [
      "dashscope.aliyuncs.com/compatible-mode/v1",
      "https://dashscope.aliyuncs.com/compatible-mode/v1",
    ],
    ["gateway.example:8443/qwen", "https://gateway.example:8443/qwen/v1"],
    ["httpbin.example", "https://httpbin.example/v1"],
    ["http://127.0.0.1:9/x", "http://127.0.0.1:9/x/v1"],
    ["http://localhost:9", "http://localhost:9/v1"],
    ["http://[::1]:9", "http://[::1]:9/v1"],
    ["[::1]:9", "https://[::1]:9/v1"],
  ])("%s → %s", (resourceUrl, baseUrl) => {
    expect(resourceEndpoint(resourceUrl)).toEqual({ kind: "url", baseUrl });
  });

  test.each([
    "http://portal.qwen.ai",
    "http://127.0.0.1.evil.example",
    "http://10.0.0.1",
    "ftp://portal.qwen.ai",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "me@portal.qwen.ai",
    "https://me:secret@portal.qwen.ai",
    "portal.qwen.ai?to=evil",
    "portal.qwen.ai#x",
    "//evil.example",
    "portal.qwen.ai\\@evil.example",
    "portal qwen.ai",
    "portal.qwen.ai\n",
    "https://",
    "/v1",
  ])("refuses %j", (resourceUrl) => {
    expect(resourceEndpoint(resourceUrl).kind).toBe("invalid");
  });
});
