import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { brokerMachine, chat, chatAnswer, KEY, serve, upstream } from "./broker-machine.ts";

const CHAT = "/openai/v1/chat/completions";
const BODY = '{"model":"glm-5"}';

/** Sends bytes as they are; gives the statuses that come until the connection ends. */
function raw(url: string, text: string): Promise<string[]> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let said = "";
    const statuses = (): string[] =>
      [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = ""]) => status);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on("data", (bytes) => {
      said += bytes.toString("latin1");
    });
    socket.on("error", () => resolve(statuses()));
    socket.on("close", () => resolve(statuses()));
  });
}

describe("odd requests", () => {
  const service = upstream();
  const opened = serve(brokerMachine(service.origin), ["--log", "../run.log"]);
  afterAll(async () => (await opened).stop());

  /** One request with the token, after which the connection is closed. */
  const request = (
    { url, token }: { readonly url: string; readonly token: string },
    {
      line = `POST ${CHAT}`,
      host = new URL(url).host,
      headers = [`x-api-key: ${token}`],
      body = BODY,
    },
  ): string =>
    [
      `${line} HTTP/1.1`,
      `Host: ${host}`,
      "Connection: close",
      ...headers,
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n");

  type Row = readonly [name: string, status: string, Parameters<typeof request>[1]];

  test("are answered by rules that hold for every spelling", async () => {
    const own = await opened;
    const { url, token } = own;
    const { port } = new URL(url);
    const key = `x-api-key: ${token}`;
    const rows: readonly Row[] = [
      ["a host in capitals", "200", { host: `LOCALHOST:${port}` }],
      ["a host without its port", "421", { host: "127.0.0.1" }],
      ["a host with a dot", "421", { host: `localhost.:${port}` }],
      ["a host that begins alike", "421", { host: `127.0.0.1:${port}0` }],
      ["a host by another number", "421", { host: `127.1:${port}` }],
      ["a page without an origin", "403", { headers: [key, "Origin: null"] }],
      ["a page of the same site", "403", { headers: [key, "Sec-Fetch-Site: same-origin"] }],
      ["an address that was typed", "200", { headers: [key, "Sec-Fetch-Site: none"] }],
      ["node's fetch", "200", { headers: [key, "Sec-Fetch-Mode: cors"] }],
      ["a bearer with room", "200", { headers: [`authorization: bearer   ${token}`] }],
      ["Basic", "401", { headers: [`authorization: Basic ${btoa(`x:${token}`)}`] }],
      ["Gemini's header", "200", { headers: [`X-Goog-Api-Key: ${token}`] }],
      ["Azure's header", "200", { headers: [`api-key: ${token}`] }],
      ["a cookie", "401", { headers: [`cookie: token=${token}`] }],
      ["half a token", "401", { headers: [`x-api-key: ${token.slice(0, -1)}`] }],
      ["a token and more", "401", { headers: [`x-api-key: ${token}x`] }],
      ["a token in capitals", "401", { headers: [`x-api-key: ${token.toUpperCase()}`] }],
      ["a parameter", "200", { line: `POST ${CHAT}?key=${token}`, headers: [] }],
      ["a parameter of another name", "401", { line: `POST ${CHAT}?token=${token}`, headers: [] }],
      ["a slash at the end", "404", { line: `POST ${CHAT}/` }],
      ["capitals", "404", { line: "POST /OpenAI/v1/chat/completions" }],
      ["a parameter of the path", "404", { line: `POST ${CHAT};x=1` }],
      ["an encoded letter", "404", { line: "POST /openai/v1/ch%61t/completions" }],
      ["two slashes", "404", { line: "POST //openai/v1/chat/completions" }],
      ["a model of two segments", "404", { line: "GET /openai/v1/models/a/b", body: "" }],
      ["a model that climbs", "404", { line: "GET /openai/v1/models/..", body: "" }],
      ["files of the API", "404", { line: "POST /openai/v1/files" }],
      ["another version", "404", { line: "POST /openai/v2/chat/completions" }],
      ["a protocol that is not offered", "404", { line: "POST /anthropic/v1/messages" }],
      ["GET", "405", { line: `GET ${CHAT}`, body: "" }],
      ["DELETE", "405", { line: `DELETE ${CHAT}`, body: "" }],
      ["PUT", "405", { line: `PUT ${CHAT}` }],
      ["a compressed body", "415", { headers: [key, "Content-Encoding: gzip"] }],
    ];
    const before = service.received.length;
    for (const [name, status, more] of rows) {
      expect([name, await raw(url, request(own, more))]).toEqual([name, [status]]);
    }
    const passed = rows.filter(([, status]) => status === "200");
    const got = service.received.slice(before);
    expect(got.map(({ path }) => path)).toEqual(passed.map(() => "/v1/chat/completions"));
    expect(JSON.stringify(got.map(({ headers }) => [...headers]))).not.toContain("qwen-run-");
  });

  test("that do not wait for the answer before end the connection, and nothing else", async () => {
    const own = await opened;
    const before = service.received.length;
    const one = request(own, {}).replace("Connection: close\r\n", "");
    // Bun's server closes whoever sends a second request before the first is answered.
    expect((await raw(own.url, one + one)).length).toBeLessThan(2);
    expect(service.received.length - before).toBeLessThan(2);
    expect((await own.ask(CHAT, chat())).status).toBe(200);
  });

  test("bring nothing to the service that is not its business", async () => {
    const own = await opened;
    const headers = {
      "proxy-authorization": "Basic eDp5",
      "x-forwarded-for": "10.0.0.1",
      forwarded: "for=10.0.0.1",
      via: "1.1 me",
      referer: "http://me.example/",
      "api-key": "another",
      "x-goog-api-key": "another",
      te: "trailers",
      "x-stainless-lang": "js",
    };
    await own.ask(CHAT, { ...chat(), headers });
    const got = service.received.at(-1)?.headers;
    const passed = Object.keys(headers).filter((name) => got?.has(name));
    expect([passed, got?.get("authorization")]).toEqual([["x-stainless-lang"], `Bearer ${KEY}`]);
  });
});

describe("an answer that repeats the key", () => {
  const spellings: Readonly<Record<string, () => Response>> = {
    "in a body": () => new Response(`no such key: ${KEY}`, { status: 401 }),
    "in JSON, with escapes": () =>
      new Response(`{"error":"${KEY.replaceAll("-", "\\u002d")}"}`, { status: 400 }),
    "in a compressed body": () =>
      new Response(gzipSync(`{"error":"${KEY}"}`), {
        status: 500,
        headers: { "content-encoding": "gzip" },
      }),
    "in a header": () =>
      new Response("{}", { status: 403, headers: { "x-echo": `Bearer ${KEY}`, "x-id": "7" } }),
    "in JSON that is cut off": () =>
      new Response(`{"error":"${KEY.replaceAll("-", "\\u002d")}`, { status: 400 }),
    "in UTF-16": () => new Response(Buffer.from(`{"e":"${KEY}"}`, "utf16le"), { status: 400 }),
    "in a header, encoded": () =>
      new Response("{}", {
        status: 400,
        headers: { "x-echo": btoa(`Bearer ${KEY}`), "x-id": "7" },
      }),
    "in the name of a header": () =>
      new Response("{}", { status: 400, headers: { [`x-${KEY}`]: "1", "x-id": "7" } }),
    "in a header of a good answer": () => {
      const answer = chatAnswer();
      answer.headers.set("x-echo", KEY);
      answer.headers.set("x-id", "7");
      return answer;
    },
  };

  test.each(Object.keys(spellings))("%s does not tell it to the tool", async (name) => {
    const service = upstream(() => spellings[name]?.() ?? chatAnswer());
    const set = brokerMachine(service.origin);
    const own = await serve(set, ["--log", "../run.log"]);
    const answer = await own.ask(CHAT, chat());
    const told = JSON.stringify([...answer.headers]) + (await answer.text());
    expect(told).not.toContain(KEY);
    expect(told).not.toContain(KEY.replaceAll("-", "\\u002d"));
    expect(told.replaceAll("\0", "").toLowerCase()).not.toContain(KEY.toLowerCase());
    expect(told).not.toContain(btoa(`Bearer ${KEY}`));
    expect(answer.headers.get("x-id")).toBe(name.includes("header") ? "7" : null);
    const { stdout, stderr } = await own.stop();
    expect(stdout + stderr + readFileSync(join(set.home, "run.log"), "utf8")).not.toContain(KEY);
  });
});

describe("an error whose words do not come", () => {
  test.each([
    ["stop in the middle", "Content-Length: 100\r\n\r\nslow down, then nothing"],
    [
      "are longer than anybody reads",
      `Content-Length: 9000000\r\n\r\n${"word ".repeat(1_800_000)}`,
    ],
  ])(
    "keeps its status where they %s",
    async (_, rest) => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => socket.write(`HTTP/1.1 429 Slow\r\nRetry-After: 3\r\n${rest}`));
      });
      const ready = Promise.withResolvers<void>();
      server.listen(0, "127.0.0.1", () => ready.resolve());
      await ready.promise;
      afterAll(() => server.close());
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const own = await serve(brokerMachine(`http://127.0.0.1:${port}`));
      const answer = await own.ask(CHAT, chat());
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3"]);
      expect(await answer.text()).toMatch(/^(?:slow down|word )/);
      await own.stop();
    },
    30_000,
  );
});
