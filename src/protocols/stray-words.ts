import { isJsonObject } from "../lib/json/json-object.ts";
import { shorten } from "../lib/visible-text.ts";
import type { StreamFailure } from "./chat-event.ts";
import { readXml } from "./failures/read-xml.ts";
import { isWebPage, titleOf } from "./failures/web-page.ts";
import { errorOf } from "./read-json.ts";

/** Characters of what a server says. */
const LONGEST_WORDS = 200;

/**
 * What lines outside of the protocol say: JSON or XML over several lines as a whole, the title of a
 * page, else the last line with a word in it. `undefined`: nothing.
 */
export function lastWords(lines: readonly string[]): string | undefined {
  if (lines.length === 0) {
    return undefined;
  }
  const text = lines.join("\n");
  const from = (beginning: RegExp): string => text.slice(Math.max(0, text.search(beginning)));
  const page = from(/</);
  return (
    [from(LABEL), from(/\{/), page].find((each) => errorIn(each) !== undefined) ??
    ((isWebPage(page) && titleOf(page)) || lines.findLast((line) => /\p{L}{2}/u.test(line)))
  );
}

/** What llama.cpp and others write before an error. */
const LABEL = /^error\s*:\s*/im;

/**
 * Why an answer ended early, where the server said something outside of the protocol: llama.cpp
 * writes a line `error: {…}`, others an error as plain JSON or in words. `undefined`: it did not.
 */
export function strayFailure(stray: string | undefined, otherwise: StreamFailure): StreamFailure {
  const line = stray?.replace(/\s+/g, " ").trim() ?? "";
  if (line === "") {
    return otherwise;
  }
  const words = shorten(line.replace(LABEL, ""), LONGEST_WORDS);
  const named = line.search(LABEL) === 0 ? errorOf({ error: words }) : undefined;
  return (
    errorIn(line) ??
    named ?? { ...otherwise, message: `${otherwise.message}; the server said: ${words}` }
  );
}

function errorIn(text: string): StreamFailure | undefined {
  const xml = readXml(text);
  if (xml !== undefined) {
    return errorOf({ error: xml });
  }
  try {
    const said = text.search(LABEL) === 0 ? text.replace(LABEL, "") : text;
    const value: unknown = JSON.parse(said);
    if (!isJsonObject(value)) {
      return undefined;
    }
    // Behind the label it is the error itself, whatever its fields.
    return errorOf(said !== text && value.error === undefined ? { error: value } : value);
  } catch {
    return undefined;
  }
}
