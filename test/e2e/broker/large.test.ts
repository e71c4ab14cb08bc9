import { afterAll, describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { testUnless } from "../../support/needs.ts";
import { brokerMachine, chat, KEY, type Served, serve, upstream } from "./broker-machine.ts";

const CHAT = "/openai/v1/chat/completions";
const MIB = 1024 * 1024;

/** What a broker may take more than before, whatever passes: a fraction of that. */
const MOST_MORE = 32 * MIB;

/** The same for uploads of 56 MiB each, of which several go by: less than all of them. */
const MOST_UPLOADING = 112 * MIB;

/** The most memory that a process has had. */
function highest({ pid }: Served): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

const noProc =
  process.platform === "linux" ? undefined : "the memory of a process is read from /proc";

type Long = {
  readonly origin: string;
  readonly sent: () => number;
  readonly hash: () => string;
};

/** A service that sends so many bytes, no two pieces alike, as fast as they are taken. */
function longAnswers(length: number, contentType: string): Long {
  const hasher = new Bun.CryptoHasher("sha256");
  const piece = crypto.getRandomValues(new Uint8Array(64 * 1024));
  let sent = 0;
  const service = upstream(
    () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            const next = piece.slice();
            new DataView(next.buffer).setUint32(0, sent);
            hasher.update(next);
            sent += next.length;
            controller.enqueue(next);
            if (sent >= length) {
              controller.close();
            }
          },
        }),
        { headers: { "content-type": contentType } },
      ),
  );
  return { origin: service.origin, sent: () => sent, hash: () => hasher.digest("hex") };
}

/** Reads an answer to the end; stops every so many bytes until the service is well ahead. */
function readSlowly(own: Served, service: Long, stopEvery: number): Promise<string> {
  const { hostname, port, host } = new URL(own.url);
  const { body } = chat();
  const hasher = new Bun.CryptoHasher("sha256");
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let head = "";
  let got = 0;
  let stopAt = stopEvery;
  // Of HTTP/1.0 the end of the connection is the end of the answer.
  const socket = connect(Number(port), hostname, () =>
    socket.write(
      `POST ${CHAT} HTTP/1.0\r\nHost: ${host}\r\nx-api-key: ${own.token}\r\nContent-Length: ${String(body).length}\r\n\r\n${body}`,
    ),
  );
  const waitUntilAhead = async (): Promise<void> => {
    socket.pause();
    for (let before = -1; service.sent() - got < MIB && before !== service.sent(); ) {
      before = service.sent();
      await Bun.sleep(20);
    }
    socket.resume();
  };
  socket.on("data", (bytes: Buffer) => {
    let content = bytes;
    if (!head.includes("\r\n\r\n")) {
      head += bytes.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      content = end === -1 ? Buffer.alloc(0) : Buffer.from(head.slice(end + 4), "latin1");
    }
    hasher.update(content);
    got += content.length;
    if (got >= stopAt) {
      stopAt += stopEvery;
      void waitUntilAhead();
    }
  });
  socket.on("error", reject);
  socket.on("close", () => resolve(hasher.digest("hex")));
  return promise;
}

describe("what is long", () => {
  testUnless(noProc).each(["application/octet-stream", "text/event-stream", "application/json"])(
    "passes byte by byte to whoever reads slowly, and takes no memory: %s",
    async (contentType) => {
      const service = longAnswers(200 * MIB, contentType);
      const own = await serve(brokerMachine(service.origin));
      afterAll(own.stop);
      const before = highest(own);
      expect(await readSlowly(own, service, 48 * MIB)).toBe(service.hash());
      expect(service.sent()).toBe(200 * MIB);
      expect(highest(own) - before).toBeLessThan(MOST_MORE);
      await own.stop();
    },
    60_000,
  );

  testUnless(noProc)(
    "goes up byte by byte, and one upload after another takes no more memory",
    async () => {
      const hashes: string[] = [];
      const service = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        maxRequestBodySize: 100 * MIB,
        fetch: async (request) => {
          const hasher = new Bun.CryptoHasher("sha256");
          for await (const bytes of request.body ?? []) {
            hasher.update(bytes);
          }
          hashes.push(`${request.headers.get("authorization")} ${hasher.digest("hex")}`);
          return new Response("{}");
        },
      });
      afterAll(() => service.stop(true));
      const own = await serve(brokerMachine(`http://127.0.0.1:${service.port}`));
      const before = highest(own);
      const piece = "0123456789abcdef".repeat(4096);
      const body = `{"model":"glm-5","input":"${piece.repeat(900)}"}`;
      for (let round = 0; round < 4; round += 1) {
        expect((await own.ask(CHAT, { method: "POST", body })).status).toBe(200);
      }
      const hash = new Bun.CryptoHasher("sha256").update(body).digest("hex");
      expect(hashes).toEqual(Array.from({ length: 4 }, () => `Bearer ${KEY} ${hash}`));
      expect(highest(own) - before).toBeLessThan(MOST_UPLOADING);
      await own.stop();
    },
    60_000,
  );
});
