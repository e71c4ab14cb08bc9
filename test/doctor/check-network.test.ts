import { describe, expect, test } from "bun:test";
import { checkNetwork } from "../../src/doctor/check-network.ts";
import type { EndpointProbe } from "../../src/protocols/probe-endpoint.ts";

const NOW = Date.parse("2026-11-25T10:00:00Z");

const GOOD: EndpointProbe = {
  target: { host: "api.example.com", port: 443 },
  proxy: undefined,
  dns: { kind: "done", value: ["192.0.2.1", "2001:db8::1"] },
  tcp: { kind: "done", value: undefined },
  tls: { kind: "done", value: { version: "TLSv1.3", validTo: "Nov 25 09:09:25 2027 GMT" } },
  http: { kind: "done", value: { status: 401, date: "Wed, 25 Nov 2026 10:00:30 GMT" } },
};

const answering = (status: number, date?: string): EndpointProbe => ({
  ...GOOD,
  http: { kind: "done", value: { status, date } },
});

describe("checkNetwork()", () => {
  test("tells every step of a way that is free", () => {
    expect(checkNetwork(GOOD, NOW)).toEqual([
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
        const found = checkNetwork({ ...probe, proxy }, NOW).find(
          ({ id }) => id === `network.${name}`,
        );
        expect(found).toMatchObject({ status: "failed", summary: "it did not work" });
        expect(found?.remedy).toBeString();
      }
    },
  );

  test.each([
    [200, "ok"],
    [404, "ok"],
    [429, "ok"],
    [500, "warning"],
    [503, "warning"],
  ])("an answer with status %d: %s", (status, expected) => {
    const [http] = checkNetwork(answering(status), NOW).slice(3);
    expect<string | undefined>(http?.status).toBe(expected);
  });

  test.each([
    ["Wed, 25 Nov 2026 09:55:00 GMT", "ok", "the clock agrees with the server's"],
    ["Wed, 25 Nov 2026 09:54:00 GMT", "warning", "the clock is 6 minutes ahead of the server's"],
    ["Wed, 25 Nov 2026 11:00:00 GMT", "warning", "the clock is 60 minutes behind the server's"],
    ["yesterday", "skipped", "no server told its time"],
    [undefined, "skipped", "no server told its time"],
  ])("a server whose time is %s: %s", (date, status, summary) => {
    const clock = checkNetwork(answering(200, date), NOW).at(-1);
    expect<object | undefined>(clock).toMatchObject({ id: "network.clock", status, summary });
  });
});
