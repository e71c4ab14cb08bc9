import type { Key, Runtime } from "../runtime.ts";
import { createEditorView, type EditorView } from "./editor-view.ts";
import type { KeyQueue } from "./key-queue.ts";
import type { Prompts } from "./lay-out-draft.ts";
import { type Draft, draftOf, EMPTY, edit, insert, killed, moveLine } from "./line-editor.ts";
import { completeSlash } from "./slash-commands.ts";

/** What a person did at the prompt. */
export type LineRead =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl+C, twice within two seconds, on an empty line. */
  | { readonly kind: "interrupted" }
  /** Ctrl+D on an empty line, or the keyboard is gone. */
  | { readonly kind: "end" };

type LineOptions = {
  /** Earlier lines, the oldest first. */
  readonly history: readonly string[];
  readonly prompts: Prompts;
  readonly dim: (text: string) => string;
};

const TWICE_MS = 2000;
const LEAVE_HINT = "(Ctrl+C again to leave)";

type State = {
  draft: Draft;
  /** Which earlier line is shown; the number of lines: what is being written. */
  place: number;
  /** What was being written before an earlier line was called up. */
  written: string;
  /** What a key took away that takes a word or a line; Ctrl+Y puts it back. */
  killed: string;
  /** When Ctrl+C was pressed on the empty line. */
  interruptedAt: number;
  below: string | undefined;
};

type Step = { readonly done?: LineRead };

/** Reads one message with editing, history and completion (`spec/session.md`). */
export async function readLine(
  runtime: Pick<Runtime, "stdout" | "terminal" | "now">,
  keys: KeyQueue,
  options: LineOptions,
): Promise<LineRead> {
  const view = createEditorView(runtime, options.prompts);
  const state: State = {
    draft: EMPTY,
    place: options.history.length,
    written: "",
    killed: "",
    interruptedAt: Number.NEGATIVE_INFINITY,
    below: undefined,
  };
  for (;;) {
    if (keys.isEmpty()) {
      await view.draw(state.draft, state.below);
    }
    const event = await keys.next();
    if (event.kind === "end") {
      await view.finish(state.draft);
      return { kind: "end" };
    }
    state.below = undefined;
    const step =
      event.kind === "redraw"
        ? {}
        : await applyKey(event.key, state, { ...options, view, now: runtime.now });
    if (step.done !== undefined) {
      await view.finish(state.draft);
      return step.done;
    }
  }
}

type Context = LineOptions & { readonly view: EditorView; readonly now: () => number };

async function applyKey(key: Key, state: State, context: Context): Promise<Step> {
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
    case "tab":
      complete(state, context);
      return {};
    case "up":
    case "ctrl-p":
      moveUpOrDown(-1, state, context);
      return {};
    case "down":
    case "ctrl-n":
      moveUpOrDown(1, state, context);
      return {};
    case "alt-enter":
      state.draft = insert(state.draft, "\n");
      return {};
    case "ctrl-y":
      state.draft = insert(state.draft, state.killed);
      return {};
    case "ctrl-l":
      await context.view.clear();
      return {};
  }
  const edited = edit(state.draft, key) ?? state.draft;
  state.killed = killed(name, state.draft, edited) || state.killed;
  state.draft = edited;
  return {};
}

/** A backslash at the end makes a line break of Enter. */
function submit(state: State): Step {
  const { text } = state.draft;
  if (text.endsWith("\\")) {
    state.draft = insert(draftOf(text.slice(0, -1)), "\n");
    return {};
  }
  return text.trim() === "" ? {} : { done: { kind: "line", text } };
}

function interrupt(state: State, { now, dim, history }: Context): Step {
  if (state.draft.text !== "") {
    state.draft = EMPTY;
    state.place = history.length;
    return {};
  }
  const isTwice = now() - state.interruptedAt <= TWICE_MS;
  state.interruptedAt = now();
  state.below = dim(LEAVE_HINT);
  return isTwice ? { done: { kind: "interrupted" } } : {};
}

function complete(state: State, { dim }: Context): void {
  const { draft } = state;
  const isAtEnd = draft.cursor === draft.text.length;
  const { line, candidates } = completeSlash(draft.text);
  if (isAtEnd) {
    state.draft = draftOf(line);
    state.below = candidates.length === 0 ? undefined : dim(candidates.join("  "));
  }
}

/** Within the text, then to earlier and later lines. */
function moveUpOrDown(direction: -1 | 1, state: State, { history }: Context): void {
  const moved = moveLine(state.draft, direction);
  const place = state.place + direction;
  if (moved !== undefined) {
    state.draft = moved;
  } else if (place >= 0 && place <= history.length) {
    if (state.place === history.length) {
      state.written = state.draft.text;
    }
    state.place = place;
    state.draft = draftOf(history[place] ?? state.written);
  }
}
