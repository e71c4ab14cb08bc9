import { describe, expect, test } from "bun:test";
import type { RequestFailure } from "../../../src/http/request-failure.ts";
import { answerFailure, streamedFailure } from "../../../src/protocols/failures/answer-failure.ts";

type HeaderTable = Readonly<Record<string, string>>;

function failureOf(
  status: number,
  body: string | object,
  headers: HeaderTable = {},
): RequestFailure {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return answerFailure({ status, headers: new Headers(headers), body: text, now: 0 });
}

describe("answerFailure() tells by the status what went wrong:", () => {
  const silent = (status: number) => `the server answered ${status} without a reason`;
  const kinds: readonly (readonly [number, RequestFailure["kind"]])[] = [
    [304, "not-an-api"],
    [400, "bad-request"],
    [401, "rejected"],
    [402, "quota"],
    [403, "forbidden"],
    [404, "not-found"],
    [405, "bad-request"],
    [408, "server-error"],
    [409, "server-error"],
    [413, "too-long"],
    [422, "bad-request"],
    [429, "rate-limited"],
    [500, "server-error"],
    [503, "server-error"],
    [451, "not-allowed"],
    [529, "server-error"],
  ];
  test.each(kinds)("%p: %s", (status, kind) => {
    const final = kind === "quota" ? { shouldRetry: false } : {};
    expect(failureOf(status, "")).toEqual({ kind, status, message: silent(status), ...final });
  });
});

describe("answerFailure() reads the body of", () => {
  type Case = readonly [
    name: string,
    status: number,
    body: string | object,
    failure: Omit<RequestFailure, "status">,
  ];
  const cases: readonly Case[] = [
    [
      "OpenAI",
      401,
      { error: { message: "Incorrect API key", type: "invalid_request_error", code: "bad_key" } },
      { kind: "rejected", message: "Incorrect API key", code: "bad_key" },
    ],
    [
      "OpenAI about a model",
      404,
      { error: { message: "Not here", type: "invalid_request_error", code: "model_not_found" } },
      { kind: "unknown-model", message: "Not here", code: "model_not_found" },
    ],
    [
      "a server that only speaks of a model",
      404,
      { error: { message: 'model "m" not found, try pulling it first', code: null } },
      { kind: "unknown-model", message: 'model "m" not found, try pulling it first' },
    ],
    [
      "OpenAI about money",
      429,
      { error: { message: "You exceeded your quota", code: "insufficient_quota" } },
      {
        kind: "quota",
        message: "You exceeded your quota",
        code: "insufficient_quota",
        shouldRetry: false,
      },
    ],
    [
      "Anthropic",
      401,
      { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } },
      { kind: "rejected", message: "invalid x-api-key", code: "authentication_error" },
    ],
    [
      "Anthropic about money",
      400,
      {
        type: "error",
        error: { type: "invalid_request_error", message: "Your credit balance is too low to ask" },
      },
      {
        kind: "quota",
        message: "Your credit balance is too low to ask",
        code: "invalid_request_error",
        shouldRetry: false,
      },
    ],
    [
      "Gemini about a key",
      400,
      {
        error: {
          code: 400,
          message: "API key not valid",
          status: "INVALID_ARGUMENT",
          details: [{ "@type": "x" }, { reason: "API_KEY_INVALID" }],
        },
      },
      { kind: "rejected", message: "API key not valid", code: "INVALID_ARGUMENT" },
    ],
    [
      "Gemini about a time",
      429,
      [
        {
          error: {
            code: 429,
            message: "Slow down",
            status: "RESOURCE_EXHAUSTED",
            details: [{ retryDelay: "34.5s" }],
          },
        },
      ],
      {
        kind: "rate-limited",
        message: "Slow down",
        code: "RESOURCE_EXHAUSTED",
        retryAfterMs: 34_500,
      },
    ],
    [
      "Gemini about another request",
      400,
      { error: { code: 400, message: "Wrong field", status: "INVALID_ARGUMENT" } },
      { kind: "bad-request", message: "Wrong field", code: "INVALID_ARGUMENT" },
    ],
    [
      "DashScope about money",
      400,
      { code: "Arrearage", message: "Access denied", request_id: "r" },
      { kind: "quota", message: "Access denied", code: "Arrearage", shouldRetry: false },
    ],
    [
      "DashScope about its limits",
      429,
      { code: "Throttling.RateQuota", message: "Requests rate limit exceeded", request_id: "r" },
      {
        kind: "rate-limited",
        message: "Requests rate limit exceeded",
        code: "Throttling.RateQuota",
      },
    ],
    [
      "the Coding Plan",
      405,
      { error: "Coding Plan is currently only available for Coding Agents" },
      {
        kind: "not-allowed",
        message: "Coding Plan is currently only available for Coding Agents",
        hint: "use a pay-as-you-go key: `qwen auth api-key --provider modelstudio`",
      },
    ],
    [
      "vLLM",
      400,
      { object: "error", message: "Too long", type: "BadRequestError", code: 400 },
      { kind: "bad-request", message: "Too long", code: "BadRequestError" },
    ],
    ["FastAPI", 404, { detail: "Not Found" }, { kind: "not-found", message: "Not Found" }],
    [
      "a model by its code",
      400,
      { code: "invalid_model" },
      { kind: "unknown-model", message: '{"code":"invalid_model"}', code: "invalid_model" },
    ],
    [
      "a plain text",
      503,
      "  upstream\n  is away ",
      { kind: "server-error", message: "upstream is away" },
    ],
    [
      "a long text, but no part of a word",
      500,
      `${"x ".repeat(98)}secret-0123456789`,
      { kind: "server-error", message: `${"x ".repeat(98)}…` },
    ],
    [
      "a JSON that is cut",
      500,
      '{"error": {"mess',
      { kind: "server-error", message: '{"error": {"mess' },
    ],
    [
      "a web page",
      502,
      "<html><h1>Bad gateway</h1></html>",
      { kind: "server-error", message: "the server answered 502 without a reason" },
    ],
  ];
  test.each(cases)("%s", (_name, status, body, failure) => {
    expect(failureOf(status, body)).toEqual({ ...failure, status });
  });
});

describe("answerFailure() obeys the headers:", () => {
  const cases: readonly (readonly [
    status: number,
    headers: HeaderTable,
    more: Partial<RequestFailure>,
  ])[] = [
    [400, { "x-should-retry": "true" }, { kind: "bad-request", shouldRetry: true }],
    [500, { "x-should-retry": "false" }, { kind: "server-error", shouldRetry: false }],
    [500, { "x-should-retry": "maybe" }, { kind: "server-error" }],
    [402, { "x-should-retry": "true" }, { kind: "quota", shouldRetry: false }],
    [429, { "retry-after": "2" }, { kind: "rate-limited", retryAfterMs: 2000 }],
    [
      429,
      { "retry-after": "Thu, 01 Jan 1970 00:00:05 GMT" },
      { kind: "rate-limited", retryAfterMs: 5000 },
    ],
    [
      429,
      { "retry-after-ms": "300", "retry-after": "9" },
      { kind: "rate-limited", retryAfterMs: 300 },
    ],
  ];
  test.each(cases)("%p with %j", (status, headers, more) => {
    expect<object>(failureOf(status, { message: "no" }, headers)).toEqual({
      status,
      message: "no",
      ...more,
    });
  });

  test("a header about a time goes before the body", () => {
    const body = { error: { message: "no", details: [{ retryDelay: "9s" }] } };
    expect(failureOf(429, body, { "retry-after": "1" }).retryAfterMs).toBe(1000);
  });

  test("what calls itself a web page is one, however it begins", () => {
    const headers = { "content-type": "text/html; charset=utf-8" };
    expect(failureOf(404, "Not here", headers).message).toBe(
      "the server answered 404 without a reason",
    );
  });
});

describe("streamedFailure() tells of an event", () => {
  const cases: readonly (readonly [event: unknown, failure: object])[] = [
    [
      { error: { code: "invalid_request_error", message: "no field stream_options" } },
      {
        kind: "bad-request",
        message: "no field stream_options",
        code: "invalid_request_error",
        refusedField: "stream_options",
      },
    ],
    [
      { error: { type: "overloaded_error", message: "Overloaded" } },
      { kind: "server-error", message: "Overloaded", code: "overloaded_error" },
    ],
    [
      { error: { type: "odd_thing", message: "Odd" } },
      { kind: "server-error", message: "Odd", code: "odd_thing", shouldRetry: false },
    ],
    [
      {},
      {
        kind: "server-error",
        message: "the server reported an error without a message",
        shouldRetry: false,
      },
    ],
  ];
  test.each(cases)("%j", (event, failure) => {
    expect<unknown>(streamedFailure({ event })).toEqual(failure);
  });
});
