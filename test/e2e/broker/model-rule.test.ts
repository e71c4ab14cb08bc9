import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { brokerMachine, chatAnswer, serve, upstream } from "./broker-machine.ts";

const CHAT = "/openai/v1/chat/completions";
const MIB = 1024 * 1024;

/** More than is kept: what comes behind it is seen while the beginning is on its way. */
const LONG = "x".repeat(12 * MIB);

const behind = (model: string): string => `{"input":"${LONG}","model":"${model}"}`;

describe("a model that stands behind more than is kept", () => {
  test("becomes the selected one, in a body that is otherwise the same", async () => {
    const service = upstream();
    const set = brokerMachine(service.origin);
    const own = await serve(set, ["--log", "../run.log"]);
    const body = behind("claude-opus-4");
    expect((await own.ask(CHAT, { method: "POST", body })).status).toBe(200);
    expect((await own.stop()).stderr).toContain('asked for "claude-opus-4"');
    expect(service.received[0]?.body === behind("glm-5")).toBe(true);
    expect(JSON.parse(readFileSync(join(set.home, "run.log"), "utf8"))).toMatchObject({
      model: "claude-opus-4",
      sentModel: "glm-5",
      requestBytes: body.length,
      outcome: "ok",
    });
  });

  test("is refused with --strict-model, and the service gets no whole request", async () => {
    let isWhole = false;
    let isOver = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      let last = "";
      socket.on("data", (bytes) => {
        last = (last + bytes.toString("latin1")).slice(-7);
        if (last.endsWith("\r\n0\r\n\r\n")) {
          isWhole = true;
          socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        }
      });
      socket.on("error", () => undefined);
      socket.on("close", () => isOver.resolve());
    });
    const ready = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", () => ready.resolve());
    await ready.promise;
    afterAll(() => server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const set = brokerMachine(`http://127.0.0.1:${port}`);
    const own = await serve(set, ["--strict-model", "--log", "../run.log"]);
    const refused = await own.ask(CHAT, { method: "POST", body: behind("claude-opus-4") });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { error: { message: expect.stringContaining('"claude-opus-4" is not one of') } },
    ]);
    await isOver.promise;
    expect(isWhole).toBe(false);
    isOver = Promise.withResolvers();
    expect((await own.ask(CHAT, { method: "POST", body: behind("kimi-k2") })).status).toBe(200);
    expect(isWhole).toBe(true);
    await own.stop();
    const lines = readFileSync(join(set.home, "run.log"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { model: "claude-opus-4", status: 400, outcome: "refused", refusedBy: "model" },
      { model: "kimi-k2", status: 200, outcome: "ok" },
    ]);
  });
});

describe("a body that does not say which model it asks for", () => {
  const UNREAD: readonly (readonly [string, string | Uint8Array])[] = [
    ["a number", '{"model":5}'],
    ["none", '{"messages":[{"model":"glm-5"}]}'],
    ["a form", "model=claude-opus-4"],
    ["UTF-16", new Uint8Array(Buffer.from('{"model":"claude-opus-4"}', "utf16le"))],
    ["a list", '[{"model":"glm-5"}]'],
    ["two, one of them foreign", '{"model":"claude-opus-4","model":"glm-5"}'],
    ["another spelling", '{"model":"glm-5","Model":"claude-opus-4"}'],
    ["half of a body", '{"model":"glm-5","messages":['],
    ["nothing", ""],
    ["OpenRouter's list of others", '{"model":"glm-5","models":["claude-opus-4"]}'],
    ["the same for Anthropic's clients", '{"model":"glm-5","fallbacks":[{"model":"gpt-5"}]}'],
    ["a route", '{"model":"glm-5","route":"fallback"}'],
    ["a seller", '{"model":"glm-5","provider":{"order":["x"]}}'],
    ["a preset", '{"preset":"x","model":"glm-5"}'],
    ["a list behind more than is kept", `{"model":"glm-5","input":"${LONG}","models":["gpt-5"]}`],
  ];

  test("is refused with --strict-model", async () => {
    const service = upstream();
    const own = await serve(brokerMachine(service.origin), ["--strict-model"]);
    for (const [name, body] of UNREAD) {
      const answer = await own.ask(CHAT, { method: "POST", body });
      expect([name, answer.status, await answer.text()]).toEqual([
        name,
        400,
        expect.stringContaining("model"),
      ]);
    }
    await own.stop();
    expect(service.received).toEqual([]);
  });

  test("has the selected one in a list of what is tried after it, without it", async () => {
    const service = upstream(() => chatAnswer());
    const own = await serve(brokerMachine(service.origin));
    const body = '{"model":"kimi-k2","models":["claude-opus-4","kimi-k2"]}';
    expect((await own.ask(CHAT, { method: "POST", body })).status).toBe(200);
    expect((await own.stop()).stderr).toContain('asked for "claude-opus-4"');
    expect(service.received[0]?.body).toBe('{"model":"kimi-k2","models":["glm-5","kimi-k2"]}');
  });

  test("passes without it, and the log says so", async () => {
    const service = upstream(() => chatAnswer());
    const set = brokerMachine(service.origin);
    const own = await serve(set, ["--log", "../run.log"]);
    expect((await own.ask(CHAT, { method: "POST", body: '{"model":5}' })).status).toBe(200);
    await own.stop();
    expect(service.received[0]?.body).toBe('{"model":5}');
    expect(JSON.parse(readFileSync(join(set.home, "run.log"), "utf8"))).toMatchObject({
      modelUnread: "it is no text",
      requestBytes: 11,
    });
  });
});
