import { RequestError } from "../http/request-failure.ts";
import { parseJson } from "../lib/json/parse-json.ts";
import { shorten } from "../lib/visible-text.ts";
import { readXml } from "./failures/read-xml.ts";
import { isWebPage } from "./failures/web-page.ts";
import { createEventReader, type EventReader } from "./server-sent-events.ts";

export type AnswerReader = EventReader & {
  /** After the end: the answer was a JSON document, and is complete. */
  readonly isWhole: () => boolean;
};

/** Bytes; a server that does not stream sends an answer as a whole, and none is longer. */
const LONGEST_JSON = 8 * 1024 * 1024;

/**
 * Takes the events out of an answer, whatever its content type says: a stream, one JSON document
 * of a server that does not stream, or an array of them. Its first character tells them apart, as
 * no line of a stream begins with a bracket.
 * @throws RequestError for a web page, a line or a document over 8 MiB
 */
export function createAnswerReader(): AnswerReader {
  let reader: AnswerReader | undefined;
  return {
    push: (bytes) => {
      reader ??= chooseReader(bytes);
      return reader?.push(bytes) ?? [];
    },
    end: () => reader?.end() ?? [],
    stray: () => reader?.stray(),
    isWhole: () => reader?.isWhole() ?? false,
  };
}

/** `undefined` as long as there is nothing but white space. */
function chooseReader(bytes: Uint8Array): AnswerReader | undefined {
  const text = new TextDecoder().decode(bytes).trimStart();
  const [first] = text;
  if (first === undefined) {
    return undefined;
  }
  if (first === "<") {
    throw new RequestError({ kind: "not-an-api", message: whatIsNoAnswer(text) });
  }
  return first === "{" || first === "[" ? createJsonReader() : createStreamReader();
}

/** @param text that begins with a bracket of markup */
function whatIsNoAnswer(text: string): string {
  const xml = readXml(text);
  if (xml !== undefined) {
    return `the answer is XML that says: ${shorten(xml.message, LONGEST_WORDS)}`;
  }
  return isWebPage(text) ? "the answer is a web page" : "the answer is neither a stream nor JSON";
}

const LONGEST_WORDS = 200;

function createStreamReader(): AnswerReader {
  const { push, end, stray } = createEventReader();
  return {
    push: (bytes) => refuseLong(() => push(bytes)),
    end: () => refuseLong(end),
    stray,
    isWhole: () => false,
  };
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

function createJsonReader(): AnswerReader {
  const decoder = new TextDecoder();
  let text = "";
  let isWhole = false;
  return {
    push: (bytes) => {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > LONGEST_JSON) {
        const message = "the answer is a JSON document of more than 8 MiB";
        throw new RequestError({ kind: "malformed", message });
      }
      return [];
    },
    end: () => {
      const documents = documentsIn(text + decoder.decode());
      isWhole = documents !== undefined;
      // What cannot be parsed is given as it is: the protocol's reader says what is wrong with it.
      return documents ?? [text];
    },
    stray: () => undefined,
    isWhole: () => isWhole,
  };
}

/** One document, an array of them, or one a line, as gateways send them with `[DONE]` behind. */
function documentsIn(text: string): readonly string[] | undefined {
  const whole = parseJson(text);
  if (whole !== undefined) {
    return Array.isArray(whole) ? whole.map((item) => JSON.stringify(item)) : [text];
  }
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^data:/, "").trim())
    .filter((line) => line !== "" && line !== "[DONE]");
  return lines.every((line) => parseJson(line) !== undefined) ? lines : undefined;
}
