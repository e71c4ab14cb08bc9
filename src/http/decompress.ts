import type { Transform } from "node:stream";
import { systemError } from "./open-connection.ts";

/**
 * The content of a body as it arrives, by the value of its `content-encoding`; what came before a
 * failure is given before it. `node:zlib` is only loaded for what is compressed.
 * Rejects with an error whose code is `ZlibError` for what cannot be decompressed.
 */
export function decompress(
  bytes: AsyncIterable<Uint8Array>,
  contentEncoding: string | null,
): AsyncIterable<Uint8Array> {
  let content = bytes;
  for (const name of (contentEncoding ?? "").toLowerCase().split(",").reverse()) {
    const coding = name.trim();
    content = CODINGS.has(coding) ? inflate(content, coding) : content;
  }
  return content;
}

const CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);

async function* inflate(
  bytes: AsyncIterable<Uint8Array>,
  coding: string,
): AsyncGenerator<Uint8Array> {
  let inflater: Inflater | undefined;
  try {
    for await (const some of bytes) {
      inflater ??= watched(await createInflater(coding, some));
      const { stream } = inflater;
      yield* settle(inflater, (done) => stream.write(some, done));
    }
    if (inflater !== undefined) {
      const { stream } = inflater;
      yield* settle(inflater, (done) => stream.end(done));
    }
  } finally {
    inflater?.stream.destroy();
  }
}

/** What decompresses, with what became of it. */
type Inflater = { readonly stream: Transform; failure: Error | undefined; wake: () => void };

function watched(stream: Transform): Inflater {
  const inflater: Inflater = { stream, failure: undefined, wake: () => undefined };
  stream.on("readable", () => inflater.wake());
  stream.on("error", (cause) => {
    inflater.failure = systemError("ZlibError", "the answer cannot be decompressed", cause);
    inflater.wake();
  });
  return inflater;
}

/**
 * Gives what comes of `begin` until that is done or has failed. No more is decompressed than is
 * taken: a few bytes may hold gigabytes.
 */
async function* settle(
  inflater: Inflater,
  begin: (done: () => void) => void,
): AsyncGenerator<Uint8Array> {
  let isDone = false;
  let woken = Promise.withResolvers<void>();
  inflater.wake = () => woken.resolve();
  begin(() => {
    isDone = true;
    woken.resolve();
  });
  for (let isLast = false; ; ) {
    for (let piece = inflater.stream.read(); piece !== null; piece = inflater.stream.read()) {
      yield piece;
    }
    if (inflater.failure !== undefined) {
      throw inflater.failure;
    }
    if (isLast) {
      return;
    }
    await woken.promise;
    woken = Promise.withResolvers<void>();
    isLast = isDone;
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
