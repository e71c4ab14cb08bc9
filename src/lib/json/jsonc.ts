import {
  createScanner,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";

export type ParsedJsonc =
  | { readonly kind: "value"; readonly value: unknown }
  | {
      readonly kind: "error";
      /** Never quotes the text, which may hold a key. */
      readonly message: string;
      readonly line: number;
      readonly column: number;
      /** There is nothing but white space and comments. */
      readonly isEmpty?: true;
    };

const MESSAGES: Readonly<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  InvalidSymbol: "unexpected character",
  InvalidNumberFormat: "the number is not valid",
  PropertyNameExpected: "expected a property name in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: "expected a colon",
  CommaExpected: "expected a comma",
  CloseBraceExpected: "expected a closing brace",
  CloseBracketExpected: "expected a closing bracket",
  EndOfFileExpected: "expected the end of the file",
  InvalidCommentToken: "unexpected comment",
  UnexpectedEndOfComment: "the comment is not closed",
  UnexpectedEndOfString: "the string is not closed",
  UnexpectedEndOfNumber: "the number is not complete",
  InvalidUnicode: "expected four hexadecimal digits after \\u",
  InvalidEscapeCharacter: "unknown escape in a string",
  InvalidCharacter: "unescaped control character in a string",
  "<unknown ParseErrorCode>": "unexpected text",
};

/**
 * Parses JSON with comments and trailing commas; a leading BOM is tolerated, the last of equal keys
 * wins. Line and column of an error count from 1.
 */
export function parseJsonc(text: string): ParsedJsonc {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    const errors: ParseError[] = [];
    const root = parseTree(body, errors, { allowTrailingComma: true });
    const error = errors[0];
    if (error !== undefined) {
      return root === undefined && error.offset === body.length
        ? { kind: "error", message: "the file is empty", line: 1, column: 1, isEmpty: true }
        : { kind: "error", message: describe(error), ...positionIn(body, error.offset) };
    }
    return { kind: "value", value: root === undefined ? undefined : toValue(root) };
  } catch (error) {
    // The parser calls itself for every level.
    if (error instanceof RangeError) {
      return { kind: "error", message: "the nesting is too deep", line: 1, column: 1 };
    }
    throw error;
  }
}

function describe(error: ParseError): string {
  return MESSAGES[printParseErrorCode(error.error)];
}

/** Line and column, which count from 1. */
export function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Not jsonc-parser's own `getNodeValue`: that one makes objects without a prototype. */
function toValue(node: Node): unknown {
  if (node.type === "array") {
    return (node.children ?? []).map(toValue);
  }
  if (node.type !== "object") {
    return node.value;
  }
  const object: Record<string, unknown> = {};
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) {
      // An assignment to `__proto__` would set the prototype.
      Object.defineProperty(object, String(key.value), {
        value: toValue(value),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }
  return object;
}

/**
 * An item of an array or a property of an object, as written. *Trivia* is white space and comments.
 * The text of an item is `lead + name + separator + value + gap`, and a comma if `hasComma`.
 */
export interface JsoncItem {
  /** Trivia since the opening bracket or the comma of the item before. */
  lead: string;
  /** Undefined in an array. */
  readonly key: string | undefined;
  /** The key with its quotes, or nothing. */
  readonly name: string;
  /** The colon and the trivia around it, or nothing. */
  readonly separator: string;
  /** Text, as long as nobody needed to look inside. */
  value: string | JsoncContainer;
  /** Trivia before the comma; nothing if there is no comma. */
  gap: string;
  hasComma: boolean;
}

/** An object or array taken apart; its pieces in order are its text. */
export interface JsoncContainer {
  readonly kind: "object" | "array";
  readonly items: JsoncItem[];
  /** Trivia before the closing bracket. */
  tail: string;
}

/**
 * Takes a document apart, one level deep: an array that has no brackets and one item. Undefined if
 * the text does not parse.
 */
export function readDocument(text: string): JsoncContainer | undefined {
  if (parseJsonc(text).kind === "error") {
    return undefined;
  }
  const bom = text.startsWith("\ufeff") ? "\ufeff" : "";
  const { items, tail } = readContainer(`[${text.slice(bom.length)}\n]`);
  for (const root of items) {
    root.lead = bom + root.lead;
  }
  return { kind: "array", items, tail: tail.slice(0, -1) };
}

/** Takes the value of an item apart, one level deep; undefined if it has no items itself. */
export function openItem(item: JsoncItem): JsoncContainer | undefined {
  if (typeof item.value === "string" && /^[{[]/.test(item.value)) {
    item.value = readContainer(item.value);
  }
  return typeof item.value === "string" ? undefined : item.value;
}

function readContainer(text: string): JsoncContainer {
  const scanner = createScanner(text, true);
  const character = () => text.charAt(scanner.getTokenOffset());
  /** Goes to the next token and returns the trivia before it. */
  const next = () => {
    const start = scanner.getPosition();
    scanner.scan();
    return text.slice(start, scanner.getTokenOffset());
  };
  /** Goes to the last token of the value that starts here and returns the value's text. */
  const take = () => {
    const start = scanner.getTokenOffset();
    let depth = depthChange(character());
    while (depth > 0) {
      scanner.scan();
      depth += depthChange(character());
    }
    return text.slice(start, scanner.getPosition());
  };

  scanner.scan();
  const kind = character() === "{" ? "object" : "array";
  const items: JsoncItem[] = [];
  let lead = next();
  while (depthChange(character()) !== -1) {
    const key = kind === "object" ? scanner.getTokenValue() : undefined;
    const name = key === undefined ? "" : take();
    const separator = key === undefined ? "" : `${next()}:${next()}`;
    const value = take();
    const trivia = next();
    const hasComma = character() === ",";
    items.push({ lead, key, name, separator, value, gap: hasComma ? trivia : "", hasComma });
    lead = hasComma ? next() : trivia;
  }
  return { kind, items, tail: lead };
}

function depthChange(character: string): number {
  if (character === "{" || character === "[") {
    return 1;
  }
  return character === "}" || character === "]" ? -1 : 0;
}

/** The text between the brackets. */
export function contentOf({ items, tail }: JsoncContainer): string {
  const texts = items.map(
    (item) =>
      `${item.lead}${item.name}${item.separator}${textOf(item)}${item.gap}${item.hasComma ? "," : ""}`,
  );
  return texts.join("") + tail;
}

function textOf({ value }: JsoncItem): string {
  if (typeof value === "string") {
    return value;
  }
  return value.kind === "object" ? `{${contentOf(value)}}` : `[${contentOf(value)}]`;
}

/** The index of a property or item, -1 if there is none. Of equal keys the last one counts. */
export function indexOfItem({ kind, items }: JsoncContainer, segment: string | number): number {
  if (typeof segment === "string") {
    return kind === "object" ? items.findLastIndex(({ key }) => key === segment) : -1;
  }
  return kind === "array" && items[segment] !== undefined ? segment : -1;
}

/** The value of an item in memory. */
export function itemValue(item: JsoncItem): unknown {
  const parsed = parseJsonc(textOf(item));
  return parsed.kind === "value" ? parsed.value : undefined;
}

/** What new text has to look like. */
export interface JsoncStyle {
  /** One level of indentation. */
  readonly unit: string;
  readonly lineEnd: string;
}

/** Takes the style from the first property or item that begins a line, and from the first line end. */
export function detectStyle(text: string, document: JsoncContainer): JsoncStyle {
  const first = document.items.flatMap((root) => openItem(root)?.items ?? [])[0];
  const unit = lineIndent(first?.lead ?? "") || /^([ \t]+)"/m.exec(text)?.[1] || "  ";
  return { unit, lineEnd: /\r?\n|\r/.exec(text)?.[0] ?? "\n" };
}

/** Whether the container takes more than one line. */
export function hasLineEnd({ items, tail }: JsoncContainer): boolean {
  const test = (text: string) => /[\r\n]/.test(text);
  return (
    test(tail) ||
    items.some(
      ({ lead, separator, value, gap }) =>
        test(lead) ||
        test(separator) ||
        test(gap) ||
        (typeof value === "string" ? test(value) : hasLineEnd(value)),
    )
  );
}

/** Whether the items stand on lines of their own. */
export function isSpread({ items, tail }: JsoncContainer): boolean {
  const hasLine = (trivia: string) => lineIndent(trivia) !== undefined;
  return hasLine(tail) || items.some(({ lead, gap }) => hasLine(lead) || hasLine(gap));
}

/** The indentation of the line on which an item stands, if that line begins in the container. */
export function indentBefore({ items }: JsoncContainer, index: number): string | undefined {
  const line = items.findLast(
    ({ lead }, position) => position <= index && lineIndent(lead) !== undefined,
  );
  return line && lineIndent(line.lead);
}

const COMMENT = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;

export function commentsIn(trivia: string): readonly string[] {
  return trivia.match(COMMENT) ?? [];
}

/** Trivia with comments blotted out, at the same offsets. */
function withoutComments(trivia: string): string {
  return trivia.replace(COMMENT, (comment) => "#".repeat(comment.length));
}

/** What the last line of the trivia begins with; undefined if no line begins in it. */
export function lineIndent(trivia: string): string | undefined {
  return /[\r\n]([ \t]*)[^\r\n]*$/.exec(withoutComments(trivia))?.[1];
}

export function endOfComments(trivia: string): number {
  return withoutComments(trivia).lastIndexOf("#") + 1;
}

/** Parts trivia before its first line end, or at `otherwise`. */
export function splitLine(trivia: string, otherwise = 0): readonly [string, string] {
  const lineEnd = withoutComments(trivia).search(/[\r\n]/);
  const end = lineEnd === -1 ? otherwise : lineEnd;
  return [trivia.slice(0, end), trivia.slice(end)];
}
