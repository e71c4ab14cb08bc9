import { cellsOf, FIRST_UNIT, isBlank, mayBreakBetween, SIMPLE, unitsOf } from "./words.ts";

/** Emphasises a text; nothing depends on it. */
export type Paint = (text: string) => string;

/** What stands at the beginning of rows: as it is written, and how many cells it takes. */
export type Margin = { readonly text: string; readonly width: number };

/** Text that is written word after word, each where it fits. What was written is never changed. */
export type Flow = {
  /** What is to be written of a further text; its last word waits, since more of it may come. */
  readonly add: (text: string, paint: Paint) => string;
  /** The last word as far as it came; more of it goes on behind it. */
  readonly pause: () => string;
  /** The last word. */
  readonly end: () => string;
};

type Run = {
  readonly text: string;
  readonly paint: Paint;
  /** Cells. */
  readonly width: number;
};

type FlowOptions = {
  /** Cells of a row, now: a terminal may be resized meanwhile. */
  readonly width: () => number;
  /** Where the first row goes on. */
  readonly column: number;
  /** What stands before each further row. */
  readonly hang: Margin;
};

/** A longer word is written in parts: all of it would have to come first. */
const MOST_PARTS = 256;
const LONGEST_PART = 4096;

export const plain: Paint = (text) => text;

type State = {
  readonly options: FlowOptions;
  column: number;
  /** No word stands on the row yet. */
  isFresh: boolean;
  /** What stands before the word that waits, and the word. */
  blank: Run[];
  word: Run[];
  /** The last unit of the word. */
  last: string;
  /** A part of the word stands already. */
  isBegun: boolean;
  written: Run[];
};

/**
 * Breaks text at words and between the characters of Chinese and Japanese, by display width. A word
 * that is wider than a row gets one of its own, which the terminal breaks: a URL or a path that is
 * copied then holds no line break. `add` takes single lines.
 */
export function createFlow(options: FlowOptions): Flow {
  const state: State = {
    options,
    column: options.column,
    isFresh: true,
    blank: [],
    word: [],
    last: "",
    isBegun: false,
    written: [],
  };
  const take = (): string => {
    const text = joined(state.written);
    state.written = [];
    return text;
  };
  return {
    add: (text, paint) => {
      add(state, text, paint);
      return take();
    },
    pause: () => {
      const isWord = state.word.length > 0;
      place(state);
      state.isBegun = isWord;
      return take();
    },
    end: () => {
      place(state);
      state.blank = [];
      return take();
    },
  };
}

function add(state: State, text: string, paint: Paint): void {
  let rest = text;
  if (SIMPLE.test(text)) {
    // Nearly all text is like this, and a row at once takes a third of the time of its words.
    for (let [unit] = FIRST_UNIT.exec(rest) ?? []; unit !== undefined; ) {
      const filled = state.word.length > 0 || isBlank(unit) ? 0 : fill(state, rest, paint);
      if (filled === 0) {
        addUnit(state, unit, paint);
      }
      rest = rest.slice(filled || unit.length);
      unit = FIRST_UNIT.exec(rest)?.[0];
    }
  }
  for (const unit of unitsOf(rest)) {
    addUnit(state, unit, paint);
  }
}

/** Writes all the words at once that the row has room for; how much of the text they are. */
function fill(state: State, text: string, paint: Paint): number {
  const gap = widthOf(state.blank);
  const room = state.options.width() - state.column - gap;
  const end = text.length <= room ? text.lastIndexOf(" ") : text.lastIndexOf(" ", room);
  const words = text.slice(0, Math.max(end, 0)).trimEnd();
  if (words === "") {
    return 0;
  }
  state.written.push(...state.blank, { text: words, paint, width: words.length });
  state.column += gap + words.length;
  state.isFresh = false;
  state.blank = [];
  return words.length;
}

function addUnit(state: State, unit: string, paint: Paint): void {
  if (isBlank(unit)) {
    place(state);
    state.blank.push({
      text: unit.includes("\t") ? unit.replaceAll("\t", " ") : unit,
      paint,
      width: unit.length,
    });
    return;
  }
  if (state.last !== "" && mayBreakBetween(state.last, unit)) {
    place(state);
  }
  state.word.push({ text: unit, paint, width: cellsOf(unit) });
  state.last = unit;
  if (state.word.length > MOST_PARTS || unit.length > LONGEST_PART) {
    place(state);
    state.isBegun = true;
  }
}

/** Writes the word that waits, on the next row where this one has no room for it. */
function place(state: State): void {
  const { blank, word, written } = state;
  const { hang, width } = state.options;
  if (word.length === 0) {
    state.isBegun = false;
    return;
  }
  const cells = widthOf(word);
  const gap = widthOf(blank);
  const columns = width();
  if (!state.isBegun && !state.isFresh && state.column + gap + cells > columns) {
    written.push({ text: `\n${hang.text}`, paint: plain, width: 0 }, ...word);
    state.column = hang.width + cells;
  } else {
    written.push(...blank, ...word);
    state.column += gap + cells;
  }
  if (state.column > columns) {
    state.column = state.column % columns || columns;
  }
  state.isFresh = false;
  state.blank = [];
  state.word = [];
  state.last = "";
  state.isBegun = false;
}

function widthOf(runs: readonly Run[]): number {
  let width = 0;
  for (const run of runs) {
    width += run.width;
  }
  return width;
}

/** Neighbours that are painted alike are painted together. */
function joined(runs: readonly Run[]): string {
  let all = "";
  let text = "";
  let paint = plain;
  for (const run of runs) {
    if (run.paint !== paint) {
      all += text === "" ? "" : paint(text);
      text = "";
      paint = run.paint;
    }
    text += run.text;
  }
  return all + (text === "" ? "" : paint(text));
}
