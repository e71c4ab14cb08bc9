import { isWebPage } from "./answer-failure.ts";
import { RequestError } from "./request-failure.ts";
import { createEventReader, type EventReader } from "./server-sent-events.ts";

/** Bytes; a server that does not stream sends an answer as a whole, and none is longer. */
const LONGEST_JSON = 8 * 1024 * 1024;

/**
 * Takes the events out of an answer, whatever its content type says: a stream, one JSON document
 * of a server that does not stream, or an array of them. Its first character tells them apart, as
 * no line of a stream begins with a bracket.
 * @throws RequestError for a web page, a line or a document over 8 MiB
 */
export function createAnswerReader(): EventReader {
  let reader: EventReader | undefined;
  return {
    push: (bytes) => {
      reader ??= chooseReader(bytes);
      return reader?.push(bytes) ?? [];
    },
    end: () => reader?.end() ?? [],
  };
}

/** `undefined` as long as there is nothing but white space. */
function chooseReader(bytes: Uint8Array): EventReader | undefined {
  const text = new TextDecoder().decode(bytes).trimStart();
  const [first] = text;
  if (first === undefined) {
    return undefined;
  }
  if (first === "<") {
    throw new RequestError({
      kind: "not-an-api",
      message: isWebPage(text)
        ? "the answer is a web page"
        : "the answer is neither a stream nor JSON",
    });
  }
  return first === "{" || first === "[" ? createJsonReader() : createStreamReader();
}

function createStreamReader(): EventReader {
  const { push, end } = createEventReader();
  return { push: (bytes) => refuseLong(() => push(bytes)), end: () => refuseLong(end) };
}

function refuseLong(step: () => readonly string[]): readonly string[] {
  try {
    return step();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new RequestError({ kind: "malformed", message: error.message }, { cause: error });
    }
    throw error;
  }
}

function createJsonReader(): EventReader {
  const decoder = new TextDecoder();
  let text = "";
  return {
    push: (bytes) => {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > LONGEST_JSON) {
        const message = "the answer is a JSON document of more than 8 MiB";
        throw new RequestError({ kind: "malformed", message });
      }
      return [];
    },
    end: () => documents(text + decoder.decode()),
  };
}

/** What cannot be parsed is given as it is: the protocol's reader says what is wrong with it. */
function documents(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : [text];
  } catch {
    return [text];
  }
}
