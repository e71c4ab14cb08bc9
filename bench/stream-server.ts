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

/** An answer as models write them: prose with emphasis, lists, code and a table. */
const ANSWER = `## How it works

A **binary search** keeps two ends of a sorted list and looks at the middle of them. Each step
halves what is left, so that a million entries take about twenty steps, whatever they are.

1. Begin with the whole list, from \`low\` to \`high\`.
2. Compare the middle with what is looked for, and go on with the half that may hold it.
   - Mind that the middle is rounded down, and that the ends may meet.

\`\`\`python
def search(items, wanted):
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        if items[middle] == wanted:
            return middle
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return None
\`\`\`

| List | Steps | Note |
| --- | ---: | --- |
| 1,000 | 10 | at most |
| 1,000,000 | 20 | at most |

See [the page](https://example.com/search) for more. Lists that change often are better kept in a
tree, where adding and removing cost as little as looking does.

`;

/** So many megabytes of that, in pieces of a few words. */
async function* markdown(megabytes: number): AsyncGenerator<string> {
  const pieces = ANSWER.match(/[\s\S]{1,24}/g) ?? [];
  const block = pieces.map((piece) => chunk(piece)).join("");
  for (let left = megabytes * 1_000_000; left > 0; left -= ANSWER.length) {
    yield block;
  }
  yield END;
}

function bodyOf(kind: string | undefined, size: number) {
  switch (kind) {
    case "long":
      return long(size);
    case "slow":
      return slow(size);
    case "markdown":
      return markdown(size);
    default:
      return short();
  }
}

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  async fetch(request) {
    await request.text();
    const [, kind, size = "1"] = new URL(request.url).pathname.split("/");
    return new Response(bodyOf(kind, Number(size)), {
      headers: { "content-type": "text/event-stream" },
    });
  },
});
console.log(server.port);
