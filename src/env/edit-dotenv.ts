import { type Assignment, parseDotenv, scanDotenv } from "./parse-dotenv.ts";

/**
 * Sets one variable in the text of a `.env` file. Its last assignment gets the value, earlier ones
 * go; a new one is put at the end. All other bytes stay: comments, order, line ends, quotes. Without
 * quotes that can stay, the value is written in the plainest spelling that reads back as the same;
 * `undefined` when there is none.
 */
export function setDotenvVariable(text: string, name: string, value: string): string | undefined {
  if (!/^[\w.-]+$/.test(name)) {
    return undefined;
  }
  const expected = parseDotenv(text).set(name, value);
  const candidates = spellings(value, quoteOf(text, name)).flatMap((spelling) =>
    place(text, name, spelling),
  );
  return candidates.find((edited) => Bun.deepEquals(parseDotenv(edited), expected));
}

/** Removes every assignment of a variable, each with its line or lines. */
export function removeDotenvVariable(text: string, name: string): string {
  const expected = parseDotenv(text);
  if (!expected.delete(name)) {
    return text;
  }
  const found = assignmentsOf(text, name);
  const edited = REPLACEMENTS.map((replacement) => removeAssignments(text, found, replacement));
  return (
    edited.find((candidate) => Bun.deepEquals(parseDotenv(candidate), expected)) ??
    edited[0] ??
    text
  );
}

/**
 * What stays of a line that is removed. Without it a value above may read on into the line below,
 * or a quote that is never closed find another one: then a comment stands there instead, and where
 * that is not enough the removed text with nothing but its quotes.
 */
const REPLACEMENTS: readonly ((line: string) => string)[] = [
  () => "",
  (line) => `#${lineEndOf(line)}`,
  (line) => `#${line.replace(/[^'"`\\\r\n]/g, "x")}`,
];

/** The quotes around what a variable has now. */
function quoteOf(text: string, name: string): string | undefined {
  const last = assignmentsOf(text, name).at(-1);
  const old = last === undefined ? "" : text.slice(last.valueStart, last.end).trim();
  return QUOTES.find((quote) => old.length > 1 && old.startsWith(quote) && old.endsWith(quote));
}

const QUOTES = ["'", '"', "`"];

/** Ways to write a value, the plainest first; not all of them read back as the same. */
function spellings(value: string, kept: string | undefined): string[] {
  const plain = /^[\w./:+=@%,~^-]+$/.test(value) ? [value] : [];
  const quotes = QUOTES.filter((quote) => !value.includes(quote));
  const inQuotes = (quote: string): string => quote + value + quote;
  const first = quotes.filter((quote) => quote === kept);
  return [...first.map(inQuotes), ...plain, ...quotes.map(inQuotes), value];
}

/** An assignment with its positions in the text as it stands, whatever its line ends. */
type AssignmentRange = Omit<Assignment, "name" | "value">;

function assignmentsOf(text: string, name: string): AssignmentRange[] {
  const position = originalPositions(text);
  return scanDotenv(text.replace(/\r\n?/g, "\n"))
    .filter((assignment) => assignment.name === name)
    .map(({ start, valueStart, end }) => ({
      start: position(start),
      valueStart: position(valueStart),
      end: position(end),
    }));
}

/** Maps positions of the text with `\n` line ends back to the text itself. */
function originalPositions(text: string): (position: number) => number {
  const dropped = [...text.matchAll(/\r(?=\n)/g)].map(({ index }, count) => index - count);
  return (position) => {
    let low = 0;
    let high = dropped.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((dropped[middle] ?? 0) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return position + low;
  };
}

/** The text with the new value, the more of it stays the earlier in the list. */
function place(text: string, name: string, spelling: string): string[] {
  const found = assignmentsOf(text, name);
  const last = found.at(-1);
  const appended = append(removeDotenvVariable(text, name), `${name}=${spelling}`);
  if (last === undefined) {
    return [appended];
  }
  const { valueStart, end } = last;
  const old = text.slice(valueStart, end);
  const before = /^[^\S\r\n]*/.exec(old)?.[0] ?? "";
  const after = /[^\S\r\n]*$/.exec(old.slice(before.length))?.[0] ?? "";
  const edited = text.slice(0, valueStart) + before + spelling + after + text.slice(end);
  const earlier = found.slice(0, -1);
  const inPlace = earlier.length === 0 ? REPLACEMENTS.slice(0, 1) : REPLACEMENTS;
  return [...inPlace.map((it) => removeAssignments(edited, earlier, it)), appended];
}

/** Whether a final line end is there decides whether the new line has one. */
function append(text: string, line: string): string {
  const lineEnd = /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
  const isOpen = text !== "" && text !== "\ufeff" && !/[\r\n]$/.test(text);
  return isOpen ? `${text}${lineEnd}${line}` : `${text}${line}${lineEnd}`;
}

/** Takes out whole lines, from below so that positions stay true. */
function removeAssignments(
  text: string,
  found: readonly AssignmentRange[],
  replacement: (line: string) => string,
): string {
  return found.reduceRight((edited, { start, end }) => {
    const before = edited.slice(0, start).replace(/[^\r\n]*$/, "");
    const rest = /^[^\r\n]*(?:\r\n|\r|\n|$)/.exec(edited.slice(end))?.[0] ?? "";
    const line = edited.slice(before.length, end + rest.length);
    return before + replacement(line) + edited.slice(before.length + line.length);
  }, text);
}

function lineEndOf(line: string): string {
  return /(?:\r\n|\r|\n)?$/.exec(line)?.[0] ?? "";
}
