import type { Transform } from "node:stream";
import { systemError } from "./open-connection.ts";

/**
 * The content of a body as it arrives, by the value of its `content-encoding`; what came before a
 * failure is given before it. `node:zlib` is only loaded for what is compressed.
 * Rejects with an error whose code is `ZlibError` for what cannot be decompressed.
 */
export async function* decompress(
  bytes: AsyncIterable<Uint8Array>,
  contentEncoding: string | null,
): AsyncGenerator<Uint8Array> {
  let content = bytes;
  for (const name of (contentEncoding ?? "").toLowerCase().split(",").reverse()) {
    const coding = name.trim();
    content = CODINGS.has(coding) ? inflate(content, coding) : content;
  }
  yield* content;
}

const CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);

async function* inflate(
  bytes: AsyncIterable<Uint8Array>,
  coding: string,
): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let failure: Error | undefined;
  let inflater: Transform | undefined;
  /** Waits until what was begun is done or has failed, and gives what came of it. */
  const settle = async function* (
    stream: Transform,
    begin: (done: () => void) => void,
  ): AsyncGenerator<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<void>();
    stream.once("error", resolve);
    begin(resolve);
    await promise;
    stream.off("error", resolve);
    yield* pieces.splice(0);
    if (failure !== undefined) {
      throw failure;
    }
  };
  try {
    for await (const some of bytes) {
      inflater ??= (await createInflater(coding, some))
        .on("data", (piece) => pieces.push(piece))
        .on("error", (cause) => {
          failure = systemError("ZlibError", "the answer cannot be decompressed", cause);
        });
      const stream = inflater;
      yield* settle(stream, (done) => stream.write(some, () => done()));
    }
    if (inflater !== undefined) {
      const stream = inflater;
      yield* settle(stream, (done) => stream.once("end", done).end());
    }
  } finally {
    inflater?.destroy();
  }
}

async function createInflater(coding: string, first: Uint8Array): Promise<Transform> {
  const zlib = await import("node:zlib");
  switch (coding) {
    case "br":
      return zlib.createBrotliDecompress();
    case "zstd":
      return zlib.createZstdDecompress();
    case "deflate":
      // Some servers leave out the frame that the name means (RFC 9110 §8.4.1.2).
      return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    default:
      return zlib.createGunzip();
  }
}
