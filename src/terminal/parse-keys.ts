import type { Key } from "../runtime.ts";

export type KeyParser = {
  /** The keys that are complete with this text. */
  readonly push: (text: string) => readonly Key[];
  /** Whether something waits for what may follow it: an escape, or a paste. */
  readonly isOpen: () => boolean;
  /** Nothing has followed for a while: an escape alone is the Escape key. */
  readonly flush: () => readonly Key[];
};

const ESCAPE = "\u001b";
const PASTE_START = "\u001b[200~";
const PASTE_END = "\u001b[201~";

/** Final characters of `ESC [ … X` and `ESC O X`. */
const LETTERS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "shift-tab",
};

/** Numbers of `ESC [ N ~`. */
const NUMBERS: Readonly<Record<string, string>> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
};

/** Control characters that have a key of their own. */
const CONTROLS: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "ctrl-j",
  "\t": "tab",
  "\u007f": "backspace",
  "\b": "backspace",
};

/**
 * Behind an escape: parameters, intermediates, a final character; or `O X`; or `[[X`, a function
 * key of the Linux console.
 */
const SEQUENCE = /^(?:\[([0-?]*)[ -/]*([@-Z\\-~])|O([A-Za-z])|\[\[[A-E])/;
/** The beginning of that. */
const OPEN_SEQUENCE = /^(?:\[[0-?]*[ -/]*|O|\[\[)?$/;
/**
 * What a terminal answers to whoever asked it before, and now types here: `ESC ] 11 ; rgb:… ESC \`,
 * `ESC P > | … ESC \`. People type what begins so far less.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const REPLY = /^(?:\]\d|P[\d>!]|_G)[^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)/;
/** The beginning of that. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const OPEN_REPLY = /^(?:[\]P_]|(?:\]\d|P[\d>!]|_G)[^\u0007\u001b]{0,4096}\u001b?)$/;
/** Characters behind `[M`, the old report of a mouse. */
const MOUSE_REPORT = 3;

/**
 * Makes keys of what a terminal in raw mode sends, in pieces of any size. Sequences that mean
 * nothing here, such as mouse and cursor reports, are passed over.
 */
export function createKeyParser(): KeyParser {
  let pending = "";
  /** Where the end of a paste may still stand: before that it was looked for. */
  let searched = 0;
  const take = (isFinal: boolean): Key[] => {
    const keys: Key[] = [];
    for (;;) {
      const [found, length] = firstKey(pending, { isFinal, searched });
      if (length === 0) {
        searched = Math.max(0, pending.length - PASTE_END.length);
        return keys;
      }
      pending = pending.slice(length);
      searched = 0;
      if (found !== undefined) {
        keys.push(found);
      }
    }
  };
  return {
    push: (text) => {
      pending += text;
      return take(false);
    },
    isOpen: () => pending !== "",
    flush: () => (pending.startsWith(PASTE_START) ? [] : take(true)),
  };
}

type FoundKey = readonly [key: Key | undefined, length: number];

const NOTHING_YET: FoundKey = [undefined, 0];

/** The first key of a text and how many characters it takes; 0: more must come. */
function firstKey(
  text: string,
  { isFinal, searched }: { readonly isFinal: boolean; readonly searched: number },
): FoundKey {
  const [first] = text;
  if (first === undefined) {
    return NOTHING_YET;
  }
  if (text.startsWith(PASTE_START)) {
    return pasted(text, searched);
  }
  if (first === ESCAPE) {
    return escaped(text, isFinal);
  }
  if (isControl(first)) {
    return [key(controlName(first)), 1];
  }
  const typed = /^\P{Cc}+/u.exec(text)?.[0] ?? first;
  return [{ kind: "text", text: typed }, typed.length];
}

function pasted(text: string, searched: number): FoundKey {
  const end = text.indexOf(PASTE_END, searched);
  if (end === -1) {
    return NOTHING_YET;
  }
  const content = text.slice(PASTE_START.length, end).replace(/\r\n?/g, "\n");
  return [{ kind: "paste", text: content }, end + PASTE_END.length];
}

function escaped(text: string, isFinal: boolean): FoundKey {
  const rest = text.slice(1);
  const [reply] = REPLY.exec(rest) ?? [];
  if (reply !== undefined) {
    return [undefined, 1 + reply.length];
  }
  const sequence = SEQUENCE.exec(rest);
  const length = sequence === null ? 1 : sequenceLength(sequence[0]);
  const isOpen = sequence === null && (OPEN_SEQUENCE.test(rest) || OPEN_REPLY.test(rest));
  if (!isFinal && (isOpen || text.length < length)) {
    return NOTHING_YET;
  }
  if (sequence !== null) {
    const [, parameters = "", final = "", letter = ""] = sequence;
    const name = sequenceName(parameters, final || letter);
    return [name === undefined ? undefined : key(name), length];
  }
  const [next] = rest;
  if (next === undefined || "\u001b[O".includes(next)) {
    return [key("escape"), 1];
  }
  const name = isControl(next) ? controlName(next) : next.toLowerCase();
  return [key(`alt-${name}`), 1 + next.length];
}

/** With the escape in front of it. */
function sequenceLength(sequence: string): number {
  return 1 + sequence.length + (sequence === "[M" ? MOUSE_REPORT : 0);
}

/** Keys by their character, as terminals with `CSI u` and `modifyOtherKeys` send them. */
const CODES: Readonly<Record<string, string>> = {
  9: "tab",
  13: "enter",
  27: "escape",
  127: "backspace",
};

function sequenceName(parameters: string, final: string): string | undefined {
  const [first = "", modifiers, other = ""] = parameters.split(";");
  if (final === "u" || (final === "~" && first === "27")) {
    return codeName(final === "u" ? first : other, Number(modifiers ?? 1) - 1);
  }
  const known = final === "~" ? NUMBERS[first] : LETTERS[final];
  if (known === undefined) {
    return undefined;
  }
  // Bits behind one: 1 Shift, 2 Alt, 4 Ctrl.
  const bits = Number(modifiers ?? 1) - 1;
  const ctrl = (bits & 4) === 0 ? "" : "ctrl-";
  const alt = (bits & 2) === 0 ? "" : "alt-";
  return `${ctrl}${alt}${known}`;
}

/** @param bits 1 Shift, 2 Alt, 4 Ctrl */
function codeName(code: string, bits: number): string | undefined {
  const character = Number(code) < 0x80 ? String.fromCharCode(Number(code)).toLowerCase() : "";
  const known = CODES[code] ?? (/^[a-z]$/.test(character) ? character : undefined);
  if (known === undefined) {
    return undefined;
  }
  const shift = (bits & 1) !== 0 && CODES[code] !== undefined ? "shift-" : "";
  return `${(bits & 4) === 0 ? "" : "ctrl-"}${(bits & 2) === 0 ? "" : "alt-"}${shift}${known}`;
}

function isControl(character: string): boolean {
  return character < " " || character === "\u007f";
}

function controlName(character: string): string {
  const own = CONTROLS[character];
  return own ?? `ctrl-${String.fromCharCode(character.charCodeAt(0) + 96)}`;
}

function key(name: string): Key {
  return { kind: "key", name };
}
