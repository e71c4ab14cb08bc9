import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, linkSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { brokerMachine, chat, KEY, runScript, serve, upstream } from "./broker-machine.ts";

const CHAT = "/openai/v1/chat/completions";

/** Sends bytes as they are, and gives the first line of the answer. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = "";
    socket.on("data", (bytes) => {
      answer += bytes;
      if (answer.includes("\r\n")) {
        socket.destroy();
      }
    });
    socket.on("error", () => resolve("closed"));
    socket.on("close", () => resolve(answer.split("\r\n")[0] ?? ""));
  });
}

describe("who comes in", () => {
  const service = upstream();
  const opened = serve(brokerMachine(service.origin));
  afterAll(async () => (await opened).stop());

  test("nobody without the token of this very broker, whatever is sent", async () => {
    const [one, other] = [await opened, await serve(brokerMachine(service.origin))];
    const host = new URL(one.url).host;
    const body = '{"model":"glm-5"}';
    const length = `Content-Length: ${body.length}`;
    const rows: readonly (readonly [string, string, string])[] = [
      ["no token", `POST ${CHAT} HTTP/1.1\r\nHost: ${host}\r\n${length}\r\n\r\n${body}`, "401"],
      [
        "another run's",
        `POST ${CHAT} HTTP/1.1\r\nHost: ${host}\r\nx-api-key: ${other.token}\r\n${length}\r\n\r\n${body}`,
        "401",
      ],
      [
        "twice",
        `POST ${CHAT} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${one.token}\r\nAuthorization: Bearer ${one.token}\r\n${length}\r\n\r\n${body}`,
        "401",
      ],
      [
        "another host",
        `POST ${CHAT} HTTP/1.1\r\nHost: evil.example\r\nx-api-key: ${one.token}\r\n${length}\r\n\r\n${body}`,
        "421",
      ],
      [
        "a page",
        `POST ${CHAT} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://evil.example\r\nx-api-key: ${one.token}\r\n${length}\r\n\r\n${body}`,
        "403",
      ],
      [
        "a preflight",
        `OPTIONS ${CHAT} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://evil.example\r\n\r\n`,
        "403",
      ],
      [
        "OPTIONS",
        `OPTIONS ${CHAT} HTTP/1.1\r\nHost: ${host}\r\nx-api-key: ${one.token}\r\n\r\n`,
        "405",
      ],
      [
        "an absolute target",
        `POST http://evil.example${CHAT} HTTP/1.1\r\nHost: evil.example\r\nx-api-key: ${one.token}\r\n${length}\r\n\r\n${body}`,
        "421",
      ],
      [
        "CONNECT",
        `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\nx-api-key: ${one.token}\r\n\r\n`,
        "405",
      ],
      [
        "a path outside",
        `POST /openai/v1/../../secret HTTP/1.1\r\nHost: ${host}\r\nx-api-key: ${one.token}\r\n${length}\r\n\r\n${body}`,
        "404",
      ],
      [
        "an encoded one",
        `POST /openai/v1/%2e%2e/%2e%2e/secret HTTP/1.1\r\nHost: ${host}\r\nx-api-key: ${one.token}\r\n${length}\r\n\r\n${body}`,
        "404",
      ],
      [
        "a WebSocket",
        `GET /openai/v1/responses HTTP/1.1\r\nHost: ${host}\r\nx-api-key: ${one.token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
        "426",
      ],
    ];
    for (const [name, text, status] of rows) {
      expect([name, (await raw(one.url, text)).split(" ")[1]]).toEqual([name, status]);
    }
    await other.stop();
    expect(service.received).toEqual([]);
  });

  test("thousands of wrong tokens stop nobody, and are one line in the log", async () => {
    const set = brokerMachine(service.origin);
    const own = await serve(set, ["--log", "../run.log"]);
    for (let round = 0; round < 20; round += 1) {
      const many = Array.from({ length: 100 }, () =>
        fetch(`${own.url}${CHAT}`, { method: "POST", headers: { "x-api-key": "no" } }),
      );
      expect(new Set((await Promise.all(many)).map(({ status }) => status))).toEqual(
        new Set([401]),
      );
    }
    expect((await own.ask(CHAT, chat())).status).toBe(200);
    const { stderr } = await own.stop();
    expect(stderr).toContain("1 request to");
    const lines = readFileSync(join(set.home, "run.log"), "utf8").trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ note: expect.stringContaining("token") });
  });
});

describe("what goes to the service", () => {
  test("is what the tool sent, with the key, and the answer is what the service said", async () => {
    const service = upstream();
    const own = await serve(brokerMachine(service.origin));
    const body =
      '{"model":"kimi-k2","n":1e2,"messages":[{"role":"user","content":"\\u00fc","model":"x"}]}';
    const answer = await own.ask(`${CHAT}?a=1`, {
      method: "POST",
      headers: { "user-agent": "tool/1", connection: "x-hop", "x-hop": "1", cookie: "c=1" },
      body,
    });
    expect(await answer.json()).toMatchObject({ usage: { prompt_tokens: 10 } });
    const [got] = service.received;
    expect([got?.path, got?.body]).toEqual(["/v1/chat/completions?a=1", body]);
    expect(got?.headers.get("user-agent")).toBe("tool/1");
    expect(got?.headers.get("content-length")).toBe(String(Buffer.byteLength(body)));
    expect(["cookie", "x-hop", "x-api-key"].map((name) => got?.headers.get(name))).toEqual([
      null,
      null,
      null,
    ]);
    await own.stop();
  });

  test("another model than those of the endpoint becomes the selected one, or is refused, or passes", async () => {
    const service = upstream();
    const asked = chat("claude-opus-4", { tools: [{ model: "claude-opus-4" }] });
    const models = () => service.received.map(({ body }) => JSON.parse(body).model);
    const replacing = await serve(brokerMachine(service.origin));
    expect((await replacing.ask(CHAT, asked)).status).toBe(200);
    expect(service.received[0]?.body).toContain('"tools":[{"model":"claude-opus-4"}]');
    expect((await replacing.stop()).stderr).toContain('asked for "claude-opus-4"');
    const strict = await serve(brokerMachine(service.origin), ["--strict-model"]);
    expect((await strict.ask(CHAT, asked)).status).toBe(400);
    await strict.stop();
    const open = await serve(brokerMachine(service.origin), ["--allow-any-model"]);
    expect((await open.ask(CHAT, asked)).status).toBe(200);
    await open.stop();
    expect(models()).toEqual(["glm-5", "claude-opus-4"]);
  });

  test("a budget ends it with what tools take as final", async () => {
    const service = upstream();
    const own = await serve(brokerMachine(service.origin), ["--max-requests", "1"]);
    expect((await own.ask(CHAT, chat())).status).toBe(200);
    const refused = await own.ask(CHAT, chat());
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      {
        error: {
          message: "qwen auth run: budget of this run is used up (1 request)",
          type: "permission_error",
        },
      },
    ]);
    expect((await own.ask("/openai/v1/responses", chat())).status).toBe(400);
    expect((await own.stop()).stderr).toContain("10 tokens in, 2 out; 2 refused");
    expect(service.received).toHaveLength(1);
    const few = await serve(brokerMachine(service.origin), ["--max-tokens", "12"]);
    expect((await few.ask(CHAT, chat())).status).toBe(200);
    expect((await few.ask(CHAT, chat())).status).toBe(403);
    await few.stop();
  });

  test("the models are those of the settings where the service has no list", async () => {
    const service = upstream(() => new Response("no", { status: 404 }));
    const own = await serve(brokerMachine(service.origin));
    const list = await own.ask("/openai/v1/models");
    expect(await list.json()).toMatchObject({ data: [{ id: "glm-5" }, { id: "kimi-k2" }] });
    expect((await own.ask("/openai/v1/models/kimi-k2")).status).toBe(200);
    expect((await own.ask("/openai/v1/models/other")).status).toBe(404);
    await own.stop();
  });

  test("a redirect is followed nowhere", async () => {
    const thief = upstream();
    for (const location of [`${thief.origin}/x`, "/v2/chat/completions"]) {
      const service = upstream(() => new Response(null, { status: 307, headers: { location } }));
      const own = await serve(brokerMachine(service.origin));
      const answer = await own.ask(CHAT, chat());
      expect([answer.status, await answer.text()]).toEqual([
        502,
        expect.stringContaining("redirects"),
      ]);
      await own.stop();
      expect(service.received).toHaveLength(1);
    }
    expect(thief.received).toEqual([]);
  });

  test.each([
    [65 * 1024 * 1024, 413],
    [12 * 1024 * 1024, 200],
    [9 * 1024 * 1024, 200],
  ])("a body of %d bytes is answered %d", async (size, status) => {
    const service = upstream();
    const own = await serve(brokerMachine(service.origin));
    const body = `{"model":"other","input":"${"x".repeat(size)}"}`;
    const answer = await own.ask(CHAT, { method: "POST", body }).catch(() => undefined);
    expect(answer?.status ?? 413).toBe(status);
    await own.stop();
    expect(service.received.map((got) => [got.body.length, got.body.slice(0, 16)])).toEqual(
      status === 200 ? [[body.length, '{"model":"glm-5"']] : [],
    );
  });

  test("what cannot be reached is told in the form of the protocol", async () => {
    const own = await serve(brokerMachine("http://127.0.0.1:9"));
    const answer = await own.ask(CHAT, chat());
    expect([
      answer.status,
      answer.headers.get("x-should-retry"),
      await answer.json(),
    ]).toMatchObject([
      502,
      null,
      { error: { message: expect.stringMatching(/^qwen auth run: .*refused/), type: "api_error" } },
    ]);
    await own.stop();
  });

  test("no answer in time is a 504", async () => {
    const service = upstream(() => new Promise<Response>(() => undefined));
    const own = await serve(
      brokerMachine(service.origin, {
        model: { name: "glm-5", generationConfig: { timeout: 50 } },
      }),
    );
    expect((await own.ask(CHAT, chat())).status).toBe(504);
    await own.stop();
  });
});

describe("the log", () => {
  test("has a line for each request, nothing of what it said, and is private", async () => {
    const service = upstream();
    const set = brokerMachine(service.origin);
    const path = set.write("run.log", "", 0o644);
    const own = await serve(set, ["--log", path, "--strict-model"]);
    await own.ask(`${CHAT}?secret=1`, chat());
    await own.ask(CHAT, chat("other"));
    await own.stop();
    const lines = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      {
        schemaVersion: 1,
        mount: "openai",
        method: "POST",
        path: "/chat/completions",
        model: "glm-5",
        sentModel: "glm-5",
        status: 200,
        outcome: "ok",
        usage: { inputTokens: 10, outputTokens: 2, cachedTokens: 0 },
      },
      { status: 400, outcome: "refused", refusedBy: "model", model: "other" },
    ]);
    expect(readFileSync(path, "utf8")).not.toMatch(/secret|hello|qwen-run-|sk-/);
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  });

  test("that cannot be written stops the tool before it starts", async () => {
    const set = brokerMachine(upstream().origin);
    const ran = await runScript(set, "echo started", { flags: ["--log", "/nowhere/run.log"] });
    expect([ran.exitCode, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).toContain("Cannot write the log `/nowhere/run.log`");
    const dash = await runScript(set, "echo started", { flags: ["--log", "-"] });
    expect([dash.exitCode, dash.stdout]).toEqual([2, ""]);
  });

  test("is no file that holds something else, and no pipe that nobody reads", async () => {
    const set = brokerMachine(upstream().origin);
    const settings = join(set.home, ".qwen", "settings.json");
    const before = readFileSync(settings, "utf8");
    const other = set.write("notes", "mine\n", 0o644);
    const linked = join(set.home, "linked");
    linkSync(settings, linked);
    const pipe = join(set.home, "pipe");
    Bun.spawnSync(["mkfifo", pipe]);
    for (const [path, why] of [
      [settings, "something else stands in it"],
      [linked, "something else stands in it"],
      [other, "something else stands in it"],
      [pipe, "nobody reads the pipe"],
    ] as const) {
      const ran = await runScript(set, "echo started", { flags: ["--log", path] });
      expect([path, ran.exitCode, ran.stdout]).toEqual([path, 1, ""]);
      expect(ran.stderr).toContain(why);
    }
    expect([readFileSync(settings, "utf8"), readFileSync(other, "utf8")]).toEqual([
      before,
      "mine\n",
    ]);
    expect((statSync(other).mode & 0o777).toString(8)).toBe("644");
  });

  test.skipIf(!existsSync("/dev/full"))("that finds no room says so at the end", async () => {
    const set = brokerMachine(upstream().origin);
    const ask = 'curl -s -o /dev/null -H "x-api-key: $AUTH_RUN_API_KEY" "$OPENAI_BASE_URL/models"';
    const flags = ["--log", "/dev/full", "--summary"];
    const ran = await runScript(set, ask, { flags });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("the log lost 1 line: no space left on the device (ENOSPC)");
  });

  test("of several runs stands in one file", async () => {
    const set = brokerMachine(upstream().origin);
    const ask = 'curl -s -o /dev/null -H "x-api-key: $AUTH_RUN_API_KEY" "$OPENAI_BASE_URL/models"';
    for (let round = 0; round < 2; round += 1) {
      expect((await runScript(set, ask, { flags: ["--log", "../run.log"] })).exitCode).toBe(0);
    }
    expect(readFileSync(join(set.home, "run.log"), "utf8").trim().split("\n").length).toBe(2);
  });
});

describe("streams", () => {
  const events = [..."héllo 世界"].map(
    (part) => `data: {"choices":[{"delta":{"content":"${part}"}}]}\n\n`,
  );

  test.each(["plain", "gzip"])(
    "arrive byte by byte as the service sent them, %s",
    async (coding) => {
      const text = `${events.join("")}data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}\n\ndata: [DONE]\n\n`;
      const bytes = coding === "gzip" ? gzipSync(text) : new TextEncoder().encode(text);
      const service = upstream(
        () =>
          new Response(
            new ReadableStream({
              async start(controller) {
                for (let at = 0; at < bytes.length; at += 5) {
                  controller.enqueue(bytes.subarray(at, at + 5));
                  await Bun.sleep(0);
                }
                controller.close();
              },
            }),
            {
              headers: {
                "content-type": "text/event-stream",
                ...(coding === "gzip" ? { "content-encoding": "gzip" } : {}),
              },
            },
          ),
      );
      const own = await serve(brokerMachine(service.origin));
      const answer = await own.ask(CHAT, { ...chat(), decompress: false } as RequestInit);
      expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
      expect(answer.headers.get("content-encoding")).toBe(coding === "gzip" ? "gzip" : null);
      expect((await own.stop()).stderr).toContain("5 tokens in, 7 out");
    },
  );

  test("each event arrives before the next is sent, and whoever leaves ends it at the service", async () => {
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const service = upstream(
      (_, request) =>
        new Response(
          new ReadableStream({
            async start(controller) {
              request.signal.addEventListener("abort", () => left.resolve());
              controller.enqueue("data: 1\n\n");
              await asked.promise;
              controller.enqueue("data: 2\n\n");
            },
          }),
          { headers: { "content-type": "text/event-stream" } },
        ),
    );
    const set = brokerMachine(service.origin);
    const own = await serve(set, ["--log", "../run.log"]);
    const leaving = new AbortController();
    const answer = await own.ask(CHAT, { ...chat(), signal: leaving.signal });
    const reader = answer.body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await next()).toBe("data: 1\n\n");
    asked.resolve();
    expect(await next()).toBe("data: 2\n\n");
    leaving.abort();
    await left.promise;
    await own.stop();
    expect(readFileSync(join(set.home, "run.log"), "utf8")).toContain('"outcome":"client-abort"');
  });

  test("one that is cut is cut for the tool, too", async () => {
    const service = upstream(
      () =>
        new Response(
          new ReadableStream({
            async start(controller) {
              controller.enqueue("data: 1\n\n");
              await Bun.sleep(20);
              controller.error(new Error("cut"));
            },
          }),
        ),
    );
    const set = brokerMachine(service.origin);
    const own = await serve(set, ["--log", "../run.log"]);
    const answer = await own.ask(CHAT, chat());
    expect(await answer.text().catch(() => "cut")).toBe("cut");
    await own.stop();
    expect(readFileSync(join(set.home, "run.log"), "utf8")).toContain('"outcome":"upstream-cut"');
  });
});

test("the service's own refusals reach the tool as they are", async () => {
  const service = upstream(() =>
    Response.json(
      { error: { message: "slow down" } },
      { status: 429, headers: { "retry-after": "7", "set-cookie": "a=b" } },
    ),
  );
  const own = await serve(brokerMachine(service.origin));
  const answer = await own.ask(CHAT, chat());
  expect([
    answer.status,
    answer.headers.get("retry-after"),
    answer.headers.get("set-cookie"),
    await answer.json(),
  ]).toEqual([429, "7", null, { error: { message: "slow down" } }]);
  expect(service.received[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
  await own.stop();
});

test("whoever is silent for longer than Bun waits by itself is waited for, on a socket as well", async () => {
  const service = upstream(
    () =>
      new Response(
        new ReadableStream({
          async start(controller) {
            controller.enqueue("data: 1\n\n");
            await Bun.sleep(13_000);
            controller.enqueue("data: 2\n\n");
            controller.close();
          },
        }),
      ),
  );
  const set = brokerMachine(service.origin);
  const socket = join(set.home, "broker.sock");
  const [tcp, unix] = [
    await serve(brokerMachine(service.origin)),
    await serve(set, ["--listen", `unix:${socket}`]),
  ];
  const answers = await Promise.all([
    tcp.ask(CHAT, chat()),
    unix.ask(CHAT, { ...chat(), unix: socket } as RequestInit),
  ]);
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([
    "data: 1\n\ndata: 2\n\n",
    "data: 1\n\ndata: 2\n\n",
  ]);
  await Promise.all([tcp.stop(), unix.stop()]);
}, 60_000);
