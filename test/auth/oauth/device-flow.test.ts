import { describe, expect, test } from "bun:test";
import { accountService } from "../../../src/auth/oauth/account-service.ts";
import { awaitApproval, startLogin } from "../../../src/auth/oauth/device-flow.ts";
import { QwenError } from "../../../src/errors.ts";
import type { Http } from "../../../src/http/http.ts";
import { configuration } from "../../models/configuration.ts";
import { answer, cut, type Reply, scriptedServer, silence } from "../../support/scripted-server.ts";

const PENDING = answer(400, { error: "authorization_pending" });
const SLOW_DOWN = answer(400, { error: "slow_down" });
const TOKENS = { access_token: "t" };
const APPROVED = answer(200, TOKENS);
const HTML = answer(200, "<!doctype html>");

type Device = Readonly<Record<string, unknown>>;

/** A login against a script, on a clock that only sleeping and `ticks` move. */
async function login(device: Device, replies: readonly Reply[], ticks: readonly number[] = []) {
  const code = { device_code: "d", user_code: "u", verification_uri: "https://a.example" };
  const server = await scriptedServer(answer(200, { ...code, ...device }), ...replies);
  const slept: number[] = [];
  let now = 1_000_000;
  const http: Http = {
    fetch: (url, options) => fetch(url, options),
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      now += ticks[slept.length - 1] ?? milliseconds;
    },
    now: () => now,
    random: () => 0,
    userAgent: "test",
    network: { proxyFor: () => undefined, authorities: undefined },
  };
  const service = accountService({ QWEN_OAUTH_BASE_URL: server.origin }, configuration({}));
  const outcome = await startLogin(http, service)
    .then((started) => awaitApproval(http, service, started))
    .catch((error: unknown) => (error instanceof QwenError ? error.code : error));
  return { outcome, slept, polls: server.requests.length - 1 };
}

describe("awaitApproval()", () => {
  test.each<readonly [name: string, interval: unknown, slept: number]>([
    ["the server's", 2, 2000],
    ["a fraction of a second", 0.25, 250],
    ["as text", "7", 7000],
    ["5 s where there is none", undefined, 5000],
    ["5 s for what is no number", "soon", 5000],
    ["5 s for a negative one", -1, 5000],
    ["hardly any for 0", 0, 50],
  ])("waits for an interval before every request: %s", async (_name, interval, slept) => {
    const ran = await login({ interval, expires_in: 900 }, [PENDING, PENDING, APPROVED]);
    expect(ran).toEqual({ outcome: TOKENS, slept: [slept, slept, slept], polls: 3 });
  });

  test.each<readonly [name: string, replies: readonly Reply[], slept: readonly number[]]>([
    [
      "adds 5 s for good at each slow_down",
      [SLOW_DOWN, PENDING, SLOW_DOWN, APPROVED],
      [5000, 10_000, 10_000, 15_000],
    ],
    [
      "takes a slow_down with 429 for one",
      [answer(429, { error: "slow_down" }), APPROVED],
      [5000, 10_000],
    ],
    [
      "asks half as often after a 429 without a word",
      [answer(429), PENDING, APPROVED],
      [5000, 10_000, 10_000],
    ],
    ["goes on after a web page", [HTML, PENDING, APPROVED], [5000, 5000, 5000]],
    ["goes on after 5xx", [answer(500), answer(503, { error: "x" }), APPROVED], [5000, 5000, 5000]],
    ["goes on after a lost connection", [cut, APPROVED], [5000, 5000]],
    [
      "goes on after temporarily_unavailable",
      [answer(400, { error: "temporarily_unavailable" }), APPROVED],
      [5000, 5000],
    ],
  ])("%s", async (_name, replies, slept) => {
    const ran = await login({ expires_in: 900 }, replies);
    expect(ran).toEqual({ outcome: TOKENS, slept: [...slept], polls: replies.length });
  });

  test.each<readonly [name: string, reply: Reply, code: string]>([
    ["a denial", answer(400, { error: "access_denied" }), "oauth-denied"],
    ["a denial with 403", answer(403, { error: "access_denied" }), "oauth-denied"],
    ["expired_token", answer(400, { error: "expired_token" }), "oauth-expired"],
    ["invalid_grant", answer(400, { error: "invalid_grant" }), "oauth-refused"],
    ["an error that nobody knows", answer(400, { error: "hello" }), "oauth-refused"],
    ["JSON of another kind", answer(401, { message: "who are you" }), "oauth-refused"],
    ["a redirect to elsewhere", answer(302, "", { location: "http://evil.example" }), "redirected"],
  ])("ends at once with %s", async (_name, reply, code) => {
    const ran = await login({ expires_in: 900 }, [PENDING, reply, APPROVED]);
    expect(ran).toMatchObject({ outcome: code, polls: 2 });
  });

  test("ends when the lifetime is over, not later", async () => {
    const ran = await login({ expires_in: 12 }, [PENDING]);
    expect(ran).toEqual({ outcome: "oauth-expired", slept: [5000, 5000, 2000], polls: 2 });
  });

  test.each([
    ["a service that is not well", answer(503), "server-error"],
    ["a gateway", HTML, "malformed-answer"],
    ["a lost connection", cut, "unreachable"],
  ])("tells at the end of %s", async (_name, reply, code) => {
    expect((await login({ expires_in: 12 }, [reply])).outcome).toBe(code);
  });

  test("asks half as often when the service is too slow, and never beyond the lifetime", async () => {
    const ran = await login({ interval: 0.05, expires_in: 0.3 }, [silence]);
    expect(ran.outcome).toBe("timeout");
    expect(ran.slept[1]).toBe(100);
  });

  test.each([
    ["a gateway that is away", HTML, "malformed-answer"],
    ["a login that nobody approved", PENDING, "oauth-expired"],
  ])("a last try that the lifetime cuts off hides nothing of %s", async (_name, reply, code) => {
    const ran = await login({ interval: 2, expires_in: 4.3 }, [reply, silence]);
    expect(ran).toMatchObject({ outcome: code, polls: 2 });
  });

  test("ends though the clock is set back again and again", async () => {
    const back = Array.from({ length: 10 }, () => -60_000);
    const ran = await login({ expires_in: 20 }, [PENDING], back);
    expect(ran).toMatchObject({ outcome: "oauth-expired", polls: 3 });
  });

  test.each([
    ["names no lifetime", undefined, 15],
    ["names one of a day", 86_400, 60],
  ])("waits for a bounded time when the server %s", async (_name, expires_in, minutes) => {
    const { outcome, slept } = await login({ expires_in, interval: 50 }, [PENDING]);
    expect(outcome).toBe("oauth-expired");
    expect(slept.reduce((sum, milliseconds) => sum + milliseconds)).toBe(minutes * 60_000);
  });
});

describe("startLogin()", () => {
  test.each<readonly [name: string, reply: Reply, code: string]>([
    [
      "an answer without a code",
      answer(200, { verification_uri: "https://a" }),
      "malformed-answer",
    ],
    ["an answer without a page", answer(200, { device_code: "d" }), "malformed-answer"],
    ["a web page", HTML, "malformed-answer"],
    ["an outage", answer(502), "server-error"],
    ["too many requests", answer(429), "rate-limited"],
    ["a refusal", answer(401, { error: "invalid_client" }), "oauth-refused"],
  ])("fails for %s", async (_name, reply, code) => {
    const server = await scriptedServer(reply);
    const http: Http = {
      ...{ fetch, sleep: Bun.sleep, now: Date.now, random: Math.random, userAgent: "test" },
      network: { proxyFor: () => undefined, authorities: undefined },
    };
    const service = accountService({ QWEN_OAUTH_BASE_URL: server.origin }, configuration({}));
    await expect(startLogin(http, service)).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(1);
  });
});
