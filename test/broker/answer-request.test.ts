import { describe, expect, test } from "bun:test";
import { type Budget, createLedger, summaryOf } from "../../src/broker/accounting/ledger.ts";
import type { LogLine } from "../../src/broker/accounting/request-log.ts";
import { answerRequest, type Broker } from "../../src/broker/answer-request.ts";
import { createKeySupply } from "../../src/broker/key-supply.ts";
import type { Mount, MountName } from "../../src/broker/mount.ts";
import { tokenCheck } from "../../src/broker/token.ts";
import type { LoadedKey } from "../../src/models/resolution.ts";
import { rememberingHttp } from "../protocols/ask.ts";
import { answer, cut, deadOrigin, type Reply, scriptedServer } from "../support/scripted-server.ts";

const HOST = "127.0.0.1:4000";
const TOKEN = "qwen-run-token";
const NOW = 1_000_000;

const keyOf = (value: string): LoadedKey => ({
  ...{ kind: "present", value, envKey: "A_KEY", scheme: "key", shadowed: [] },
  source: { kind: "env", name: "A_KEY", origin: "user" },
});

type Given = {
  readonly replies?: readonly Reply[];
  readonly origin?: string;
  readonly budget?: Partial<Budget>;
  readonly rule?: Broker["models"]["rule"];
  readonly reload?: () => Promise<LoadedKey>;
};

/** A broker before a service that follows a script, and what it wrote down. */
async function broker({ replies = [answer(200, { ok: true })], ...given }: Given = {}) {
  const service = await scriptedServer(...replies);
  const origin = given.origin ?? service.origin;
  const mount = (name: MountName, path: string): Mount => ({
    name,
    upstream: { protocol: name, baseUrl: `${origin}${path}`, customHeaders: {} },
    responses: "same",
  });
  const lines: (LogLine | { readonly note: string })[] = [];
  const told = { replaced: [] as string[], rejected: [] as string[], inside: 0 };
  const at: Broker = {
    gate: { hosts: new Set([HOST]), hasToken: tokenCheck(TOKEN) },
    mounts: [mount("openai", "/v1"), mount("anthropic", ""), mount("gemini", "")],
    models: { selected: "m", known: new Set(["m", "n"]), rule: given.rule ?? "replace" },
    keys: createKeySupply(keyOf("sk-first-0123456789"), {
      reload: given.reload,
      now: () => NOW,
    }),
    http: rememberingHttp(),
    limits: { timeoutMs: 0, idleTimeoutMs: 0 },
    ledger: createLedger({ requests: undefined, tokens: undefined, ...given.budget }),
    log: { write: (line) => lines.push(line), close: () => undefined, loss: () => undefined },
    now: () => NOW,
    onReplaced: (model) => told.replaced.push(model),
    onRejected: ({ kind }) => told.rejected.push(kind),
    enter: () => {
      told.inside += 1;
      return () => {
        told.inside -= 1;
      };
    },
  };
  /** Asks the broker, and reads all of its answer. */
  const ask = async (path: string, init: RequestInit = {}, token = TOKEN) => {
    const headers = { host: HOST, authorization: `Bearer ${token}`, ...init.headers };
    const response = await answerRequest(
      at,
      new Request(`http://${HOST}${path}`, { ...init, headers }),
    );
    const text = await response.text();
    // What is written down at the end of a body comes after it.
    await Bun.sleep(0);
    return { status: response.status, headers: response.headers, text };
  };
  return { at, ask, lines, told, requests: service.requests };
}

const post = (body: object, headers = {}) => ({
  method: "POST",
  body: JSON.stringify(body),
  headers,
});
const CHAT = "/openai/v1/chat/completions";
const USAGE = { prompt_tokens: 7, completion_tokens: 3 };

describe("answerRequest()", () => {
  test("passes a question on with the key, and writes down what it took", async () => {
    const said = { choices: [], usage: USAGE };
    const { ask, lines, at, requests, told } = await broker({ replies: [answer(200, said)] });
    const { status, text } = await ask(CHAT, post({ model: "m", messages: [] }));
    expect([status, JSON.parse(text)]).toEqual([200, said]);
    expect(requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ["/v1/chat/completions", "Bearer sk-first-0123456789"],
    ]);
    expect(lines).toEqual([
      {
        mount: "openai",
        method: "POST",
        path: "/chat/completions",
        model: "m",
        sentModel: "m",
        status: 200,
        durationMs: 0,
        firstByteMs: 0,
        requestBytes: JSON.stringify({ model: "m", messages: [] }).length,
        responseBytes: text.length,
        usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 0 },
        outcome: "ok",
      },
    ] as never);
    expect(at.ledger.totals()).toMatchObject({ requests: 1, inputTokens: 7, outputTokens: 3 });
    expect(told).toEqual({ replaced: [], rejected: [], inside: 0 });
  });

  test("replaces a model that is none of the endpoint's, and tells of it", async () => {
    const { ask, lines, told, requests } = await broker();
    await ask(CHAT, post({ model: "x" }));
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({ model: "m" });
    expect(told.replaced).toEqual(["x"]);
    expect(lines).toMatchObject([{ model: "x", sentModel: "m" }]);
  });

  test.each([
    ["openai", CHAT, post({ model: "x" }), 400],
    ["anthropic", "/anthropic/v1/messages", post({ model: "x" }), 404],
  ] as const)("refuses such a model where that is wanted: %s", async (_name, path, init, code) => {
    const { ask, lines, at, requests, told } = await broker({ rule: "refuse" });
    const { status, headers } = await ask(path, init);
    expect([status, headers.get("x-should-retry"), requests.length]).toEqual([code, "false", 0]);
    expect(lines).toMatchObject([{ status: code, outcome: "refused", refusedBy: "model" }]);
    expect([at.ledger.totals().refused, told.inside]).toEqual([1, 0]);
  });

  test.each([
    ["a long one", { "content-length": String(64 * 1024 * 1024 + 1) }, 413, "size"],
    ["a compressed one", { "content-encoding": "gzip" }, 415, "encoding"],
  ])("refuses a body that it does not read: %s", async (_name, headers, code, refusedBy) => {
    const { ask, lines, requests } = await broker();
    expect((await ask(CHAT, post({ model: "m" }, headers))).status).toBe(code);
    expect(lines).toMatchObject([{ status: code, refusedBy }]);
    expect(requests).toEqual([]);
  });

  test.each([{ "content-length": String(64 * 1024 * 1024) }, { "content-encoding": "identity" }])(
    "takes one with %j",
    async (headers) => {
      const { ask } = await broker();
      expect((await ask(CHAT, post({ model: "m" }, headers))).status).toBe(200);
    },
  );

  test("refuses what is beyond the budget, each protocol in its way", async () => {
    const { ask, lines, requests } = await broker({ budget: { requests: 1 } });
    const responses = "/openai/v1/responses";
    const statuses = [];
    for (const path of [CHAT, CHAT, responses]) {
      statuses.push((await ask(path, post({ model: "m" }))).status);
    }
    expect([statuses, requests.length]).toEqual([[200, 403, 400], 1]);
    expect(lines.slice(1)).toMatchObject([
      { status: 403, refusedBy: "budget" },
      { status: 400, refusedBy: "budget" },
    ]);
  });

  test("counts tokens against the budget", async () => {
    const replies = [answer(200, { choices: [], usage: USAGE })];
    const { ask } = await broker({ replies, budget: { tokens: 10 } });
    expect((await ask(CHAT, post({ model: "m" }))).status).toBe(200);
    expect((await ask(CHAT, post({ model: "m" }))).status).toBe(403);
  });

  test("writes nothing of whoever has no token, but says once that there are many", async () => {
    const { ask, lines, at, requests } = await broker();
    for (let count = 0; count < 25; count += 1) {
      expect((await ask(CHAT, post({ model: "m" }), "other")).status).toBe(401);
    }
    expect(lines).toEqual([{ note: "20 requests came with a token that is not this run's" }]);
    expect([at.ledger.totals(), requests]).toMatchObject([{ refused: 25, badTokens: 25 }, []]);
  });

  test("answers a probe, and refuses a path that nobody knows", async () => {
    const { ask, lines } = await broker();
    expect(await ask("/anthropic", { method: "HEAD" }, "none")).toMatchObject({
      status: 200,
      text: "",
    });
    expect(lines).toEqual([]);
    expect((await ask("/openai/v1/nothing")).status).toBeGreaterThanOrEqual(400);
    expect(lines).toMatchObject([{ outcome: "refused", path: "/openai/v1/nothing" }]);
  });

  test.each([404, 405])("lists models itself where the service has no list: %i", async (code) => {
    const { ask, lines } = await broker({ replies: [answer(code)] });
    const { status, text } = await ask("/openai/v1/models");
    expect([status, JSON.parse(text).data.map(({ id }: { id: string }) => id)]).toEqual([
      200,
      ["m", "n"],
    ]);
    expect(lines).toMatchObject([{ status: 200, outcome: "ok" }]);
    expect((await ask("/openai/v1/models/n")).status).toBe(200);
    expect((await ask("/openai/v1/models/x")).status).toBe(code);
  });

  test.each([
    ["a question", CHAT, post({ model: "m" }), 404],
    ["a list that is not well", "/openai/v1/models", {}, 500],
  ])("hands on the failure of %s", async (_name, path, init, code) => {
    const { ask, lines } = await broker({ replies: [answer(code, "gone")] });
    expect(await ask(path, init)).toMatchObject({ status: code, text: "gone" });
    expect(lines).toMatchObject([{ status: code, responseBytes: 4 }]);
  });

  test.each([
    [401, ["rejected"], "false"],
    [403, ["rejected"], "false"],
    [400, [], null],
    [500, [], null],
  ])("hides the key in an error of the service: %i", async (code, rejected, retry) => {
    const said = { error: { message: "Incorrect API key: sk-first-0123456789" } };
    const { ask, told } = await broker({ replies: [answer(code, said)] });
    const { status, text, headers } = await ask(CHAT, post({ model: "m" }));
    expect(status).toBe(code);
    expect(text).not.toContain("sk-first");
    expect(text).toContain("Incorrect API key: ");
    expect([told.rejected, headers.get("x-should-retry")]).toEqual([[...rejected], retry]);
    expect(headers.get("content-length") ?? String(text.length)).toBe(String(text.length));
  });

  test.each([401, 403])("asks once more with another key where one is had: %i", async (code) => {
    const reload = async () => keyOf("sk-second-0123456789");
    const { ask, requests, told } = await broker({
      reload,
      replies: [answer(code), answer(200, {})],
    });
    expect((await ask(CHAT, post({ model: "m" }))).status).toBe(200);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-first-0123456789",
      "Bearer sk-second-0123456789",
    ]);
    expect(told.rejected).toEqual([]);
  });

  test("is a bad gateway where the service is not there, or is cut off before it answers", async () => {
    for (const given of [{ origin: await deadOrigin() }, { replies: [cut] }]) {
      const { ask, lines, told } = await broker(given);
      const { status, text, headers } = await ask(CHAT, post({ model: "m" }));
      expect([status, headers.get("x-should-retry")]).toEqual([502, null]);
      expect(text).toContain("qwen auth run: ");
      expect(lines).toMatchObject([{ status: 502, outcome: "unreachable" }]);
      expect(told.inside).toBe(0);
    }
  });

  test("says that a tool left before there was an answer", async () => {
    const controller = new AbortController();
    const reply: Reply = () => controller.abort();
    const { ask, lines, told } = await broker({ replies: [reply] });
    const { status } = await ask(CHAT, { ...post({ model: "m" }), signal: controller.signal });
    expect(status).toBe(499);
    expect(lines).toMatchObject([{ status: 499, outcome: "client-abort" }]);
    expect(told.inside).toBe(0);
  });
});

describe("createKeySupply()", () => {
  const [first, second] = [keyOf("sk-1"), keyOf("sk-2")];

  /** A supply that reloads these one after the other, with a clock. */
  function supply(...given: readonly (LoadedKey | Error)[]) {
    let now = 0;
    let asked = 0;
    const reload = async () => {
      const next = given[asked] ?? new Error("no more");
      asked += 1;
      if (next instanceof Error) {
        throw next;
      }
      return next;
    };
    const keys = createKeySupply(first, { reload, now: () => now });
    const pass = (milliseconds: number) => {
      now += milliseconds;
    };
    return { keys, pass, asked: () => asked };
  }

  test("has nothing else where nobody can be asked", async () => {
    const keys = createKeySupply(first, { reload: undefined, now: () => 0 });
    expect([keys.current(), await keys.renew(first)]).toEqual([first, undefined]);
  });

  test("asks once for all requests that were refused", async () => {
    const { keys, asked } = supply(second);
    expect(await Promise.all([keys.renew(first), keys.renew(first)])).toEqual([second, second]);
    expect(await keys.renew(first)).toEqual(second);
    expect([keys.current(), asked()]).toEqual([second, 1]);
  });

  test.each([
    ["the same key", first],
    ["a failure", new Error("locked")],
  ])("lets five minutes pass after %s", async (_name, given) => {
    const { keys, pass, asked } = supply(given, second);
    expect(await keys.renew(first)).toBeUndefined();
    pass(299_999);
    expect([await keys.renew(first), asked()]).toEqual([undefined, 1]);
    pass(1);
    expect([await keys.renew(first), asked()]).toEqual([second, 2]);
  });
});

test.each([
  [0, 0, undefined, "qwen: nothing was sent through the broker"],
  [0, 2, undefined, "qwen: nothing was sent through the broker; 2 refused"],
  [
    0,
    0,
    "codex",
    "qwen: codex sent nothing through the broker; it may be using a login of its own",
  ],
  [1, 0, "codex", "qwen: 1 request to h (m): 1,234 tokens in, 5 out"],
  [2, 1, "codex", "qwen: 2 requests to h (m): 1,234 tokens in, 5 out; 1 refused"],
])("summaryOf() %i requests, %i refused, of %p", (requests, refused, tool, expected) => {
  const totals = { requests, refused, inputTokens: 1234, outputTokens: 5, badTokens: 0 };
  expect(summaryOf(totals, { tool, host: "h", model: "m" })).toBe(expected);
});
