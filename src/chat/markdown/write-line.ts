import { createFlow, type Margin } from "../../terminal/flow.ts";
import type { Style } from "../../terminal/style.ts";
import { SIMPLE } from "../../terminal/words.ts";
import {
  type LineWriter,
  LONGEST_WAIT,
  plainWriter,
  textWriter,
  wholeText,
} from "./line-writers.ts";
import { createNesting, type Line, type Nesting, type Place } from "./nesting.ts";
import { createPainter, type Painter } from "./paint.ts";
import { mayBeEmphasis } from "./read-inline.ts";
import { indentOf, isText, type LineKind, lineKind, takeQuotes } from "./read-line-kind.ts";

export type MarkdownLook = {
  readonly style: Style;
  /** Cells of a row, now. */
  readonly width: () => number;
  /** Whether the terminal opens links. */
  readonly links: boolean;
};

type Fence = { readonly signs: string; readonly indent: number; readonly place: Place };

/** What the next line stands behind. */
export type Writing = {
  readonly look: MarkdownLook;
  readonly painter: Painter;
  readonly nesting: Nesting;
  /** Takes the rest of the line that has begun. */
  writer: LineWriter | undefined;
  fence: Fence | undefined;
  /** How deep in quotations the blank lines stood that the next line follows. */
  gap: number | undefined;
  isFirst: boolean;
  /** All of the line that has begun is there. */
  isWhole: boolean;
  /** The last line was code because of the blanks in front of it. */
  wasCode: boolean;
};

/** Cells that code is indented by, and blanks that make code of a line. */
const CODE_INDENT = 2;
const CODE_BLANKS = 4;

export function beginWriting(look: MarkdownLook): Writing {
  return {
    look,
    painter: createPainter(look.style, look.links),
    nesting: createNesting(look.style),
    writer: undefined,
    fence: undefined,
    gap: undefined,
    isFirst: true,
    isWhole: false,
    wasCode: false,
  };
}

/** What stands in front of a line: one empty row for any number of them, none at the top. */
export function lead(writing: Writing, { depth, first }: Place, margin: Margin = first): string {
  const { gap, isFirst, nesting } = writing;
  const row = gap === undefined || isFirst ? "" : `${nesting.bars(Math.min(gap, depth))}\n`;
  writing.isFirst = false;
  writing.gap = undefined;
  return row + margin.text;
}

/** All of a line. */
export function writeLine(writing: Writing, line: string): string {
  writing.isWhole = true;
  const begun = beginLine(writing, line);
  writing.isWhole = false;
  return begun + endLine(writing);
}

/** Writes the whole lines of code that stand from `begin` on: they are half of a long answer. */
export function writeCode(
  writing: Writing,
  text: string,
  begin: number,
): { readonly shown: string; readonly end: number } {
  const { fence, look } = writing;
  if (fence === undefined || fence.indent > 0 || fence.place.depth > 0) {
    return { shown: "", end: begin };
  }
  const close = text.indexOf(fence.signs, begin);
  const last = text.lastIndexOf("\n", close === -1 ? text.length : close);
  if (last < begin) {
    return { shown: "", end: begin };
  }
  const { cyan } = look.style;
  const margin = fence.place.first.text;
  let shown = lead(writing, fence.place, NO_MARGIN);
  for (let at = begin; at <= last; ) {
    const end = text.indexOf("\n", at);
    shown += end === at ? "\n" : `${margin}${cyan(text.slice(at, end))}\n`;
    at = end + 1;
  }
  return { shown, end: last + 1 };
}

const NO_MARGIN: Margin = { text: "", width: 0 };

/** The end of the line that has begun. */
export function endLine(writing: Writing): string {
  const rest = writing.writer?.end() ?? "";
  writing.writer = undefined;
  return rest;
}

/** Begins a line with what came of it; the rest, if it has any, goes to the writer. */
export function beginLine(writing: Writing, line: string): string {
  const { fence } = writing;
  if (fence === undefined && line === "") {
    return blankLine(writing, 0);
  }
  if (fence === undefined && isText(line)) {
    writing.wasCode = false;
    return paragraphLine(writing, { depth: 0, indent: 0 }, line);
  }
  const { depth, rest } = takeQuotes(line, fence?.place.depth);
  if (fence !== undefined && depth === fence.place.depth) {
    return codeLine(writing, fence, rest);
  }
  writing.fence = undefined;
  return lineOfKind(writing, lineKind(rest), { depth, rest });
}

type QuotedRest = { readonly depth: number; readonly rest: string };

function lineOfKind(writing: Writing, kind: LineKind, { depth, rest }: QuotedRest): string {
  const { nesting, look, wasCode } = writing;
  const { style, width } = look;
  writing.wasCode = false;
  switch (kind.kind) {
    case "blank":
      writing.wasCode = wasCode;
      return blankLine(writing, depth);
    case "fence": {
      const { signs, info, indent } = kind;
      const place = nesting.block({ depth, indent }, CODE_INDENT);
      writing.fence = { signs, indent, place };
      return info === "" ? "" : `${lead(writing, place)}${style.dim(info)}\n`;
    }
    case "rule": {
      const place = nesting.block({ depth, indent: kind.indent });
      const room = Math.max(1, width() - place.first.width);
      return `${lead(writing, place)}${style.dim(style.signs.rule.repeat(room))}\n`;
    }
    case "heading": {
      const place = nesting.block({ depth, indent: kind.indent });
      const base = (part: string): string => style.bold(place.base(part));
      return textLine(writing, { ...place, base }, kind.rest);
    }
    case "item":
      return textLine(
        writing,
        nesting.item({ depth, indent: kind.indent }, kind.number),
        kind.rest,
      );
    case "text": {
      const isAfterBlank = writing.gap !== undefined || writing.isFirst;
      const mayBeCode = (isAfterBlank || wasCode) && !nesting.isInList();
      if (mayBeCode && kind.indent >= CODE_BLANKS) {
        writing.wasCode = true;
        const place = nesting.block({ depth, indent: 0 }, CODE_INDENT);
        return plainLine(writing, place, withoutIndent(rest, CODE_BLANKS));
      }
      return paragraphLine(writing, { depth, indent: kind.indent }, kind.rest);
    }
  }
}

function blankLine(writing: Writing, depth: number): string {
  writing.gap = Math.min(writing.gap ?? depth, depth);
  return "";
}

function paragraphLine(writing: Writing, line: Line, rest: string): string {
  const isAfterBlank = writing.gap !== undefined || writing.isFirst;
  return textLine(writing, writing.nesting.text(line, isAfterBlank), rest);
}

function codeLine(writing: Writing, { signs, indent, place }: Fence, rest: string): string {
  const kind = rest.includes(signs) ? lineKind(rest) : undefined;
  if (kind?.kind === "fence" && kind.info === "" && kind.signs.startsWith(signs)) {
    writing.fence = undefined;
    return "";
  }
  return plainLine(writing, place, withoutIndent(rest, indent));
}

function textLine(writing: Writing, place: Place, rest: string): string {
  const { width } = writing.look;
  if (writing.isWhole && isPlainRow(rest, width() - place.first.width)) {
    return `${lead(writing, place)}${place.base(rest)}\n`;
  }
  const flow = createFlow({ width, column: place.first.width, hang: place.hang });
  const text = { flow, painter: writing.painter, base: place.base };
  if (writing.isWhole && rest.length <= LONGEST_WAIT) {
    return lead(writing, place) + wholeText(rest, text);
  }
  writing.writer = textWriter(text);
  return lead(writing, place) + writing.writer.add(rest, writing.isWhole);
}

/** Whether a line stands in a row as it is, without emphasis: nothing has to be wrapped. */
function isPlainRow(line: string, room: number): boolean {
  return line.length <= room && SIMPLE.test(line) && !mayBeEmphasis(line) && !line.endsWith(" ");
}

function plainLine(writing: Writing, place: Place, rest: string): string {
  const { look, nesting, isWhole } = writing;
  if (isWhole) {
    return rest === ""
      ? `${lead(writing, place, { text: nesting.bars(place.depth), width: 0 })}\n`
      : `${lead(writing, place)}${look.style.cyan(rest)}\n`;
  }
  writing.writer = plainWriter(look.style.cyan);
  return lead(writing, place) + writing.writer.add(rest, isWhole);
}

/** A line without the blanks that its fence stands behind, too. */
function withoutIndent(line: string, cells: number): string {
  const blanks = line.search(/[^ \t]|$/);
  if (blanks === 0) {
    return line;
  }
  return indentOf(line) <= cells ? line.slice(blanks) : line.slice(Math.min(blanks, cells));
}
