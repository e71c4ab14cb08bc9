/** A part of a line, by the names of `marked`. */
export type InlineToken = {
  readonly type: string;
  readonly raw: string;
  readonly tokens?: readonly InlineToken[];
  readonly href?: string;
  readonly title?: string | null;
};

/** What may begin something else than text. */
const SIGN = /[*_~`[\\<@]|:\/\/|www\./g;
const CODE = /`[^`]+`(?!`)/y;
/** Where a link leads, without a sign that closes, escapes or parts anything. */
const TARGET = /\((https?:\/\/[\w./#?=%+:-]+)\)/y;
/** A character that emphasis may begin and end with, whatever stands beside it. */
const LETTER = /^[A-Za-z0-9\u4e00-\u9fff]$/;
const ALPHANUMERIC = /^[A-Za-z0-9]$/;

/**
 * The parts of a line as nearly all lines are: words, code, emphasis and links with nothing but words
 * and code in them. `undefined`: it may be more than that, and only `marked` knows. So it never has to
 * decide what is disputed, and takes a tenth of the time.
 */
export function readPlainInline(line: string): readonly InlineToken[] | undefined {
  const tokens: InlineToken[] = [];
  let begin = 0;
  let at = nextSign(line, 0);
  while (at < line.length) {
    if (isWithinWord(line, at)) {
      at = nextSign(line, at + 1);
      continue;
    }
    const token = tokenAt(line, at);
    if (token === undefined) {
      return undefined;
    }
    if (at > begin) {
      tokens.push({ type: "text", raw: line.slice(begin, at) });
    }
    tokens.push(token);
    begin = at + token.raw.length;
    at = nextSign(line, begin);
  }
  if (begin < line.length) {
    tokens.push({ type: "text", raw: line.slice(begin) });
  }
  return tokens;
}

function nextSign(line: string, from: number): number {
  SIGN.lastIndex = from;
  return SIGN.exec(line)?.index ?? line.length;
}

/** The line of a name such as `snake_case`. */
function isWithinWord(line: string, at: number): boolean {
  return (
    line[at] === "_" &&
    ALPHANUMERIC.test(line[at - 1] ?? "") &&
    ALPHANUMERIC.test(line[at + 1] ?? "")
  );
}

function tokenAt(line: string, at: number): InlineToken | undefined {
  switch (line[at]) {
    case "`":
      CODE.lastIndex = at;
      return tokenOf("codespan", CODE.exec(line)?.[0]);
    case "*":
      return emphasisAt(line, at, line[at + 1] === "*" ? "**" : "*");
    case "[":
      return line[at - 1] === "!" ? undefined : linkAt(line, at);
    default:
      return undefined;
  }
}

function tokenOf(type: string, raw: string | undefined): InlineToken | undefined {
  return raw === undefined ? undefined : { type, raw };
}

/** Emphasis that begins and ends with a letter, or stands between blanks. */
function emphasisAt(line: string, at: number, signs: "*" | "**"): InlineToken | undefined {
  const begin = at + signs.length;
  const close = line.indexOf(signs, begin);
  const end = close + signs.length;
  if (close <= begin || line[end] === "*") {
    return undefined;
  }
  const opens = isFlank(line[begin], line[at - 1]);
  const closes = isFlank(line[close - 1], line[end]);
  const tokens = opens && closes ? readInner(line.slice(begin, close)) : undefined;
  const type = signs === "*" ? "em" : "strong";
  return tokens === undefined ? undefined : { type, raw: line.slice(at, end), tokens };
}

function isFlank(inside: string | undefined, outside: string | undefined): boolean {
  return (
    inside !== undefined &&
    (LETTER.test(inside) || ((outside === undefined || outside === " ") && inside.trim() !== ""))
  );
}

function linkAt(line: string, at: number): InlineToken | undefined {
  const close = line.indexOf("]", at);
  if (close <= at + 1) {
    return undefined;
  }
  TARGET.lastIndex = close + 1;
  const [target, href] = TARGET.exec(line) ?? [];
  const tokens = href === undefined ? undefined : readInner(line.slice(at + 1, close));
  return href === undefined || target === undefined || tokens === undefined
    ? undefined
    : { type: "link", raw: line.slice(at, close + 1 + target.length), href, title: null, tokens };
}

/** What stands in emphasis or a link, if that is no emphasis or link in turn. */
function readInner(text: string): readonly InlineToken[] | undefined {
  const tokens = readPlainInline(text);
  return tokens?.every(({ type }) => type === "text" || type === "codespan") ? tokens : undefined;
}
