const OPENING = "（〔［｛〈《「『【〖“‘";
const CLOSING = "，。、．：；？！）〕］｝〉》」』】〗”’…—％ー";
const IDEOGRAPH = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}";

/**
 * Blanks, or what stays together: an ideograph or other text, with the signs that may not stand at
 * the beginning or the end of a row.
 */
const UNITS = new RegExp(
  `[ \\t]+|[${OPENING}]*(?:[${IDEOGRAPH}]|[^ \\t${IDEOGRAPH}${OPENING}${CLOSING}]+)[${CLOSING}]*|[${OPENING}${CLOSING}]+`,
  "gu",
);
/** What every text without ideographs and their signs is made of. */
const WORDS = /[ \t]+|[^ \t]+/g;
const HAS_IDEOGRAPHS = new RegExp(`[${IDEOGRAPH}${OPENING}${CLOSING}]`, "u");

/** Printable ASCII, of which each character takes a cell. */
export const SIMPLE = /^[ -~]*$/;

function unitsOf(text: string): readonly string[] {
  return text.match(!isAscii(text) && HAS_IDEOGRAPHS.test(text) ? UNITS : WORDS) ?? [];
}

/** Made at the first text that needs it: what starts a program has none. */
const made: { runs?: RegExp } = {};

/** Units, of which those that are nothing but ideographs may be put together (`isRun`). */
export function runsOf(text: string): readonly string[] {
  if (isAscii(text) || !HAS_IDEOGRAPHS.test(text)) {
    return text.match(WORDS) ?? [];
  }
  made.runs ??= new RegExp(`[\\u4e00-\\u9fff]+(?=[\\u4e00-\\u9fff])|${UNITS.source}`, "gu");
  return text.match(made.runs) ?? [];
}

/** Whether a part of `runsOf` is several units. */
export function isRun(unit: string): boolean {
  return unit.length > 1 && isHan(unit.charCodeAt(0)) && isHan(unit.charCodeAt(1));
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is what is looked for
  return /^[\u0000-\u007f]*$/.test(text);
}

export function cellsOf(text: string): number {
  if (text.length === 1 && isHan(text.charCodeAt(0))) {
    return 2;
  }
  return SIMPLE.test(text) ? text.length : Bun.stringWidth(text);
}

const BEGINS_IDEOGRAPH = new RegExp(`^[${OPENING}]*[${IDEOGRAPH}]`, "u");
/** Behind a sign that is as wide as an ideograph a row may end, too, whatever stands before it. */
const ENDS_IDEOGRAPH = new RegExp(
  `(?:[${IDEOGRAPH}][${CLOSING}]*|[，。、；：？！）」』】》])$`,
  "u",
);

export function isBlank(unit: string): boolean {
  return unit.startsWith(" ") || unit.startsWith("\t");
}

/** An ideograph of nearly all Chinese text, for which no pattern must run. */
function isHan(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

/** Whether a row may end between two units with nothing between them. */
export function mayBreakBetween(last: string, next: string): boolean {
  if (isHan(last.charCodeAt(last.length - 1)) && isHan(next.charCodeAt(0))) {
    return true;
  }
  return (
    !(isAscii(last) && isAscii(next)) &&
    !CLOSING.includes(next.charAt(0)) &&
    !/^[)\]}.,;:!?]/.test(next) &&
    !OPENING.includes(last.charAt(last.length - 1)) &&
    (ENDS_IDEOGRAPH.test(last) || BEGINS_IDEOGRAPH.test(next))
  );
}

/** Cells that the widest of the words takes, between which `createFlow` breaks. */
export function widestWord(text: string): number {
  let widest = 0;
  let width = 0;
  let last = "";
  for (const unit of unitsOf(text)) {
    if (isBlank(unit) || mayBreakBetween(last, unit)) {
      width = 0;
    }
    width += isBlank(unit) ? 0 : cellsOf(unit);
    last = isBlank(unit) ? "" : unit;
    widest = Math.max(widest, width);
  }
  return widest;
}
