import { describe, expect, test } from "bun:test";
import type { KeyQueue } from "../../../src/chat/editor/key-queue.ts";
import { createLineState, type LineRead } from "../../../src/chat/editor/line-state.ts";
import { readLine } from "../../../src/chat/editor/read-line.ts";
import { completeSlash } from "../../../src/chat/session/slash-commands.ts";
import type { Key } from "../../../src/runtime.ts";
import { createKeyParser } from "../../../src/terminal/parse-keys.ts";
import { openScreen, screenOutput } from "../../support/screen.ts";

/** What a terminal sends, milliseconds that go by, or another width. */
type Step = string | number | { readonly columns: number };

const UP = "\u001b[A";
const DOWN = "\u001b[B";
const LEFT = "\u001b[D";
const [CTRL_C, CTRL_D, CTRL_L, CTRL_U] = ["\u0003", "\u0004", "\u000c", "\u0015"];
const [CTRL_N, CTRL_P, CTRL_K, CTRL_W, CTRL_Y] = ["\u000e", "\u0010", "\u000b", "\u0017", "\u0019"];
const ALT_ENTER = "\u001b\r";

type Arrival = Key | Exclude<Step, string>;

type Given = {
  readonly steps: readonly Step[];
  readonly history?: readonly string[];
};

/**
 * Reads a line from these steps, after which the keyboard is gone, and says what the screen showed
 * before the last key.
 */
async function read({ steps, history = [] }: Given) {
  const screen = openScreen({ cols: 50, rows: 10 });
  const stdout = screenOutput(screen);
  let now = 1000;
  const waiting = steps.flatMap((step): Arrival[] =>
    typeof step === "string" ? keysOf(step) : [step],
  );
  let shown = "";
  const keys: KeyQueue = {
    next: async () => {
      shown = screen.text();
      const step = waiting.shift();
      if (typeof step === "number") {
        now += step;
        return keys.next();
      }
      if (step !== undefined && "columns" in step) {
        screen.resize(step.columns, 10);
        return { kind: "redraw" };
      }
      return step === undefined ? { kind: "end" } : { kind: "key", key: step };
    },
    isEmpty: () => true,
    listen: () => () => undefined,
    forget: () => undefined,
    lend: (action) => action(),
    close: async () => undefined,
  };
  const terminal = { size: screen.size, open: async () => ({ close: async () => undefined }) };
  const line = await readLine({ stdout, terminal, now: () => now }, keys, {
    state: createLineState(),
    complete: completeSlash,
    edit: async (text) => text,
    history,
    prompts: { first: "> ", others: "  " },
    dim: (each) => `\u001b[2m${each}\u001b[22m`,
  });
  return { line, shown, left: screen.text(), unread: waiting.length };
}

function keysOf(sent: string): Key[] {
  const parser = createKeyParser();
  return [...parser.push(sent), ...parser.flush()];
}

function paste(text: string): string {
  return `\u001b[200~${text}\u001b[201~`;
}

function line(text: string): LineRead {
  return { kind: "line", text, shown: text, pastes: new Map() };
}

const END: LineRead = { kind: "end" };

describe("readLine() reads", () => {
  const history = ["one", "two\nlines", "three"];
  const cases: readonly (readonly [name: string, given: Given, read: LineRead])[] = [
    ["a line", { steps: ["hello\r"] }, line("hello")],
    ["what was edited", { steps: [`hllo${LEFT}${LEFT}${LEFT}e\r`] }, line("hello")],
    ["no empty line", { steps: ["\r \r\r"] }, END],
    ["several lines with a backslash", { steps: ["a\\\rb\\\r\r"] }, line("a\nb\n")],
    ["that backslash from anywhere", { steps: [`ab\\${LEFT}${LEFT}\rc\r`] }, line("ab\nc")],
    ["a backslash within a line", { steps: ["a\\b\r"] }, line("a\\b")],
    ["several lines with Alt+Enter", { steps: [`ac${LEFT}${ALT_ENTER}b\r`] }, line("a\nbc")],
    [
      "an earlier line with Ctrl+P",
      { history, steps: [`${CTRL_P}${CTRL_P}${CTRL_N}\r`] },
      line("three"),
    ],
    ["what Ctrl+U took", { steps: [`one two${CTRL_U}x ${CTRL_Y}\r`] }, line("x one two")],
    ["what Ctrl+K took", { steps: [`ab${LEFT}${CTRL_K}${LEFT}${CTRL_Y}\r`] }, line("ba")],
    [
      "what Ctrl+W took, twice",
      { steps: [`one two${CTRL_W}${CTRL_Y}${CTRL_Y}\r`] },
      line("one twotwo"),
    ],
    ["what was taken last", { steps: [`a b${CTRL_W}${CTRL_U}${CTRL_U}${CTRL_Y}\r`] }, line("a ")],
    ["nothing for Ctrl+Y alone", { steps: [`a${CTRL_Y}\u007fb\r`] }, line("b")],
    ["a paste with its line breaks", { steps: [paste("a\r\nb\n"), "c\r"] }, line("a\nb\nc")],
    ["a paste within a line", { steps: [`ad${LEFT}`, paste("b\nc"), "\r"] }, line("ab\ncd")],
    ["two lines that come at once as two", { steps: ["a\rb\r"] }, line("a")],
    ["the last line", { history, steps: [`${UP}\r`] }, line("three")],
    ["an earlier line", { history, steps: [`${UP}${UP}${UP}\r`] }, line("two\nlines")],
    ["the earliest", { history, steps: [`${UP.repeat(9)}\r`] }, line("one")],
    ["an earlier line that was edited", { history, steps: [`${UP}!\r`] }, line("three!")],
    ["a later line", { history, steps: [`${UP.repeat(9)}${DOWN}${DOWN}\r`] }, line("three")],
    ["what was being written", { history, steps: [`new${UP}${DOWN}\r`] }, line("new")],
    ["that after more than one", { history, steps: [`n${UP}${UP}${DOWN.repeat(5)}\r`] }, line("n")],
    ["nothing without history", { steps: [`a${UP}${DOWN}\r`] }, line("a")],
    ["a line above first", { history, steps: [paste("a\nb"), `${UP}c\r`] }, line("ac\nb")],
    [
      "history from its end after Ctrl+C",
      { history, steps: [`${UP}${CTRL_C}${UP}\r`] },
      line("three"),
    ],
    ["nothing that was cleared", { history, steps: [`a${UP}${CTRL_C}${DOWN}b\r`] }, line("b")],
    ["past keys that mean nothing", { steps: ["a\u001b[15~\u001b\u001b[Z\u001bxb\r"] }, line("ab")],
  ];
  test.each(cases)("%s", async (_name, given, expected) => {
    expect((await read(given)).line).toEqual(expected);
  });
});

describe("readLine() ends", () => {
  const hint = ">\n(Ctrl+C again to leave)";
  const cases: readonly (readonly [
    name: string,
    steps: readonly Step[],
    read: LineRead,
    shown: string,
  ])[] = [
    ["with Ctrl+D on an empty line", [CTRL_D], END, ">"],
    ["not with Ctrl+D on text, which it edits", [`ab${LEFT}${CTRL_D}\r`], line("a"), "> a"],
    ["with Ctrl+D once the text is gone", [`a${CTRL_U}${CTRL_D}`], END, ">"],
    ["where the keyboard is gone", ["abc"], END, "> abc"],
    ["with Ctrl+C twice", [CTRL_C, CTRL_C], { kind: "interrupted" }, hint],
    ["with Ctrl+C again in time", [CTRL_C, 2000, CTRL_C], { kind: "interrupted" }, hint],
    ["not with Ctrl+C too late", [CTRL_C, 2001, CTRL_C], END, hint],
    ["then with the next one", [CTRL_C, 2001, CTRL_C, 1, CTRL_C], { kind: "interrupted" }, hint],
    ["not with the Ctrl+C that clears the line", ["a", CTRL_C, CTRL_C], END, hint],
    ["then with the third", ["a", CTRL_C, CTRL_C, CTRL_C], { kind: "interrupted" }, hint],
    ["no hint once something else is typed", [CTRL_C, "a"], END, "> a"],
  ];
  test.each(cases)("%s", async (_name, steps, expected, shown) => {
    const result = await read({ steps });
    expect([result.line, result.shown]).toEqual([expected, shown]);
  });
});

describe("readLine() completes with Tab", () => {
  const all =
    "/auth  /model  /account  /models  /status  /think\n/retry  /copy  /save  /resume  /clear  /help\n/quit  /exit";
  const cases: readonly (readonly [name: string, typed: string, shown: string])[] = [
    ["the one name that fits", "/st\t", "> /status"],
    ["an alias", "/e\t", "> /exit"],
    ["nothing but shows all that fit", "/\t", `> /\n${all}`],
    ["no unknown name", "/x\t", "> /x"],
    ["no text", "hello\t", "> hello"],
    ["nothing within a name", `/st${LEFT}\t`, "> /st"],
    ["nothing behind a name", "/model g\t", "> /model g"],
    ["and forgets what it showed", "/\tq", "> /q"],
  ];
  test.each(cases)("%s", async (_name, typed, shown) => {
    expect((await read({ steps: [typed] })).shown).toBe(shown);
  });

  test("so that Enter submits it", async () => {
    expect((await read({ steps: ["/st\t\r"] })).line).toEqual(line("/status "));
  });
});

describe("readLine() leaves on the screen", () => {
  const cases: readonly (readonly [name: string, steps: readonly Step[], left: string])[] = [
    ["the line", ["hello\r"], "> hello"],
    ["all of it, the cursor anywhere", [paste("a\nb\nc"), `${UP}${UP}\r`], "> a\n  b\n  c"],
    ["no hint", [CTRL_C, CTRL_C], ">"],
    ["the line alone after Ctrl+L", ["a", CTRL_L, "b\r"], "> ab"],
    ["the line as wide as the screen is now", ["hello you", { columns: 8 }, "\r"], "> hello\nyou"],
  ];
  test.each(cases)("%s", async (_name, steps, left) => {
    const result = await read({ steps });
    expect([result.left, result.unread]).toEqual([left, 0]);
  });
});
