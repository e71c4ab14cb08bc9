/**
 * What a terminal would act on or hide: C0 and C1 controls, DEL, bidirectional controls, line and
 * paragraph separators, zero-width characters.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g;

/** The same, less line breaks, tabs, and the joiners that emoji and some scripts are written with. */
const INVISIBLE_IN_ANSWER =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g;

/** All of it, less what `JSON.stringify` has escaped already and the line breaks between tokens. */
const INVISIBLE_IN_JSON =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g;

/** Shows text from files and servers as one line in which nothing is hidden: `\x1b`, `\u202e`. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, escapeCharacter);
}

/**
 * A part of a model's answer for a terminal: line breaks and tabs stay, and the joiners that emoji
 * and some scripts are written with; everything else that a terminal would act on is shown.
 */
export function visibleAnswer(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(INVISIBLE_IN_ANSWER, escapeCharacter);
}

/** One JSON document on one line, safe to show like `jsonText`. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(INVISIBLE_IN_JSON, escapeForJson)}\n`;
}

/** One JSON document and a newline, in which no control or bidi character stands as such. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2).replace(INVISIBLE_IN_JSON, escapeForJson);
  return `${text}\n`;
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  switch (character) {
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    default:
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : escapeForJson(character);
  }
}

function escapeForJson(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * The beginning of a text of words. A word that the cut goes through is left out whole: half of a
 * secret would be known to no redactor.
 */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${withoutLastWord(text.slice(0, length))}…`;
}

/** A text that was cut somewhere, without the word that the cut may go through. */
export function withoutLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1).trim() !== "") {
    end -= 1;
  }
  return text.slice(0, end);
}
