/** One `NAME=value` of a document whose line ends are `\n`; positions count from 0. */
export type Assignment = {
  readonly name: string;
  readonly value: string;
  /** Of `export` or the name. */
  readonly start: number;
  /** Right behind the separator. */
  readonly valueStart: number;
  /** Behind the value; what follows on its line is a comment or nothing. */
  readonly end: number;
};

/** Reads the assignments of a `.env` file, the last one of a name wins. */
export function parseDotenv(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  for (const { name, value } of scanDotenv(source)) {
    variables.set(name, value);
  }
  return variables;
}

/**
 * Finds the assignments of a `.env` file in order. The grammar is that of the npm package dotenv 17
 * (`reference/settings-and-env.md` 2.3), with two reservations: any text, however long, takes
 * linear time, and a U+2028 does not part a value into lines when its quotes are taken off.
 * Whatever is no assignment is ignored; nothing is interpolated.
 */
export function scanDotenv(source: string): readonly Assignment[] {
  const assignments: Assignment[] = [];
  let position = 0;
  while (position < source.length) {
    // An assignment starts on a line of its own. All lines of a run of blank ones lead to the same
    // first word, so that word is looked at once and not once for each blank line.
    const start = skipWhitespace(source, position);
    const left = matchAt(NAME_AND_SEPARATOR, source, start);
    const name = left?.[1];
    if (left === undefined || name === undefined) {
      position = nextLine(source, start + 1);
    } else {
      const valueStart = start + left[0].length;
      const { value, end } = readValue(source, valueStart);
      assignments.push({ name, value, start, valueStart, end });
      position = nextLine(source, end);
    }
  }
  return assignments;
}

// The pieces of the grammar. "Whitespace" is that of JavaScript: it holds line breaks, U+00A0 and
// the byte order mark, so a name, its separator and a quoted value may stand on three lines. What
// is as short without a pattern has none: compiling one takes as long as reading a small file.
/** `NAME=`, `NAME =` or `NAME: `. A colon touches its name and is followed by whitespace. */
const NAME_AND_SEPARATOR = /(?:export\s+)?([\w.-]+)(?:\s*=|:\s)/y;
/** The end of a line, or a comment: `#` needs no space before it. */
const COMMENT_OR_LINE_END = /\s*(?:#|$)/my;
/** What `^` of a multiline pattern matches behind; a `\r` is gone by then. */
const LINE_ENDS = "\n\u2028\u2029";
const QUOTES = "'\"`";

type Value = { readonly value: string; readonly end: number };

function readValue(source: string, position: number): Value {
  return readQuoted(source, position) ?? readUnquoted(source, position);
}

/** Only a quoted value may start on a line below its name. */
function readQuoted(source: string, position: number): Value | undefined {
  const open = skipWhitespace(source, position);
  const quote = source.charAt(open);
  const close = isQuote(quote) ? findClosingQuote(source, open, quote) : undefined;
  if (close === undefined) {
    return undefined;
  }
  return { value: expand(source.slice(open + 1, close), quote), end: close + 1 };
}

/**
 * Finds the quote that ends the value: the first one without a backslash before it, provided that
 * nothing but a comment follows on its line. Otherwise the last one with a backslash of which that
 * holds, so that `"C:\"` is a value too; or none, and the quotes are part of an unquoted value.
 *
 * This looks no further than the next quote without a backslash, and an opening quote is one, so
 * no part of the text is searched twice for the same kind of quote.
 */
function findClosingQuote(source: string, open: number, quote: string): number | undefined {
  let close: number | undefined;
  let at = source.indexOf(quote, open + 1);
  while (at !== -1) {
    if (matchAt(COMMENT_OR_LINE_END, source, at + 1) !== undefined) {
      close = at;
    }
    if (source[at - 1] !== "\\") {
      return close;
    }
    at = source.indexOf(quote, at + 1);
  }
  return close;
}

/** Quotes around the whole of `"a" "b"` are taken off as well; those of `"a"b` stay. */
function readUnquoted(source: string, position: number): Value {
  const end = skipTo("#\n", source, position);
  const value = source.slice(position, end).trim();
  const first = value.charAt(0);
  const isWrapped = value.length > 1 && isQuote(first) && value.endsWith(first);
  return { value: expand(isWrapped ? value.slice(1, -1) : value, first), end };
}

/** After a double quote, even one that is never closed, `\n` and `\r` are line breaks. */
function expand(value: string, quote: string): string {
  return quote === '"' ? value.replace(/\\[nr]/g, (pair) => (pair === "\\n" ? "\n" : "\r")) : value;
}

function isQuote(character: string): boolean {
  return character !== "" && QUOTES.includes(character);
}

/** The first start of a line at or after `position`. */
function nextLine(source: string, position: number): number {
  return position === 0 ? 0 : skipTo(LINE_ENDS, source, position - 1) + 1;
}

function skipWhitespace(source: string, position: number): number {
  let at = position;
  while (at < source.length && source.charAt(at).trim() === "") {
    at += 1;
  }
  return at;
}

/** Where the next one of `ends` stands, or the end of the text. */
function skipTo(ends: string, source: string, position: number): number {
  let at = position;
  while (at < source.length && !ends.includes(source.charAt(at))) {
    at += 1;
  }
  return at;
}

/** Applies a sticky or global pattern from `position` on. */
function matchAt(pattern: RegExp, source: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(source) ?? undefined;
}
