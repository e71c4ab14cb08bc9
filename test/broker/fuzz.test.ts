import { afterAll, expect, test } from "bun:test";
import { connect } from "node:net";
import fc from "fast-check";
import { createLedger } from "../../src/broker/accounting/ledger.ts";
import { NO_LOG } from "../../src/broker/accounting/request-log.ts";
import { createKeySupply } from "../../src/broker/key-supply.ts";
import { serveBroker } from "../../src/broker/serve-broker.ts";
import { createToken, tokenCheck } from "../../src/broker/token.ts";
import type { Http } from "../../src/http/http.ts";

const TOKEN = createToken();
const sent: string[] = [];

const http: Http = {
  fetch: async (url) => {
    sent.push(url);
    return Response.json({});
  },
  sleep: Bun.sleep,
  now: Date.now,
  random: () => 0,
  trace: undefined,
  userAgent: "test",
  network: { proxyFor: () => undefined, authorities: undefined },
};

const served = serveBroker({
  listener: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
  sleep: Bun.sleep,
  open: (port, enter) => ({
    gate: { hosts: new Set([`127.0.0.1:${port}`]), hasToken: tokenCheck(TOKEN) },
    mounts: [
      {
        name: "openai",
        upstream: { protocol: "openai", baseUrl: "https://api.example/base/v1", customHeaders: {} },
        responses: "same",
      },
    ],
    models: { selected: "m", known: new Set(["m"]), rule: "pass" },
    keys: createKeySupply(
      { kind: "keyless", envKey: undefined },
      { reload: undefined, now: Date.now },
    ),
    http,
    limits: { timeoutMs: 1000, idleTimeoutMs: 0 },
    ledger: createLedger({ requests: undefined, tokens: undefined }),
    log: NO_LOG,
    now: Date.now,
    onReplaced: () => undefined,
    onRejected: () => undefined,
    enter,
  }),
});

afterAll(() => served.stop(0));

/** Sends bytes and waits for the end or the first answer. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(served.port, "127.0.0.1", () => socket.end(text));
    let answer = "";
    socket.on("data", (bytes) => {
      answer += bytes;
      socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

const line = fc
  .string({ unit: "binary-ascii", maxLength: 30 })
  .map((text) => text.replace(/[\r\n]/g, ""));
const method = fc.constantFrom(
  "GET",
  "POST",
  "PUT",
  "HEAD",
  "OPTIONS",
  "CONNECT",
  "TRACE",
  "post",
  "",
);
const target = fc.oneof(
  fc.constantFrom(
    "/openai/v1/chat/completions",
    "/openai/v1/models",
    "//openai/v1/models",
    "http://evil.example/openai/v1/models",
    "/openai/v1/../../openai/v1/models",
    "*",
  ),
  line.map((text) => `/${text}`),
);
const header = fc.oneof(
  fc.constantFrom(
    `Host: 127.0.0.1:${served.port}`,
    "Host: evil.example",
    "Content-Length: 2",
    "Transfer-Encoding: chunked",
    "Authorization: Bearer qwen-run-",
    "x-api-key: *",
    "Connection: keep-alive, x-api-key",
    "Expect: 100-continue",
  ),
  line,
);

const request = fc
  .record({ method, target, headers: fc.array(header, { maxLength: 6 }), body: line })
  .map(({ method: verb, target: place, headers, body }) =>
    [`${verb} ${place} HTTP/1.1`, ...headers, "", body].join("\r\n"),
  );

test("no request without the token reaches the service, whatever it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(request, fc.string({ unit: "binary" })), async (text) => {
      await raw(text);
      expect(sent).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test("one with the token goes below the endpoint, or nowhere", async () => {
  await fc.assert(
    fc.asyncProperty(target, method, async (place, verb) => {
      const head = `Host: 127.0.0.1:${served.port}\r\nx-api-key: ${TOKEN}\r\nContent-Length: 2`;
      await raw(`${verb} ${place} HTTP/1.1\r\n${head}\r\n\r\n{}`);
      for (const url of sent) {
        expect(url).toMatch(
          /^https:\/\/api\.example\/base\/v1\/(?:chat\/completions|models|responses|embeddings)/,
        );
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);
