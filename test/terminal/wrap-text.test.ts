import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { wrapText } from "../../src/terminal/wrap-text.ts";

const KEY_ROW =
  "  API key   sk-sp-…cdef  from ~/.qwen/settings.json (env.BAILIAN_CODING_PLAN_API_KEY)\n";
const URL_ROW = "  glm-5     https://coding-intl.dashscope.aliyuncs.com/v1  203k tokens\n";

describe("wrapText()", () => {
  const cases: readonly (readonly [name: string, text: string, columns: number, shown: string])[] =
    [
      ["leaves what fits", "one two\n", 7, "one two\n"],
      ["leaves blanks at the end of what fits", "one    \n", 7, "one    \n"],
      ["breaks at words", "one two three\n", 8, "one two\nthree\n"],
      ["begins no row with a bracket", "one (参数)\n", 9, "one (参\n数)\n"],
      ["keeps the indentation", "  one two three\n", 10, "  one two\n  three\n"],
      ["goes on below a message", "error: one two three\n", 16, "error: one two\n       three\n"],
      ["goes on below an item", "✓ one two three\n", 10, "✓ one two\n  three\n"],
      [
        "goes on below a value, and keeps `from` with its source",
        KEY_ROW,
        80,
        "  API key   sk-sp-…cdef  from ~/.qwen/settings.json\n            (env.BAILIAN_CODING_PLAN_API_KEY)\n",
      ],
      [
        "moves a URL without room beside its label to a row of its own",
        URL_ROW,
        52,
        "  glm-5\n      https://coding-intl.dashscope.aliyuncs.com/v1\n      203k tokens\n",
      ],
      [
        "moves a value that a short label leaves no room for",
        "  c                https://gateway.example  no key\n",
        40,
        "  c\n      https://gateway.example  no key\n",
      ],
      [
        "goes on below the value behind a sign and a label",
        "✓ home  one two three\n",
        16,
        "✓ home  one two\n        three\n",
      ],
      [
        "goes on behind a wide label that leaves room",
        "      --include-partial-messages   With stream-json: also every delta\n",
        60,
        "      --include-partial-messages   With stream-json: also\n                                   every delta\n",
      ],
      [
        "keeps a command whole",
        "hint: run `qwen auth status` now\n",
        24,
        "hint: run\n      `qwen auth status`\n      now\n",
      ],
      [
        "breaks a command that has no room",
        "`one two three four`\n",
        12,
        "`one two\nthree four`\n",
      ],
      [
        "breaks Chinese between characters",
        "error: 中文中文中文\n",
        14,
        "error: 中文中\n       文中文\n",
      ],
      [
        "counts no colour",
        "\u001b[1merror:\u001b[22m one two\n",
        14,
        "\u001b[1merror:\u001b[22m one two\n",
      ],
      [
        "goes back to the edge where a session does",
        "one two three\r\n",
        8,
        "one two\r\nthree\r\n",
      ],
      ["leaves what draws", "\r\u001b[2Kone two three", 8, "\r\u001b[2Kone two three"],
    ];
  test.each(cases)("%s", (_name, text, columns, shown) => {
    expect(wrapText(text, columns)).toBe(shown);
  });

  test("loses no word and makes no row too wide, unless a word is", () => {
    const word = fc.stringMatching(/^[a-z.:]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 40 }),
        fc.integer({ min: 30, max: 100 }),
        (words, columns) => {
          const rows = wrapText(`${words.join(" ")}\n`, columns).split("\n");
          expect(rows.flatMap((row) => row.split(" ").filter(Boolean))).toEqual(words);
          expect(rows.filter((row) => row.length > columns)).toEqual([]);
        },
      ),
    );
  });
});

describe("wrapText() goes on", () => {
  const TOLD = "one two three four five six seven eight nine ten";
  const LABEL = "a-label-of-24-characters";

  test.each<readonly [name: string, text: string, columns: number, further: number]>([
    ["below a value that half a screen is left for", `${LABEL}  ${TOLD}`, 52, 26],
    ["where the text begins, if it is less", `${LABEL}  ${TOLD}`, 51, 4],
    ["below a value of a table that 24 cells are left for", `  ${LABEL}    ${TOLD}`, 54, 30],
    ["further out, if it is less", `  ${LABEL}    ${TOLD}`, 53, 6],
    ["below a value behind a sign that 24 cells are left for", `✗ ${LABEL}    ${TOLD}`, 54, 30],
    ["below the label behind a sign, if it is less", `✗ ${LABEL}    ${TOLD}`, 53, 2],
    ["below an item", `✗ ${TOLD}`, 20, 2],
    ["below a message", `warning: ${TOLD}`, 20, 9],
    ["below what is indented", `      ${TOLD}`, 16, 6],
    ["at the edge", TOLD, 16, 0],
  ])("%s", (_name, text, columns, further) => {
    const [, ...rows] = wrapText(text, columns).split("\n");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map((row) => row.length - row.trimStart().length)).toEqual(rows.map(() => further));
  });

  test("at the edge, where an item leaves no room for its word", () => {
    expect(wrapText("✗ seven", 6)).toBe("✗\nseven");
    expect(wrapText("✗ seven", 7)).toBe("✗ seven");
  });

  test("with the word that tells a source, and with what it names", () => {
    expect(wrapText("x  y  from here and there", 20)).toBe("x  y  from here and\n   there");
    expect(wrapText("x  yyyyyyyyy  from here", 18)).toBe("x  yyyyyyyyy\n   from here");
  });

  test.each([
    ["run `a b` now then", 9, "run `a b`\nnow then"],
    ["run `a b` now then", 8, "run\n`a b`\nnow then"],
    ["  `a b c` x", 9, "  `a b c`\n  x"],
    ["  `a b c` x", 8, "  `a b\n  c` x"],
  ])("keeping a command whole that has a row: %j on %i", (text, columns, shown) => {
    expect(wrapText(text, columns)).toBe(shown);
  });
});
