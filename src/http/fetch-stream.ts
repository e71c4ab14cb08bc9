import { untilAborted } from "../lib/until-aborted.ts";
import type { FetchOptions } from "../runtime.ts";
import { decompress } from "./decompress.ts";
import type { Connection } from "./open-connection.ts";
import { basicCredentials, openWay, type Way } from "./open-way.ts";
import { readFramed } from "./read-framed.ts";
import { type Head, readHead } from "./read-head.ts";

/** What an answer without a body has as its status. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Bytes of all answers, from which on what reads them is compiled as early as usual. */
const LONG_READ = 256 * 1024;

/** Thresholds of the compilers, in parts of the usual ones. */
const LATE = 100;
const USUAL = 1;

let readSoFar: number | undefined;

/**
 * Compiling what reads an answer holds single events of it up by a millisecond, which is seen, and
 * makes up for it only where much comes at once, or one answer after another.
 */
function noteRead(length: number): void {
  if (readSoFar === undefined) {
    Bun.unsafe.setJITPolicy(LATE);
  }
  const before = readSoFar ?? 0;
  readSoFar = before + length;
  if (before < LONG_READ && readSoFar >= LONG_READ) {
    Bun.unsafe.setJITPolicy(USUAL);
  }
}

/**
 * `fetch` for answers of which no byte may be lost: Bun's own drops what it has not handed out yet
 * when the connection ends badly. One connection for each request, HTTP/1.1, no redirects followed,
 * and a body with a `content-encoding` stays compressed. Pieces over 32 KiB have their memory to
 * themselves. Rejects with errors whose `code` is that of `fetch`, and with what `signal` was
 * aborted with.
 */
export async function fetchStream(url: string, options: FetchOptions): Promise<Response> {
  noteRead(0);
  const { signal, tls, proxy } = options;
  const place = new URL(url);
  const way = await untilAborted(openWay(place, { tls, proxy, signal }), signal);
  const { connection } = way;
  const close = (): void => connection.close(undefined);
  try {
    signal.throwIfAborted();
    writeRequest(way, place, options);
    return toResponse(connection, await readHead(connection), close);
  } catch (error) {
    close();
    throw error;
  }
}

function writeRequest(
  { connection, target, headers: ofProxy }: Way,
  place: URL,
  { method, headers, body }: FetchOptions,
): void {
  if (body instanceof ReadableStream) {
    throw new TypeError("a body in pieces is not sent this way");
  }
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(body);
  const credentials = basicCredentials(place);
  const all = new Headers({
    host: place.host,
    connection: "close",
    ...(body === undefined ? {} : { "content-length": String(bytes.length) }),
    ...ofProxy,
    ...(credentials === undefined ? {} : { authorization: credentials }),
  });
  for (const [name, value] of headers) {
    all.set(name, value);
  }
  const lines = [...all].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`;
  connection.write(Buffer.concat([Buffer.from(head, "latin1"), bytes]));
}

function toResponse(connection: Connection, head: Head, close: () => void): Response {
  const { status, statusText, headers } = head;
  if (BODILESS.has(status)) {
    close();
    return new Response(null, { status, statusText, headers });
  }
  // A server may compress for the way alone; what else the header names is no coding.
  const content = decompress(readFramed(connection, head), headers.get("transfer-encoding"));
  const bytes = content[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      // One piece for each time that one is asked for: what waited in a stream would be lost with it.
      pull: async (controller) => {
        try {
          const { done, value } = await bytes.next();
          if (done) {
            close();
            controller.close();
          } else {
            noteRead(value.length);
            controller.enqueue(value);
          }
        } catch (error) {
          close();
          throw error;
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, statusText, headers });
}
