import { expect, test } from "bun:test";
import type { Prompter } from "../../src/runtime.ts";
import { playPrompt, stacked } from "../support/play-prompt.ts";
import { KEYS } from "../support/pty.ts";

const CHOICES = [
  { value: "a", label: "Alpha", description: "the first of all" },
  { value: "b", label: "Beta" },
  { value: "c", label: "Gamma", description: "the last of all that there are, which is long" },
] as const;

const select = (prompter: Prompter) => prompter.select({ message: "Which?", choices: CHOICES });

test("a list shows all that is said of each, and leaves what was chosen", async () => {
  const { screens, answer } = await playPrompt(select, [
    ["● Alpha", KEYS.down],
    ["● Beta", KEYS.down],
    ["● Gamma", KEYS.enter],
  ]);
  expect(stacked(screens)).toMatchInlineSnapshot(`
    "
    │
    ◆  Which?
    │  ● Alpha - the first of all
    │  ○ Beta
    │  ○ Gamma - the last of all that there are, which is long
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    │
    ◆  Which?
    │  ○ Alpha - the first of all
    │  ● Beta
    │  ○ Gamma - the last of all that there are, which is long
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    │
    ◆  Which?
    │  ○ Alpha - the first of all
    │  ○ Beta
    │  ● Gamma - the last of all that there are, which is long
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    │
    ◇  Which?
    │  Gamma - the last of all that there are, which is long
    "
  `);
  expect(answer).toEqual({ kind: "value", value: "c" });
});

test("a list begins where it is told, and wraps", async () => {
  const { answer } = await playPrompt(
    (prompter) => prompter.select({ message: "Which?", choices: CHOICES, initial: "c" }),
    [
      ["● Gamma", KEYS.down],
      ["● Alpha", KEYS.up],
      ["● Gamma", KEYS.enter],
    ],
  );
  expect(answer).toEqual({ kind: "value", value: "c" });
});

test("a list that has just the room says all of each", async () => {
  const { screens } = await playPrompt(
    select,
    [
      ["● Alpha", KEYS.down],
      ["● Beta", KEYS.enter],
    ],
    {
      columns: 70,
      rows: 8,
    },
  );
  expect(stacked(screens)).toMatchInlineSnapshot(`
    "
    │
    ◆  Which?
    │  ● Alpha - the first of all
    │  ○ Beta
    │  ○ Gamma - the last of all that there are, which is long
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    │
    ◆  Which?
    │  ○ Alpha - the first of all
    │  ● Beta
    │  ○ Gamma - the last of all that there are, which is long
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    │
    ◇  Which?
    │  Beta
    "
  `);
});

test("a list with a row less says it of the marked one alone", async () => {
  const { screens } = await playPrompt(
    select,
    [
      ["● Alpha", KEYS.down],
      ["● Beta", KEYS.down],
      ["● Gamma", KEYS.enter],
    ],
    { columns: 70, rows: 7 },
  );
  expect(stacked(screens)).toMatchInlineSnapshot(`
    "
    ◆  Which?
    │  ● Alpha
    │  ...
    │  the first of all
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    ◆  Which?
    │  ...
    │  ● Beta
    │  ...
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    ◆  Which?
    │  ...
    │  ● Gamma
    │  the last of all that there are, which is long
    │  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)
    └

    │
    ◇  Which?
    │  Gamma - the last of all that there are, which is long
    "
  `);
});

test("a list on a narrow screen goes on below its words, and says two rows of the marked one", async () => {
  const { screens } = await playPrompt(
    (prompter) =>
      prompter.select({ message: "Which of these do you want?", choices: CHOICES, initial: "c" }),
    [["● Gamma", KEYS.escape]],
    { columns: 24, rows: 16 },
  );
  expect(stacked(screens)).toMatchInlineSnapshot(`
    "
    │
    ◆  Which of these do you
    │  want?
    │  ○ Alpha - the first
    │    of all
    │  ○ Beta
    │  ● Gamma - the last of
    │    all that there are,
    │    which is long
    │  (Use ↑ ↓ arrows to
    │  navigate, Enter to
    │  select, Ctrl+C to
    │  exit)
    └

    │
    ■  Which of these do you
    │  want?
    │  Gamma - the last of
    │  all that there are,
    │  which is long
    │
    "
  `);
});

test("a list emphasises the marked row", async () => {
  const before = process.env.FORCE_COLOR;
  process.env.FORCE_COLOR = "1";
  try {
    const { log } = await playPrompt(select, [["● Alpha", KEYS.ctrlC]]);
    expect(log).toMatchInlineSnapshot(`
      "{raw}{raw}\x1B[?25l\x1B[90m│\x1B[39m
      \x1B[36m◆\x1B[39m  \x1B[1mWhich?\x1B[22m
      \x1B[36m│\x1B[39m  \x1B[32m●\x1B[39m \x1B[1mAlpha - the first of all\x1B[22m
      \x1B[36m│\x1B[39m  \x1B[2m○\x1B[22m \x1B[2mBeta\x1B[22m
      \x1B[36m│\x1B[39m  \x1B[2m○\x1B[22m \x1B[2mGamma - the last of all that there are, which is long\x1B[22m
      \x1B[36m│\x1B[39m  \x1B[2m(Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)\x1B[22m
      \x1B[36m└\x1B[39m
      {cooked}\x1B[999D\x1B[7A\x1B[1B\x1B[J\x1B[31m■\x1B[39m  \x1B[1mWhich?\x1B[22m
      \x1B[90m│\x1B[39m  \x1B[9m\x1B[2mAlpha - the first of all\x1B[22m\x1B[29m
      \x1B[90m│\x1B[39m
      {cooked}\x1B[?25h{cooked}"
    `);
  } finally {
    if (before === undefined) {
      delete process.env.FORCE_COLOR;
    } else {
      process.env.FORCE_COLOR = before;
    }
  }
});
