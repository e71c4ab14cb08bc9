import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { type Passage, passAnswer } from "../../src/broker/pass-answer.ts";
import { RequestError } from "../../src/http/request-failure.ts";

const MINUTE = 60_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** An answer that says what it is told to, when it is told to, and a tool that reads it. */
function pass(idleTimeoutMs: number) {
  const service = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
  const ended = Promise.withResolvers<Passage>();
  const controller = new AbortController();
  const content = new ReadableStream<Uint8Array>({ start: service.resolve });
  const response = passAnswer(
    {
      response: new Response(content, { headers: { "content-type": "text/event-stream" } }),
      signal: controller.signal,
      caller: undefined,
      abort: (reason) => {
        controller.abort(reason);
        void service.promise.then((stream) => stream.error(reason));
      },
      hideSent: (text) => text,
    },
    { idleTimeoutMs, now: Date.now, isStream: false, secrets: [], onEnd: ended.resolve },
  );
  const reader = response.body?.getReader();
  return {
    say: async (text: string) => (await service.promise).enqueue(new TextEncoder().encode(text)),
    end: async () => (await service.promise).close(),
    read: async () => new TextDecoder().decode((await reader?.read())?.value),
    signal: controller.signal,
    ended: ended.promise,
  };
}

describe("passAnswer()", () => {
  test("waits eleven minutes for a service that is allowed to be silent", async () => {
    const { say, end, read, signal, ended } = pass(0);
    const first = read();
    jest.advanceTimersByTime(11 * MINUTE);
    await say("data: 1\n\n");
    expect(await first).toBe("data: 1\n\n");
    const second = read();
    jest.advanceTimersByTime(11 * MINUTE);
    await say("data: 2\n\n");
    expect([await second, signal.aborted]).toEqual(["data: 2\n\n", false]);
    await end();
    expect(await read()).toBe("");
    expect(await ended).toMatchObject({ outcome: "ok", bytes: 18 });
  });

  test("breaks off one that is silent for longer than it may, and not before", async () => {
    const { say, read, signal, ended } = pass(12 * MINUTE);
    const first = read();
    jest.advanceTimersByTime(11 * MINUTE);
    await say("data: 1\n\n");
    expect(await first).toBe("data: 1\n\n");
    const second = read().catch((error: unknown) => error);
    jest.advanceTimersByTime(11 * MINUTE);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(MINUTE);
    const error = await second;
    expect(error).toBeInstanceOf(RequestError);
    expect(String(error)).toContain("nothing came for 720 s");
    expect(await ended).toMatchObject({ outcome: "upstream-cut", bytes: 9 });
  });

  test("takes as much time as the tool wants to read", async () => {
    const { say, end, read, signal } = pass(MINUTE);
    const first = read();
    await say("data: 1\n\n");
    await first;
    jest.advanceTimersByTime(60 * MINUTE);
    expect(signal.aborted).toBe(false);
    await say("data: 2\n\n");
    expect(await read()).toBe("data: 2\n\n");
    await end();
    expect(await read()).toBe("");
  });

  test("times a service again that the tool kept waiting for longer than it may be silent", async () => {
    const { say, read, signal, ended } = pass(MINUTE);
    const first = read();
    await say("data: 1\n\n");
    await first;
    jest.advanceTimersByTime(60 * MINUTE);
    const second = read().catch((error: unknown) => error);
    jest.advanceTimersByTime(MINUTE - 1);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(String(await second)).toContain("nothing came for 60 s");
    expect(await ended).toMatchObject({ outcome: "upstream-cut", bytes: 9 });
  });
});
