import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createMarkdownRenderer } from "../../../src/chat/markdown/render-markdown.ts";
import { PLAIN, type Style } from "../../../src/terminal/style.ts";
import { inPieces } from "../../support/cut-text.ts";

/** Emphasis that can be read: `<b>bold</b>`. */
const MARKS: Style = {
  ...PLAIN,
  bold: (text) => `<b>${text}</b>`,
  italic: (text) => `<i>${text}</i>`,
  strike: (text) => `<s>${text}</s>`,
  cyan: (text) => `<c>${text}</c>`,
  dim: (text) => `<d>${text}</d>`,
};

type Look = { readonly style?: Style; readonly columns?: number; readonly links?: boolean };

/** What is shown of a text in pieces; emphasis that ends where the same begins goes on. */
function shown(
  pieces: readonly string[],
  { style = MARKS, columns = 40, links = false }: Look = {},
) {
  const renderer = createMarkdownRenderer({ style, width: () => columns, links });
  const all = [...pieces.map(renderer.push), renderer.end()].join("");
  return all.replace(/<\/([bcdis])>( *)<\1>/g, "$2");
}

describe("createMarkdownRenderer() shows", () => {
  const cases: readonly (readonly [name: string, text: string, shown: string])[] = [
    ["text", "Hello you\n", "Hello you\n"],
    ["a text without an end", "Hello", "Hello\n"],
    ["nothing", "", ""],
    ["blank lines as one, and none at the top", "\n\na\n \n\nb", "a\n\nb\n"],
    ["emphasis", "a **b** _c_ ~~d~~ `e`", "a <b>b</b> <i>c</i> <s>d</s> <c>e</c>\n"],
    ["emphasis in emphasis", "**a *b* `c`**", "<b>a </b><i><b>b</b></i><b> </b><c><b>c</b></c>\n"],
    ["emphasis within words", "**a**b and snake_case_name", "<b>a</b>b and snake_case_name\n"],
    ["signs that are none", "2 * 3 * 4 a_b_c ** x **", "2 * 3 * 4 a_b_c ** x **\n"],
    ["emphasis that never ends", "a **b c\nd `e", "a **b c\nd `e\n"],
    ["escaped signs", "\\*a\\* \\# b", "*a* # b\n"],
    ["entities", "a &lt;b&gt; &amp;&nbsp;c &copy;", "a <b> & c &copy;\n"],
    [
      "headings without hashes",
      "# One\n###### Six `x`",
      "<b>One</b>\n<b>Six </b><c><b>x</b></c>\n",
    ],
    ["no seven hashes", "####### x\n#include\n#", "####### x\n#include\n#\n"],
    ["list signs as bullets", "- a\n* b\n+ c\n", "• a\n• b\n• c\n"],
    ["lists in lists", "- a\n  - b\n    - c\n- d", "• a\n  • b\n    • c\n• d\n"],
    ["lists under numbers", "1. a\n   - b\n2) c\n  - d", "1. a\n   • b\n2) c\n   • d\n"],
    ["a text that goes on in an item", "- a\n  b\nc\n\nd", "• a\n  b\n  c\n\nd\n"],
    ["a paragraph in an item", "- a\n\n  b\n\nc", "• a\n\n  b\n\nc\n"],
    ["tasks", "- [ ] a\n- [x] b", "• [ ] a\n• [x] b\n"],
    ["no list sign without a blank", "-a\n+1\n-\n*", "-a\n+1\n-\n*\n"],
    ["a rule", "---", `<d>${"─".repeat(40)}</d>\n`],
    ["rules of stars", "* * *", `<d>${"─".repeat(40)}</d>\n`],
    ["a fence", "```\na\n```\nb", "  <c>a</c>\nb\n"],
    ["a fence with a language", "```ts\na b\n```", "  <d>ts</d>\n  <c>a b</c>\n"],
    ["a fence that never ends", "~~~\na\n\nb", "  <c>a</c>\n\n  <c>b</c>\n"],
    ["an indented fence", "  ```\n    a\n  ```", "  <c>  a</c>\n"],
    ["a fence in a list", "- a\n  ```\n  b\n  ```\n- c", "• a\n    <c>b</c>\n• c\n"],
    ["a shorter fence in a longer one", "````\n```\n````\na", "  <c>```</c>\na\n"],
    ["code like a quotation or a table", "```\n> a\n| b\n```", "  <c>> a</c>\n  <c>| b</c>\n"],
    ["long code on one line", `\`\`\`\n${"x".repeat(50)}\n\`\`\``, `  <c>${"x".repeat(50)}</c>\n`],
    [
      "ideographic blanks in code",
      "```\n\u3000a\n\u00a0b\n```",
      "  <c>\u3000a</c>\n  <c>\u00a0b</c>\n",
    ],
    ["code of blanks", "a\n\n    b\n      c", "a\n\n  <c>b</c>\n  <c>  c</c>\n"],
    ["a quotation", "> a\n> b\n\nc", "<d>│</d> <i>a</i>\n<d>│</d> <i>b</i>\n\nc\n"],
    ["a quotation in one", "> a\n>\n> > b", "<d>│</d> <i>a</i>\n<d>│</d>\n<d>│ │</d> <i>b</i>\n"],
    ["a list in a quotation", "> - a", "<d>│</d> • <i>a</i>\n"],
    ["code in a quotation", "> ```\n> a\n> ```\nb", "<d>│</d>   <c>a</c>\nb\n"],
    ["a link", "[a](http://b.c)", "a <d>(http://b.c)</d>\n"],
    ["a link with a title", '[a](http://b.c "T")', 'a <d>(http://b.c "T")</d>\n'],
    [
      "a link that is its text",
      "<http://b.c> http://d.e, [http://f.g](http://f.g)",
      "http://b.c http://d.e, http://f.g\n",
    ],
    ["a picture", "![a](b.png)", "a <d>(b.png)</d>\n"],
    ["a half of a link", "[a](http://b", "[a](http://b\n"],
    ["brackets", "a[0] [1] [x", "a[0] [1] [x\n"],
    ["HTML as text", "<b>a</b> <!-- c -->", "<b>a</b> <!-- c -->\n"],
    ["a line of several columns", "a\tb", "a b\n"],
  ];
  test.each(cases)("%s", (_name, text, expected) => {
    expect([shown([text]), shown([...text])]).toEqual([expected, expected]);
  });
});

describe("createMarkdownRenderer() wraps", () => {
  const cases: readonly (readonly [name: string, text: string, columns: number, shown: string])[] =
    [
      ["at words", "one two three", 9, "one two\nthree\n"],
      ["nothing that fits exactly", "one two\nthree", 7, "one two\nthree\n"],
      ["items below their text", "- one two three", 9, "• one two\n  three\n"],
      ["numbers below their text", "10. one two three", 9, "10. one\n    two\n    three\n"],
      ["quotations behind their bar", "> one two three", 9, "│ one two\n│ three\n"],
      ["no word, however long", "a https://example.com/a/b b", 9, "a\nhttps://example.com/a/b b\n"],
      ["no word because of its emphasis", "one t**w**o, three", 8, "one two,\nthree\n"],
      ["between the characters of Chinese", "快速排序是一种算法", 8, "快速排序\n是一种算\n法\n"],
      ["no sign of its sentence", "快速排序，是（一）种", 8, "快速排\n序，是\n（一）种\n"],
      ["between Chinese and Latin", "使用Array排序", 8, "使用\nArray排\n序\n"],
      ["emoji as two cells", "ab 🙂🙂 cd", 7, "ab 🙂🙂\ncd\n"],
      ["within emphasis", "**one two three**", 9, "one two\nthree\n"],
    ];
  test.each(cases)("%s", (_name, text, columns, expected) => {
    const look = { style: PLAIN, columns };
    expect([shown([text], look), shown([...text], look)]).toEqual([expected, expected]);
  });

  test("by the width that the terminal has when a word is written", () => {
    let columns = 20;
    const renderer = createMarkdownRenderer({ style: PLAIN, width: () => columns, links: false });
    const first = renderer.push("one two three ");
    columns = 9;
    expect(first + renderer.push("four five six\n") + renderer.end()).toBe(
      "one two three\nfour five\nsix\n",
    );
  });
});

describe("createMarkdownRenderer() shows tables", () => {
  const table = "| Plan | Price |\n|---|---:|\n| Pro | 20 |\n| 基础版 | **5** |\n";
  const long = "| A | B |\n|---|---|\n| one two three four | five six seven |\n";
  const cases: readonly (readonly [name: string, text: string, columns: number, shown: string])[] =
    [
      [
        "in columns by display width",
        table,
        40,
        "Plan   │ Price\n───────┼──────\nPro    │    20\n基础版 │     5\n",
      ],
      [
        "in wrapped columns",
        long,
        20,
        [
          "A          │ B",
          "───────────┼────────",
          "one two    │ five",
          "three four │ six",
          "           │ seven\n",
        ].join("\n"),
      ],
      [
        "in lines where they are too narrow",
        table,
        9,
        `Plan: Pro\nPrice: 20\n${"─".repeat(9)}\nPlan: 基\n  础版\nPrice: 5\n`,
      ],
      ["that end with another text", "| a |\n|---|\n| b |\ntext", 40, "a\n─\nb\ntext\n"],
      ["that are none", "| a | b\ntext | c\nd", 40, "| a | b\ntext | c\nd\n"],
      [
        "with more cells than columns as they are",
        "| a |\n|---|\n| b | c |\n",
        40,
        "| a |\n|---|\n| b | c |\n",
      ],
      ["in quotations", "> | a |\n> |---|\n> | b |\n\nc", 40, "│ a\n│ ─\n│ b\n\nc\n"],
      ["with bars within their cells", "|a|\n|-|\n|b\\|`c\\|d`|\n", 40, "a\n─────\nb|c|d\n"],
      ["behind escaped backslashes", "|a|b|\n|-|-|\n|c\\\\|d|\n", 40, "a  │ b\n───┼──\nc\\ │ d\n"],
      ["with empty cells", "|a|b|\n|:-:|-|\n||c|\n|d\n", 40, "a │ b\n──┼──\n  │ c\nd │\n"],
      ["with words of HTML", "|a|\n|-|\n<div>|\n|c<br>d|\n", 40, "a\n──────\n<div>\nc d\n"],
      ["until an item begins", "|a|b|\n|-|-|\n- c | d\n\ne", 40, "a │ b\n──┼──\n• c | d\n\ne\n"],
      [
        "until the first number",
        "|a|b|\n|-|-|\n2. c|d\n1. e|f\n",
        40,
        "a    │ b\n─────┼──\n2. c │ d\n1. e|f\n",
      ],
      ["until a heading begins", "|a|b|\n|-|-|\n# c | d\n", 40, "a │ b\n──┼──\nc | d\n"],
      ["until code begins", "|a|b|\n|-|-|\n```x|y\nc|d\n```\n", 40, "a │ b\n──┼──\n  x|y\n  c|d\n"],
      ["until a rule", "|a|b|\n|-|-|\n---\nc|d\n", 9, "a │ b\n──┼──\n─────────\nc|d\n"],
      ["cut off", "| a | b |\n|---", 40, "| a | b |\n|---\n"],
    ];
  test.each(cases)("%s", (_name, text, columns, expected) => {
    const look = { style: PLAIN, columns };
    expect([shown([text], look), shown([...text], look)]).toEqual([expected, expected]);
  });

  test("without outer bars, where their first line comes at once", () => {
    const look = { style: PLAIN, columns: 40 };
    expect(shown(["a|b\n-|-\n1|2\n\nc"], look)).toBe("a │ b\n──┼──\n1 │ 2\n\nc\n");
    expect(shown(["a|", "b\n-|-\n"], look)).toBe("a|b\n-|-\n");
  });

  test("as they are once they go on for 200 rows, all of them", () => {
    const renderer = createMarkdownRenderer({ style: PLAIN, width: () => 40, links: false });
    const head = "| a | b |\n|---|---|\n";
    const rows = Array.from({ length: 10_000 }, (_, index) => `| ${index} | x |\n`);
    expect(renderer.push(head + rows.slice(0, 200).join(""))).toBe("");
    const rest = renderer.push(rows.slice(200).join(""));
    expect(rest + renderer.end()).toBe(head + rows.join(""));
  });
});

describe("createMarkdownRenderer() opens links", () => {
  const link = (url: string, text: string) => `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\`;

  test("of pages, and shows where they lead", () => {
    const opened = shown(["[a](https://b.c)"], { style: PLAIN, links: true });
    expect(opened).toBe(
      `${link("https://b.c", "a")} ${link("https://b.c", "(https://b.c)")}\n`.replace(") ", ") "),
    );
  });

  test("behind a tag that an earlier line left open", () => {
    const opened = shown(["an <a href=x> tag\n\nhttps://b.c\n"], { style: PLAIN, links: true });
    expect(opened).toBe(`an <a href=x> tag\n\n${link("https://b.c", "https://b.c")}\n`);
  });

  test.each(["javascript:alert(1)", "file:///etc/passwd", "x-man-page://1"])(
    "never of %s",
    (url) => {
      expect(shown([`[a](${url})`], { style: PLAIN, links: true })).not.toContain("\u001b");
    },
  );
});

describe("createMarkdownRenderer() loses nothing", () => {
  const sign = fc.constantFrom(
    ..."*_~`[]()<>!|#-+>\\\n \t:=".split(""),
    "**",
    "```",
    "~~~",
    "\n\n",
    "\n- ",
    "\n1. ",
    "\n> ",
    "\n| ",
    " | ",
    "|---|---|\n",
    "](http://x)",
    "    ",
    "~~",
    "\n# ",
    "\n---\n",
  );
  const word = fc.constantFrom("a", "b1", "快", "排序，", "word", "é", "🙂", "http://u.v/w", "x_y");
  const markdown = fc.array(fc.oneof(sign, word), { maxLength: 60 }).map((parts) => parts.join(""));
  const letters = (text: string) => [...text.replace(/[^\p{L}\p{N}🙂]/gu, "")].sort().join("");

  test("of random Markdown in random pieces, at any width", () => {
    const given = markdown.chain((text) =>
      fc.record({
        text: fc.constant(text),
        pieces: inPieces(text),
        columns: fc.integer({ min: 20, max: 120 }),
      }),
    );
    fc.assert(
      fc.property(given, ({ text, pieces, columns }) => {
        const whole = shown([text], { style: PLAIN, columns });
        // A table on a narrow screen repeats its headings.
        const isRepeated = whole.includes(": ") && text.includes("|");
        if (!isRepeated) {
          expect(letters(whole)).toBe(letters(text));
        }
        expect(letters(shown(pieces, { style: PLAIN, columns }))).toBe(letters(whole));
      }),
      { numRuns: 3000 },
    );
  });

  test("of random Markdown, and shows whole lines alike, together or one by one", () => {
    const line = fc.constantFrom(
      "",
      "a",
      " b",
      "```",
      "````",
      "~~~",
      "> ```",
      "  ```",
      "- c",
      "|d|",
    );
    const lines = fc.array(fc.oneof(markdown, line, line), { maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 20, max: 120 }), (list, columns) => {
        const text = list.map((each) => `${each}\n`).join("");
        const alone = text.split(/(?<=\n)/);
        expect(shown([text], { columns })).toBe(shown(alone, { columns }));
      }),
      { numRuns: 3000 },
    );
  });

  test("of random tables, whatever their rows begin with", () => {
    const cell = fc.oneof(
      word,
      fc.constantFrom("", "\\|", "`x\\|y`", "**b c**", "<div>", "two words"),
    );
    const begin = fc.constantFrom(
      "",
      "",
      "|",
      "| ",
      "- ",
      "1. ",
      "2. ",
      "# ",
      "> ",
      "    ",
      "```",
      "<p>",
    );
    const row = fc
      .tuple(begin, fc.array(cell, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "|", " |"))
      .map(([before, cells, after]) => `${before}${cells.join(" | ")}${after}\n`);
    const rows = fc.array(row, { maxLength: 6 }).map((list) => list.join(""));
    const texts = fc.tuple(row, fc.constantFrom("-|-\n", "|:-:|-:|\n", "---|\n"), rows);
    fc.assert(
      fc.property(texts, fc.nat(), (parts, cut) => {
        const text = parts.join("");
        const pieces = [text.slice(0, cut % text.length), text.slice(cut % text.length)];
        const whole = shown([text], { style: PLAIN, columns: 120 });
        expect(letters(whole)).toBe(letters(text));
        expect(letters(shown(pieces, { style: PLAIN, columns: 120 }))).toBe(letters(whole));
      }),
      { numRuns: 3000 },
    );
  });

  test("of words, in their order", () => {
    const words = fc.array(fc.stringMatching(/^[a-z0-9.,;]{1,30}$/), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 120 }), (list, columns) => {
        const text = shown([list.join(" ")], { style: PLAIN, columns });
        expect(text.trim().split(/\s+/)).toEqual(list);
      }),
    );
  });
});
