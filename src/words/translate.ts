import { joinWords } from "./join-words.ts";
import { keepColumns } from "./keep-columns.ts";
import { createLexicon, type Lexicon, type Table } from "./lexicon.ts";
import { isBalanced, isWhole, matchPattern, type Pattern } from "./pattern.ts";

/** A text for people in another language; what the table does not have stays as it is. */
export type Translate = (text: string) => string;

const EDGES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  /^((?:\r|\u001b\[[\d;?]*[A-Za-z]|[ \t])*)(.*?)((?:\u001b\[[\d;?]*[A-Za-z]|[ \t\r])*)$/s;

/** A word or a sign that a line begins with. */
const MARK =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sign may be coloured
  /^((?:error|warning|hint|note|debug):|[✓⚠✗–•→│*]|[◒◐◓◑])((?:\u001b\[[\d;]*m)*) +(?=\S)/;

/** What a check says behind its sign, and the name of the check behind that. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the name may be dim
const NAMED = /^([✓⚠✗–].*?)((?:\u001b\[[\d;]*m)* (?:\u001b\[[\d;]*m)*\([a-z][a-z.-]*\))$/s;

/** What keeps paragraphs apart, which are looked up as a whole, too. */
const PARAGRAPHS = /(\n{2,})/;

/** Cells of a row, and what keeps them apart. */
const GAP = / {2,}/;

/** What a sentence goes on with, and how that is written between Chinese ones. */
const JOINTS: readonly (readonly [english: string, shown: string])[] = [
  ["; ", "；"],
  [". ", "。"],
  ["? ", "？"],
  [": ", "："],
  [", ", "，"],
];

/** Places in which nothing of ours stands. */
const DATA: ReadonlySet<string> = new Set(["file", "model", "path", "said", "text", "url", "word"]);

/** Places for several names, in a row. */
const NAMES: ReadonlySet<string> = new Set(["ids", "names", "urls"]);

/** What stands between the items of a row. */
const ROW = /(, | and | or )/;
const ROW_SIGNS: Readonly<Record<string, string>> = { ", ": "、", " and ": " 和 ", " or ": " 或 " };

/** A name that is marked as one; quotes are those of the language. */
const QUOTED = /^(?:(`[^`]+`)|"([^"]+)")$/;

/**
 * A translator of what is about to be shown. It goes by the English sentences themselves, so that
 * these stay where they are written and are what programs, files and tests see; the same text is
 * shown in the same words whoever wrote it. Where a sentence could be taken apart in two ways, it
 * stays English.
 */
export function createTranslator(table: Table, isData: Lexicon["isData"]): Translate {
  const lexicon = createLexicon(table, isData);
  const translateLines = (text: string): string =>
    text
      .split("\n")
      .map((line) => translateLine(line, lexicon))
      .join("\n");
  return (text) =>
    text
      .split(PARAGRAPHS)
      .map((part) => {
        const whole = part.includes("\n") ? part.replaceAll("\n", " ") : "";
        return lexicon.fixed.get(whole) ?? translateLines(part);
      })
      .join("");
}

/** A line: one sentence, or cells, each of which stays in its column. */
function translateLine(line: string, lexicon: Lexicon): string {
  const [, before = "", bare = "", after = ""] = EDGES.exec(line) ?? [];
  const [mark = ""] = MARK.exec(bare) ?? [];
  const isOne = !GAP.test(bare.slice(mark.length)) || lexicon.fixed.has(bare);
  if (isOne) {
    return translateCell(line, lexicon);
  }
  return before + keepColumns(bare, (cell) => translateCell(cell, lexicon)) + after;
}

function translateCell(cell: string, lexicon: Lexicon): string {
  const [, before = "", bare = "", after = ""] = EDGES.exec(cell) ?? [];
  const [, said = bare] = SAID.exec(bare) ?? [];
  if (lexicon.isData(bare) || said.replace(/`[^`]*`|"[^"]*"/g, "").search(/[`"]/) >= 0) {
    return cell;
  }
  const [, sentence = bare, id = ""] = NAMED.exec(bare) ?? [];
  const shown = translateMarked(sentence, lexicon);
  return shown === undefined ? cell : before + shown + id + after;
}

function translateMarked(text: string, lexicon: Lexicon): string | undefined {
  const [mark, sign = "", style = ""] = MARK.exec(text) ?? [];
  if (mark === undefined) {
    return translateSentence(text, lexicon);
  }
  const word = lexicon.fixed.get(sign);
  const rest = text.slice(mark.length);
  const shown = translateLine(rest, lexicon);
  return word === undefined && shown === rest
    ? undefined
    : `${word ?? sign}${style}${word === undefined ? " " : ""}${shown}`;
}

/** A row that is cut off: the sign belongs to it. */
const UNENDED = /, …$/;

/** `undefined`: the table has nothing for it. */
function translateSentence(text: string, lexicon: Lexicon): string | undefined {
  const fixed = lexicon.fixed.get(text);
  if (fixed !== undefined) {
    return fixed;
  }
  if (!/[A-Za-z]/.test(text)) {
    return undefined;
  }
  for (const end of [" …", ".", "…"]) {
    const stem =
      text.endsWith(end) && !UNENDED.test(text)
        ? translateKnown(text.slice(0, -end.length), lexicon)
        : undefined;
    if (stem !== undefined) {
      return stem + (end === "." ? "。" : " …");
    }
  }
  return (
    translateSaid(text, lexicon) ??
    translateTail(text, lexicon) ??
    translateKnown(text, lexicon) ??
    translateList(text, lexicon) ??
    translateParts(text, lexicon) ??
    translateBehind(text, lexicon)
  );
}

/** What a service says stands behind its status or code, and to the end, whatever it says. */
const SAID = /^(.*?) \(((?:\d{3}|[A-Z_]{3,}): .*?)\)((?: \(tried \d+ times\))?)$/s;

function translateSaid(text: string, lexicon: Lexicon): string | undefined {
  const [, stem, said, tail = ""] = SAID.exec(text) ?? [];
  const shown = stem === undefined || !isWhole(stem) ? undefined : translateSentence(stem, lexicon);
  return shown === undefined
    ? undefined
    : `${shown}（${said}）${translateKnown(tail, lexicon) ?? tail}`;
}

/** What may stand in brackets behind any sentence: a pattern that begins with ` (`. */
function translateTail(text: string, lexicon: Lexicon): string | undefined {
  const [tail = ""] = / \([^()]*\)$/.exec(text) ?? [];
  const tails = lexicon.entries.filter(({ pattern }) => pattern.literals[0]?.startsWith(" ("));
  const shown = tail === "" ? undefined : translateKnown(tail, lexicon, tails);
  const stem =
    shown === undefined ? undefined : translateSentence(text.slice(0, -tail.length), lexicon);
  return stem === undefined ? undefined : `${stem}${shown}`;
}

/** Anything in brackets behind a sentence: `permission denied (EACCES)`. */
function translateBehind(text: string, lexicon: Lexicon): string | undefined {
  const at = text.lastIndexOf(" (");
  const tail = translateBrackets(text.slice(at), lexicon);
  const stem = at > 0 && tail !== undefined ? text.slice(0, at) : "";
  const shown = isWhole(stem) ? translateSentence(stem, lexicon) : undefined;
  return shown === undefined ? undefined : `${shown}${tail}`;
}

function translateBrackets(text: string, lexicon: Lexicon): string | undefined {
  const [, inner] = /^ \((.+)\)$/s.exec(text) ?? [];
  return inner === undefined || !isBalanced(inner)
    ? undefined
    : `（${lexicon.fixed.get(inner) ?? inner}）`;
}

function translateKnown(
  text: string,
  lexicon: Lexicon,
  entries = lexicon.entries,
): string | undefined {
  const fixed = lexicon.fixed.get(text);
  if (fixed !== undefined) {
    return fixed;
  }
  for (const { pattern, shown } of entries) {
    const values = matchPattern(pattern, text, (value) => isKnown(value, lexicon));
    if (values !== undefined) {
      const named = new Map(pattern.names.map((name, index) => [name, values[index] ?? ""]));
      return fill(shown, (name) => {
        const value = named.get(name) ?? "";
        return DATA.has(name) ? value : translatePlace(name, value, lexicon);
      });
    }
  }
  return undefined;
}

/** Whether a part is surely one: it begins with words of ours, or is marked as a name. */
function isKnown(value: string, lexicon: Lexicon): boolean {
  if (QUOTED.test(value)) {
    return true;
  }
  const ours = lexicon.entries.filter(({ pattern }) => pattern.literals[0] !== "");
  return translateKnown(value, lexicon, ours) !== undefined;
}

function translatePlace(name: string, value: string, lexicon: Lexicon): string {
  return (
    translateStyled(value, lexicon) ??
    translateQuoted(value) ??
    (NAMES.has(name) ? translateList(value, lexicon, (item) => !item.includes(" ")) : undefined) ??
    (name === "more" ? translateMore(value, lexicon) : undefined) ??
    translateBrackets(value, lexicon) ??
    translateValue(value, lexicon)
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: styles are what is looked for
const STYLED = /^((?:\u001b\[[\d;]*m)*)(.*?)((?:\u001b\[[\d;]*m)*)$/s;

function translateStyled(text: string, lexicon: Lexicon): string | undefined {
  const [, before = "", bare = "", after = ""] = STYLED.exec(text) ?? [];
  return before + after === "" ? undefined : before + translateValue(bare, lexicon) + after;
}

/** What goes on behind a sentence: one of ours, or the words of others behind a colon. */
function translateMore(value: string, lexicon: Lexicon): string | undefined {
  const known = translateKnown(value, lexicon);
  return known ?? (value.startsWith(": ") ? `：${value.slice(2)}` : undefined);
}

/** A part of a sentence: one of ours, or data. */
function translateValue(value: string, lexicon: Lexicon): string {
  const isWord = !value.includes(" ");
  return isWord || lexicon.isData(value) ? value : (translateSentence(value, lexicon) ?? value);
}

/** Things in a row, each ours or marked as a name. */
function translateList(
  text: string,
  lexicon: Lexicon,
  isName = (_: string): boolean => false,
): string | undefined {
  const parts = text.split(ROW);
  const shown = parts.map((part, index) => {
    const sign = index % 2 === 1 ? ROW_SIGNS[part] : undefined;
    const item = translateQuoted(part) ?? (isName(part) ? part : undefined);
    return sign ?? item ?? translateKnown(part, lexicon);
  });
  return parts.length === 1 || shown.includes(undefined) || !parts.every(isWhole)
    ? undefined
    : joinWords(shown.map((part) => part ?? ""));
}

function translateQuoted(text: string): string | undefined {
  const [, code, name] = QUOTED.exec(text) ?? [];
  return name === undefined ? code : `“${name}”`;
}

/** A sentence of ours that goes on with something else. */
function translateParts(text: string, lexicon: Lexicon): string | undefined {
  for (const [joint, shown] of JOINTS) {
    for (let at = text.indexOf(joint); at > 0; at = text.indexOf(joint, at + 1)) {
      const [before, after] = [text.slice(0, at), text.slice(at + joint.length)];
      if (!isWhole(before)) {
        continue;
      }
      const left = translateKnown(before, lexicon);
      if (left !== undefined) {
        return left + shown + translateValue(after, lexicon);
      }
      // A name of something, and what is said of it.
      const said = before.includes(" ") ? undefined : translateSentence(after, lexicon);
      if (said !== undefined) {
        return before + shown + said;
      }
    }
  }
  return undefined;
}

function fill({ literals, names }: Pattern, shownFor: (name: string) => string): string {
  const parts = literals.flatMap((literal, index) => {
    const name = names[index];
    return name === undefined ? [literal] : [literal, shownFor(name)];
  });
  return joinWords(parts);
}
