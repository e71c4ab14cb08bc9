import { describe, expect, test } from "bun:test";
import type { Http } from "../../src/http/http.ts";
import { probeEndpoint } from "../../src/protocols/probe-endpoint.ts";
import { answer, deadOrigin, scriptedServer, silence } from "../support/scripted-server.ts";
import { selfSigned, serveLoopback } from "../support/tls-server.ts";

type Given = { readonly proxy?: string; readonly authorities?: readonly string[] };

function http({ proxy, authorities }: Given = {}): Http {
  return {
    fetch: (url, options) => fetch(url, options),
    sleep: Bun.sleep,
    now: Date.now,
    random: () => 0,
    userAgent: "test",
    network: { proxyFor: () => proxy, authorities },
  };
}

const probe = (baseUrl: string, given: Given = {}, timeoutMs = 10_000) =>
  probeEndpoint(http(given), { protocol: "openai", baseUrl }, { timeoutMs });

const SKIPPED = { kind: "skipped", why: "a step before it failed" } as const;
const PLAIN = { kind: "skipped", why: "the endpoint is plain http" } as const;
const DONE = { kind: "done", value: undefined } as const;

describe("probeEndpoint()", () => {
  test("goes every step to a server of plain http:, and sends no credential", async () => {
    const date = "Wed, 25 Nov 2026 10:00:30 GMT";
    const server = await scriptedServer(answer(401, {}, { date }));
    const port = Number(new URL(server.origin).port);
    expect(await probe(`http://localhost:${port}/v1?api_key=secret`)).toEqual({
      target: { host: "localhost", port },
      proxy: undefined,
      dns: { kind: "done", value: expect.arrayContaining(["127.0.0.1"]) },
      tcp: DONE,
      tls: PLAIN,
      http: {
        kind: "done",
        value: { status: 401, date, failure: expect.objectContaining({ kind: "rejected" }) },
      },
    });
    const [request, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(request).toMatchObject({ method: "GET", path: "/v1/models", body: "" });
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  test("shakes hands with a server whose certificate is trusted", async () => {
    const certificate = await selfSigned(["localhost"]);
    const { port, seen } = serveLoopback(() => new Response("[]"), certificate);
    const given = { authorities: [certificate.cert] };
    const found = await probe(`https://localhost:${port}/v1`, given);
    expect(found).toMatchObject({
      tcp: DONE,
      tls: { kind: "done", value: { version: "TLSv1.3", validTo: expect.stringContaining("GMT") } },
      http: { kind: "done", value: { status: 200 } },
    });
    expect(seen).toEqual([`GET localhost:${port}/v1/models`]);
  });

  test.each([
    { name: "localhost", trusted: false, message: "its certificate is self-signed" },
    { name: "other.test", trusted: true, message: "its certificate is for another host" },
  ])(
    "tells a certificate for $name that is trusted: $trusted",
    async ({ name, trusted, message }) => {
      const certificate = await selfSigned([name]);
      const { port, seen } = serveLoopback(() => new Response("[]"), certificate);
      const given = trusted ? { authorities: [certificate.cert] } : {};
      expect(await probe(`https://localhost:${port}`, given)).toMatchObject({
        tcp: DONE,
        tls: { kind: "failed", message },
        http: SKIPPED,
      });
      expect(seen).toEqual([]);
    },
  );

  test("tells a server that speaks no TLS", async () => {
    const { port } = serveLoopback(() => new Response("[]"));
    expect(await probe(`https://127.0.0.1:${port}`)).toMatchObject({
      dns: { kind: "skipped", why: "127.0.0.1 is an address" },
      tls: { kind: "failed", message: "the server does not speak TLS on this port" },
      http: SKIPPED,
    });
  });

  test("stops at a port that nobody listens on", async () => {
    expect(await probe(await deadOrigin())).toMatchObject({
      tcp: { kind: "failed", message: expect.stringContaining("refused") },
      tls: PLAIN,
      http: SKIPPED,
    });
  });

  test("stops at a name that nobody has", async () => {
    expect(await probe("https://nobody.invalid/v1")).toMatchObject({
      dns: { kind: "failed", message: expect.stringContaining("host name") },
      tcp: SKIPPED,
      tls: SKIPPED,
      http: SKIPPED,
    });
  });

  test("ends in time where no answer comes", async () => {
    const server = await scriptedServer(silence);
    expect((await probe(server.origin, {}, 300)).http).toEqual({
      kind: "failed",
      message: "no answer within 0.3 s",
    });
    const port = Number(new URL(server.origin).port);
    expect((await probe(`https://127.0.0.1:${port}`, {}, 300)).tls).toEqual({
      kind: "failed",
      message: "no answer within 0.3 s",
    });
  });

  test("looks up and connects to the proxy, and asks through it", async () => {
    const proxy = await scriptedServer(answer(200, []));
    const { hostname, port } = new URL(proxy.origin);
    const found = await probe("http://nobody.invalid/v1", {
      proxy: `http://ann:pa55word@${hostname}:${port}`,
    });
    expect(found).toMatchObject({
      target: { host: hostname, port: Number(port) },
      proxy: `${hostname}:${port}`,
      tcp: DONE,
      tls: { kind: "skipped" },
      http: { kind: "done", value: { status: 200 } },
    });
    expect(proxy.requests[0]?.path).toBe("http://nobody.invalid/v1/models");
  });

  test("tells a proxy that wants other credentials", async () => {
    const proxy = await scriptedServer(answer(407));
    const { http: asked } = await probe("http://nobody.invalid/v1", { proxy: proxy.origin });
    expect(asked).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("the proxy wants a user name and password"),
    });
  });

  test("tells a server that sends its callers elsewhere", async () => {
    const server = await scriptedServer(answer(302, "", { location: "https://login.example/" }));
    expect((await probe(server.origin)).http).toEqual({
      kind: "failed",
      message: `${server.origin} redirects to https://login.example, where no key is sent`,
    });
  });
});
