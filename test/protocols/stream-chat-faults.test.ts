import { describe, expect, test } from "bun:test";
import type { RequestFailure } from "../../src/http/request-failure.ts";
import { OPENAI, SPEECHES, sse } from "../support/model-answers.ts";
import {
  answer,
  cut,
  type Reply,
  scriptedServer,
  silence,
  stream,
} from "../support/scripted-server.ts";
import { ask, textOf } from "./ask.ts";

const OK = stream([OPENAI.text("Never"), OPENAI.finish]);

/** Asks a server that goes on only after its first words were read. */
async function askBroken(reply: (seen: Promise<void>) => Reply, speech = OPENAI) {
  const seen = Promise.withResolvers<void>();
  const { origin, requests } = await scriptedServer(reply(seen.promise), OK);
  const outcome = await ask({ origin, speech, onEvents: () => seen.resolve() });
  return { ...outcome, requests: requests.length };
}

describe("streamChat() takes an answer with a finish reason for whole", () => {
  const FINISHED: readonly (readonly [(typeof SPEECHES)[number], string])[] = SPEECHES.map(
    (speech) => [speech, speech.finish.replace(sse("[DONE]"), "")],
  );

  test.each(FINISHED)("when the connection of $protocol is cut then", async (speech, finish) => {
    const outcome = await askBroken(
      (seen) =>
        stream([speech.text("Hello") + finish], async (socket) => {
          await seen;
          await cut(socket);
        }),
      speech,
    );
    expect([textOf(outcome.events), outcome.failure]).toEqual(["Hello", undefined]);
  });

  test.each(FINISHED)("when nothing more comes of $protocol", async (speech, finish) => {
    const { origin } = await scriptedServer(stream([speech.text("Hello"), finish], silence));
    const outcome = await ask({ origin, speech, options: { idleTimeoutMs: 300 } });
    expect([textOf(outcome.events), outcome.failure]).toEqual(["Hello", undefined]);
  });
});

describe("streamChat() gives what came before, once, and fails", () => {
  const partial = { events: [{ kind: "text-delta", text: "Hel" }], delays: [], requests: 1 };

  test.each(SPEECHES)("when a stream of $protocol is cut", async (speech) => {
    const outcome = await askBroken(
      (seen) =>
        stream([speech.text("Hel")], async (socket) => {
          await seen;
          await cut(socket);
        }),
      speech,
    );
    const message = "the connection was closed in the middle";
    expect<object>(outcome).toEqual({
      ...partial,
      failure: { kind: "cut", code: "ECONNRESET", message },
    });
  });

  test.each(SPEECHES)("when a stream of $protocol ends too early", async (speech) => {
    const { failure, ...outcome } = await askBroken(() => stream([speech.text("Hel")]), speech);
    expect<object>(outcome).toEqual(partial);
    expect(failure?.kind).toBe("ended-early");
  });

  test.each(SPEECHES)("when $protocol reports an error in the middle", async (speech) => {
    const outcome = await askBroken(
      () => stream([speech.text("Hel"), speech.overloaded, speech.text("no"), speech.finish]),
      speech,
    );
    const code = speech.protocol === "anthropic" ? "overloaded_error" : "503";
    expect<object>(outcome).toEqual({
      ...partial,
      failure: { kind: "server-error", code, message: "Overloaded" },
    });
  });

  test.each(SPEECHES)("when a chunk of $protocol is malformed", async (speech) => {
    const outcome = await askBroken(
      () => stream([speech.text("Hel") + sse('{"choices": ['), speech.finish]),
      speech,
    );
    const message = "an event of the stream is not valid JSON";
    expect<object>(outcome).toEqual({ ...partial, failure: { kind: "malformed", message } });
  });

  test("when a line never ends", async () => {
    const piece = "a".repeat(1024 * 1024);
    const outcome = await askBroken(() =>
      stream([OPENAI.text("Hel"), "data: ", ...Array.from({ length: 9 }, () => piece)], silence),
    );
    const message = "a line of the stream is longer than 8 MiB";
    expect<object>(outcome).toEqual({ ...partial, failure: { kind: "malformed", message } });
  });
});

describe("streamChat() asks again, and then says so, after", () => {
  const cases: readonly (readonly [name: string, reply: Reply])[] = [
    ["an empty stream", stream([])],
    ["an empty body", answer(200)],
    ["no content", answer(204)],
    ["`[DONE]` alone", stream([sse("[DONE]")])],
    ["comments alone", stream([": hi\n\n"])],
    ["counts alone", stream([sse({ choices: [], usage: { prompt_tokens: 5 } })])],
    ["another JSON", answer(200, { ok: true })],
  ];
  test.each(cases)("%s", async (_name, reply) => {
    const good = await scriptedServer(reply, OK);
    const { events, failure } = await ask({ origin: good.origin });
    expect([textOf(events), failure]).toEqual(["Never", undefined]);
    const { origin, requests } = await scriptedServer(reply);
    const options = { maxRetries: 2 };
    expect((await ask({ origin, options })).failure).toEqual({
      kind: "ended-early",
      message: "the stream ended without an answer",
      tries: 3,
    });
    expect(requests).toHaveLength(3);
  });
});

describe("streamChat() fails at once for", () => {
  type Case = readonly [name: string, reply: Reply, failure: RequestFailure];
  const page = { kind: "not-an-api", message: "the answer is a web page" } as const;
  const cases: readonly Case[] = [
    ["a web page", answer(200, "<!doctype html>", { "content-type": "text/html" }), page],
    ["a web page under another name", answer(200, "\n<html lang=en>"), page],
    [
      "broken JSON",
      answer(200, '{"choices": ['),
      { kind: "malformed", message: "an event of the stream is not valid JSON" },
    ],
    [
      "an answer that is no success",
      answer(304),
      { kind: "not-an-api", status: 304, message: "the server answered 304 without a reason" },
    ],
  ];
  test.each(cases)("%s", async (_name, reply, failure) => {
    const { origin, requests } = await scriptedServer(reply, OK);
    expect(await ask({ origin })).toEqual({ events: [], failure, delays: [] });
    expect(requests).toHaveLength(1);
  });

  test("a prompt that Gemini blocks", async () => {
    const speech = SPEECHES[2];
    const blocked = sse({ promptFeedback: { blockReason: "SAFETY" } });
    const { origin, requests } = await scriptedServer(stream([blocked]), OK);
    expect(await ask({ origin, ...(speech === undefined ? {} : { speech }) })).toEqual({
      events: [],
      failure: { kind: "blocked", code: "SAFETY", message: "the prompt was blocked" },
      delays: [],
    });
    expect(requests).toHaveLength(1);
  });
});

describe("streamChat() ends with what it was told", () => {
  const reason = new Error("enough");

  test("before it begins", async () => {
    const { origin, requests } = await scriptedServer(OK);
    const signal = AbortSignal.abort(reason);
    await expect(ask({ origin, options: { signal } })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
  });

  test("while it waits for headers", async () => {
    const controller = new AbortController();
    const { origin, requests } = await scriptedServer(() => controller.abort(reason), OK);
    const { signal } = controller;
    await expect(ask({ origin, options: { signal } })).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });

  test("while it waits to try again", async () => {
    const controller = new AbortController();
    const { origin, requests } = await scriptedServer(answer(500), OK);
    const onWait = async (): Promise<void> => controller.abort(reason);
    const options = { signal: controller.signal, onWait };
    await expect(ask({ origin, options })).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });

  test("in the middle of an answer", async () => {
    const controller = new AbortController();
    const { origin, requests } = await scriptedServer(stream([OPENAI.text("Hel")], silence), OK);
    let text = "";
    const asked = ask({
      origin,
      options: { signal: controller.signal },
      onEvents: (events) => {
        text = textOf(events);
        controller.abort(reason);
      },
    });
    await expect(asked).rejects.toBe(reason);
    expect(text).toBe("Hel");
    expect(requests).toHaveLength(1);
  });
});
