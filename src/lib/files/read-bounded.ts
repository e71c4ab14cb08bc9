import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { describeSystemError, systemErrorCode } from "../system-error.ts";
import { isUtf16, UTF_16 } from "./open-file.ts";

const PAUSE_MS = 10;
/** 10 s for a writer that is slow, the time that a key helper has as well. */
const PAUSES_FOR_WRITER = 1_000;
/** 1 s for a writer that has not opened its end yet, which looks like an empty pipe. */
const PAUSES_FOR_FIRST_BYTE = 100;

type BoundedText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly reason: string; readonly cause?: unknown };

/**
 * Reads a regular file, or a pipe such as `<(pass show key)`, of at most so many KiB; without its
 * byte order mark. A pipe on which nobody writes, or a device that has no end, does not hold up
 * the program for ever.
 */
export function readBounded(path: string, { maxKib }: { readonly maxKib: number }): BoundedText {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readOpenFile(descriptor, maxKib);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    return { kind: "unreadable", reason: describeSystemError(cause), cause };
  }
}

function readOpenFile(descriptor: number, maxKib: number): BoundedText {
  const stats = fstatSync(descriptor);
  if (!stats.isFile() && !stats.isFIFO()) {
    return { kind: "unreadable", reason: "it is neither a file nor a pipe" };
  }
  // One byte more than is allowed tells a file that is too large.
  const buffer = new Uint8Array(maxKib * 1024 + 1);
  let length = 0;
  let pauses = 0;
  while (length < buffer.length) {
    const count = readSome(descriptor, buffer.subarray(length));
    length += count ?? 0;
    const isEnd = count === 0 && (length > 0 || stats.isFile() || pauses >= PAUSES_FOR_FIRST_BYTE);
    if (isEnd) {
      return decode(buffer.subarray(0, length));
    }
    if (pauses >= PAUSES_FOR_WRITER) {
      return { kind: "unreadable", reason: "the pipe stayed open for 10 s without an end" };
    }
    if (count === undefined || count === 0) {
      Bun.sleepSync(PAUSE_MS);
      pauses += 1;
    }
  }
  return { kind: "unreadable", reason: `it is larger than ${maxKib} KiB` };
}

function decode(bytes: Uint8Array): BoundedText {
  const text = new TextDecoder().decode(bytes);
  return isUtf16(text) ? UTF_16 : { kind: "text", text };
}

/** How many bytes came: 0 at the end, `undefined` when the writer of a pipe has none yet. */
function readSome(descriptor: number, target: Uint8Array): number | undefined {
  try {
    return readSync(descriptor, target);
  } catch (error) {
    if (systemErrorCode(error) === "EAGAIN") {
      return undefined;
    }
    throw error;
  }
}
