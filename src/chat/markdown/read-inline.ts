import type { Lexer } from "marked";
import { type InlineToken, readPlainInline } from "./read-plain-inline.ts";

/** What emphasises a part of a line. */
type Mark = "bold" | "italic" | "strike" | "code" | "dim";

/** A part of a line as it is shown. */
export type Span = {
  readonly text: string;
  readonly marks: readonly Mark[];
  /** Where it leads. */
  readonly href?: string;
};

/** Whoever finds none of these has a text without emphasis, for which no lexer must run. */
const SPECIAL = /[*_~`[\\<&]|:\/\/|www\.|@/;

/**
 * The parts of a line of Markdown. Everything that can be seen stays: what is no emphasis is text.
 * The only importer of `marked`, of which the lexer of lines is used: that of blocks reads what is
 * whole, and an answer is shown before it is.
 */
export function readInline(line: string): readonly Span[] {
  return SPECIAL.test(line) ? spansOf(tokensOf(line), []) : [{ text: line, marks: [] }];
}

/**
 * How much of a line that is still coming is shown the same whatever follows, up to the beginning
 * of a word.
 */
export function settledLength(line: string): number {
  if (!SPECIAL.test(line)) {
    return afterLastBlank(line);
  }
  let settled = 0;
  let offset = 0;
  for (const token of tokensOf(line)) {
    const { raw } = token;
    if (TEXT.has(token.type)) {
      const opener = openerIn(raw);
      const blank = afterLastBlank(raw.slice(0, opener));
      settled = blank === 0 ? settled : offset + blank;
      if (opener < raw.length) {
        return settled;
      }
    }
    offset += raw.length;
  }
  return settled;
}

/** Whether a part of a line holds signs that may emphasise it. */
export function mayBeEmphasis(part: string): boolean {
  return SPECIAL.test(part);
}

/** Tokens that are the text of the line itself. */
const TEXT: ReadonlySet<string> = new Set(["text", "escape", "html"]);

function afterLastBlank(text: string): number {
  return Math.max(text.lastIndexOf(" "), text.lastIndexOf("\t")) + 1;
}

const OPENERS = /`+|[*_~]+|\[/g;

/** Where something stands that may still begin emphasis, code or a link; the length: nowhere. */
function openerIn(text: string): number {
  for (const { 0: signs, index } of text.matchAll(OPENERS)) {
    if (mayOpen(text, signs, index)) {
      return index;
    }
  }
  return text.length;
}

function mayOpen(text: string, signs: string, index: number): boolean {
  const next = text[index + signs.length];
  switch (signs[0]) {
    case "`":
      return true;
    case "[": {
      const close = text.indexOf("]", index);
      const after = text[close + 1];
      return close === -1 || after === undefined || after === "(";
    }
    case "_":
      return !/\w/.test(text[index - 1] ?? "") && (next === undefined || next.trim() !== "");
    default:
      return next === undefined || next.trim() !== "";
  }
}

function tokensOf(line: string): readonly InlineToken[] {
  return readPlainInline(line) ?? lexed(line);
}

/** One lexer for all lines: making one costs more than reading a line. */
const state: { lexer?: Lexer } = {};

function lexed(line: string): readonly InlineToken[] {
  state.lexer ??= openLexer();
  // Tags that were left open are nothing to other lines.
  state.lexer.state.inLink = false;
  state.lexer.state.inRawBlock = false;
  return state.lexer.inlineTokens(line, []);
}

/** Loaded at the first line that needs it, which most answers do not have. */
function openLexer(): Lexer {
  const { Lexer }: typeof import("marked") = require("marked");
  return new Lexer({ gfm: true });
}

const MARKS: Readonly<Record<string, Mark>> = { strong: "bold", em: "italic", del: "strike" };

function spansOf(tokens: readonly InlineToken[], marks: readonly Mark[]): Span[] {
  const spans: Span[] = [];
  for (const token of tokens) {
    const mark = MARKS[token.type];
    if (mark !== undefined) {
      spans.push(...spansOf(token.tokens ?? [], marks.includes(mark) ? marks : [...marks, mark]));
    } else if (token.href !== undefined) {
      spans.push(...linkSpans({ ...token, href: token.href }, marks));
    } else {
      spans.push(spanOf(token, marks));
    }
  }
  return spans;
}

function spanOf({ type, raw }: InlineToken, marks: readonly Mark[]): Span {
  switch (type) {
    case "codespan":
      return { text: codeOf(raw), marks: [...marks, "code"] };
    case "escape":
      return { text: raw.slice(1), marks };
    case "text":
      return { text: decoded(raw), marks };
    default:
      return { text: raw, marks };
  }
}

/** A link shows where it leads, unless that is its text: what a model calls it may be something else. */
function linkSpans(
  token: InlineToken & { readonly href: string },
  marks: readonly Mark[],
): readonly Span[] {
  const { href, raw } = token;
  const label = spansOf(token.tokens ?? [], marks);
  const text = label.map((span) => span.text).join("");
  if (!raw.endsWith(")") || "autolink" in token) {
    return [{ text: raw.startsWith("<") ? raw.slice(1, -1) : raw, marks, href }];
  }
  const title = token.title === null || token.title === undefined ? "" : ` "${token.title}"`;
  const target = { text: `(${href}${title})`, marks: [...marks, "dim"], href } as const;
  const shown = label.map((span) => ({ ...span, href }));
  if (text === href && title === "") {
    return shown;
  }
  return text === "" ? [target] : [...shown, { text: " ", marks }, target];
}

/** What stands between backticks, without the blank on both sides that only keeps them apart. */
function codeOf(raw: string): string {
  const signs = /^`+/.exec(raw)?.[0].length ?? 0;
  const code = raw.slice(signs, raw.length - signs);
  const isPadded = code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "";
  return isPadded ? code.slice(1, -1) : code;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
};

function decoded(text: string): string {
  return text.includes("&")
    ? text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (name) => ENTITIES[name] ?? name)
    : text;
}
