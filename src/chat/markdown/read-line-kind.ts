/** What a line of Markdown is, without the quotation signs in front of it. */
export type LineKind =
  | { readonly kind: "blank" }
  /** The end of a fence, too. */
  | {
      readonly kind: "fence";
      readonly indent: number;
      readonly signs: string;
      readonly info: string;
    }
  | { readonly kind: "heading"; readonly indent: number; readonly rest: string }
  | { readonly kind: "rule"; readonly indent: number }
  | {
      readonly kind: "item";
      readonly indent: number;
      /** `undefined`: a list without numbers. */
      readonly number: string | undefined;
      readonly rest: string;
    }
  | { readonly kind: "text"; readonly indent: number; readonly rest: string };

const FENCE = /^([ \t]*)(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$/;
const HEADING = /^( {0,3})#{1,6}[ \t]+(?=\S)/;
const RULE = /^( {0,3})(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const ITEM = /^([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(?=\S)/;
const INDENT = /^[ \t]*/;

/** What most lines begin with, and nothing but text does. */
const LETTER = /^[^\s`~#\d*_+>|-]/;

/** Whether a line is text without quotation signs or blanks in front of it, as most lines are. */
export function isText(line: string): boolean {
  return LETTER.test(line);
}

/** What a whole line is, or one whose beginning is no longer open (`isUndecided`). */
export function lineKind(line: string): LineKind {
  if (isText(line)) {
    return { kind: "text", indent: 0, rest: line };
  }
  const fence = FENCE.exec(line);
  if (fence !== null) {
    const [, blank = "", signs = "", info = ""] = fence;
    return { kind: "fence", indent: cells(blank), signs, info: info.trimEnd() };
  }
  if (RULE.test(line)) {
    return { kind: "rule", indent: indentOf(line) };
  }
  const heading = HEADING.exec(line);
  if (heading !== null) {
    return { kind: "heading", indent: indentOf(line), rest: line.slice(heading[0].length) };
  }
  const item = ITEM.exec(line);
  if (item !== null) {
    const [all, blank = "", sign = ""] = item;
    const number = /\d/.test(sign) ? sign : undefined;
    return { kind: "item", indent: cells(blank), number, rest: line.slice(all.length) };
  }
  const blank = INDENT.exec(line)?.[0] ?? "";
  return blank.length === line.length
    ? { kind: "blank" }
    : { kind: "text", indent: cells(blank), rest: line.slice(blank.length) };
}

/**
 * Beginnings of a line that may still become something else. What may open a fence waits for the
 * end of its line: with more backticks in it, it is code within a text.
 */
const UNDECIDED =
  /^[ \t]*(?:[-*_+ \t]*|\d{1,9}[.)]?[ \t]*|[-+*][ \t]+|#{1,6}[ \t]*|`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}[^\n]*)$/;

/** Longer beginnings decide nothing more, and to look at them again and again takes for ever. */
const LONGEST_BEGINNING = 1024;

export function isUndecided(line: string): boolean {
  return line.length < LONGEST_BEGINNING && UNDECIDED.test(line);
}

const QUOTE = /^ {0,3}> ?/;

/** Takes the quotation signs off a line, `most` of them. */
export function takeQuotes(
  line: string,
  most = MOST_QUOTES,
): { readonly depth: number; readonly rest: string } {
  let rest = line;
  let depth = 0;
  if (!line.includes(">") || isText(line)) {
    return { depth, rest };
  }
  for (let sign = QUOTE.exec(rest); sign !== null && depth < most; sign = QUOTE.exec(rest)) {
    rest = rest.slice(sign[0].length);
    depth += 1;
  }
  return { depth, rest };
}

/** Bars that fit on a narrow screen; further signs are text. */
const MOST_QUOTES = 8;

/** The row below the header of a table: what makes one of it. */
export function isDelimiterRow(line: string): boolean {
  return line.includes("|") && line.includes("-") && /^[ \t|:-]+$/.test(line);
}

/** Cells of blanks at the beginning; a tab goes to the next fourth. */
export function indentOf(line: string): number {
  return cells(INDENT.exec(line)?.[0] ?? "");
}

function cells(blank: string): number {
  if (!blank.includes("\t")) {
    return blank.length;
  }
  let width = 0;
  for (const character of blank) {
    width += character === "\t" ? 4 - (width % 4) : 1;
  }
  return width;
}
