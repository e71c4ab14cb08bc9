/**
 * The server of `bench/stream.ts`, a process of its own: OpenAI-compatible streams of a given
 * shape, by path. Prints its port.
 */
const CHUNK_TEXT = "The quick brown fox jumps over the lazy dog. ";

function chunk(content: string, finish_reason: string | null = null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason }];
  const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "bench" };
  return `data: ${JSON.stringify({ ...head, choices })}\n\n`;
}

const END = `${chunk("", "stop")}data: [DONE]\n\n`;

/** One answer at once. */
function short(): string {
  return chunk("hello") + END;
}

/** `megabytes` of chunks, as fast as they are read. */
async function* long(megabytes: number): AsyncGenerator<Uint8Array | string> {
  const block = new TextEncoder().encode(chunk(CHUNK_TEXT).repeat(256));
  for (let left = megabytes * 1_000_000; left > 0; left -= block.length) {
    yield block;
  }
  yield END;
}

/** `count` events 3 ms apart; the text of each is the time at which it was sent. */
async function* slow(count: number): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) {
    await Bun.sleep(3);
    yield chunk(`${performance.timeOrigin + performance.now()}\n`);
  }
  yield END;
}

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  async fetch(request) {
    await request.text();
    const [, kind, size = "1"] = new URL(request.url).pathname.split("/");
    const body =
      kind === "long" ? long(Number(size)) : kind === "slow" ? slow(Number(size)) : short();
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  },
});
console.log(server.port);
