import { systemErrorCode } from "../lib/system-error.ts";
import { withoutLastWord } from "../lib/visible-text.ts";
import { decompress } from "./decompress.ts";
import type { OpenResponse } from "./http.ts";
import { networkFailure } from "./network-failure.ts";
import { RequestError } from "./request-failure.ts";
import { startTimer } from "./start-timer.ts";

/**
 * The bytes of an answer as they come, decompressed. Leaving the loop ends the connection.
 * @throws RequestError when the connection ends inside the body; what the request was aborted with
 */
export async function* readBody(answer: OpenResponse): AsyncGenerator<Uint8Array> {
  const coding = answer.response.headers.get("content-encoding");
  try {
    yield* decompress(readBytes(answer), coding);
  } catch (error) {
    throw systemErrorCode(error) === "ZlibError"
      ? new RequestError(networkFailure(error), { cause: error })
      : error;
  }
}

async function* readBytes(answer: OpenResponse): AsyncGenerator<Uint8Array> {
  const reader = answer.response.body?.getReader();
  if (reader === undefined) {
    return;
  }
  let isAtEnd = false;
  try {
    for (;;) {
      const { done, value } = await readChunk(answer, reader);
      isAtEnd = done;
      if (value === undefined) {
        return;
      }
      yield value;
    }
  } finally {
    if (!isAtEnd) {
      answer.abort(undefined);
      reader.releaseLock();
    }
  }
}

type Chunk = { readonly done: boolean; readonly value?: Uint8Array };

type ByteReader = { readonly read: () => Promise<Chunk> };

async function readChunk({ signal }: OpenResponse, reader: ByteReader): Promise<Chunk> {
  try {
    return await reader.read();
  } catch (error) {
    if (signal.aborted) {
      throw signal.reason;
    }
    const { kind, ...failure } = networkFailure(error);
    const isCut = kind === "reset";
    throw new RequestError(
      isCut
        ? { ...failure, kind: "cut", message: "the connection was closed in the middle" }
        : { ...failure, kind },
      { cause: error },
    );
  }
}

/**
 * A whole body as text.
 * @throws RequestError when it is longer than `maxBytes`
 */
export async function readText(answer: OpenResponse, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const bytes of readBody(answer)) {
    length += bytes.length;
    if (length > maxBytes) {
      const message = `the answer is longer than ${maxBytes / 1024 / 1024} MiB`;
      throw new RequestError({ kind: "malformed", message });
    }
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

type Beginning = { readonly maxBytes: number; readonly timeoutMs: number };

/**
 * What of a body comes in time, at most so much of it; never fails. A word that the end goes
 * through is left out whole: half of a secret would be known to no redactor.
 */
export async function readBeginning(
  answer: OpenResponse,
  { maxBytes, timeoutMs }: Beginning,
): Promise<string> {
  const decoder = new TextDecoder();
  const timer = startTimer(timeoutMs, () => answer.abort(undefined));
  let text = "";
  let isWhole = true;
  try {
    for await (const bytes of readBody(answer)) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > maxBytes) {
        isWhole = false;
        break;
      }
    }
  } catch {
    // What came before is what there is.
    isWhole = false;
  } finally {
    clearTimeout(timer);
  }
  return isWhole ? text : withoutLastWord(text);
}
