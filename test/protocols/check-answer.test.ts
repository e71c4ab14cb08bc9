import { expect, test } from "bun:test";
import type { OpenResponse } from "../../src/http/http.ts";
import { RequestError } from "../../src/http/request-failure.ts";
import { checkAnswer } from "../../src/protocols/check-answer.ts";

const VIA = { proxy: "proxy.example:3128", name: "HTTP_PROXY" };

function answer(status: number, options: Partial<OpenResponse> = {}): OpenResponse {
  return {
    response: new Response('{"error":{"message":"sk-sent is wrong"}}', { status }),
    signal: new AbortController().signal,
    caller: undefined,
    abort: () => undefined,
    hideSent: (text) => text.replaceAll("sk-sent", "***"),
    ...options,
  };
}

async function failureOf(asked: OpenResponse) {
  try {
    await checkAnswer(asked, { now: () => 0 });
    return undefined;
  } catch (error) {
    return error instanceof RequestError ? error.failure : error;
  }
}

test.each([200, 201, 299])("checkAnswer() takes %p for a success", async (status) => {
  expect(await failureOf(answer(status, { via: VIA }))).toBeUndefined();
});

// What a proxy may have answered itself: it is in trouble, or does not let the host be asked.
test.each([
  [400, false],
  [402, false],
  [403, true],
  [404, false],
  [429, false],
  [499, false],
  [500, true],
  [501, true],
  [502, true],
  [503, true],
])("checkAnswer() of %p over a proxy names it: %p", async (status, isNamed) => {
  const failure = await failureOf(answer(status, { via: VIA }));
  expect(failure).toMatchObject({ status });
  expect(failure).toEqual(
    isNamed ? expect.objectContaining({ via: VIA }) : expect.not.objectContaining({ via: VIA }),
  );
  expect(await failureOf(answer(status))).not.toHaveProperty("via");
});

test("checkAnswer() hides what was sent in what the server says", async () => {
  const failure = await failureOf(answer(500));
  expect(JSON.stringify(failure)).toContain("*** is wrong");
  expect(JSON.stringify(failure)).not.toContain("sk-sent");
});

test("checkAnswer() fails with what the caller gave up for", async () => {
  const reason = new Error("stopped");
  const caller = AbortSignal.abort(reason);
  expect(await failureOf(answer(500, { caller }))).toBe(reason);
});
