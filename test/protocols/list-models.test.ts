import { describe, expect, test } from "bun:test";
import { RequestError, type RequestFailure } from "../../src/http/request-failure.ts";
import { listModels, readModelList } from "../../src/protocols/list-models.ts";
import type { ListedModel } from "../../src/protocols/listed-model.ts";
import type { ServiceEndpoint } from "../../src/protocols/service-endpoint.ts";
import {
  answer,
  cut,
  deadOrigin,
  type Reply,
  scriptedServer,
  silence,
  stream,
} from "../support/scripted-server.ts";
import { KEY, rememberingHttp } from "./ask.ts";

type Listing = {
  readonly protocol?: ServiceEndpoint["protocol"];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

function list(
  origin: string,
  { protocol = "openai", timeoutMs = 60_000, signal }: Listing = {},
): Promise<readonly ListedModel[]> {
  const credential = { value: KEY, scheme: "key" } as const;
  const endpoint = { protocol, baseUrl: `${origin}/base`, credential, customHeaders: {} };
  return listModels(rememberingHttp(), endpoint, { timeoutMs, signal });
}

async function listed(body: string | object): Promise<readonly ListedModel[]> {
  return list((await scriptedServer(answer(200, body))).origin);
}

/** How it fails, and after how many requests. */
async function failureOf(reply: Reply, listing?: Listing): Promise<[RequestFailure, number]> {
  const { origin, requests } = await scriptedServer(reply);
  try {
    throw new Error(`no failure: ${JSON.stringify(await list(origin, listing))}`);
  } catch (error) {
    if (error instanceof RequestError) {
      return [error.failure, requests.length];
    }
    throw error;
  }
}

describe("listModels() asks", () => {
  const cases: readonly (readonly [
    protocol: ServiceEndpoint["protocol"],
    path: string,
    headers: object,
  ])[] = [
    ["openai", "/base/models", { authorization: `Bearer ${KEY}` }],
    [
      "anthropic",
      "/base/v1/models?limit=1000",
      { "x-api-key": KEY, "anthropic-version": "2023-06-01" },
    ],
    ["gemini", "/base/v1beta/models?pageSize=1000", { "x-goog-api-key": KEY }],
  ];
  test.each(cases)("%s at %s", async (protocol, path, headers) => {
    const { origin, requests } = await scriptedServer(answer(200, { data: [], models: [] }));
    expect(await list(origin, { protocol })).toEqual([]);
    expect(requests).toMatchObject([{ method: "GET", path, headers, body: "" }]);
    expect(Object.keys(requests[0]?.headers ?? {})).not.toContain("content-type");
  });
});

describe("listModels() reads the list of", () => {
  type Case = readonly [name: string, body: object, models: readonly ListedModel[]];
  const cases: readonly Case[] = [
    [
      "OpenAI",
      { object: "list", data: [{ id: "b", owned_by: "x" }, { id: "a" }] },
      [{ id: "b" }, { id: "a" }],
    ],
    [
      "vLLM and OpenRouter",
      {
        data: [
          { id: "a", max_model_len: 4096 },
          { id: "b", name: "B", context_length: 8192 },
        ],
      },
      [
        { id: "a", contextWindow: 4096 },
        { id: "b", contextWindow: 8192 },
      ],
    ],
    [
      "Anthropic",
      { data: [{ type: "model", id: "claude", display_name: "Claude" }], has_more: false },
      [{ id: "claude", name: "Claude" }],
    ],
    [
      "Gemini",
      {
        models: [
          {
            name: "models/gemini-pro",
            displayName: "Gemini Pro",
            inputTokenLimit: 1_000_000,
            supportedGenerationMethods: ["generateContent", "countTokens"],
          },
          { name: "models/embedding", supportedGenerationMethods: ["embedContent"] },
        ],
      },
      [{ id: "gemini-pro", name: "Gemini Pro", contextWindow: 1_000_000 }],
    ],
    ["a bare array", [{ id: "a" }, { name: "b" }], [{ id: "a" }, { id: "b" }]],
    [
      "models that are there twice",
      { data: [{ id: "a", display_name: "First" }, { id: "b" }, { id: "a" }] },
      [{ id: "a", name: "First" }, { id: "b" }],
    ],
    [
      "things that are no models",
      { data: [null, 1, "a", {}, { id: "" }, { id: 7 }, { id: "a", max_model_len: "big" }] },
      [{ id: "a" }],
    ],
    ["a name that says nothing new", { data: [{ id: "a", display_name: "a" }] }, [{ id: "a" }]],
    [
      "Together, which says what each is for",
      [
        { id: "vendor/chat", type: "chat", context_length: 4096 },
        { id: "vendor/draw", type: "image" },
        { id: "vendor/rank", type: "rerank" },
        { id: "vendor/guard", type: "moderation" },
      ],
      [
        { id: "vendor/chat", contextWindow: 4096 },
        { id: "vendor/draw", canChat: false },
        { id: "vendor/rank", canChat: false },
        { id: "vendor/guard", canChat: false },
      ],
    ],
    [
      "LM Studio",
      {
        data: [
          { id: "a", type: "llm", max_context_length: 8192, state: "loaded" },
          { id: "b", type: "vlm", max_context_length: 4096 },
          { id: "c", type: "embeddings", max_context_length: 512 },
        ],
      },
      [
        { id: "a", contextWindow: 8192 },
        { id: "b", contextWindow: 4096 },
        { id: "c", contextWindow: 512, canChat: false },
      ],
    ],
    [
      "OpenRouter",
      {
        data: [
          { id: "a/b:free", architecture: { output_modalities: ["text"] }, context_length: 1 },
          { id: "a/c", architecture: { output_modalities: ["image", "text"] } },
          { id: "a/d", architecture: { output_modalities: ["image"] } },
          { id: "a/e", architecture: null, top_provider: { context_length: 9 } },
        ],
      },
      [
        { id: "a/b:free", contextWindow: 1 },
        { id: "a/c" },
        { id: "a/d", canChat: false },
        { id: "a/e", contextWindow: 9 },
      ],
    ],
    [
      "Mistral and Fireworks",
      {
        data: [
          { id: "a", capabilities: { completion_chat: true }, max_context_length: 7 },
          { id: "b", capabilities: { completion_chat: false } },
          { id: "c", supports_chat: false },
          { id: "d", supports_chat: true, capabilities: ["x"] },
        ],
      },
      [
        { id: "a", contextWindow: 7 },
        { id: "b", canChat: false },
        { id: "c", canChat: false },
        { id: "d" },
      ],
    ],
    [
      "GitHub",
      [
        { id: "openai/gpt", limits: { max_input_tokens: 5 }, task: "chat-completion" },
        { id: "openai/emb", task: "embeddings" },
      ],
      [
        { id: "openai/gpt", contextWindow: 5 },
        { id: "openai/emb", canChat: false },
      ],
    ],
    [
      "Ollama and LiteLLM",
      {
        object: "list",
        data: [{ id: "qwen3:8b", object: "model", created: 1, owned_by: "library" }],
      },
      [{ id: "qwen3:8b" }],
    ],
    [
      "windows that are none",
      {
        data: [0, -1, 1.5, Number.MAX_SAFE_INTEGER + 1, "8192", null, {}, []].map(
          (context_length, n) => ({
            id: `m${n}`,
            context_length,
          }),
        ),
      },
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ id: `m${n}` })),
    ],
    ["no models", { data: [] }, []],
    ["Ollama without models, in earlier releases", { object: "list", data: null }, []],
    ["no models in the way of Gemini and Ollama's own", { models: null }, []],
    ["a success that has a number", { code: 200, msg: "success", data: null }, []],
    ["a number beside a list of nothing", { code: 500, msg: "whatever", data: [] }, []],
    ["a success that says so", { success: true, message: "", data: null }, []],
    [
      "a model that is named like the key",
      { data: [{ id: `a-${KEY}` }, { id: Buffer.from(KEY).toString("base64") }, { id: "a" }] },
      [{ id: "a" }],
    ],
    [
      "a model with the key in its title",
      { data: [{ id: "a", display_name: KEY }] },
      [{ id: "a" }],
    ],
  ];
  test.each(cases)("%s", async (_name, body, models) => {
    expect(await listed(body)).toEqual([...models]);
  });
});

test.each<[body: object, isPartial: boolean]>([
  [{ data: [] }, false],
  [{ data: [], has_more: false }, false],
  [{ data: [], has_more: true, last_id: "x" }, true],
  [{ models: [], nextPageToken: "x" }, true],
  [{ models: [], nextPageToken: "" }, false],
  [{ data: [], next: "https://x/?page=2" }, true],
  [{ data: [], next: null }, false],
  [[], false],
])("readModelList() of %j knows whether it is all: %p", async (body, isPartial) => {
  const { origin } = await scriptedServer(answer(200, body));
  const endpoint = {
    protocol: "openai",
    baseUrl: origin,
    credential: undefined,
    customHeaders: {},
  } as const;
  const read = await readModelList(rememberingHttp(), endpoint, { timeoutMs: 60_000 });
  expect(read).toEqual({ models: [], isPartial });
});

describe("readModelList() over pages", () => {
  type Pages = {
    readonly protocol?: ServiceEndpoint["protocol"];
    readonly replies: (origin: string) => readonly Reply[];
    readonly ids: readonly string[];
    readonly isPartial: boolean;
    readonly paths: readonly string[];
  };
  const page = (ids: readonly string[], more: object = {}) =>
    answer(200, { data: ids.map((id) => ({ id })), ...more });
  const cases: Readonly<Record<string, Pages>> = {
    "of OpenAI": {
      replies: () => [page(["a", "b"], { has_more: true }), page(["c"], { has_more: false })],
      ids: ["a", "b", "c"],
      isPartial: false,
      paths: ["/v1/models", "/v1/models?after=b"],
    },
    "of Anthropic": {
      protocol: "anthropic",
      replies: () => [page(["a"], { has_more: true, last_id: "z/1" }), page(["b", "a"])],
      ids: ["a", "b"],
      isPartial: false,
      paths: ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=z%2F1"],
    },
    "of Gemini, of which one has nothing that chats": {
      protocol: "gemini",
      replies: () => [
        answer(200, {
          models: [{ name: "models/e", supportedGenerationMethods: ["embedContent"] }],
          nextPageToken: "t&1",
        }),
        answer(200, { models: [{ name: "models/g" }] }),
      ],
      ids: ["g"],
      isPartial: false,
      paths: ["/v1/models?pageSize=1000", "/v1/models?pageSize=1000&pageToken=t%261"],
    },
    "by a relative URL": {
      replies: () => [page(["a"], { next: "/v1/models?page=2" }), page(["b"])],
      ids: ["a", "b"],
      isPartial: false,
      paths: ["/v1/models", "/v1/models?page=2"],
    },
    "by a URL that says more than the page": {
      replies: () => [page(["a"], { next: "/v1/models?page=2&tenant=x&key=y" }), page(["b"])],
      ids: ["a", "b"],
      isPartial: false,
      paths: ["/v1/models", "/v1/models?page=2"],
    },
    "by a URL that says no page": {
      replies: () => [page(["a"], { next: "/v1/models?tenant=x" }), page(["b"])],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models"],
    },
    "that lead to another host": {
      replies: () => [page(["a"], { next: "http://127.0.0.2:9/v1/models" }), page(["b"])],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models"],
    },
    "that lead out of the endpoint": {
      replies: (origin) => [page(["a"], { next: `${origin}/admin` }), page(["b"])],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models"],
    },
    "that lead in a circle": {
      replies: () => [page(["a"], { next: "/v1/models" }), page(["b"])],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models"],
    },
    "that say the same again": {
      replies: () => [page(["a"], { has_more: true, last_id: "x" })],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models", "/v1/models?after=x"],
    },
    "of which the second fails": {
      replies: () => [page(["a"], { has_more: true }), answer(500, "no")],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models", "/v1/models?after=a"],
    },
    "of which the second is a web page": {
      replies: () => [page(["a"], { has_more: true }), answer(200, "<!doctype html>")],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models", "/v1/models?after=a"],
    },
    "of which the second is too long together with the first": {
      replies: () => [
        page(["a"], { has_more: true, pad: "x".repeat(2 ** 21) }),
        page(["b"], { pad: "x".repeat(2 ** 21) }),
      ],
      ids: ["a"],
      isPartial: true,
      paths: ["/v1/models", "/v1/models?after=a"],
    },
  };

  async function read({ protocol = "openai", replies }: Pages) {
    const given: Reply[] = [];
    const server = await scriptedServer(
      ...Array.from({ length: 30 }, (_, n): Reply => {
        return (socket) => given[Math.min(n, given.length - 1)]?.(socket);
      }),
    );
    given.push(...replies(server.origin));
    const baseUrl = `${server.origin}/v1`;
    const endpoint = { protocol, baseUrl, credential: undefined, customHeaders: {} } as const;
    const list = await readModelList(rememberingHttp(), endpoint, { timeoutMs: 60_000 });
    return { ...list, paths: server.requests.map(({ path }) => path) };
  }

  test.each(Object.entries(cases))("%s", async (_name, pages) => {
    const { models, isPartial, paths } = await read(pages);
    expect([models.map(({ id }) => id), isPartial, paths]).toEqual([
      [...pages.ids],
      pages.isPartial,
      [...pages.paths],
    ]);
  });

  test("follows no more than 20, however many there are", async () => {
    const endless = Array.from({ length: 30 }, (_, n) => page([`m${n}`], { has_more: true }));
    const cut = { replies: () => endless, ids: [], isPartial: true, paths: [] };
    const { models, isPartial, paths } = await read(cut);
    expect([models.length, isPartial, paths.length]).toEqual([20, true, 20]);
  });
});

describe("listModels() fails once for", () => {
  const noList = { kind: "not-an-api", message: "the answer is no list of models" } as const;
  const cases: readonly (readonly [name: string, reply: Reply, failure: object])[] = [
    [
      "a web page",
      answer(200, "<!doctype html><p>Hello</p>", { "content-type": "text/html" }),
      { kind: "not-an-api", message: "the answer is a web page" },
    ],
    ["a text", answer(200, "OK"), { kind: "not-an-api", message: "the answer is not JSON" }],
    ["nothing", answer(200), { kind: "not-an-api", message: "the answer is not JSON" }],
    ["another object", answer(200, { ok: true }), noList],
    ["another value", answer(200, "7"), noList],
    [
      "a key that is not taken",
      answer(401, { error: { message: "no" } }),
      { kind: "rejected", status: 401, message: "no" },
    ],
    ["a path that is not there", answer(404), { kind: "not-found", status: 404 }],
    [
      "a refused key with a success",
      answer(200, { error: { message: "no", code: "invalid_api_key" } }),
      { kind: "rejected", message: "no", code: "invalid_api_key" },
    ],
    [
      "a used-up quota beside an empty list",
      answer(200, { data: [], error: { message: "used up", code: "insufficient_quota" } }),
      { kind: "quota", message: "used up", code: "insufficient_quota" },
    ],
    [
      "an error that is a text",
      answer(200, { data: null, error: "Invalid API key" }),
      { kind: "rejected", message: "Invalid API key" },
    ],
    ...[
      { success: false, message: "Invalid API key", data: null },
      { success: false, msg: "Invalid API key", data: {} },
      { success: false, message: "Invalid API key", code: 401, data: [] },
      { status: "error", message: "Invalid API key", data: null },
      { status: "fail", message: "Invalid API key", models: null },
      { success: false, message: "Invalid API key" },
      { success: "false", message: "Invalid API key", data: null },
      { status: 401, message: "Invalid API key", data: null },
      { retcode: -1, message: "Invalid API key", data: null },
      { errno: 5, errmsg: "Invalid API key", data: null },
      { code: "401", msg: "Invalid API key", data: null },
      { detail: "Invalid API key" },
      { result: null, data: { message: "x" }, error_msg: "Invalid API key" },
    ].map(
      (body) =>
        [
          `a refusal in place of a list: ${JSON.stringify(body)}`,
          answer(200, body),
          { kind: "rejected", message: "Invalid API key" },
        ] as const,
    ),
    [
      "a refusal without words",
      answer(200, { success: false, data: null }),
      { message: "the server reported an error without a message" },
    ],
    [
      "words that nobody knows",
      answer(200, { code: 40_404, msg: "the moon is full", data: null }),
      { kind: "not-an-api", message: "the moon is full" },
    ],
    ...[
      { data: { id: "a" } },
      { data: { data: [{ id: "a" }] } },
      { data: {} },
      { models: { a: {} } },
      { data: "a" },
      { data: 7 },
      { data: false, object: "list" },
    ].map(
      (body) => [`something else: ${JSON.stringify(body)}`, answer(200, body), noList] as const,
    ),
    ["a server that is away", answer(503, "away"), { kind: "server-error", status: 503 }],
    ["another origin", answer(307, "", { location: "http://127.0.0.2/" }), { kind: "redirected" }],
    ["no answer", cut, { kind: "reset" }],
    [
      "a list over 4 MiB",
      answer(200, `[${" ".repeat(4 * 1024 * 1024)}]`),
      { kind: "malformed", message: "the answer is longer than 4 MiB" },
    ],
  ];
  test.each(cases)("%s", async (_name, reply, failure) => {
    expect(await failureOf(reply)).toMatchObject([failure, 1]);
  });

  test("nobody there", async () => {
    const asked = list(await deadOrigin());
    await expect(asked).rejects.toMatchObject({ failure: { kind: "refused" } });
  });

  const late: readonly (readonly [string, Reply])[] = [
    ["headers", silence],
    ["a body", stream(["["], silence)],
  ];
  test.each(late)("%s that do not come in time", async (_name, reply) => {
    const timeout = { kind: "timeout", message: "no answer within 0.3 s" } as const;
    expect(await failureOf(reply, { timeoutMs: 300 })).toEqual([timeout, 1]);
  });
});

test("listModels() ends when it is told to, with what it was told", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const { origin } = await scriptedServer((socket) => {
    controller.abort(reason);
    return silence(socket);
  });
  await expect(list(origin, { signal: controller.signal })).rejects.toBe(reason);
});
