import { describe, expect, test } from "bun:test";
import { answerHeadersFor, requestHeadersFor } from "../../src/broker/header-rules.ts";
import type { ServiceEndpoint } from "../../src/protocols/service-endpoint.ts";

const OPENAI: ServiceEndpoint = {
  protocol: "openai",
  baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
  credential: { value: "sk-sp-real", scheme: "key" },
  customHeaders: {},
};

function sent(headers: Record<string, string>, more: Partial<ServiceEndpoint> = {}) {
  return Object.fromEntries(requestHeadersFor(new Headers(headers), { ...OPENAI, ...more }));
}

describe("requestHeadersFor()", () => {
  test("hands on what a tool says, with the real credential in place of every other", () => {
    expect(
      sent({
        "user-agent": "claude-cli/2",
        accept: "application/json",
        "accept-encoding": "gzip",
        "content-type": "application/json",
        "anthropic-beta": "a,b",
        "x-stainless-lang": "js",
        authorization: "Bearer qwen-run-x",
        "x-api-key": "sk-of-somebody",
        "x-goog-api-key": "g",
        "api-key": "a",
      }),
    ).toEqual({
      "user-agent": "claude-cli/2",
      accept: "application/json",
      "accept-encoding": "gzip",
      "content-type": "application/json",
      "anthropic-beta": "a,b",
      "x-stainless-lang": "js",
      authorization: "Bearer sk-sp-real",
    });
  });

  test("drops what is about the connection, also what `Connection` names", () => {
    expect(
      sent({
        connection: "keep-alive, X-Secret , x-other",
        "x-secret": "1",
        "x-other": "2",
        "keep-alive": "timeout=5",
        te: "trailers",
        trailer: "x",
        "transfer-encoding": "chunked",
        upgrade: "h2c",
        expect: "100-continue",
        "proxy-authorization": "Basic x",
        "proxy-connection": "close",
        host: "127.0.0.1:1",
        "content-length": "3",
        cookie: "a=b",
        forwarded: "for=1",
        "x-forwarded-for": "1",
        "x-forwarded-host": "h",
        via: "1.1 x",
        origin: "http://x",
        referer: "http://x",
        "x-kept": "yes",
      }),
    ).toEqual({
      "accept-encoding": "identity",
      "x-kept": "yes",
      authorization: "Bearer sk-sp-real",
    });
  });

  test.each([
    ["anthropic", "key", "x-api-key", "sk-sp-real"],
    ["anthropic", "bearer", "authorization", "Bearer sk-sp-real"],
    ["gemini", "key", "x-goog-api-key", "sk-sp-real"],
  ] as const)("sends the key of %s as %s in %s", (protocol, scheme, name, value) => {
    const credential = { value: "sk-sp-real", scheme };
    expect(sent({}, { protocol, credential, baseUrl: "https://api.anthropic.com" })).toEqual({
      "accept-encoding": "identity",
      [name]: value,
    });
  });

  test("adds the headers of the entry last, and invents none", () => {
    const customHeaders = { "X-Tenant": "t", Authorization: "Own x" };
    expect(sent({ "x-tenant": "of the tool" }, { customHeaders })).toEqual({
      "accept-encoding": "identity",
      "x-tenant": "t",
      authorization: "Own x",
    });
  });

  test("sends no credential where there is none", () => {
    expect(sent({ authorization: "Bearer t" }, { credential: undefined })).toEqual({
      "accept-encoding": "identity",
    });
  });
});

test("answerHeadersFor() keeps what clients act on, and drops what is about the site", () => {
  const headers = new Headers({
    "content-type": "text/event-stream",
    "content-encoding": "gzip",
    "request-id": "r",
    "anthropic-ratelimit-requests-remaining": "1",
    "retry-after": "5",
    connection: "close, x-internal",
    "x-internal": "1",
    "transfer-encoding": "chunked",
    "set-cookie": "a=b",
    "alt-svc": "h3",
    "strict-transport-security": "max-age=1",
    "access-control-allow-origin": "*",
    "Access-Control-Allow-Credentials": "true",
  });
  expect(Object.fromEntries(answerHeadersFor(headers, []))).toEqual({
    "content-type": "text/event-stream",
    "content-encoding": "gzip",
    "request-id": "r",
    "anthropic-ratelimit-requests-remaining": "1",
    "retry-after": "5",
  });
});

test("answerHeadersFor() drops what repeats a secret, however it is written, and nothing else", () => {
  const secret = "sk-Secret-0123456789";
  const headers = new Headers({
    "x-plain": `of ${secret}.`,
    "x-basic": btoa(`user:${secret}`),
    "x-url": encodeURIComponent(`a ${secret}/`),
    "x-json": '"sk\\u002dSecret-0123456789"',
    "x-lower": secret.toLowerCase(),
    [`x-${secret}`]: "1",
    "content-type": "application/json",
    "x-version": "json-1",
  });
  // Short values of the entry's own headers stand in every other word.
  expect(Object.fromEntries(answerHeadersFor(headers, [secret, "json", "1"]))).toEqual({
    "content-type": "application/json",
    "x-version": "json-1",
  });
});
