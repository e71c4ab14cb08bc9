import type { Key } from "../../runtime.ts";
import { type Draft, draftOf } from "./line-editor.ts";

/** A search of earlier lines, as shells have it. */
export type Search = {
  readonly query: string;
  /** The line that is shown; the number of lines: none yet. */
  readonly place: number;
  /** What was being written. */
  readonly before: Draft;
};

type SearchStep = {
  /** `undefined`: the search is over. */
  readonly search: Search | undefined;
  readonly draft: Draft;
  readonly below: string | undefined;
};

/** Begins a search (Ctrl+R). */
export function findEarlier(
  before: Draft,
  history: readonly string[],
): SearchStep & { readonly below: string } {
  const search = { query: "", place: history.length, before };
  return { search, draft: before, below: describe(search, true) };
}

/** Letters are searched for, Ctrl+R goes to earlier lines, Enter takes the line, Esc leaves. */
export function searchKey(key: Key, search: Search, history: readonly string[]): SearchStep {
  const { query, place, before } = search;
  if (key.kind !== "key") {
    return look({ ...search, query: query + key.text, place: history.length }, history);
  }
  switch (key.name) {
    case "ctrl-r":
      return look(search, history, place - 1);
    case "backspace":
      return look({ ...search, query: query.slice(0, -1), place: history.length }, history);
    case "escape":
    case "ctrl-c":
    case "ctrl-g":
      return { search: undefined, draft: before, below: undefined };
    default:
      return { search: undefined, draft: shownOf(search, history), below: undefined };
  }
}

function look(search: Search, history: readonly string[], from = history.length - 1): SearchStep {
  const { query } = search;
  const place = query === "" ? -1 : findBackwards(history, query, from);
  const found = place === -1 ? search : { ...search, place };
  const isFound = place !== -1 || query === "";
  return { search: found, draft: shownOf(found, history), below: describe(found, isFound) };
}

function findBackwards(history: readonly string[], query: string, from: number): number {
  const wanted = query.toLowerCase();
  for (let place = from; place >= 0; place -= 1) {
    if (history[place]?.toLowerCase().includes(wanted)) {
      return place;
    }
  }
  return -1;
}

function shownOf({ place, before }: Search, history: readonly string[]): Draft {
  const line = history[place];
  return line === undefined ? before : draftOf(line);
}

function describe({ query }: Search, isFound: boolean): string {
  const what = isFound ? "search" : "nothing earlier with";
  return `(${what}: ${query}) Ctrl+R earlier · Enter takes it · Esc leaves`;
}
