import { describe, expect, test } from "bun:test";
import type { Prompter } from "../../src/runtime.ts";
import { playPrompt, stacked } from "../support/play-prompt.ts";
import { KEYS } from "../support/pty.ts";

const LONG = "which is told at such a length that it takes more rows than one";
const CHOICES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"].map((label) => ({
  value: label,
  label,
  description: LONG,
}));

const search = (prompter: Prompter) =>
  prompter.search({ message: "Which of all these do you want?", choices: CHOICES });

/** The screen at the first question of a list on a screen of this size, and what is left of it. */
async function shown(columns: number, rows: number, ask = search): Promise<string> {
  const { screens } = await playPrompt(ask, [["● alpha", KEYS.enter]], { columns, rows });
  return stacked(screens);
}

describe("drawPicker()", () => {
  test("says all of each where five choices have the room", async () => {
    expect(await shown(60, 15)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which of all these do you want?
      │  Search: _
      │  ● alpha - which is told at such a length that it takes
      │    more rows than one
      │  ○ beta - which is told at such a length that it takes
      │    more rows than one
      │  ○ gamma - which is told at such a length that it takes
      │    more rows than one
      │  ○ delta - which is told at such a length that it takes
      │    more rows than one
      │  ...
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which of all these do you want?
      │  alpha - which is told at such a length that it takes more
      │  rows than one
      "
    `);
  });

  test("says it of the marked one where they do not", async () => {
    expect(await shown(60, 14)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which of all these do you want?
      │  Search: _
      │  ● alpha
      │  ○ beta
      │  ○ gamma
      │  ○ delta
      │  ○ epsilon
      │  ○ zeta
      │  which is told at such a length that it takes more rows
      │  than one
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which of all these do you want?
      │  alpha - which is told at such a length that it takes more
      │  rows than one
      "
    `);
  });

  test("says which keys alone where there is little room", async () => {
    expect(await shown(30, 16)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which of all these do you
      │  want?
      │  Search: _
      │  ● alpha
      │  ○ beta
      │  ○ gamma
      │  ○ delta
      │  ○ epsilon
      │  ○ zeta
      │  which is told at such a
      │  length that it takes more
      │  rows than one
      │  (type to search, ↑ ↓ move,
      │  Enter selects, Esc leaves)
      └

      │
      ◇  Which of all these do you
      │  want?
      │  alpha - which is told at
      │  such a length that it takes
      │  more rows than one
      "
    `);
  });

  test("says nothing of any where fewer than five rows are left", async () => {
    expect(await shown(60, 9)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which of all these do you want?
      │  Search: _
      │  ● alpha
      │  ○ beta
      │  ○ gamma
      │  ...
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which of all these do you want?
      │  alpha - which is told at such a length that it takes more
      │  rows than one
      "
    `);
    expect(await shown(60, 8)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which of all these do you want?
      │  Search: _
      │  ● alpha
      │  ○ beta
      │  ...
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which of all these do you want?
      │  alpha - which is told at such a length that it takes more
      │  rows than one
      "
    `);
  });

  test("says all of fewer than five choices", async () => {
    const few = (prompter: Prompter) =>
      prompter.search({ message: "Which?", choices: CHOICES.slice(0, 2) });
    expect(await shown(60, 9, few)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which?
      │  Search: _
      │  ● alpha - which is told at such a length that it takes
      │    more rows than one
      │  ○ beta - which is told at such a length that it takes
      │    more rows than one
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which?
      │  alpha - which is told at such a length that it takes more
      │  rows than one
      "
    `);
    expect(await shown(60, 8, few)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which?
      │  Search: _
      │  ● alpha
      │  ○ beta
      │  (type to search, ↑ ↓ move, Enter selects, Esc leaves)
      └

      │
      ◇  Which?
      │  alpha - which is told at such a length that it takes more
      │  rows than one
      "
    `);
  });

  test("leaves three rows of a long answer", async () => {
    expect(await shown(24, 24)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which of all these do
      │  you want?
      │  Search: _
      │  ● alpha
      │  ○ beta
      │  ○ gamma
      │  ○ delta
      │  ○ epsilon
      │  ○ zeta
      │  which is told at such
      │  a length that it
      │  takes more rows than
      │  (↑ ↓ Enter Esc)
      └

      │
      ◇  Which of all these do
      │  you want?
      │  alpha - which is told
      │  at such a length that
      │  it takes more rows
      "
    `);
  });
});
