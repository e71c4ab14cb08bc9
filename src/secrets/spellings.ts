/** Shorter ones are no secrets: they would stand in every other word. */
const SHORTEST_SECRET = 8;
const HIDDEN = "***";

/** Values that are to be shown nowhere, and the removal of them from text. */
export type Hider = {
  /** Makes `secret` known; shorter ones than 8 characters are no secrets. */
  readonly add: (secret: string) => void;
  /** The text without any of them, however they are written. */
  readonly hide: (text: string) => string;
};

/**
 * Takes secrets out of text, however they are written: plain, with signs escaped for URLs, JSON or
 * HTML in the ways of different servers, in hexadecimal digits, or in base64, also as a part of what was
 * encoded, such as `Bearer KEY` and `user:KEY` (`spec/trust-and-secrets.md`).
 */
export function createHider(secrets: Iterable<string> = []): Hider {
  const known = new Set<string>();
  /** Those whose digits have not been needed yet, and the fewest that one of them takes. */
  const undigested: string[] = [];
  let fewest = LONGEST_LOOK;
  let run: RegExp | undefined;
  const digits = { hex: new Set<string>(), base64: new Set<string>() };
  let longestFirst: readonly (string | RegExp)[] | undefined;
  const add = (secret: string): void => {
    if (secret.length < SHORTEST_SECRET || known.has(secret)) {
      return;
    }
    known.add(secret);
    undigested.push(secret);
    fewest = Math.min(fewest, fewestDigits(secret));
    longestFirst = undefined;
    run = undefined;
  };
  for (const secret of secrets) {
    add(secret);
  }
  return {
    add,
    hide: (text) => {
      if (known.size === 0) {
        return text;
      }
      let hidden = text;
      // A secret that contains another one must go as a whole.
      longestFirst ??= [...known].sort((a, b) => b.length - a.length).map(spell);
      for (const spelling of longestFirst) {
        hidden = hidden.replaceAll(spelling, HIDDEN);
      }
      run ??= runOfDigits(fewest);
      if (!run.test(hidden)) {
        return hidden;
      }
      for (const secret of undigested.splice(0)) {
        const bytes = new TextEncoder().encode(secret);
        const hex = bytes.toHex();
        digits.hex.add(hex).add(hex.toUpperCase());
        for (const core of base64Cores(bytes)) {
          digits.base64.add(core);
        }
      }
      for (const spelling of digits.hex) {
        hidden = hidden.replaceAll(spelling, HIDDEN);
      }
      for (const core of digits.base64) {
        hidden = hideEncoded(hidden, core);
      }
      return hidden;
    },
  };
}

/** Of the three places in base64 the second leaves the fewest that the secret alone decides. */
function fewestDigits(secret: string): number {
  return Math.floor((secret.length * 8 - 4) / 6);
}

/** A longer run is looked for no further: each place of a text is the beginning of one. */
const LONGEST_LOOK = 64;

/** So many digits of any kind side by side, escaped or not: most texts have none. */
function runOfDigits(length: number): RegExp {
  return new RegExp(`[\\w+/%=\\\\-]{${length}}`);
}

/** A pattern of a longer one would take more than it is worth: such texts are no keys. */
const LONGEST_PATTERN = 1024;

/** What a secret of plain signs looks like in text, and what one with others does. */
function spell(secret: string): string | RegExp {
  return secret.length > LONGEST_PATTERN || /^[\w-]+$/.test(secret)
    ? secret
    : new RegExp([...secret.toWellFormed()].map(charPattern).join(""), "g");
}

/**
 * A sign as it is, or in whatever way servers escape it, some of a text or all of it: for URLs, also
 * twice; for JSON, also within a string of JSON; for HTML.
 */
function charPattern(char: string): string {
  if (/[\w-]/.test(char)) {
    return char;
  }
  const point = char.codePointAt(0) ?? 0;
  const octets = [...new TextEncoder().encode(char)].map((octet) => inHex(octet, 2));
  const units = char.split("").map((unit) => inHex(unit.charCodeAt(0), 4));
  const short = JSON.stringify(char).slice(-2, -1);
  return `(?:${[
    RegExp.escape(char),
    octets.map((octet) => `%(?:25){0,2}${octet}`).join(""),
    units.map((unit) => `\\\\{1,4}u${unit}`).join(""),
    `\\\\{1,4}${RegExp.escape(short)}`,
    `&(?:amp;)?#(?:[xX]0{0,4}${inHex(point, 1)}|0{0,4}${point});`,
  ].join("|")})`;
}

function inHex(value: number, digits: number): string {
  const hex = value.toString(16).padStart(digits, "0");
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** Digits of base64 that hold a bit of so many bytes in front of the secret. */
const DIGITS_BEFORE = [0, 2, 3];

/**
 * The digits of base64 that the secret alone decides, for each of the three places in which it may
 * begin within three bytes, in both alphabets and as JSON and URLs escape them.
 */
function base64Cores(bytes: Uint8Array): string[] {
  return DIGITS_BEFORE.map((first, before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const core = padded.toBase64().slice(first, Math.floor((padded.length * 8) / 6));
    return /[+/]/.test(core)
      ? [
          core,
          core.replaceAll("/", "\\/"),
          encodeURIComponent(core),
          core.replaceAll("+", "-").replaceAll("/", "_"),
        ]
      : [core];
  }).flat();
}

/** The whole run of digits goes: those beside the core hold bits of the secret, too. */
function hideEncoded(text: string, core: string): string {
  let at = text.indexOf(core);
  if (at === -1) {
    return text;
  }
  let hidden = "";
  let position = 0;
  while (at !== -1) {
    let start = at;
    while (isBase64(text.charCodeAt(start - 1))) {
      start -= 1;
    }
    let end = at + core.length;
    while (isBase64(text.charCodeAt(end))) {
      end += 1;
    }
    hidden += text.slice(position, start) + HIDDEN;
    position = end;
    at = text.indexOf(core, end);
  }
  return hidden + text.slice(position);
}

const OTHER_DIGITS = "+/-_=";

/** Not so is NaN, what a text has before its beginning and behind its end. */
function isBase64(code: number): boolean {
  const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  return (
    isLetter || (code >= 0x30 && code <= 0x39) || OTHER_DIGITS.includes(String.fromCharCode(code))
  );
}
