import { type Readable, Transform } from "node:stream";
import { CANCEL_SYMBOL, confirm, password, text } from "@clack/prompts";
import type { Answer, Choice, Group, Prompter } from "../runtime.ts";
import type { Translate } from "../words/translate.ts";
import { drawInAscii } from "./ascii.ts";
import { frameComplaint, frameNotes } from "./frame-notes.ts";
import { redraw } from "./redraw.ts";
import { translatePrompts } from "./translate-prompts.ts";

type Terminal = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
};

type Look = {
  /** `undefined`: English. */
  readonly words?: Translate | undefined;
  readonly isAscii?: boolean | undefined;
};

type Streams = { readonly input: Readable; readonly output: NodeJS.WriteStream };

/** The keyboard as a prompt reads it. */
type Keyboard = {
  readonly input: Readable & { readonly setRawMode: (isRaw: boolean) => unknown };
  /** Reads the terminal until the returned function is called. */
  readonly open: () => () => void;
};

type Place = Keyboard & Pick<Streams, "output"> & { readonly words: Translate };

/** What terminals send unasked: mouse and cursor position reports. Readline would type them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence is what is looked for
const REPORT = /\u001b\[(?:<[\d;]*[Mm]|M[\s\S]{3}|\d+;\d+R)/g;

/**
 * The keyboard's bytes without such reports; raw mode still is the terminal's own. Between two
 * questions the keys are somebody else's, who may have left the terminal paused.
 */
function withoutReports(terminal: NodeJS.ReadStream): Keyboard {
  const filter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      done(null, Buffer.from(chunk.toString("latin1").replace(REPORT, ""), "latin1"));
    },
  });
  const input = Object.assign(filter, {
    isTTY: true,
    setRawMode: (isRaw: boolean) => terminal.setRawMode(isRaw),
  });
  return {
    input,
    open: () => {
      terminal.pipe(filter);
      return () => terminal.unpipe(filter);
    },
  };
}

/** Whoever stops a prompt gets the cursor back, which it hides. */
const SHOW_CURSOR = "\u001b[?25h";
const HIDE_CURSOR = "\u001b[?25l";
/** Milliseconds after which a process that should be stopped is not. */
const STOP_WAIT_MS = 100;

type Key = { name?: string; sequence?: string; ctrl?: boolean };

/** What stands below every list (`spec/cli.md`, "The menu"). */
const FOOTER = "(Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)";

/** A longer list would push what stands above off the screen. */
const SEARCH_ROWS = 8;

/** Prompts over clack, drawn on `output`. */
export function clackPrompter(
  { input, output }: Terminal,
  { words: translate, isAscii }: Look = {},
): Prompter {
  const words = translate ?? ((text: string) => text);
  const drawn = isAscii ? redraw(output, drawInAscii) : output;
  const place = { ...withoutReports(input), output: drawn, words };
  const prompter = englishPrompter(place);
  return translate === undefined ? prompter : translatePrompts(prompter, translate);
}

function englishPrompter(place: Place): Prompter {
  return {
    select: async ({ message, choices, initial }) => {
      const { createList } = await import("./list-prompt.ts");
      const answer = await ask(place, (common) =>
        createList({
          ...{ message, choices, initial, footer: place.words(FOOTER) },
          ...common,
        }).prompt(),
      );
      return chosen(choices, answer);
    },
    search: ({ message, choices, initial }) => {
      const groups = [{ heading: "", choices }];
      const joint = " - ";
      return pick(place, { message, groups, joint, ...(initial === undefined ? {} : { initial }) });
    },
    pick: (question) => pick(place, question),
    searchMany: (question) => searchMany(place, question),
    text: ({ message, remark, fallback, validate }) =>
      ask(place, (common) =>
        text({
          message: frameNotes(message, columnsOf(place)),
          ...common,
          ...(remark === undefined ? {} : { placeholder: frameNotes(remark, columnsOf(place)) }),
          ...(fallback === undefined ? {} : { defaultValue: fallback }),
          validate: complaining(place, validate),
        }),
      ),
    password: ({ message, validate }) =>
      ask(place, (common) =>
        password({
          message: frameNotes(message, columnsOf(place)),
          mask: "*",
          ...common,
          validate: complaining(place, validate),
        }),
      ),
    confirm: ({ message, yes, no, initial = true }) =>
      ask(place, (common) =>
        confirm({ message, ...common, active: yes, inactive: no, initialValue: initial }),
      ),
  };
}

function columnsOf({ output }: Pick<Place, "output">): number {
  return output.columns || 80;
}

function complaining(place: Place, validate: (value: string) => string | undefined) {
  return (value: string | undefined): string | undefined => {
    const complaint = validate(value ?? "");
    return complaint && frameComplaint(complaint, columnsOf(place));
  };
}

type PickerOptions<Value extends string> = {
  readonly message: string;
  readonly groups: readonly Group<Value>[];
  readonly initial?: Value;
  readonly joint?: string;
};

async function pick<Value extends string>(
  place: Place,
  { message, groups, initial, joint }: PickerOptions<Value>,
): Promise<Answer<Value>> {
  const { createGroupPicker } = await import("./group-picker.ts");
  const maxItems = SEARCH_ROWS + groups.length;
  const answer = await ask(place, (common) =>
    createGroupPicker({
      ...{ message, groups, initial, joint, maxItems, isMatch, words: place.words },
      ...common,
    }).prompt(),
  );
  return chosen(
    groups.flatMap((group) => group.choices),
    answer,
  );
}

type Many<Value extends string> = {
  readonly message: string;
  readonly choices: readonly Choice<Value>[];
  readonly initial: readonly Value[];
};

async function searchMany<Value extends string>(
  place: Place,
  { message, choices, initial }: Many<Value>,
): Promise<Answer<readonly Value[]>> {
  const { chosenOf, createManyPicker } = await import("./many-picker.ts");
  let taken: readonly string[] = [];
  const answer = await ask(place, async (common) => {
    const picker = createManyPicker({
      ...{ message, choices, initial, isMatch, maxItems: SEARCH_ROWS, words: place.words },
      ...common,
    });
    const value = await picker.prompt();
    taken = chosenOf(picker);
    return value;
  });
  if (answer.kind !== "value") {
    return answer;
  }
  const found = taken.map((value) => choices.find((choice) => choice.value === value));
  return { kind: "value", value: found.flatMap((choice) => choice?.value ?? []) };
}

/** Every word that is typed must stand somewhere, in any letter case. */
function isMatch(typed: string, line: string): boolean {
  const lowered = line.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lowered.includes(word));
}

function chosen<Value extends string>(
  choices: readonly Choice<Value>[],
  answer: Answer<unknown>,
): Answer<Value> {
  if (answer.kind !== "value") {
    return answer;
  }
  const choice = choices.find(({ value }) => value === answer.value);
  return choice === undefined ? { kind: "cancelled" } : { kind: "value", value: choice.value };
}

/**
 * Asks once. Clack answers Esc and Ctrl+C alike, so which of the two it was is read from the key;
 * Ctrl+D, which would end readline without an answer, is Ctrl+C; a line feed submits like Enter, so
 * that a key pasted with its line end works.
 */
async function ask<Value>(
  { input, output, open }: Place,
  prompt: (options: Streams) => Promise<Value | typeof CANCEL_SYMBOL>,
): Promise<Answer<Value>> {
  let isEscape = false;
  let unstopped: Timer | undefined;
  const watch = (_text: string | undefined, key?: Key): void => {
    isEscape = key?.name === "escape";
    if (key?.name === "enter") {
      key.name = "return";
    }
    if (key?.ctrl === true && key.name === "d") {
      key.name = "c";
      key.sequence = "\u0003";
    }
    if (key?.ctrl === true && key.name === "z") {
      output.write(SHOW_CURSOR);
      // Nothing stops PID 1, and readline has left raw mode, in which no key is shown.
      clearTimeout(unstopped);
      unstopped = setTimeout(() => input.setRawMode(true), STOP_WAIT_MS);
      // Readline pauses the keyboard when the process goes on, and leaves it at that.
      input.once("pause", () => {
        output.write(HIDE_CURSOR);
        queueMicrotask(() => input.resume());
      });
    }
  };
  input.on("keypress", watch);
  const close = open();
  try {
    const answer = await prompt({ input, output });
    if (answer === CANCEL_SYMBOL) {
      return isEscape ? { kind: "back" } : { kind: "cancelled" };
    }
    return { kind: "value", value: answer };
  } finally {
    close();
    input.off("keypress", watch);
    if (unstopped !== undefined) {
      clearTimeout(unstopped);
      // Where nothing was stopped, the pause comes at the end.
      output.write(SHOW_CURSOR);
    }
  }
}
