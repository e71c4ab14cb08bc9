import { describe, expect, test } from "bun:test";
import {
  applyKey,
  createLineState,
  resetLine,
  restoreLine,
  type Step,
  typedLine,
} from "../../../src/chat/editor/line-state.ts";
import { createKeyParser } from "../../../src/terminal/parse-keys.ts";

const UP = "\u001b[A";
const DOWN = "\u001b[B";
const LEFT = "\u001b[D";
const CTRL_C = "\u0003";
const LEAVE = "<(Ctrl+C again to leave)>";

type Given = {
  readonly history?: readonly string[];
  /** What the clock says at each look. */
  readonly times?: readonly number[];
};

/** The state that keys lead to, and what the last one did. */
function typed(text: string, { history = ["one", "two"], times = [] }: Given = {}) {
  const state = createLineState();
  const clock = [...times];
  const context = {
    history,
    dim: (line: string) => `<${line}>`,
    now: () => clock.shift() ?? 0,
    complete: (line: string) =>
      line === "/m"
        ? { line: "/model", candidates: ["/model", "/models"] }
        : { line: `${line}!`, candidates: [] },
  };
  const parser = createKeyParser();
  let step: Step = {};
  for (const key of [...parser.push(text), ...parser.flush()]) {
    step = applyKey(key, state, context);
  }
  const { draft, below } = state;
  const line = `${draft.text.slice(0, draft.cursor)}|${draft.text.slice(draft.cursor)}`;
  return { state, step, line, below };
}

describe("applyKey()", () => {
  const cases: readonly (readonly [name: string, keys: string, line: string, below?: string])[] = [
    ["types", "héllo", "héllo|"],
    ["breaks a line with Ctrl+J", "a\nb", "a\nb|"],
    ["breaks a line with Alt+Enter", "a\u001b\rb", "a\nb|"],
    ["breaks a line with Shift+Enter", "a\u001b[13;2ub", "a\nb|"],
    ["breaks a line behind a backslash", "a\\\rb", "a\nb|"],
    ["sends nothing of blanks", "  \r", "  |"],
    ["puts back what a key took away", "one two\u0017\u0019\u0019", "one twotwo|"],
    ["keeps what was taken away while others take nothing", "one\u0015\u007f\u0019", "one|"],
    ["calls up the last line", UP, "two|"],
    ["calls up the one before", `${UP}${UP}`, "one|"],
    ["stays at the first", `${UP}${UP}${UP}`, "one|"],
    ["goes back to what was being written", `ab${UP}${UP}${DOWN}${DOWN}`, "ab|"],
    ["stays there", `ab${UP}${DOWN}${DOWN}`, "ab|"],
    ["has nothing later at first", `ab${DOWN}`, "ab|"],
    ["goes by Ctrl+P and Ctrl+N", "ab\u0010\u0010\u000e", "two|"],
    ["moves within the text first", `ab\ncd${UP}`, "ab|\ncd"],
    ["then to earlier lines", `ab\ncd${UP}${UP}`, "two|"],
    ["completes at the end", "x\t", "x!|"],
    ["completes nowhere else", `x${LEFT}\t`, "|x"],
    ["names what to choose from", "/m\t", "/model|", "</model  /models>"],
    ["says it until the next key", "/m\ts", "/models|"],
    ["empties a line with Ctrl+C", `ab${CTRL_C}`, "|"],
    ["asks to leave with Ctrl+C on an empty line", CTRL_C, "|", LEAVE],
    ["forgets that with another key", `${CTRL_C}a`, "a|"],
    ["deletes with Ctrl+D within a line", `ab${LEFT}\u0004`, "a|"],
    [
      "searches with Ctrl+R",
      "\u0012on",
      "one|",
      "<(search: on) Ctrl+R earlier · Enter takes it · Esc leaves>",
    ],
    [
      "says what it searches for",
      "ab\u0012",
      "ab|",
      "<(search: ) Ctrl+R earlier · Enter takes it · Esc leaves>",
    ],
    ["leaves a search with what it found", "\u0012on\u001b[C", "one|"],
  ];
  test.each(cases.map(([name, keys, ...rest]) => ({ name, keys, rest })))(
    "$name",
    ({ keys, rest }) => {
      const [line, below] = rest;
      const shown = typed(keys, { times: [0, 0] });
      expect([shown.line, shown.below, shown.step]).toEqual([line, below, {}]);
    },
  );

  test.each<readonly [name: string, keys: string, step: Step]>([
    ["ends with Ctrl+D on an empty line", "\u0004", { done: { kind: "end" } }],
    ["clears the screen with Ctrl+L", "ab\u000c", { wants: "clear" }],
    ["opens an editor with Ctrl+G", "ab\u0007", { wants: "editor" }],
    ["sends what was typed", " ab \r", { done: typedLine(" ab ") }],
    ["sends from the middle of a line", `ab${LEFT}\r`, { done: typedLine("ab") }],
  ])("%s", (_name, keys, step) => {
    expect(typed(keys).step).toEqual(step);
  });

  test.each([
    [[0, 0, 2000], true],
    [[0, 0, 2001], false],
    [[5000, 5000, 5000], true],
  ])("leaves with two of Ctrl+C within two seconds: %j", (times, isLeft) => {
    const { step, below } = typed(`${CTRL_C}${CTRL_C}`, { times });
    expect(step).toEqual(isLeft ? { done: { kind: "interrupted" } } : {});
    expect(below).toBe(LEAVE);
  });

  test("does not leave with the first Ctrl+C, though the clock is at its beginning", () => {
    expect(typed(CTRL_C, { times: [0, 0] }).step).toEqual({});
  });

  test("sends a long paste for its chip", () => {
    const paste = "x\n".repeat(20);
    const { step } = typed(`see \u001b[200~${paste}\u001b[201~\r`);
    const chip = "[20 lines pasted]";
    expect(step).toEqual({
      done: {
        kind: "line",
        text: `see ${paste}`,
        shown: `see ${chip}`,
        pastes: new Map([[chip, paste]]),
      },
    });
  });
});

test("resetLine() keeps what keys took away, and pastes", () => {
  const { state } = typed(`one two\u0017${UP}\u0012`);
  state.pastes.set("[c]", "paste");
  resetLine(state);
  expect(state).toEqual({
    ...createLineState(),
    killed: "two",
    pastes: new Map([["[c]", "paste"]]),
  });
});

test("restoreLine() takes a message up as it was typed", () => {
  const { state } = typed(`ab${UP}`);
  restoreLine(state, { shown: "again" });
  expect(state).toEqual({
    ...createLineState(),
    draft: { ...state.draft, text: "again", cursor: 5 },
  });
});
