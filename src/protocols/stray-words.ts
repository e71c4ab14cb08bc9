import { isJsonObject } from "../lib/json/json-object.ts";
import { shorten } from "../lib/visible-text.ts";
import type { StreamFailure } from "./chat-event.ts";
import { isWebPage, titleOf } from "./failures/answer-failure.ts";
import { readXml } from "./failures/read-xml.ts";
import { errorOf } from "./read-json.ts";

/** Characters of what a server says. */
const LONGEST_WORDS = 200;

/**
 * What lines outside of the protocol say: JSON or XML over several lines as a whole, the title of a page,
 * else the last line with a word in it. `undefined`: nothing.
 */
export function lastWords(lines: readonly string[]): string | undefined {
  const text = lines.join("\n");
  const json = text.slice(Math.max(0, text.indexOf("{")));
  const page = text.slice(Math.max(0, text.indexOf("<")));
  const error = [json, page].find((each) => errorIn(each, false) !== undefined);
  if (error !== undefined) {
    return error;
  }
  return (isWebPage(page) && titleOf(page)) || lines.findLast((line) => /\p{L}{2}/u.test(line));
}

/**
 * Why an answer ended early, where the server said something outside of the protocol: llama.cpp
 * writes a line `error: {…}`, others an error as plain JSON or in words. `undefined`: it did not.
 */
export function strayFailure(stray: string | undefined, otherwise: StreamFailure): StreamFailure {
  const line = stray?.replace(/\s+/g, " ").trim() ?? "";
  if (line === "") {
    return otherwise;
  }
  const [, label = "", said = line] = /^(?:(error)\s*:\s*)?(.*)$/i.exec(line) ?? [];
  const failure = errorIn(said, label !== "");
  if (failure !== undefined) {
    return failure;
  }
  const words = shorten(said, LONGEST_WORDS);
  return label === ""
    ? { ...otherwise, message: `${otherwise.message}; the server said: ${words}` }
    : { kind: "failure", reason: "server-error", message: words };
}

function errorIn(text: string, isError: boolean): StreamFailure | undefined {
  const xml = readXml(text);
  if (xml !== undefined) {
    return errorOf({ error: xml });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) {
      return undefined;
    }
    return errorOf(value) ?? (isError ? errorOf({ error: value }) : undefined);
  } catch {
    return undefined;
  }
}
