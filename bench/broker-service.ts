/**
 * The service of `bench/broker.ts`, a process of its own: answers of a kind that the request names,
 * with the time in each event at which it was sent. Prints its port.
 */
type Asked = {
  readonly kind?: "turns" | "many" | "bulk";
  readonly events?: number;
  readonly ways?: number;
  readonly megabytes?: number;
};

/** Between two events of those that speak in turn. */
const TURN_MS = 2;
/** As fast as models speak. */
const GAP_MS = 50;
const PIECE = new Uint8Array(64 * 1024).fill(0x78);

const encoder = new TextEncoder();

type Stream = ReadableStreamDefaultController<Uint8Array>;

function event(): Uint8Array {
  const sentAt = performance.timeOrigin + performance.now();
  const choices = [{ index: 0, delta: { content: `<${sentAt}>` }, finish_reason: null }];
  return encoder.encode(
    `data: ${JSON.stringify({ object: "chat.completion.chunk", choices })}\n\n`,
  );
}

let waiting: Stream[] = [];

/** One stream for each way: they begin once all have come, and each event goes to one after another. */
function inTurn({ events = 0, ways = 1 }: Asked): ReadableStream<Uint8Array> {
  const speak = async (streams: readonly Stream[]): Promise<void> => {
    for (let index = 0; index < events; index += 1) {
      for (const stream of streams) {
        await Bun.sleep(TURN_MS);
        stream.enqueue(event());
      }
    }
    for (const stream of streams) {
      stream.close();
    }
  };
  return new ReadableStream({
    start: (stream) => {
      waiting.push(stream);
      if (waiting.length === ways) {
        void speak(waiting);
        waiting = [];
      }
      // The answer has begun: a proxy hands on its head.
      stream.enqueue(encoder.encode(": hello\n\n"));
    },
  });
}

/** One of many: they do not speak in step, or each instant would have a queue of its own. */
function one({ events = 0 }: Asked): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(stream) {
      for (let index = 0; index < events; index += 1) {
        await Bun.sleep(GAP_MS * (0.5 + Math.random()));
        stream.enqueue(event());
      }
      stream.close();
    },
  });
}

function bulk({ megabytes = 1 }: Asked): ReadableStream<Uint8Array> {
  let left = (megabytes * 1024 * 1024) / PIECE.length;
  return new ReadableStream({
    pull: (stream) => {
      left -= 1;
      stream.enqueue(PIECE.slice());
      if (left <= 0) {
        stream.close();
      }
    },
  });
}

const KINDS = { turns: inTurn, many: one, bulk } as const;

const service = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  fetch: async (request) => {
    const asked: Asked = JSON.parse(await request.text());
    const { kind = "bulk" } = asked;
    const type = kind === "bulk" ? "text/plain" : "text/event-stream";
    return new Response(KINDS[kind](asked), { headers: { "content-type": type } });
  },
});
process.stdout.write(`${service.port}\n`);
