import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createServer, type Socket } from "node:net";
import { OPENAI } from "../../support/model-answers.ts";
import { qwen, type Ran } from "../../support/qwen.ts";
import { chatMachine } from "./chat-machine.ts";

setDefaultTimeout(120_000);

/** The runs of each way that a connection ends badly, each in a process of its own. */
const RUNS = 10;
const AT_ONCE = 5;

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";

function chunked(data: string): string {
  return `${HEAD}transfer-encoding: chunked\r\n\r\n${data.length.toString(16)}\r\n${data}\r\n`;
}

type End = (socket: Socket, data: string) => void;

const ENDS: readonly (readonly [name: string, end: End])[] = [
  ["no last chunk", (socket, data) => socket.end(chunked(data))],
  [
    "a length that is too long",
    (socket, data) => socket.end(`${HEAD}content-length: 9999\r\n\r\n${data}`),
  ],
  ["a reset", (socket, data) => socket.write(chunked(data), () => socket.resetAndDestroy())],
  [
    "a head alone before",
    (socket, data) => {
      const [head = "", body = ""] = chunked(data).split(/(?<=\r\n\r\n)/);
      socket.write(head, () => setImmediate(() => socket.end(body)));
    },
  ],
];

const WHOLE = [OPENAI.text("Hel"), OPENAI.text("lo"), OPENAI.finish].join("");
const HALF = OPENAI.text("Hello");

/** Asks as often as `RUNS` says a server that gives `data` and the end of its connection at once. */
async function askOften(end: End, { data, args }: { data: string; args: readonly string[] }) {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => end(socket, data));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const at = chatMachine(`http://127.0.0.1:${port}`, { generationConfig: { maxRetries: 0 } });
  const results: Ran[] = [];
  while (results.length < RUNS) {
    const asking = Array.from({ length: AT_ONCE }, () => qwen(at, ["-p", "Hi", ...args]));
    results.push(...(await Promise.all(asking)));
  }
  server.close();
  return results;
}

describe("data and a bad end in one packet lose nothing:", () => {
  test.each(ENDS)("a whole answer and %s", async (_name, end) => {
    for (const { exitCode, stdout } of await askOften(end, { data: WHOLE, args: [] })) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "Hello\n" });
    }
  });

  test.each(ENDS)("half an answer as JSON and %s", async (_name, end) => {
    for (const { exitCode, stdout } of await askOften(end, { data: HALF, args: ["-o", "json"] })) {
      expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
        exitCode: 5,
        is_error: true,
        partial_result: "Hello",
        error: { code: "stream-cut" },
      });
    }
  });
});
