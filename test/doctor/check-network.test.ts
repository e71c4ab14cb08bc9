import { describe, expect, test } from "bun:test";
import { checkNetwork } from "../../src/doctor/check-network.ts";
import type { RequestFailure } from "../../src/http/request-failure.ts";
import type { EndpointProbe } from "../../src/protocols/probe-endpoint.ts";

const NOW = Date.parse("2026-11-25T10:00:00Z");

const ASKED = { baseUrl: "https://api.example.com/v1", now: NOW };

const REFUSED = { kind: "rejected", status: 401, message: "no key" } as const;

const GOOD: EndpointProbe = {
  target: { host: "api.example.com", port: 443 },
  proxy: undefined,
  dns: { kind: "done", value: ["192.0.2.1", "2001:db8::1"] },
  tcp: { kind: "done", value: undefined },
  tls: { kind: "done", value: { version: "TLSv1.3", validTo: "Nov 25 09:09:25 2027 GMT" } },
  http: {
    kind: "done",
    value: { status: 401, failure: REFUSED, date: "Wed, 25 Nov 2026 10:00:30 GMT" },
  },
};

const answering = (status: number, date?: string, failure?: RequestFailure): EndpointProbe => ({
  ...GOOD,
  http: { kind: "done", value: { status, failure, date } },
});

describe("checkNetwork()", () => {
  test("tells every step of a way that is free", () => {
    expect(checkNetwork(GOOD, ASKED)).toEqual([
      {
        id: "network.dns",
        status: "ok",
        summary: "api.example.com is 192.0.2.1, 2001:db8::1",
      },
      {
        id: "network.tcp",
        status: "ok",
        summary: "api.example.com takes connections on port 443",
      },
      {
        id: "network.tls",
        status: "ok",
        summary: "TLSv1.3, certificate valid until Nov 25 09:09:25 2027 GMT",
      },
      {
        id: "network.http",
        status: "ok",
        summary: "the service answers 401 to a request without a key",
      },
      { id: "network.clock", status: "ok", summary: "the clock agrees with the server's" },
    ]);
  });

  test.each(["dns", "tcp", "tls", "http"] as const)(
    "fails where %s fails, and says what to do",
    (name) => {
      const probe = { ...GOOD, [name]: { kind: "failed", message: "it did not work" } };
      for (const proxy of [undefined, "proxy.example:3128"]) {
        const found = checkNetwork({ ...probe, proxy }, ASKED).find(
          ({ id }) => id === `network.${name}`,
        );
        expect(found).toMatchObject({ status: "failed", summary: "it did not work" });
        expect(found?.remedy).toBeString();
      }
    },
  );

  const VIA = { proxy: "127.0.0.1:3128", name: "http_proxy" };
  test.each<[number, RequestFailure["kind"] | undefined, string, string, object?]>([
    [200, undefined, "ok", "the service answers 200 to a request without a key"],
    [401, "rejected", "ok", "the service answers 401 to a request without a key"],
    [403, "forbidden", "ok", "the service answers 403 to a request without a key"],
    [404, "not-found", "ok", "the service answers 404 to a request without a key"],
    [429, "rate-limited", "ok", "the service answers 429 to a request without a key"],
    [500, "server-error", "warning", "api.example.com has a problem (500: words)"],
    [503, "server-error", "warning", "api.example.com has a problem (503: words)"],
    [403, "not-allowed", "warning", "api.example.com refuses the request (403: words)"],
    [
      502,
      "server-error",
      "warning",
      "api.example.com by way of the proxy 127.0.0.1:3128 of `http_proxy` has a problem (502: words)",
      { via: VIA },
    ],
    [
      403,
      "forbidden",
      "warning",
      "api.example.com by way of the proxy 127.0.0.1:3128 of `http_proxy` refuses the request (403: words)",
      { via: VIA },
    ],
  ])("an answer with status %d, %p: %s", (status, kind, expected, summary, more = {}) => {
    const failure = kind && { kind, status, message: "words", ...more };
    const [http] = checkNetwork(answering(status, undefined, failure), ASKED).slice(3);
    expect(http).toMatchObject({ status: expected, summary });
    expect(typeof http?.remedy).toBe(expected === "ok" ? "undefined" : "string");
  });

  test.each([
    ["Wed, 25 Nov 2026 09:55:00 GMT", "ok", "the clock agrees with the server's"],
    ["Wed, 25 Nov 2026 09:54:00 GMT", "warning", "the clock is 6 minutes ahead of the server's"],
    ["Wed, 25 Nov 2026 11:00:00 GMT", "warning", "the clock is 60 minutes behind the server's"],
    ["yesterday", "skipped", "no server told its time"],
    [undefined, "skipped", "no server told its time"],
  ])("a server whose time is %s: %s", (date, status, summary) => {
    const clock = checkNetwork(answering(200, date), ASKED).at(-1);
    expect<object | undefined>(clock).toMatchObject({ id: "network.clock", status, summary });
  });
});
