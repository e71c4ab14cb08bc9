import { describe, expect, test } from "bun:test";
import type { Prompter } from "../../src/runtime.ts";
import { playPrompt, stacked } from "../support/play-prompt.ts";
import { KEYS } from "../support/pty.ts";

const CHOICES = [
  { value: "a", label: "Alpha" },
  { value: "b", label: "Beta" },
] as const;

const select = (prompter: Prompter) => prompter.select({ message: "Which?", choices: CHOICES });
const shortOf = (value: string) => (value.length < 3 ? "This is too short." : undefined);
const text = (prompter: Prompter) => prompter.text({ message: "Name?", validate: shortOf });
const password = (prompter: Prompter) =>
  prompter.password({ message: "Key?\nMade at https://a.example", validate: shortOf });

describe("a question", () => {
  test.each([
    [KEYS.escape, "back"],
    [KEYS.ctrlC, "cancelled"],
    [KEYS.ctrlD, "cancelled"],
  ] as const)("is left by %j: %s", async (keys, kind) => {
    const { screens, answer } = await playPrompt(select, [["● Alpha", keys]]);
    expect(answer).toEqual({ kind });
    expect(screens.at(-1)).toBe("│\n■  Which?\n│  Alpha\n│");
  });

  test("that has begun an answer is cancelled by Ctrl+D, too", async () => {
    const { screens, answer } = await playPrompt(text, [
      ["Name?", "ab"],
      ["ab", KEYS.ctrlD],
    ]);
    expect(answer).toEqual({ kind: "cancelled" });
    expect(screens.at(-1)).toBe("│\n■  Name?\n│  ab\n│");
  });

  test("is answered by a line feed as by Enter", async () => {
    const { answer } = await playPrompt(text, [["Name?", "abc\n"]]);
    expect(answer).toEqual({ kind: "value", value: "abc" });
  });

  test.each([
    ["a click", "\u001b[<0;12;7M\u001b[<0;12;7m"],
    ["a click in the old form", "\u001b[M !!"],
    ["where the cursor stands", "\u001b[24;80R"],
  ])("passes over %s", async (_name, sent) => {
    const { answer } = await playPrompt(text, [["Name?", `a${sent}bc\r`]]);
    expect(answer).toEqual({ kind: "value", value: "abc" });
  });

  test("leaves the keyboard to others, and the terminal as it was", async () => {
    const { log } = await playPrompt(select, [["● Alpha", KEYS.enter]]);
    expect(log.startsWith("{raw}")).toBe(true);
    expect(log.endsWith("\u001b[?25h{cooked}")).toBe(true);
  });
});

describe("text", () => {
  test("complains until the answer is right", async () => {
    const { screens, answer } = await playPrompt(text, [
      ["Name?", "ü\r"],
      ["This is too short.", "bc"],
      ["übc", KEYS.enter],
    ]);
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Name?
      │  _
      └

      │
      ▲  Name?
      │  ü█
      └  This is too short.

      │
      ◆  Name?
      │  übc█
      └

      │
      ◇  Name?
      │  übc
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "übc" });
  });

  test("takes the fallback for an empty line, and has the remark in the empty field", async () => {
    const { screens, answer } = await playPrompt(
      (prompter) =>
        prompter.text({
          message: "Name?",
          remark: "Enter for the usual one",
          fallback: "usual",
          validate: () => undefined,
        }),
      [["Enter for", KEYS.enter]],
    );
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Name?
      │  Enter for the usual one
      └

      │
      ◇  Name?
      │  usual
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "usual" });
  });

  test("keeps question, remark and complaint within a narrow screen", async () => {
    const { screens, answer } = await playPrompt(
      (prompter) =>
        prompter.text({
          message: "What is the name of it?",
          remark: "none, which is the usual",
          validate: shortOf,
        }),
      [
        ["usual", "x\r"],
        ["short.", KEYS.escape],
      ],
      { columns: 18 },
    );
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  What is the
      │  name of it?
      │  none, which is
      │  the usual
      └

      │
      ▲  What is the
      │  name of it?
      │  x█
      └  This is too
         short.

      │
      ■  What is the
      │  name of it?
      │  x
      │
      "
    `);
    expect(answer).toEqual({ kind: "back" });
  });

  test("asks for an answer where an empty line is none", async () => {
    const { answer } = await playPrompt(text, [
      ["Name?", KEYS.enter],
      ["This is too short.", KEYS.escape],
    ]);
    expect(answer).toEqual({ kind: "back" });
  });
});

describe("password", () => {
  test("shows a sign for each character, complains, and leaves no more than signs", async () => {
    const { screens, answer } = await playPrompt(password, [
      ["Key?", "ab\r"],
      ["This is too short.", "c"],
      ["***", KEYS.enter],
    ]);
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Key?
      │  Made at https://a.example
      │  _
      └

      │
      ▲  Key?
      │  Made at https://a.example
      │  **
      └  This is too short.

      │
      ◆  Key?
      │  Made at https://a.example
      │  ***_
      └

      │
      ◇  Key?
      │  Made at https://a.example
      │  ***
      "
    `);
    expect(answer).toEqual({ kind: "value", value: "abc" });
  });

  test("keeps its notes within a narrow screen", async () => {
    const { screens } = await playPrompt(password, [["Key?", KEYS.ctrlC]], { columns: 20 });
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Key?
      │  Made at
      │  https://a.example
      │  _
      └

      │
      ■  Key?
      │  Made at
      │  https://a.example
      │
      "
    `);
  });
});

describe("confirm", () => {
  const confirm = (initial?: boolean) => (prompter: Prompter) =>
    prompter.confirm({
      message: "Really?",
      yes: "Take it",
      no: "Leave it",
      ...(initial === undefined ? {} : { initial }),
    });

  test.each([
    [undefined, KEYS.enter, true],
    [true, KEYS.enter, true],
    [false, KEYS.enter, false],
    [undefined, KEYS.right + KEYS.enter, false],
    [false, `${KEYS.left}${KEYS.enter}`, true],
  ])("that begins with %p answers %j with %p", async (initial, keys, value) => {
    const { answer } = await playPrompt(confirm(initial), [["Really?", keys]]);
    expect(answer).toEqual({ kind: "value", value });
  });

  test("shows both answers and leaves the chosen one", async () => {
    const { screens } = await playPrompt(confirm(), [["Really?", KEYS.enter]]);
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      │
      ◆  Really?
      │  ● Take it / ○ Leave it
      └

      │
      ◇  Really?
      │  Take it
      "
    `);
  });
});

describe("clackPrompter()", () => {
  const WORDS: Readonly<Record<string, string>> = {
    "Which?": "选哪个？",
    Alpha: "甲",
    Beta: "乙",
    "Nothing matches.": "没有匹配项。",
    "Search:": "搜索：",
    "(type to search, ↑ ↓ move, Enter selects, Esc leaves)": "（输入以搜索）",
    "(type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the marked one)":
      "（Tab 勾选）",
    "(Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)": "（Enter 选择）",
  };
  const words = (sentence: string): string => WORDS[sentence] ?? sentence;
  const search = (prompter: Prompter) => prompter.search({ message: "Which?", choices: CHOICES });
  const searchMany = (prompter: Prompter) =>
    prompter.searchMany({ message: "Which?", choices: CHOICES, initial: [] });

  test.each([
    ["select", select, "│\n◆  选哪个？\n│  ● 甲\n│  ○ 乙\n│  （Enter 选择）\n└"],
    ["search", search, "│\n◆  选哪个？\n│  搜索： _\n│  ● 甲\n│  ○ 乙\n│  （输入以搜索）\n└"],
    ["searchMany", searchMany, "│\n◆  选哪个？\n│  搜索： _\n│ ›◻ 甲\n│  ◻ 乙\n│  （Tab 勾选）\n└"],
  ])("asks in other words: %s", async (_name, ask, screen) => {
    const { screens, answer } = await playPrompt(ask, [["甲", KEYS.escape]], { words });
    expect(screens[0]).toBe(screen);
    expect(answer).toEqual({ kind: "back" });
  });

  test.each([
    ["search", search],
    ["searchMany", searchMany],
  ])("complains in other words: %s", async (_name, ask) => {
    const { screens } = await playPrompt(
      ask,
      [
        ["甲", "zz"],
        ["没有匹配项。", KEYS.enter],
        ["▲", KEYS.escape],
      ],
      { words },
    );
    expect(screens[2]?.split("\n").slice(1, 4)).toEqual([
      "▲  选哪个？",
      "│  搜索： zz█",
      "│  没有匹配项。",
    ]);
  });

  test("draws with signs of ASCII alone where that is wanted", async () => {
    const { screens } = await playPrompt(
      (prompter) => prompter.searchMany({ message: "Which?", choices: CHOICES, initial: ["b"] }),
      [
        ["+ Beta", KEYS.up],
        [">- Alpha", KEYS.enter],
      ],
      { isAscii: true },
    );
    expect(stacked(screens)).toMatchInlineSnapshot(`
      "
      |
      *  Which?
      |  Search: _
      |  - Alpha
      | >+ Beta
      |  (type to search, ^ v move, Tab ticks, Enter takes the ticked ones, or the
      |  marked one)
      +

      |
      *  Which?
      |  Search:
      | >- Alpha
      |  + Beta
      |  (type to search, ^ v move, Tab ticks, Enter takes the ticked ones, or the
      |  marked one)
      +

      |
      o  Which?
      |  Beta
      "
    `);
  });
});
