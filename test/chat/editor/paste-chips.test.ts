import { describe, expect, test } from "bun:test";
import { chipFor, expandChips, pastePreview } from "../../../src/chat/editor/paste-chips.ts";
import type { Key } from "../../../src/runtime.ts";

const paste = (text: string): Key => ({ kind: "paste", text });
const lines = (count: number, word = "x"): string =>
  Array.from({ length: count }, (_, index) => `${word}${index}`).join("\n");

describe("chipFor()", () => {
  test.each<readonly [string, Key, Key]>([
    ["ten lines stay", paste(lines(10)), paste(lines(10))],
    ["ten lines with a last break stay", paste(`${lines(10)}\n`), paste(`${lines(10)}\n`)],
    ["eleven do not", paste(lines(11)), { kind: "text", text: "[11 lines pasted]" }],
    ["2000 units stay", paste("x".repeat(2000)), paste("x".repeat(2000))],
    ["2001 do not", paste("x".repeat(2001)), { kind: "text", text: "[2,001 characters pasted]" }],
    [
      "what is typed stays",
      { kind: "text", text: "x".repeat(3000) },
      { kind: "text", text: "x".repeat(3000) },
    ],
    ["a key stays", { kind: "key", name: "enter" }, { kind: "key", name: "enter" }],
  ])("%s", (_name, key, expected) => {
    const pastes = new Map<string, string>();
    expect(chipFor(key, pastes)).toEqual(expected);
    expect([...pastes]).toEqual(
      expected === key || expected.kind !== "text" || key.kind !== "paste"
        ? []
        : [[expected.text, key.text]],
    );
  });

  test("counts further ones, and knows one that came before", () => {
    const pastes = new Map<string, string>();
    const chips = [lines(11), lines(12), lines(11), lines(11, "y")].map((text) =>
      chipFor(paste(text), pastes),
    );
    expect(chips.map((chip) => chip.kind === "text" && chip.text)).toEqual([
      "[11 lines pasted]",
      "[12 lines pasted, number 2]",
      "[11 lines pasted]",
      "[11 lines pasted, number 3]",
    ]);
    expect(pastes.size).toBe(3);
  });
});

test("expandChips() puts each paste in the place of its chip, and no other", () => {
  const pastes = new Map([
    ["[11 lines pasted]", "[2,001 characters pasted, number 2]"],
    ["[2,001 characters pasted, number 2]", "second"],
  ]);
  const text = "a [11 lines pasted] b [2,001 characters pasted, number 2] [12 lines pasted]";
  expect(expandChips(text, pastes)).toBe(
    "a [2,001 characters pasted, number 2] b second [12 lines pasted]",
  );
});

describe("pastePreview()", () => {
  test.each<readonly [string, string, readonly string[]]>([
    ["three lines", "a\nb\nc\n", ["  a", "  b", "  c"]],
    ["four", "a\nb\nc\nd", ["  a", "  b", "  c", "  … 1 more line"]],
    ["five", "a\nb\nc\nd\ne", ["  a", "  b", "  c", "  … 2 more lines"]],
    ["a long word", "x".repeat(3000), []],
    ["long lines", `${"a".repeat(150)} ${"b".repeat(100)}\nb`, [`  ${"a".repeat(150)} …`, "  b"]],
  ])("of %s", (_name, text, rows) => {
    expect(pastePreview(new Map([["[c]", text]]), "see [c] here")).toEqual([...rows]);
  });

  test("is of what stands in the message alone", () => {
    const pastes = new Map([
      ["[a]", "one"],
      ["[b]", "two"],
    ]);
    expect(pastePreview(pastes, "[b]")).toEqual(["  two"]);
  });
});
