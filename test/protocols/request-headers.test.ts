import { describe, expect, test } from "bun:test";
import { requestHeaders } from "../../src/protocols/request-headers.ts";

const BOTH = { "x-api-key": "K", authorization: "Bearer K" };
const KEY = { "x-api-key": "K" };
const BEARER = { authorization: "Bearer K" };

type Case = readonly [
  name: string,
  baseUrl: string,
  scheme: "key" | "bearer",
  customHeaders: Readonly<Record<string, string>>,
  sent: Readonly<Record<string, string>>,
  keyHeader?: "bearer" | "x-api-key",
];

const CASES: readonly Case[] = [
  ["Anthropic itself", "https://api.anthropic.com", "key", {}, KEY],
  ["a host of Anthropic's", "https://eu.api.anthropic.com", "key", {}, KEY],
  ["Anthropic in capitals, with its port", "https://API.Anthropic.com:443/v1", "key", {}, KEY],
  ["a gateway", "https://gateway.example/anthropic", "key", {}, BOTH],
  ["a server of one's own", "http://127.0.0.1:8080", "key", {}, BOTH],
  ["a name that ends alike", "https://notanthropic.com", "key", {}, BOTH],
  ["Anthropic's name as another's part", "https://api.anthropic.com.evil.example", "key", {}, BOTH],
  ["Anthropic's name in a path", "https://gateway.example/api.anthropic.com", "key", {}, BOTH],
  ["a service that reads a key", "https://known.example", "key", {}, KEY, "x-api-key"],
  ["a service that reads a bearer", "https://known.example", "key", {}, BEARER, "bearer"],
  ["a token where a key is read", "https://known.example", "bearer", {}, BEARER, "x-api-key"],
  ["a token at Anthropic", "https://api.anthropic.com", "bearer", {}, BEARER],
  ["a token at a gateway", "https://gateway.example", "bearer", {}, BEARER],
  [
    "a gateway with an `Authorization` of its own",
    "https://gateway.example",
    "key",
    { authorization: "Bearer gateway" },
    { "x-api-key": "K", authorization: "Bearer gateway" },
  ],
  [
    "a gateway with an `X-Api-Key` of its own",
    "https://gateway.example",
    "key",
    { "X-Api-Key": "other" },
    { "x-api-key": "other", authorization: "Bearer K" },
  ],
];

describe("requestHeaders() gives the key of Anthropic's protocol to", () => {
  test.each(CASES)("%s", (...given) => {
    const [, baseUrl, scheme, customHeaders, sent, keyHeader] = given;
    const credential = { value: "K", scheme };
    const endpoint = {
      protocol: "anthropic",
      baseUrl,
      credential,
      customHeaders,
      keyHeader,
    } as const;
    const headers = requestHeaders(endpoint, { userAgent: "me", hasBody: false });
    expect(Object.fromEntries(headers)).toEqual({
      accept: "application/json",
      "anthropic-version": "2023-06-01",
      "user-agent": "me",
      ...sent,
    });
  });
});
