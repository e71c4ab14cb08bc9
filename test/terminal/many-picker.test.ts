import { describe, expect, test } from "bun:test";
import type { Prompter } from "../../src/runtime.ts";
import { playPrompt, stacked } from "../support/play-prompt.ts";
import { KEYS } from "../support/pty.ts";

const CHOICES = [
  { value: "a", label: "Alpha", description: "the first of all" },
  { value: "b", label: "Beta" },
  { value: "c", label: "Gamma" },
] as const;

const many =
  (...initial: ("a" | "b" | "c")[]) =>
  (prompter: Prompter) =>
    prompter.searchMany({ message: "Which ones?", choices: CHOICES, initial });

describe("a list of which several can be chosen", () => {
  test("takes the ticked ones in the order in which they were", async () => {
    const { screens, answer } = await playPrompt(many("b"), [
      ["›◼ Beta", KEYS.up],
      ["›◻ Alpha", "\t"],
      ["›◼ Alpha", KEYS.enter],
    ]);
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which ones?
      │  Search: _
      │  ◻ Alpha  the first of all
      │ ›◼ Beta
      │  ◻ Gamma
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ◆  Which ones?
      │  Search:
      │ ›◻ Alpha  the first of all
      │  ◼ Beta
      │  ◻ Gamma
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ◆  Which ones?
      │  Search:
      │ ›◼ Alpha  the first of all
      │  ◼ Beta
      │  ◻ Gamma
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ◇  Which ones?
      │  Beta, Alpha  the first of all
      "
    `);
    expect(answer).toEqual({ kind: "value", value: ["b", "a"] });
  });

  test("takes the marked one where none is ticked", async () => {
    const { screens, answer } = await playPrompt(many(), [
      ["›◻ Alpha", KEYS.down],
      ["›◻ Beta", KEYS.enter],
    ]);
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Which ones?
      │  Search: _
      │ ›◻ Alpha  the first of all
      │  ◻ Beta
      │  ◻ Gamma
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ◆  Which ones?
      │  Search:
      │  ◻ Alpha  the first of all
      │ ›◻ Beta
      │  ◻ Gamma
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ◇  Which ones?
      │  Beta
      "
    `);
    expect(answer).toEqual({ kind: "value", value: ["b"] });
  });

  test("takes a tick away again", async () => {
    const { answer } = await playPrompt(many("a", "c"), [
      ["›◼ Gamma", "\t"],
      ["›◻ Gamma", KEYS.enter],
    ]);
    expect(answer).toEqual({ kind: "value", value: ["a"] });
  });

  test("finds by a value, too, and keeps what is ticked", async () => {
    const { screens, answer } = await playPrompt(many(), [
      ["›◻ Alpha", "c"],
      ["Search: c", "\t"],
      ["›◼ Gamma", KEYS.enter],
    ]);
    expect(stacked(screens.slice(1))).toMatchInlineSnapshot(`
      "
      │
      ◆  Which ones?
      │  Search: c█
      │ ›◻ Gamma
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ◆  Which ones?
      │  Search: c█
      │ ›◼ Gamma
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ◇  Which ones?
      │  Gamma
      "
    `);
    expect(answer).toEqual({ kind: "value", value: ["c"] });
  });

  test("says that nothing matches, and does not end with that", async () => {
    const { screens, answer } = await playPrompt(many(), [
      ["›◻ Alpha", "zz"],
      ["Nothing matches.", KEYS.enter],
      ["▲", KEYS.ctrlC],
    ]);
    expect(stacked(screens.slice(1))).toMatchInlineSnapshot(`
      "
      │
      ◆  Which ones?
      │  Search: zz█
      │  Nothing matches.
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ▲  Which ones?
      │  Search: zz█
      │  Nothing matches.
      │  (type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the
      │  marked one)
      └

      │
      ■  Which ones?
      │
      "
    `);
    expect(answer).toEqual({ kind: "cancelled" });
  });
});
