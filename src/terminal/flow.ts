import { cellsOf, isBlank, isRun, mayBreakBetween, runsOf, SIMPLE } from "./words.ts";

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

/** A text that grows as long as what follows is painted like it. */
type Run = { text: string; readonly paint: Paint };

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
  /** What stands before the word that waits, and the word; how many cells they take. */
  blank: Run[];
  word: Run[];
  blankCells: number;
  wordCells: number;
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
    blankCells: 0,
    wordCells: 0,
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
      state.blankCells = 0;
      return take();
    },
  };
}

function add(state: State, text: string, paint: Paint): void {
  if (SIMPLE.test(text)) {
    addSimple(state, text, paint);
    return;
  }
  for (const unit of runsOf(text)) {
    if (isRun(unit)) {
      addRun(state, unit, paint);
    } else {
      addUnit(state, unit, paint);
    }
  }
}

/** Writes as many ideographs at once as the row has room for. */
function addRun(state: State, run: string, paint: Paint): void {
  if (state.last !== "" && mayBreakBetween(state.last, run)) {
    place(state);
  }
  for (let at = 0; at < run.length; ) {
    const room = state.options.width() - state.column - state.blankCells;
    const count = state.word.length > 0 ? 0 : Math.floor(room / 2);
    const part = run.slice(at, at + Math.max(count, 1));
    if (count > 0) {
      writeBlank(state);
      write(state, { text: part, paint });
      state.column += 2 * part.length;
      state.isFresh = false;
      state.isBegun = false;
    } else {
      addUnit(state, part, paint);
      place(state);
    }
    at += part.length;
  }
}

/** Nearly all text is like this, and a row at once takes a third of the time of its words. */
function addSimple(state: State, text: string, paint: Paint): void {
  for (let at = 0; at < text.length; ) {
    const begins = text[at] !== " " && state.word.length === 0;
    const filled = begins ? fill(state, text.slice(at), paint) : 0;
    const end = filled > 0 ? at + filled : endOfUnit(text, at);
    if (filled === 0) {
      addUnit(state, text.slice(at, end), paint);
    }
    at = end;
  }
}

/** Where the word ends that begins there, or the blanks. */
function endOfUnit(text: string, begin: number): number {
  if (text[begin] !== " ") {
    const end = text.indexOf(" ", begin);
    return end === -1 ? text.length : end;
  }
  let end = begin;
  while (text[end] === " ") {
    end += 1;
  }
  return end;
}

/** Writes all the words at once that the row has room for; how much of the text they are. */
function fill(state: State, text: string, paint: Paint): number {
  const room = state.options.width() - state.column - state.blankCells;
  const end = text.length <= room ? text.lastIndexOf(" ") : text.lastIndexOf(" ", room);
  const words = text.slice(0, Math.max(end, 0)).trimEnd();
  if (words === "") {
    return 0;
  }
  writeBlank(state);
  write(state, { text: words, paint });
  state.column += words.length;
  state.isFresh = false;
  return words.length;
}

function addUnit(state: State, unit: string, paint: Paint): void {
  if (isBlank(unit)) {
    place(state);
    state.blank.push({ text: unit.includes("\t") ? unit.replaceAll("\t", " ") : unit, paint });
    state.blankCells += unit.length;
    return;
  }
  if (state.last !== "" && mayBreakBetween(state.last, unit)) {
    place(state);
  }
  state.word.push({ text: unit, paint });
  state.wordCells += cellsOf(unit);
  state.last = unit;
  if (state.word.length > MOST_PARTS || unit.length > LONGEST_PART) {
    place(state);
    state.isBegun = true;
  }
}

/** Writes the word that waits, on the next row where this one has no room for it. */
function place(state: State): void {
  const { blankCells, word, wordCells } = state;
  if (word.length === 0) {
    state.isBegun = false;
    return;
  }
  const { hang, width } = state.options;
  const columns = width();
  if (!state.isBegun && !state.isFresh && state.column + blankCells + wordCells > columns) {
    write(state, { text: `\n${hang.text}`, paint: plain });
    state.column = hang.width;
    state.blank = [];
    state.blankCells = 0;
  } else {
    writeBlank(state);
  }
  for (const run of word) {
    write(state, run);
  }
  state.column += wordCells;
  if (state.column > columns) {
    state.column = state.column % columns || columns;
  }
  state.isFresh = false;
  state.word = [];
  state.wordCells = 0;
  state.last = "";
  state.isBegun = false;
}

function writeBlank(state: State): void {
  if (state.blank.length > 0) {
    for (const run of state.blank) {
      write(state, run);
    }
    state.column += state.blankCells;
    state.blank = [];
    state.blankCells = 0;
  }
}

/** Neighbours that are painted alike are painted together. */
function write({ written }: State, run: Run): void {
  const last = written[written.length - 1];
  if (last?.paint === run.paint) {
    last.text += run.text;
  } else {
    written.push(run);
  }
}

function joined(runs: readonly Run[]): string {
  let all = "";
  for (const { text, paint } of runs) {
    all += text === "" ? "" : paint(text);
  }
  return all;
}
