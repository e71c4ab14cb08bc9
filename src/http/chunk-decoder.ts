import { systemError } from "./open-connection.ts";

export type ChunkDecoder = {
  /** The content of the chunks in these bytes, in the same memory; what is no chunk ends it. */
  readonly push: (bytes: Uint8Array) => Uint8Array;
  /**
   * Whether the last chunk has begun.
   * @throws Error with a code when what followed the content was no chunk
   */
  readonly isDone: () => boolean;
};

const LINE_FEED = 10;
/** Characters of the line before a chunk. */
const LONGEST_LINE = 64 * 1024;

/**
 * Takes the content out of a body with `transfer-encoding: chunked` (RFC 9112 §7.1). The last chunk
 * is its end: nobody reads trailers, and the connection carries nothing else.
 */
export function createChunkDecoder(): ChunkDecoder {
  /** Bytes of the open chunk that are still to come. */
  let left = 0;
  /** The beginning of a line that is not complete. */
  let line = "";
  let state: "open" | "done" | "broken" = "open";
  const readLine = (text: string): void => {
    // An empty line ends the chunk before.
    if (text !== "") {
      const size = sizeOf(text);
      left = size ?? 0;
      state = size === undefined ? "broken" : size === 0 ? "done" : "open";
    }
  };
  return {
    push: (bytes) => {
      let length = 0;
      let at = 0;
      while (at < bytes.length && state === "open") {
        if (left > 0) {
          const taken = Math.min(left, bytes.length - at);
          bytes.copyWithin(length, at, at + taken);
          length += taken;
          at += taken;
          left -= taken;
          continue;
        }
        const found = bytes.indexOf(LINE_FEED, at);
        const end = found === -1 ? bytes.length : found;
        line += text(bytes, at, end);
        if (line.length > LONGEST_LINE) {
          state = "broken";
          break;
        }
        at = end + 1;
        if (found !== -1) {
          const whole = line.trimEnd();
          line = "";
          readLine(whole);
        }
      }
      return bytes.subarray(0, length);
    },
    isDone: () => {
      if (state === "broken") {
        throw systemError("Malformed_HTTP_Response", "the answer is no HTTP");
      }
      return state === "done";
    },
  };
}

/** The bytes as Latin-1; short, and read a million times. */
function text(bytes: Uint8Array, start: number, end: number): string {
  let read = "";
  for (let at = start; at < end; at += 1) {
    read += String.fromCharCode(bytes[at] ?? 0);
  }
  return read;
}

/** Hexadecimal, before the extensions that nobody uses; `undefined`: it is no size. */
function sizeOf(line: string): number | undefined {
  const [, digits] = /^0*([\da-f]{1,13})[ \t]*(?:;|$)/i.exec(line) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}
