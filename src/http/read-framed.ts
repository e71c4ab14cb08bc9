import { createChunkDecoder } from "./chunk-decoder.ts";
import { type Connection, systemError } from "./open-connection.ts";
import type { Head } from "./read-head.ts";

/**
 * The bytes of a body, however its end is marked: by chunks, a length, or the end of the
 * connection. What came is given before anything is said of a bad end.
 * Rejects with an error that has a `code`: `ECONNRESET` when the connection ends inside the body.
 */
export async function* readFramed(
  connection: Connection,
  { headers, rest }: Head,
): AsyncGenerator<Uint8Array> {
  const unframe = frameOf(headers);
  let bytes: Uint8Array | undefined = rest;
  for (;;) {
    const { body, isLast } = unframe(bytes);
    if (body.length > 0) {
      yield body;
    }
    if (isLast()) {
      return;
    }
    bytes = await connection.read();
  }
}

/** `isLast` throws for what follows the body where more of it should be. */
type UnframedBody = { readonly body: Uint8Array; readonly isLast: () => boolean };

/** Takes what comes, `undefined` at the end of the connection. */
type Frame = (bytes: Uint8Array | undefined) => UnframedBody;

function frameOf(headers: Headers): Frame {
  const coding = headers.get("transfer-encoding") ?? "identity";
  if (/(?:^|,)\s*chunked\s*$/i.test(coding)) {
    const decoder = createChunkDecoder();
    return (bytes) => ({ body: decoder.push(wanted(bytes)), isLast: decoder.isDone });
  }
  // A length beside another coding counts for nothing (RFC 9112 §6.3).
  const isPlain = coding.trim().toLowerCase() === "identity";
  const length = isPlain ? lengthOf(headers.get("content-length")) : undefined;
  if (length === undefined) {
    return (bytes) => ({ body: bytes ?? new Uint8Array(), isLast: () => bytes === undefined });
  }
  let left = length;
  return (bytes) => {
    const body = left === 0 ? new Uint8Array() : wanted(bytes).subarray(0, left);
    left -= body.length;
    return { body, isLast: () => left === 0 };
  };
}

/** Some proxies say it twice, which `Headers` joins; `undefined`: it is no length, or two of them. */
function lengthOf(header: string | null): number | undefined {
  const [length = "", ...others] = new Set((header ?? "").split(",").map((each) => each.trim()));
  return /^\d+$/.test(length) && others.length === 0 ? Number(length) : undefined;
}

function wanted(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) {
    throw systemError("ECONNRESET", "the connection was closed inside the answer");
  }
  return bytes;
}
