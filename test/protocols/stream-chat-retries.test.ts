import { describe, expect, test } from "bun:test";
import type { RequestFailure } from "../../src/http/request-failure.ts";
import { OPENAI, SPEECHES, sse } from "../support/model-answers.ts";
import {
  answer,
  cut,
  deadOrigin,
  type Reply,
  scriptedServer,
  silence,
  stream,
} from "../support/scripted-server.ts";
import { ask, textOf } from "./ask.ts";

const OK = stream([OPENAI.text("Hello"), OPENAI.finish]);

describe("streamChat() tries again", () => {
  type Case = readonly [name: string, replies: readonly Reply[], delays: readonly number[]];
  const limited = (headers: Readonly<Record<string, string>> = {}) =>
    answer(429, { error: { message: "Slow down" } }, headers);
  const cases: readonly Case[] = [
    ["after 429", [limited()], [500]],
    ["when the server says", [limited({ "retry-after": "1" })], [1000]],
    [
      "when the server says by the millisecond",
      [limited({ "retry-after-ms": "300", "retry-after": "9" })],
      [300],
    ],
    ["at a date", [limited({ "retry-after": "Thu, 01 Jan 1970 00:00:05 GMT" })], [5000]],
    [
      "when Gemini says",
      [answer(429, { error: { message: "no", details: [{ retryDelay: "2s" }] } })],
      [2000],
    ],
    ["after 408", [answer(408)], [500]],
    ["after 409", [answer(409)], [500]],
    ["after 500", [answer(500)], [500]],
    ["after 503 and 529", [answer(503), answer(529)], [500, 1000]],
    ["after a web page that says 502", [answer(502, "<html>")], [500]],
    ["after a reset", [cut], [500]],
    ["after a reset, a 500 and a 429", [cut, answer(500), limited()], [500, 1000, 2000]],
    ["after 400 when told to", [answer(400, "", { "x-should-retry": "true" })], [500]],
    [
      "after a stream that begins with an error",
      [stream([OPENAI.overloaded]), stream([sse({ error: { message: "no", code: 429 } })])],
      [500, 1000],
    ],
    ["after a JSON of an error", [answer(200, { error: { message: "no", code: 503 } })], [500]],
  ];
  test.each(cases)("%s", async (_name, replies, delays) => {
    const { origin, requests } = await scriptedServer(...replies, OK);
    const outcome = await ask({ origin });
    expect(textOf(outcome.events)).toBe("Hello");
    expect(outcome).toEqual({ events: outcome.events, delays });
    expect(requests).toHaveLength(replies.length + 1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
  });

  test.each(SPEECHES)("with $protocol as with others", async (speech) => {
    const replies = [answer(500), cut, stream([speech.overloaded]), answer(429)];
    const good = stream([speech.text("Hello"), speech.finish]);
    const { origin, requests } = await scriptedServer(...replies, good);
    const { events, delays } = await ask({ origin, speech, options: { maxRetries: 4 } });
    expect(textOf(events)).toBe("Hello");
    expect(delays).toEqual([500, 1000, 2000, 4000]);
    expect(requests).toHaveLength(5);
  });

  test("and tells of it before each wait", async () => {
    const { origin } = await scriptedServer(answer(500, "away"), answer(429, "full"), OK);
    const told: (readonly [number, RequestFailure])[] = [];
    const onWait = async (wait: number, failure: RequestFailure): Promise<void> => {
      told.push([wait, failure]);
    };
    await ask({ origin, options: { onWait } });
    expect(told).toEqual([
      [500, { kind: "server-error", status: 500, message: "away" }],
      [1000, { kind: "rate-limited", status: 429, message: "full" }],
    ]);
  });
});

describe("streamChat() gives up", () => {
  type Case = readonly [
    name: string,
    reply: Reply,
    maxRetries: number,
    failure: Partial<RequestFailure>,
    delays: readonly number[],
  ];
  const limited = { kind: "rate-limited", status: 429, retryAfterMs: 1000 } as const;
  const cases: readonly Case[] = [
    ["after 500 forever", answer(500), 3, { kind: "server-error" }, [500, 1000, 2000]],
    ["after one retry", answer(500), 1, { kind: "server-error" }, [500]],
    ["at once without retries", answer(500), 0, { kind: "server-error" }, []],
    ["after resets forever", cut, 2, { kind: "reset" }, [500, 1000]],
    ["after 429 forever", answer(429, "", { "retry-after": "1" }), 2, limited, [1000, 1000]],
    [
      "after errors in streams forever",
      stream([OPENAI.overloaded]),
      1,
      { kind: "server-error", code: "503" },
      [500],
    ],
  ];
  test.each(cases)("%s", async (_name, reply, maxRetries, failure, delays) => {
    const { origin, requests } = await scriptedServer(reply);
    const outcome = await ask({ origin, options: { maxRetries } });
    expect(outcome).toMatchObject({ events: [], failure, delays: [...delays] });
    expect(requests).toHaveLength(delays.length + 1);
  });

  test("after a connection that is refused forever", async () => {
    const outcome = await ask({ origin: await deadOrigin() });
    expect(outcome).toEqual({
      events: [],
      failure: {
        kind: "refused",
        code: "ECONNREFUSED",
        message: "the connection was refused; is the server running?",
        tries: 4,
      },
      delays: [500, 1000, 2000],
    });
  });
});

describe("streamChat() does not try again", () => {
  const quota = { error: { message: "no money", code: "insufficient_quota" } };
  const error = (code: string | number) => stream([sse({ error: { message: "no", code } })]);
  type Case = readonly [name: string, reply: Reply, failure: Partial<RequestFailure>];
  const cases: readonly Case[] = [
    [
      "after 400",
      answer(400, { error: { message: "no" } }),
      { kind: "bad-request", message: "no" },
    ],
    ["after 401", answer(401), { kind: "rejected", status: 401 }],
    ["after 403", answer(403), { kind: "forbidden", status: 403 }],
    ["after 404", answer(404), { kind: "not-found", status: 404 }],
    [
      "after 404 of a model",
      answer(404, { error: { message: "no such model" } }),
      { kind: "unknown-model", status: 404 },
    ],
    ["after 402", answer(402), { kind: "quota", status: 402 }],
    ["without money", answer(429, quota), { kind: "quota", code: "insufficient_quota" }],
    [
      "without money, whatever the headers say",
      answer(429, quota, { "x-should-retry": "true", "retry-after": "1" }),
      { kind: "quota" },
    ],
    ["without money inside a stream", error("insufficient_quota"), { kind: "quota" }],
    ["after a 402 inside a stream", error(402), { kind: "quota", code: "402" }],
    ["after another error inside a stream", error("bad_input"), { kind: "server-error" }],
    [
      "after a wait that is too long",
      answer(429, "", { "retry-after": "90" }),
      { kind: "rate-limited", retryAfterMs: 90_000 },
    ],
    [
      "after 500 when told not to",
      answer(500, "", { "x-should-retry": "false" }),
      { kind: "server-error", shouldRetry: false },
    ],
  ];
  test.each(cases)("%s", async (_name, reply, failure) => {
    const { origin, requests } = await scriptedServer(reply, OK);
    expect(await ask({ origin })).toMatchObject({ events: [], failure, delays: [] });
    expect(requests).toHaveLength(1);
  });

  test.each(SPEECHES)("with a key that $protocol refuses", async (speech) => {
    const { origin, requests } = await scriptedServer(answer(...speech.rejected), OK);
    const { failure, delays } = await ask({ origin, speech });
    expect([failure?.kind, delays]).toEqual(["rejected", []]);
    expect(requests).toHaveLength(1);
  });

  test.each(SPEECHES)("with $protocol, when headers are late", async (speech) => {
    const { origin, requests } = await scriptedServer(silence, OK);
    expect(await ask({ origin, speech, options: { timeoutMs: 300 } })).toEqual({
      events: [],
      failure: { kind: "timeout", message: "no answer within 0.3 s" },
      delays: [],
    });
    expect(requests).toHaveLength(1);
  });

  test.each(SPEECHES)("with $protocol, when a body stays silent", async (speech) => {
    const { origin, requests } = await scriptedServer(stream([speech.text("Hel")], silence), OK);
    expect(await ask({ origin, speech, options: { idleTimeoutMs: 300 } })).toEqual({
      events: [{ kind: "text-delta", text: "Hel" }],
      failure: { kind: "silent", message: "nothing came for 0.3 s" },
      delays: [],
    });
    expect(requests).toHaveLength(1);
  });
});
