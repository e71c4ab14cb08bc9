import { describe, expect, test } from "bun:test";
import { knock } from "../../src/broker/gate.ts";
import { createToken, tokenCheck } from "../../src/broker/token.ts";

const TOKEN = createToken();
const GATE = {
  hosts: new Set(["127.0.0.1:4000", "localhost:4000", "[::1]:4000"]),
  hasToken: tokenCheck(TOKEN),
};
const BEARER = { authorization: `Bearer ${TOKEN}` };

type Row = readonly [
  name: string,
  request: { url?: string; method?: string; headers?: Record<string, string> },
  result: string,
];

const ROWS: readonly Row[] = [
  ["bearer", { headers: BEARER }, "request"],
  ["bearer in any case", { headers: { authorization: `bEaReR ${TOKEN}` } }, "request"],
  ["x-api-key", { headers: { "x-api-key": TOKEN } }, "request"],
  ["x-goog-api-key", { headers: { "x-goog-api-key": TOKEN } }, "request"],
  ["api-key", { headers: { "api-key": TOKEN } }, "request"],
  ["?key=", { url: `http://127.0.0.1:4000/gemini/v1beta/models?key=${TOKEN}` }, "request"],
  ["one of two", { headers: { ...BEARER, "x-api-key": "sk-of-somebody" } }, "request"],
  [
    "by another name",
    { url: "http://localhost:4000/x", headers: { ...BEARER, host: "localhost:4000" } },
    "request",
  ],
  [
    "over IPv6",
    { url: "http://[::1]:4000/x", headers: { ...BEARER, host: "[::1]:4000" } },
    "request",
  ],
  ["node's fetch", { headers: { ...BEARER, "sec-fetch-mode": "cors" } }, "request"],
  ["a typed address", { headers: { ...BEARER, "sec-fetch-site": "none" } }, "request"],
  ["no token", {}, "401 token"],
  ["an empty one", { headers: { authorization: "Bearer " } }, "401 token"],
  ["that of another run", { headers: { authorization: `Bearer ${createToken()}` } }, "401 token"],
  [
    "a beginning of it",
    { headers: { authorization: `Bearer ${TOKEN.slice(0, -1)}` } },
    "401 token",
  ],
  ["more than it", { headers: { authorization: `Bearer ${TOKEN}x` } }, "401 token"],
  [
    "doubled, as Bun joins it",
    { headers: { authorization: `Bearer ${TOKEN}, Bearer ${TOKEN}` } },
    "401 token",
  ],
  ["as Basic", { headers: { authorization: `Basic ${btoa(`x:${TOKEN}`)}` } }, "401 token"],
  ["another parameter", { url: `http://127.0.0.1:4000/x?token=${TOKEN}` }, "401 token"],
  [
    "another name of a host",
    { url: "http://evil.example:4000/", headers: { ...BEARER, host: "evil.example:4000" } },
    "421 address",
  ],
  ["the port of somebody else", { headers: { ...BEARER, host: "127.0.0.1:4001" } }, "421 address"],
  ["no port", { headers: { ...BEARER, host: "127.0.0.1" } }, "421 address"],
  ["no host", { headers: { ...BEARER, host: "" } }, "421 address"],
  ["an absolute target", { url: "http://evil.example/x", headers: BEARER }, "421 address"],
  ["a target that is no URL", { url: "evil.example:80", headers: BEARER }, "421 address"],
  ["a page", { headers: { ...BEARER, origin: "http://evil.example" } }, "403 browser"],
  [
    "a page of this host",
    { headers: { ...BEARER, origin: "http://127.0.0.1:4000" } },
    "403 browser",
  ],
  ["a page without a name", { headers: { ...BEARER, origin: "null" } }, "403 browser"],
  ["a link in a page", { headers: { ...BEARER, "sec-fetch-site": "cross-site" } }, "403 browser"],
  [
    "a page of this site",
    { headers: { ...BEARER, "sec-fetch-site": "same-origin" } },
    "403 browser",
  ],
  ["CONNECT", { method: "CONNECT", url: "api.example:443", headers: BEARER }, "405 method"],
  ["a probe", { method: "HEAD", url: "http://127.0.0.1:4000/anthropic" }, "probe"],
  ["a probe with a slash", { method: "GET", url: "http://127.0.0.1:4000/anthropic/" }, "probe"],
  ["a probe that sends", { method: "POST", url: "http://127.0.0.1:4000/anthropic" }, "401 token"],
  [
    "a probe of a page",
    { method: "GET", url: "http://127.0.0.1:4000/anthropic", headers: { origin: "x" } },
    "403 browser",
  ],
  [
    "a probe further down",
    { method: "GET", url: "http://127.0.0.1:4000/anthropic/v1/models" },
    "401 token",
  ],
];

describe("knock()", () => {
  test.each(ROWS)("answers %s", (_, { url, method = "POST", headers = {} }, result) => {
    const entry = knock(
      {
        method,
        url: url ?? "http://127.0.0.1:4000/openai/v1/chat/completions",
        headers: new Headers({ host: "127.0.0.1:4000", ...headers }),
      },
      GATE,
    );
    const told = entry.kind === "refusal" ? `${entry.status} ${entry.refusedBy}` : entry.kind;
    expect(told).toBe(result);
  });

  test("no message repeats what was sent", () => {
    const entry = knock(
      {
        method: "GET",
        url: "http://evil.example/",
        headers: new Headers({ host: "evil.example" }),
      },
      GATE,
    );
    expect(JSON.stringify(entry)).not.toContain("evil");
  });
});

test("createToken() makes 32 bytes with a prefix that tells what they are", () => {
  expect(TOKEN).toMatch(/^qwen-run-[\w-]{43}$/);
  expect(new Set(Array.from({ length: 100 }, createToken)).size).toBe(100);
});
