import { describe, expect, test } from "bun:test";
import type { Group, Prompter } from "../../src/runtime.ts";
import { playPrompt, stacked } from "../support/play-prompt.ts";
import { KEYS } from "../support/pty.ts";

const GROUPS: readonly Group<string>[] = [
  {
    heading: "China",
    choices: [
      { value: "a", label: "Alpha", description: "the first of all" },
      { value: "b", label: "Beta" },
    ],
  },
  { heading: "Nowhere", choices: [] },
  { heading: "", choices: [{ value: "own", label: "Own", description: "asks for a URL" }] },
  { heading: "World", choices: [{ value: "c", label: "Gamma", description: "the last" }] },
];

const pick = (prompter: Prompter) => prompter.pick({ message: "Which?", groups: GROUPS });

describe("a list in groups", () => {
  test("has headings that are never chosen, and leaves what was", async () => {
    const { screens, answer } = await playPrompt(pick, [
      ["● Alpha", KEYS.down],
      ["● Beta", KEYS.down],
      ["● Own", KEYS.down],
      ["● Gamma", KEYS.enter],
    ]);
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which?
      │  Search: _
      │  China
      │  ● Alpha  the first of all
      │  ○ Beta
      │  ○ Own  asks for a URL
      │  World
      │  ○ Gamma  the last
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◆  Which?
      │  Search:
      │  China
      │  ○ Alpha  the first of all
      │  ● Beta
      │  ○ Own  asks for a URL
      │  World
      │  ○ Gamma  the last
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◆  Which?
      │  Search:
      │  China
      │  ○ Alpha  the first of all
      │  ○ Beta
      │  ● Own  asks for a URL
      │  World
      │  ○ Gamma  the last
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◆  Which?
      │  Search:
      │  China
      │  ○ Alpha  the first of all
      │  ○ Beta
      │  ○ Own  asks for a URL
      │  World
      │  ● Gamma  the last
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which?
      │  Gamma  the last
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "c" });
  });

  test("begins where it is told", async () => {
    const { screens, answer } = await playPrompt(
      (prompter) => prompter.pick({ message: "Which?", groups: GROUPS, initial: "own" }),
      [["● Own", KEYS.enter]],
    );
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which?
      │  Search: _
      │  China
      │  ○ Alpha  the first of all
      │  ○ Beta
      │  ● Own  asks for a URL
      │  World
      │  ○ Gamma  the last
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which?
      │  Own  asks for a URL
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "own" });
  });

  test.each([
    ["a word of a heading", "world", "c", ["│  World", "│  ● Gamma  the last"]],
    ["words in any order and case", "FIRST alp", "a", ["│  China", "│  ● Alpha  the first of all"]],
    ["a word without a heading", "url", "own", ["│  ● Own  asks for a URL"]],
  ])("finds by %s", async (_name, typed, value, rows) => {
    const { screens, answer } = await playPrompt(pick, [
      ["● Alpha", typed],
      [`Search: ${typed}`, KEYS.enter],
    ]);
    expect(screens[1]?.split("\n").slice(3, -2)).toEqual(rows);
    expect(answer).toEqual({ kind: "value", value });
  });

  test("says that nothing matches, and does not end with that", async () => {
    const { screens, answer } = await playPrompt(pick, [
      ["● Alpha", "zz"],
      ["Nothing matches.", KEYS.enter],
      ["▲", KEYS.backspace],
      ["Search: z", KEYS.backspace],
      ["● Alpha", KEYS.enter],
    ]);
    expect(stacked(screens.slice(1, 3))).toMatchInlineSnapshot(`
      "
      │
      ◆  Which?
      │  Search: zz█
      │  Nothing matches.
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ▲  Which?
      │  Search: zz█
      │  Nothing matches.
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "a" });
  });

  test("is left by Escape without an answer", async () => {
    const { screens, answer } = await playPrompt(pick, [["● Alpha", KEYS.escape]]);
    expect(screens.at(-1)).toMatchInlineSnapshot(`
      "│
      ■  Which?
      │"
    `);
    expect(answer).toEqual({ kind: "back" });
  });
});

describe("a list in which what is typed searches", () => {
  const choices = Array.from({ length: 12 }, (_, index) => ({
    value: `m${index}`,
    label: `model-${index}`,
    ...(index % 2 === 0 ? { description: "a paid one" } : {}),
  }));
  const search = (prompter: Prompter) =>
    prompter.search({ message: "Which model?", choices, initial: "m5" });

  test("shows eight rows, begins where it is told and tells with a dash", async () => {
    const { screens, answer } = await playPrompt(search, [
      ["● model-5", KEYS.down],
      ["● model-6", KEYS.enter],
    ]);
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which model?
      │  Search: _
      │  ○ model-0 - a paid one
      │  ○ model-1
      │  ○ model-2 - a paid one
      │  ○ model-3
      │  ○ model-4 - a paid one
      │  ● model-5
      │  ○ model-6 - a paid one
      │  ○ model-7
      │  ...
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◆  Which model?
      │  Search:
      │  ○ model-0 - a paid one
      │  ○ model-1
      │  ○ model-2 - a paid one
      │  ○ model-3
      │  ○ model-4 - a paid one
      │  ○ model-5
      │  ● model-6 - a paid one
      │  ○ model-7
      │  ...
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which model?
      │  model-6 - a paid one
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "m6" });
  });

  test("finds by what is typed", async () => {
    const { screens, answer } = await playPrompt(search, [
      ["● model-5", "-1"],
      ["Search: -1", KEYS.enter],
    ]);
    expect(stacked(screens.slice(1))).toMatchInlineSnapshot(`
      "
      │
      ◆  Which model?
      │  Search: -1█
      │  ● model-1
      │  ○ model-10 - a paid one
      │  ○ model-11
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which model?
      │  model-1
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "m1" });
  });
});
