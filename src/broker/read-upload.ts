import type { RequestBody } from "../runtime.ts";

/** A body as far as it is kept: all of it, or its beginning and what follows. */
export type Upload = {
  /** All, or the first part. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What comes after `bytes`; absent: nothing does. */
  readonly rest?: Rest;
};

type Rest = {
  readonly read: () => Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  readonly cancel: (reason?: unknown) => Promise<void>;
};

/** Bytes that are kept, so that they can be sent again and with their length. */
const MOST_KEPT = 10 * 1024 * 1024;

/** Bytes that a request may have at all. */
export const LARGEST_UPLOAD = 64 * 1024 * 1024;

/**
 * Reads the body of a request, if it is not too long to be kept (`spec/broker.md` §8): kept, it
 * goes on with its length, which not every gateway can do without, and may be sent twice.
 * Rejects with what breaks the upload.
 */
export async function readUpload(body: ReadableStream<Uint8Array> | null): Promise<Upload> {
  if (body === null) {
    return { bytes: new Uint8Array() };
  }
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (value !== undefined) {
      pieces.push(value);
      length += value.length;
    }
    if (done) {
      return { bytes: joined(pieces, length) };
    }
    if (length > MOST_KEPT) {
      return { bytes: joined(pieces, length), rest: reader };
    }
  }
}

/** The body as it goes on, its beginning perhaps with another model in it. */
export function wholeUpload({ bytes, rest }: Upload): RequestBody {
  if (rest === undefined) {
    return bytes;
  }
  let isBegun = false;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = isBegun ? await rest.read() : { done: false, value: bytes };
      isBegun = true;
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
    cancel: (reason) => rest.cancel(reason),
  });
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let position = 0;
  for (const piece of pieces) {
    all.set(piece, position);
    position += piece.length;
  }
  return all;
}
