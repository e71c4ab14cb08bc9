import { describe, expect, test } from "bun:test";
import type { Http } from "../../src/http/http.ts";
import { postForm } from "../../src/http/post-form.ts";
import { answer, scriptedServer, silence, stream } from "../support/scripted-server.ts";

const HTTP: Http = {
  ...{ fetch, sleep: Bun.sleep, now: Date.now, random: Math.random, userAgent: "qwen/1" },
  network: { proxyFor: () => undefined, authorities: undefined },
};

describe("postForm()", () => {
  test("sends a form in which a space is %20, and gives the whole answer", async () => {
    const { origin, requests } = await scriptedServer(answer(418, "short", { "x-a": "1" }));
    const fields = { scope: "a b", "ü&": "=+" };
    const got = await postForm(HTTP, {
      ...{ url: `${origin}/form`, within: origin },
      ...{ fields, timeoutMs: 5000 },
    });
    expect({ ...got, headers: got.headers.get("x-a") }).toEqual({
      status: 418,
      body: "short",
      headers: "1",
    });
    expect(requests[0]).toMatchObject({
      method: "POST",
      path: "/form",
      body: "scope=a%20b&%C3%BC%26=%3D%2B",
      headers: { "user-agent": "qwen/1", accept: "application/json" },
    });
  });

  test.each([
    ["an answer that does not come", silence],
    ["an answer that does not end", stream(["{"], silence)],
  ])("waits for a bounded time for %s", async (_name, reply) => {
    const { origin } = await scriptedServer(reply);
    const late = postForm(HTTP, { url: origin, within: origin, fields: {}, timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({ failure: { kind: "timeout" } });
  });

  test("refuses more than 1 MiB", async () => {
    const piece = "x".repeat(64 * 1024);
    const { origin } = await scriptedServer(stream(Array.from({ length: 17 }, () => piece)));
    const long = postForm(HTTP, { url: origin, within: origin, fields: {}, timeoutMs: 5000 });
    await expect(long).rejects.toMatchObject({ failure: { kind: "malformed" } });
  });
});
