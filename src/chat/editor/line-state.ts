import type { Key } from "../../runtime.ts";
import type { Completion } from "../session/slash-commands.ts";
import { type Draft, draftOf, EMPTY, edit, insert, killed, moveLine } from "./line-editor.ts";
import { chipFor, expandChips } from "./paste-chips.ts";
import { findEarlier, type Search, searchKey } from "./search-history.ts";

/** What a person did at the prompt. */
export type LineRead =
  | {
      readonly kind: "line";
      /** All of it, pastes included. */
      readonly text: string;
      /** As it was typed. */
      readonly shown: string;
      /** Long pastes in it, by the chip that stands for each. */
      readonly pastes: ReadonlyMap<string, string>;
    }
  /** Ctrl+C, twice within two seconds, on an empty line. */
  | { readonly kind: "interrupted" }
  /** Ctrl+D on an empty line, or the keyboard is gone. */
  | { readonly kind: "end" };

/** A message that is to be sent. */
export type TypedLine = Extract<LineRead, { readonly kind: "line" }>;

/** A message that is being written; it outlives an answer that comes meanwhile. */
export type LineState = {
  draft: Draft;
  /** Which earlier line is shown; `undefined`: what is being written. */
  place: number | undefined;
  /** What was being written before an earlier line was called up. */
  written: string;
  /** What a key took away that takes a word or a line; Ctrl+Y puts it back. */
  killed: string;
  /** When Ctrl+C was pressed on the empty line. */
  interruptedAt: number;
  below: string | undefined;
  search: Search | undefined;
  /** Long pastes, by the chip that stands for each. */
  pastes: Map<string, string>;
};

export type LineContext = {
  /** Earlier lines, the oldest first. */
  readonly history: readonly string[];
  readonly dim: (text: string) => string;
  readonly now: () => number;
  /** What Tab makes of the text in front of the cursor. */
  readonly complete: (line: string) => Completion;
};

export type Step = {
  readonly done?: LineRead;
  /** What only the owner of the screen can do. */
  readonly wants?: "clear" | "editor";
};

const TWICE_MS = 2000;
const LEAVE_HINT = "(Ctrl+C again to leave)";

export function createLineState(): LineState {
  return {
    draft: EMPTY,
    place: undefined,
    written: "",
    killed: "",
    interruptedAt: Number.NEGATIVE_INFINITY,
    below: undefined,
    search: undefined,
    pastes: new Map(),
  };
}

/** A message that was not typed here. */
export function typedLine(text: string): LineRead {
  return { kind: "line", text, shown: text, pastes: new Map() };
}

/** Takes a message up again that could not be sent, as it was typed. */
export function restoreLine(state: LineState, { shown }: Pick<TypedLine, "shown">): void {
  resetLine(state);
  state.draft = draftOf(shown);
}

/** Begins a new line; what a key took away stays, and pastes, whose chips earlier lines have. */
export function resetLine(state: LineState): void {
  const { killed, pastes } = state;
  Object.assign(state, { ...createLineState(), killed, pastes });
}

/** What a key does to a message that is being written (`spec/session.md`). */
export function applyKey(key: Key, state: LineState, context: LineContext): Step {
  const { dim, history } = context;
  state.below = undefined;
  if (state.search !== undefined) {
    const { search, draft, below } = searchKey(key, state.search, history);
    state.search = search;
    state.draft = draft;
    state.below = below === undefined ? undefined : dim(below);
    return {};
  }
  const name = key.kind === "key" ? key.name : "";
  switch (name) {
    case "enter":
      return submit(state);
    case "ctrl-c":
      return interrupt(state, context);
    case "ctrl-d":
      if (state.draft.text === "") {
        return { done: { kind: "end" } };
      }
      break;
    case "ctrl-r": {
      const { search, below } = findEarlier(state.draft, history);
      state.search = search;
      state.below = dim(below);
      return {};
    }
    case "ctrl-l":
      return { wants: "clear" };
    case "ctrl-g":
      return { wants: "editor" };
  }
  editWith(key, state, context);
  return {};
}

function editWith(key: Key, state: LineState, context: LineContext): void {
  const name = key.kind === "key" ? key.name : "";
  switch (name) {
    case "tab":
      complete(state, context);
      return;
    case "up":
    case "ctrl-p":
      moveUpOrDown(-1, state, context);
      return;
    case "down":
    case "ctrl-n":
      moveUpOrDown(1, state, context);
      return;
    case "alt-enter":
    case "shift-enter":
    case "ctrl-j":
      state.draft = insert(state.draft, "\n");
      return;
    case "ctrl-y":
      state.draft = insert(state.draft, state.killed);
      return;
  }
  const edited = edit(state.draft, chipFor(key, state.pastes)) ?? state.draft;
  state.killed = killed(name, state.draft, edited) || state.killed;
  state.draft = edited;
}

/** A backslash at the end makes a line break of Enter. */
function submit(state: LineState): Step {
  const { text: shown } = state.draft;
  if (shown.endsWith("\\")) {
    state.draft = insert(draftOf(shown.slice(0, -1)), "\n");
    return {};
  }
  if (shown.trim() === "") {
    return {};
  }
  const text = expandChips(shown, state.pastes);
  return { done: { kind: "line", text, shown, pastes: state.pastes } };
}

function interrupt(state: LineState, { now, dim }: LineContext): Step {
  if (state.draft.text !== "") {
    state.draft = EMPTY;
    state.place = undefined;
    return {};
  }
  const isTwice = now() - state.interruptedAt <= TWICE_MS;
  state.interruptedAt = now();
  state.below = dim(LEAVE_HINT);
  return isTwice ? { done: { kind: "interrupted" } } : {};
}

function complete(state: LineState, context: LineContext): void {
  const { text, cursor } = state.draft;
  if (cursor !== text.length) {
    return;
  }
  const { line, candidates } = context.complete(text);
  state.draft = draftOf(line);
  state.below = candidates.length === 0 ? undefined : context.dim(candidates.join("  "));
}

/** Within the text, then to earlier and later lines. */
function moveUpOrDown(direction: -1 | 1, state: LineState, { history }: LineContext): void {
  const moved = moveLine(state.draft, direction);
  const from = state.place ?? history.length;
  const place = from + direction;
  if (moved !== undefined) {
    state.draft = moved;
  } else if (place >= 0 && place <= history.length) {
    if (from === history.length) {
      state.written = state.draft.text;
    }
    state.place = place === history.length ? undefined : place;
    state.draft = draftOf(history[place] ?? state.written);
  }
}
