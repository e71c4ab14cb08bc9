import { describe, expect, test } from "bun:test";
import type { Mount } from "../../src/broker/mount.ts";
import { routeOf, targetOf } from "../../src/broker/routes.ts";
import { isWithinPair } from "../../src/lib/endpoint-url.ts";

function mount(name: Mount["name"], baseUrl: string, more: Partial<Mount> = {}): Mount {
  return {
    name,
    upstream: { protocol: name, baseUrl, customHeaders: {} },
    responses: "same",
    ...more,
  };
}

const MOUNTS = [
  mount("anthropic", "https://api.example/apps/anthropic"),
  mount("openai", "https://api.example/compatible/v1?tenant=a", {
    responses: { baseUrl: "https://api.example/r/v1" },
  }),
  mount("gemini", "https://g.example"),
];

function ask(method: string, path: string, mounts: readonly Mount[] = MOUNTS, headers = {}) {
  const url = new URL(`http://127.0.0.1:4000${path}`);
  return routeOf({ method, url, headers: new Headers(headers) }, mounts);
}

function goesTo(method: string, path: string): string {
  const route = ask(method, path);
  return route.kind === "route"
    ? targetOf(route, route.call.model).url
    : `${route.status} ${route.refusedBy}`;
}

const A = "https://api.example/apps/anthropic";
const O = "https://api.example/compatible/v1";

describe("routeOf() and targetOf()", () => {
  test.each([
    ["POST", "/anthropic/v1/messages?beta=true", `${A}/v1/messages?beta=true`],
    ["POST", "/anthropic/v1/messages/count_tokens", `${A}/v1/messages/count_tokens`],
    ["GET", "/anthropic/v1/models?limit=1000", `${A}/v1/models?limit=1000`],
    ["GET", "/anthropic/v1/models/glm-5", `${A}/v1/models/glm-5`],
    ["POST", "/openai/v1/chat/completions", `${O}/chat/completions?tenant=a`],
    ["POST", "/openai/v1/chat/completions?tenant=b&x=1", `${O}/chat/completions?tenant=a&x=1`],
    [
      "POST",
      "/openai/v1/chat/completions?key=qwen-run-x&y=1",
      `${O}/chat/completions?tenant=a&y=1`,
    ],
    ["POST", "/openai/v1/responses", "https://api.example/r/v1/responses"],
    ["POST", "/openai/v1/embeddings", `${O}/embeddings?tenant=a`],
    ["GET", "/openai/v1/models", `${O}/models?tenant=a`],
    ["GET", "/openai/v1/models/qwen3:8b", `${O}/models/qwen3:8b?tenant=a`],
    [
      "POST",
      "/gemini/v1beta/models/g-pro:generateContent",
      "https://g.example/v1beta/models/g-pro:generateContent",
    ],
    [
      "POST",
      "/gemini/v1beta/models/g-pro:streamGenerateContent?alt=sse",
      "https://g.example/v1beta/models/g-pro:streamGenerateContent?alt=sse",
    ],
    [
      "POST",
      "/gemini/v1beta/models/g-pro:countTokens",
      "https://g.example/v1beta/models/g-pro:countTokens",
    ],
    ["GET", "/gemini/v1beta/models", "https://g.example/v1beta/models"],
    // The URL parser has resolved these before anybody looks.
    ["POST", "/openai/v1/../v1/chat/completions", `${O}/chat/completions?tenant=a`],
    ["POST", "/openai/v1/x/%2e%2e/chat/completions", `${O}/chat/completions?tenant=a`],
    ["POST", "/openai/v1/../../chat/completions", "404 path"],
    ["POST", "/openai/v1\\chat/completions", `${O}/chat/completions?tenant=a`],
    ["POST", "/openai/v1/chat%2fcompletions", "404 path"],
    ["POST", "/openai/v1/chat%5ccompletions", "404 path"],
    ["POST", "/openai/v1//chat/completions", "404 path"],
    ["POST", "//openai/v1/chat/completions", "404 path"],
    ["POST", "/openai/v1/chat/completions/", "404 path"],
    ["POST", "/openai/v1/chat/completions;x", "404 path"],
    ["POST", "/openai/v1/files", "404 path"],
    ["POST", "/openai/v12/chat/completions", "404 path"],
    ["GET", "/openai/v1/models/a%2fb", "404 path"],
    ["GET", "/openai/v1/models/a/b", "404 path"],
    ["GET", "/openai/v1/models/", "404 path"],
    ["GET", "/openai/v1/models/%2e%2e", `404 path`],
    ["POST", "/gemini/v1beta/models/a:b:generateContent", "404 path"],
    ["POST", "/gemini/v1/models/g:generateContent", "404 path"],
    ["POST", "/gemini/v1beta/models/g:batchEmbedContents", "404 path"],
    ["GET", "/", "404 path"],
    ["GET", "/favicon.ico", "404 path"],
    ["GET", "/openai/v1/chat/completions", "405 method"],
    ["POST", "/openai/v1/models", "405 method"],
    ["DELETE", "/openai/v1/models/x", "405 method"],
    ["OPTIONS", "/openai/v1/chat/completions", "405 method"],
  ])("%s %s goes to %s", (method, path, result) => {
    expect(goesTo(method, path)).toBe(result);
  });

  test("everything that is sent lies within the endpoint that was paired", () => {
    for (const path of [
      "/anthropic/v1/messages?beta=true",
      "/openai/v1/chat/completions?x=1&x=2",
    ]) {
      const route = ask("POST", path);
      const target = route.kind === "route" ? targetOf(route, undefined) : undefined;
      expect(target !== undefined && isWithinPair(target.url, target.within)).toBe(true);
    }
  });

  test("a protocol that the service lacks has no path", () => {
    const only = [mount("openai", "https://api.example/v1", { responses: "none" })];
    expect(ask("POST", "/anthropic/v1/messages", only)).toMatchObject({ status: 404 });
    expect(ask("POST", "/openai/v1/responses", only)).toMatchObject({
      status: 404,
      message: "the service has no Responses API",
    });
  });

  test("a WebSocket is refused", () => {
    const headers = { upgrade: "websocket", connection: "Upgrade" };
    expect(ask("GET", "/openai/v1/responses", MOUNTS, headers)).toMatchObject({ status: 426 });
  });

  test("a model in the path of Gemini can be another one", () => {
    const route = ask("POST", "/gemini/v1beta/models/a-b:streamGenerateContent?alt=sse");
    expect(route.kind === "route" && targetOf(route, "g-pro").url).toBe(
      "https://g.example/v1beta/models/g-pro:streamGenerateContent?alt=sse",
    );
  });
});
