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
    return { text, cursor: snap(text, Math.min(above + column, start - 1)) };
  }
  const end = lineEnd(draft);
  if (end === text.length) {
    return undefined;
  }
  const below = lineEnd({ text, cursor: end + 1 });
  return { text, cursor: snap(text, Math.min(end + 1 + column, below)) };
}

/** The beginning of the character that a position lies in. */
function snap(text: string, position: number): number {
  return characters.segment(text).containing(position)?.index ?? position;
}

/** The end of the character that a position lies in; a position between two stays. */
function snapForward(text: string, position: number): number {
  const around = characters.segment(text).containing(position);
  return around === undefined || around.index === position
    ? position
    : around.index + around.segment.length;
}

function before({ text, cursor }: Draft): number {
  return cursor === 0 ? 0 : snap(text, cursor - 1);
}

function after({ text, cursor }: Draft): number {
  const next = characters.segment(text).containing(cursor);
  return next === undefined ? cursor : next.index + next.segment.length;
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
  const words = text.slice(0, cursor).trimEnd();
  // A pattern that ends with `$` takes minutes on a long paste.
  const last = words.split(/\s/).at(-1) ?? "";
  return snap(text, words.length - last.length);
}

function wordEnd({ text, cursor }: Draft): number {
  const length = /^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0;
  return snapForward(text, cursor + length);
}
