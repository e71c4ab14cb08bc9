import type { Key } from "../../runtime.ts";

/** A text that is being written. */
export type Draft = {
  readonly text: string;
  /** Where the cursor stands, in UTF-16 units; always between two characters as people see them. */
  readonly cursor: number;
};

export const EMPTY: Draft = { text: "", cursor: 0 };

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A draft of this text with the cursor at its end. */
export function draftOf(text: string): Draft {
  return { text, cursor: text.length };
}

/** Puts text where the cursor stands. */
export function insert({ text, cursor }: Draft, piece: string): Draft {
  return settled(text.slice(0, cursor) + piece, text.slice(cursor));
}

/** What meets at the cursor may become one character, and the cursor stands behind it. */
function settled(head: string, tail: string): Draft {
  const text = head + tail;
  return { text, cursor: snapForward(text, head.length) };
}

/**
 * What an editing key does to a draft; `undefined`: it is no editing key. The keys are those of
 * shells: arrows, Home, End, Ctrl with A B D E F H K U W, Alt with B D F and Backspace.
 */
export function edit(draft: Draft, key: Key): Draft | undefined {
  switch (key.kind) {
    case "text":
    case "paste":
      return insert(draft, key.text);
    case "key": {
      const action = Object.hasOwn(ACTIONS, key.name) ? ACTIONS[key.name] : undefined;
      return action?.(draft);
    }
  }
}

type Action = (draft: Draft) => Draft;

const moveTo =
  (position: (draft: Draft) => number): Action =>
  (draft) => ({ ...draft, cursor: position(draft) });

/** Removes what lies between the cursor and a position. */
const removeTo =
  (position: (draft: Draft) => number): Action =>
  (draft) => {
    const { text, cursor } = draft;
    const other = position(draft);
    const [start, end] = [Math.min(cursor, other), Math.max(cursor, other)];
    return settled(text.slice(0, start), text.slice(end));
  };

const ACTIONS: Readonly<Record<string, Action>> = {
  left: moveTo(before),
  "ctrl-b": moveTo(before),
  right: moveTo(after),
  "ctrl-f": moveTo(after),
  home: moveTo(lineStart),
  "ctrl-a": moveTo(lineStart),
  end: moveTo(lineEnd),
  "ctrl-e": moveTo(lineEnd),
  "ctrl-left": moveTo(wordStart),
  "alt-left": moveTo(wordStart),
  "alt-b": moveTo(wordStart),
  "ctrl-right": moveTo(wordEnd),
  "alt-right": moveTo(wordEnd),
  "alt-f": moveTo(wordEnd),
  backspace: removeTo(before),
  "ctrl-h": removeTo(before),
  delete: removeTo(after),
  "ctrl-d": removeTo(after),
  "ctrl-w": removeTo(wordStart),
  "alt-backspace": removeTo(wordStart),
  "ctrl-backspace": removeTo(wordStart),
  "alt-d": removeTo(wordEnd),
  "ctrl-delete": removeTo(wordEnd),
  "ctrl-u": removeTo(lineStart),
  "ctrl-k": removeTo(lineEnd),
};

/** Keys that take away what one may want back. */
const KILLING = /^(?:ctrl-[wuk]|alt-d|(?:alt|ctrl)-backspace|ctrl-delete)$/;

/** What a key has taken away, if it is one that takes a word or a line. */
export function killed(name: string, from: Draft, to: Draft): string {
  const start = Math.min(from.cursor, to.cursor);
  const length = from.text.length - to.text.length;
  return KILLING.test(name) ? from.text.slice(start, start + length) : "";
}

/** Moves to the line above or below in a text of several; `undefined`: there is none. */
export function moveLine(draft: Draft, direction: -1 | 1): Draft | undefined {
  const { text, cursor } = draft;
  const start = lineStart(draft);
  const column = cursor - start;
  if (direction === -1) {
    if (start === 0) {
      return undefined;
    }
    const above = lineStart({ text, cursor: start - 1 });
    return { text, cursor: characterStart(text, Math.min(above + column, start - 1)) };
  }
  const end = lineEnd(draft);
  if (end === text.length) {
    return undefined;
  }
  const below = lineEnd({ text, cursor: end + 1 });
  return { text, cursor: characterStart(text, Math.min(end + 1 + column, below)) };
}

/** Characters that are looked at around a position: all of a long paste would take a while. */
const NEAR = 2048;

/** The character that a position lies in, or before which it stands; `undefined`: the end. */
function characterAt(text: string, position: number) {
  const from = Math.max(0, position - NEAR);
  // Between letters of ASCII there is always a border; nearer than that there may be none.
  const safe = text.slice(from, position).search(/[ -~][ -~]/);
  const start = from === 0 ? 0 : from + Math.max(0, safe + 1);
  const near = text.slice(start, position + NEAR);
  const found = characters.segment(near).containing(position - start);
  return found && { index: start + found.index, end: start + found.index + found.segment.length };
}

/** The beginning of the character that a position lies in; of one behind the text its end. */
export function characterStart(text: string, position: number): number {
  return characterAt(text, position)?.index ?? Math.min(position, text.length);
}

/** The end of the character that a position lies in; a position between two stays. */
function snapForward(text: string, position: number): number {
  const around = characterAt(text, position);
  return around === undefined || around.index === position ? position : around.end;
}

function before({ text, cursor }: Draft): number {
  return cursor === 0 ? 0 : characterStart(text, cursor - 1);
}

function after({ text, cursor }: Draft): number {
  return characterAt(text, cursor)?.end ?? cursor;
}

/** Where the line of the cursor begins. */
export function lineStart({ text, cursor }: Draft): number {
  return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
}

/** Where it ends, before its line break. */
export function lineEnd({ text, cursor }: Draft): number {
  const end = text.indexOf("\n", cursor);
  return end === -1 ? text.length : end;
}

function wordStart({ text, cursor }: Draft): number {
  // A pattern that ends with `$` takes minutes on a long paste.
  let start = cursor;
  while (start > 0 && isSpace(text, start - 1)) {
    start -= 1;
  }
  while (start > 0 && !isSpace(text, start - 1)) {
    start -= 1;
  }
  return characterStart(text, start);
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}

function wordEnd({ text, cursor }: Draft): number {
  const length = /^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0;
  return snapForward(text, cursor + length);
}
