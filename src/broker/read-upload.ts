import type { RequestBody } from "../runtime.ts";
import type { BodyExaminer } from "./examine-body.ts";

/** A body on its way. */
export type Upload = {
  /** All of it, or what sends it on while it comes. */
  readonly body: RequestBody;
  /** Bytes that came from the tool, so far. */
  readonly length: () => number;
};

/** Bytes that are kept, so that they can be sent again and with their length. */
const MOST_KEPT = 10 * 1024 * 1024;

/** Bytes that a request may have at all. */
export const LARGEST_UPLOAD = 64 * 1024 * 1024;

/** Why a body ends before its end: the examiner knows what the tool is told. */
const REFUSED = "what the request asks for is refused";

/**
 * Reads the body of a request, if it is not too long to be kept (`spec/broker.md` §8): kept, it
 * goes on with its length, which not every gateway can do without, and may be sent twice. All of it
 * passes the examiner; once that refuses, no more is read, and one that is on its way is broken off.
 * Rejects with what breaks the upload.
 */
export async function readUpload(
  body: ReadableStream<Uint8Array> | null,
  examiner: BodyExaminer,
): Promise<Upload> {
  let length = 0;
  const reader = body?.getReader();
  const isRefused = (): boolean => examiner.examined().refusal !== undefined;
  /** The next pieces; `undefined`: there are none. */
  const read = async (): Promise<readonly Uint8Array[] | undefined> => {
    const value = (await reader?.read())?.value;
    length += value?.length ?? 0;
    return value === undefined ? undefined : examiner.push(value);
  };
  const kept: Uint8Array[] = [];
  while (length <= MOST_KEPT) {
    const pieces = await read();
    kept.push(...(pieces ?? examiner.end()));
    if (pieces === undefined || isRefused()) {
      return { body: joined(kept), length: () => length };
    }
  }
  let isAtEnd = false;
  const rest = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      while (kept.length === 0 && !isAtEnd) {
        const pieces = await read();
        isAtEnd = pieces === undefined;
        kept.push(...(pieces ?? examiner.end()));
        if (isRefused()) {
          throw new Error(REFUSED);
        }
      }
      const next = kept.shift();
      if (next === undefined) {
        controller.close();
      } else {
        controller.enqueue(next);
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
  return { body: rest, length: () => length };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Buffer.concat(pieces);
}
