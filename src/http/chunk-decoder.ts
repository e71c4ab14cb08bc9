import { systemError } from "./open-connection.ts";

export type ChunkDecoder = {
  /**
   * The content of the chunks in these bytes, in the same memory.
   * @throws Error with a code when they are no chunks
   */
  readonly push: (bytes: Uint8Array) => Uint8Array;
  /** Whether the last chunk has come. */
  readonly isDone: () => boolean;
};

const LINE_FEED = 10;
/** Characters of the line before a chunk, or of a trailer. */
const LONGEST_LINE = 64 * 1024;

/** Takes the content out of a body with `transfer-encoding: chunked` (RFC 9112 §7.1). */
export function createChunkDecoder(): ChunkDecoder {
  /** Bytes of the open chunk that are still to come. */
  let left = 0;
  /** The beginning of a line that is not complete. */
  let line = "";
  let part: "chunks" | "trailers" | "done" = "chunks";
  const readLine = (text: string): void => {
    if (part === "trailers") {
      part = text === "" ? "done" : "trailers";
    } else if (text !== "") {
      // An empty line ends the chunk before.
      left = sizeOf(text);
      part = left === 0 ? "trailers" : "chunks";
    }
  };
  return {
    push: (bytes) => {
      let length = 0;
      let at = 0;
      while (at < bytes.length && part !== "done") {
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
          throw notChunked();
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
    isDone: () => part === "done",
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

/** Hexadecimal, before the extensions that nobody uses. */
function sizeOf(line: string): number {
  const [, digits] = /^([\da-f]{1,13})[ \t]*(?:;|$)/i.exec(line) ?? [];
  if (digits === undefined) {
    throw notChunked();
  }
  return Number.parseInt(digits, 16);
}

function notChunked(): Error {
  return systemError("Malformed_HTTP_Response", "the answer is no HTTP");
}
