import { afterAll, describe, expect, test } from "bun:test";
import type { Verification } from "../../../src/auth/verify/verification.ts";
import { type VerifyRequest, verify } from "../../../src/auth/verify/verify.ts";
import type { Http } from "../../../src/http/http.ts";

type Seen = { readonly method: string; readonly path: string; readonly key: string | undefined };

/** What a service answers: by `METHOD path`, given the key that was sent. */
type Script = Readonly<
  Record<string, (key: string | undefined, body: string) => Response | Promise<Response>>
>;

const KEY = "sk-0123456789abcdef";
const CHECKED_AT = "2026-11-25T08:00:00.000Z";

/** A service on loopback that stands behind every host name. */
function service(script: Script) {
  const seen: Seen[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = await request.text();
      const { pathname } = new URL(request.url);
      const { headers, method } = request;
      const key =
        headers.get("authorization")?.replace("Bearer ", "") ??
        headers.get("x-api-key") ??
        headers.get("x-goog-api-key") ??
        undefined;
      seen.push({ method, path: pathname, key });
      return script[`${method} ${pathname}`]?.(key, body) ?? new Response("", { status: 404 });
    },
  });
  afterAll(() => server.stop(true));
  const http: Http = {
    fetch: (url, options) => {
      const { pathname, search } = new URL(url);
      return fetch(`http://127.0.0.1:${server.port}${pathname}${search}`, options);
    },
    sleep: Bun.sleep,
    now: () => Date.parse(CHECKED_AT),
    random: () => 0,
    userAgent: "test",
    network: { proxyFor: () => undefined, authorities: undefined },
  };
  return { http, seen };
}

function at(baseUrl: string, more: Partial<VerifyRequest["endpoint"]> = {}): VerifyRequest {
  const credential = { value: KEY, scheme: "key" } as const;
  return {
    endpoint: { protocol: "openai", baseUrl, credential, customHeaders: {}, ...more },
    model: "m",
    keyName: "the key",
  };
}

const EXAMPLE = at("https://api.example.com/v1");
const LIST = { data: [{ id: "m" }, { id: "n" }] };

const json =
  (value: unknown, status = 200) =>
  () =>
    Response.json(value, { status });
const error = (status: number, message: string, code?: string) =>
  json({ error: { message, code } }, status);
/** The list for whoever has the key, 401 for all others. */
const guarded = (value: unknown) => (key: string | undefined) =>
  key === KEY ? Response.json(value) : new Response("", { status: 401 });
const token = () =>
  new Response(`data: ${JSON.stringify({ choices: [{ delta: { content: "H" } }] })}\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });

const CHAT = "POST /v1/chat/completions";
const MODELS = "GET /v1/models";

type Row = readonly [
  name: string,
  script: Script,
  expected: {
    readonly state: Verification["state"];
    httpStatus?: number;
    detail: string;
    modelListed?: boolean;
  },
];

const ROWS: readonly Row[] = [
  [
    "a list with the model",
    { [MODELS]: guarded(LIST) },
    {
      state: "ok",
      httpStatus: 200,
      detail: '2 models listed, "m" among them',
      modelListed: true,
    },
  ],
  [
    "a list without the model",
    { [MODELS]: guarded({ data: [{ id: "n" }] }) },
    {
      state: "ok",
      httpStatus: 200,
      detail: '1 model listed, but not "m"',
      modelListed: false,
    },
  ],
  [
    "a public list and a model that answers",
    { [MODELS]: json(LIST), [CHAT]: token },
    { state: "ok", httpStatus: 200, detail: '"m" answers' },
  ],
  [
    "a public list and a model that does not take the key",
    { [MODELS]: json(LIST), [CHAT]: error(401, "no") },
    {
      state: "rejected",
      httpStatus: 401,
      detail: "api.example.com does not accept the key (401: no)",
    },
  ],
  [
    "401",
    { [MODELS]: error(401, "Incorrect API key") },
    {
      state: "rejected",
      httpStatus: 401,
      detail: "api.example.com does not accept the key (401: Incorrect API key)",
    },
  ],
  [
    "403 with words about the key",
    { [MODELS]: error(403, "Invalid API key") },
    {
      state: "rejected",
      httpStatus: 403,
      detail: "api.example.com does not accept the key (403: Invalid API key)",
    },
  ],
  [
    "400 with words about the key",
    {
      [MODELS]: json(
        { code: "invalid-argument", error: "Incorrect API key provided: na***ys." },
        400,
      ),
    },
    {
      state: "rejected",
      httpStatus: 400,
      detail: "api.example.com does not accept the key (400: Incorrect API key provided: na***ys.)",
    },
  ],
  [
    "403 that does not say why, on both",
    { [MODELS]: error(403, "no access"), [CHAT]: error(403, "no access") },
    {
      state: "rejected",
      httpStatus: 403,
      detail: "api.example.com does not accept the key (403: no access)",
    },
  ],
  [
    "a key that may ask, but not read the list",
    { [MODELS]: error(403, "Missing scopes: api.model.read"), [CHAT]: token },
    { state: "ok", httpStatus: 200, detail: '"m" answers' },
  ],
  [
    "a key that may not read the list, and a model that is not in the plan",
    {
      [MODELS]: error(403, "Missing scopes: api.model.read"),
      [CHAT]: error(403, "Access to model denied.", "AccessDenied.Unpurchased"),
    },
    {
      state: "ok",
      httpStatus: 403,
      detail: 'the key is valid, but not for the model "m"',
      modelListed: false,
    },
  ],
  [
    "a country that is not served",
    {
      [MODELS]: error(403, "Country not supported", "unsupported_country_region_territory"),
      [CHAT]: error(403, "Country not supported", "unsupported_country_region_territory"),
    },
    {
      state: "unverifiable",
      httpStatus: 403,
      detail: "api.example.com refuses the request (403: Country not supported)",
    },
  ],
  [
    "a model that wants the limit under another name",
    {
      [CHAT]: (_key, body) =>
        body.includes("max_completion_tokens")
          ? token()
          : Response.json(
              { error: { message: "Unsupported parameter: use 'max_completion_tokens'." } },
              { status: 400 },
            ),
    },
    { state: "ok", httpStatus: 200, detail: '"m" answers' },
  ],
  [
    "a model that gives no single token",
    {
      [CHAT]: (_key, body) =>
        /"max_(?:completion_)?tokens":1\b/.test(body)
          ? Response.json(
              { error: { message: "Invalid 'max_tokens': Expected a value >= 16, but got 1." } },
              { status: 400 },
            )
          : token(),
    },
    { state: "ok", httpStatus: 200, detail: '"m" answers' },
  ],
  [
    "a server that takes no limit",
    {
      [CHAT]: (_key, body) => {
        const name = /max_(?:completion_)?tokens/.exec(body)?.[0];
        const detail = [{ loc: ["body", name], msg: "Extra inputs are not permitted" }];
        return name === undefined ? token() : Response.json({ detail }, { status: 422 });
      },
    },
    { state: "ok", httpStatus: 200, detail: '"m" answers' },
  ],
  [
    "a model that thinks with its one token",
    { [CHAT]: error(400, "Could not finish: max_tokens or model output limit was reached.") },
    { state: "ok", httpStatus: 200, detail: '"m" answers' },
  ],
  [
    "a model that a 400 does not know",
    { [CHAT]: error(400, "Model Not Exist", "invalid_request_error") },
    {
      state: "ok",
      httpStatus: 400,
      detail: 'the key is valid, but not the model "m"',
      modelListed: false,
    },
  ],
  [
    "a plan whose window is used up",
    { [CHAT]: error(429, "hour allocated quota exceeded.", "throttling_error") },
    {
      state: "ok",
      httpStatus: 429,
      detail:
        "the key is valid, but the plan's 5-hour quota is used up (429: hour allocated quota exceeded.)",
    },
  ],
  [
    "no list, and a model that answers",
    { [CHAT]: token },
    { state: "ok", httpStatus: 200, detail: '"m" answers' },
  ],
  [
    "no list, and an answer without a word",
    { [CHAT]: () => new Response("data: [DONE]\n\n") },
    {
      state: "unverifiable",
      detail:
        "https://api.example.com/v1 is not the interface of a model (the answer says nothing)",
    },
  ],
  [
    "a server that answers everything with a JSON of its own",
    { [MODELS]: json({ code: 401, msg: "no" }), [CHAT]: json({ code: 401, msg: "no" }) },
    {
      state: "unverifiable",
      detail: "https://api.example.com/v1 is not the interface of a model (401: no)",
    },
  ],
  [
    "a list of which it is not known who may read it",
    {
      [MODELS]: (key) => (key === KEY ? Response.json(LIST) : new Response("", { status: 503 })),
      [CHAT]: error(401, "no"),
    },
    {
      state: "rejected",
      httpStatus: 401,
      detail: "api.example.com does not accept the key (401: no)",
    },
  ],
  [
    "a web page that forbids",
    { [MODELS]: () => new Response("<!doctype html>Filter", { status: 403 }) },
    {
      state: "unverifiable",
      httpStatus: 404,
      detail:
        "there is no such service at https://api.example.com/v1 (404: the server answered 404 without a reason)",
    },
  ],
  [
    "no list, and 401",
    { [CHAT]: error(401, "no") },
    {
      state: "rejected",
      httpStatus: 401,
      detail: "api.example.com does not accept the key (401: no)",
    },
  ],
  [
    "404 on both",
    {},
    {
      state: "unverifiable",
      httpStatus: 404,
      detail:
        "there is no such service at https://api.example.com/v1 (404: the server answered 404 without a reason)",
    },
  ],
  [
    "405 on both, with an error that is a string",
    {
      [MODELS]: () => new Response("", { status: 405 }),
      [CHAT]: json({ error: "only available for Coding Agents" }, 405),
    },
    {
      state: "unverifiable",
      httpStatus: 405,
      detail: "api.example.com refuses the request (405: only available for Coding Agents)",
    },
  ],
  [
    "a model that is wrong",
    { [CHAT]: error(400, "model m is gone", "model_not_found") },
    {
      state: "ok",
      httpStatus: 400,
      detail: 'the key is valid, but not the model "m"',
      modelListed: false,
    },
  ],
  [
    "402",
    { [MODELS]: error(402, "Insufficient credits") },
    {
      state: "ok",
      httpStatus: 402,
      detail:
        "the key is valid, but the account at api.example.com has nothing left to spend (402: Insufficient credits)",
    },
  ],
  [
    "429",
    { [MODELS]: error(429, "slow down") },
    {
      state: "ok",
      httpStatus: 429,
      detail:
        "the key is valid, but api.example.com takes no more requests for now (429: slow down)",
    },
  ],
  [
    "503",
    { [MODELS]: error(503, "maintenance") },
    {
      state: "unreachable",
      httpStatus: 503,
      detail: "api.example.com has a problem (503: maintenance)",
    },
  ],
  [
    "web pages",
    {
      [MODELS]: () => new Response("<html></html>"),
      [CHAT]: () => new Response("<!doctype html>"),
    },
    {
      state: "unverifiable",
      detail:
        "https://api.example.com/v1 is not the interface of a model (the answer is a web page)",
    },
  ],
];

describe("verify() tells the truth about", () => {
  test.each(ROWS)("%s", async (_name, script, expected) => {
    const { models: _models, ...verification } = {
      models: undefined,
      ...(await verify(service(script).http, EXAMPLE)),
    };
    expect(verification).toEqual({ ...expected, checkedAt: CHECKED_AT });
  });

  test("a server that is not there", async () => {
    const { http } = service({});
    const request = at("http://127.0.0.1:1/v1");
    const verification = await verify({ ...http, fetch: (url, it) => fetch(url, it) }, request);
    expect(verification).toMatchObject({ state: "unreachable" });
  });

  test("a service that does not answer in time", async () => {
    const { http } = service({ [MODELS]: () => new Promise(() => undefined) });
    expect(await verify(http, EXAMPLE, { deadlineMs: 30 })).toEqual({
      state: "unreachable",
      checkedAt: CHECKED_AT,
      detail: "api.example.com: no answer within 0.03 s",
    });
  });
});

describe("verify()", () => {
  test("asks OpenRouter for the key, as its list of models is public", async () => {
    const script = { "GET /api/v1/models": json(LIST), "GET /api/v1/key": error(401, "no user") };
    const { http, seen } = service(script);
    const verification = await verify(http, at("https://openrouter.ai/api/v1"));
    expect(verification).toMatchObject({ state: "rejected", httpStatus: 401 });
    expect(seen).toEqual([{ method: "GET", path: "/api/v1/key", key: KEY }]);
  });

  test("tells of a model that OpenRouter's list lacks", async () => {
    const script = { "GET /api/v1/models": json(LIST), "GET /api/v1/key": json({ data: {} }) };
    const request = { ...at("https://openrouter.ai/api/v1"), model: "mm" };
    expect(await verify(service(script).http, request)).toMatchObject({
      state: "ok",
      detail: 'the key is valid; 2 models listed, but not "mm"; did you mean "m"?',
      modelListed: false,
    });
  });

  test.each([
    ["nothing at all", "https://api.example.com", {}],
    [
      "LM Studio, which answers 200 to every path",
      "https://api.example.com",
      {
        "GET /models": json({ error: "Unexpected endpoint or method. (GET /models)" }),
        "POST /chat/completions": json({ error: "Unexpected endpoint or method." }),
      },
    ],
    ["web pages", "https://api.example.com", { "GET /models": () => new Response("<html>") }],
    ["another interface of the same server", "https://api.example.com/api", {}],
  ])("finds the base URL that was meant behind %s", async (_name, baseUrl, script) => {
    const { http, seen } = service({ ...script, [MODELS]: json(LIST) });
    const found = await verify(http, at(baseUrl));
    expect(found).toMatchObject({
      state: "unverifiable",
      workingBaseUrl: "https://api.example.com/v1",
      detail: expect.stringContaining("; https://api.example.com/v1 answers"),
    });
    expect(seen.map(({ path }) => path)).toContain("/v1/models");
  });

  test("asks a deployment of Azure, which no list names", async () => {
    const { http, seen } = service({
      "GET /openai/v1/models": guarded(LIST),
      "POST /openai/v1/chat/completions": token,
    });
    const request = { ...at("https://x.openai.azure.com/openai/v1"), model: "my-deployment" };
    expect(await verify(http, request)).toMatchObject({ detail: '"my-deployment" answers' });
    expect(seen.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  test("takes Gemini's 400 for what it is", async () => {
    const details = [{ reason: "API_KEY_INVALID" }];
    const body = { error: { message: "API key not valid", status: "INVALID_ARGUMENT", details } };
    const { http } = service({ "GET /v1beta/models": json(body, 400) });
    const request = at("https://generativelanguage.googleapis.com", { protocol: "gemini" });
    expect(await verify(http, request)).toMatchObject({ state: "rejected", httpStatus: 400 });
  });

  test("asks for a list again without key and headers: what anybody may read proves nothing", async () => {
    const { http, seen } = service({ [MODELS]: guarded(LIST) });
    const customHeaders = { "x-api-key": "another" };
    await verify(http, at("https://api.example.com/v1", { customHeaders }));
    expect(seen.map(({ key }) => key)).toEqual([KEY, undefined]);
  });

  test("does not ask a server of one's own twice", async () => {
    const { http, seen } = service({ [MODELS]: json(LIST) });
    expect(await verify(http, at("http://vllm:8000/v1"))).toMatchObject({ state: "ok" });
    expect(seen).toHaveLength(1);
  });

  test("gives an answer up at its first event", async () => {
    let isGivenUp = false;
    const endless = () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(`data: {"choices":[{"delta":{"content":"H"}}]}\n\n`);
          },
          cancel() {
            isGivenUp = true;
          },
        }),
      );
    const { http } = service({ [CHAT]: endless });
    expect(await verify(http, EXAMPLE)).toMatchObject({ state: "ok" });
    while (!isGivenUp) {
      await Bun.sleep(1);
    }
  });

  test("keeps the list for whoever chooses a model", async () => {
    const { http } = service({ [MODELS]: guarded({ data: [{ id: "m", max_model_len: 8192 }] }) });
    expect(await verify(http, EXAMPLE)).toMatchObject({
      models: [{ id: "m", contextWindow: 8192 }],
    });
  });
});
