import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createMarkdownStream } from "../../src/chat/markdown-stream.ts";
import { PLAIN, type Style } from "../../src/terminal/style.ts";
import { inPieces } from "../support/cut-text.ts";

/** Emphasis that can be read: `<b>heading</b>`, `<c>code</c>`, `<d>fence</d>`. */
const MARKS: Style = {
  ...PLAIN,
  bold: (text) => `<b>${text}</b>`,
  cyan: (text) => `<c>${text}</c>`,
  dim: (text) => `<d>${text}</d>`,
};

/** What is shown of a text in pieces; emphasis that ends where the same begins goes on. */
function shown(pieces: readonly string[], style = MARKS): string {
  const markdown = createMarkdownStream(style);
  const all = [...pieces.map(markdown.push), markdown.end()].join("");
  return all.replace(/<\/([bcd])><\1>/g, "");
}

/** The same code point by code point. */
function slowly(text: string): string {
  return shown([...text]);
}

describe("createMarkdownStream() shows", () => {
  const cases: readonly (readonly [name: string, text: string, shown: string])[] = [
    ["text as it is", "Hello **you**, _you_\n", "Hello **you**, _you_\n"],
    ["a heading", "# One\ntext", "<b># One</b>\ntext"],
    ["a heading of any depth", "###### Six\n", "<b>###### Six</b>\n"],
    ["an indented heading", "   ## Two\n", "<b>   ## Two</b>\n"],
    ["no seven hashes", "####### x", "####### x"],
    ["no hash without a blank", "#include\n#1", "#include\n#1"],
    ["no hash within a line", "C # x", "C # x"],
    ["hashes alone", "#\n##", "#\n##"],
    ["code between backticks", "a `b` c", "a <c>`b`</c> c"],
    ["code at the beginning of a line", "`b` c\n`d`", "<c>`b`</c> c\n<c>`d`</c>"],
    ["code with backticks in it", "a ``b`c`` d", "a <c>``b`c``</c> d"],
    ["code at the beginning with backticks in it", "``b`c`` d", "<c>``b`c``</c> d"],
    ["code that never ends up to the end of its line", "a `b\nc", "a <c>`b</c>\nc"],
    ["code in a list", "- `a`: b", "• <c>`a`</c>: b"],
    ["no code in a heading", "# a `b`\n", "<b># a `b`</b>\n"],
    ["list signs as bullets", "- a\n* b\n+ c\n", "• a\n• b\n• c\n"],
    ["lists within lists", "- a\n  - b\n    - c\n\t- d\n", "• a\n  • b\n    • c\n\t• d\n"],
    ["no list sign without a blank", "-a\n*b*\n**c**\n+1", "-a\n*b*\n**c**\n+1"],
    ["signs alone", "-\n*", "-\n*"],
    ["rules and numbers", "---\n1. a\n", "---\n1. a\n"],
    ["a fence", "```\na\n```\nb", "<d>```</d>\n<c>a</c>\n<d>```</d>\nb"],
    ["a fence with a language", "```ts\na\n```", "<d>```ts</d>\n<c>a</c>\n<d>```</d>"],
    ["a fence of tildes", "~~~ ts\na\n~~~\nb", "<d>~~~ ts</d>\n<c>a</c>\n<d>~~~</d>\nb"],
    ["a fence that never ends", "```\na\n\nb", "<d>```</d>\n<c>a</c>\n\n<c>b</c>"],
    ["an indented fence", "  ```\n  a\n  ```\nb", "<d>  ```</d>\n<c>  a</c>\n<d>  ```</d>\nb"],
    [
      "a fence in a list",
      "- a\n  ```\n  b\n  ```\n",
      "• a\n<d>  ```</d>\n<c>  b</c>\n<d>  ```</d>\n",
    ],
    ["code like a heading", "```\n# a\n```", "<d>```</d>\n<c># a</c>\n<d>```</d>"],
    ["code like a list", "```\n- a\n+\n```", "<d>```</d>\n<c>- a</c>\n<c>+</c>\n<d>```</d>"],
    ["code with backticks", "```\n`a` ``\n```", "<d>```</d>\n<c>`a` ``</c>\n<d>```</d>"],
    ["tildes in backticks", "```\n~~~\n```\na", "<d>```</d>\n<c>~~~</c>\n<d>```</d>\na"],
    ["a fence in a longer one", "````\n```\n````\na", "<d>````</d>\n<c>```</c>\n<d>````</d>\na"],
    ["a longer end of a fence", "```\na\n`````\nb", "<d>```</d>\n<c>a</c>\n<d>`````</d>\nb"],
    ["no end with a language", "```\n```ts\n```\na", "<d>```</d>\n<c>```ts</c>\n<d>```</d>\na"],
    ["code in three backticks on a line", "```a``` b\nc", "<c>```a```</c> b\nc"],
    [
      "line breaks of Windows",
      "# a\r\n```\r\nb\r\n```\r\nc",
      "<b># a\r</b>\n<d>```\r</d>\n<c>b\r</c>\n<d>```\r</d>\nc",
    ],
    ["blank lines", "\n\na\n \n", "\n\na\n \n"],
    ["nothing", "", ""],
  ];
  test.each(cases)("%s", (_name, text, expected) => {
    expect([shown([text]), slowly(text)]).toEqual([expected, expected]);
  });
});

describe("createMarkdownStream() holds back", () => {
  const cases: readonly (readonly [
    name: string,
    pieces: readonly string[],
    shown: readonly string[],
  ])[] = [
    ["nothing of a text", ["He", "llo", "\n"], ["He", "llo", "\n"]],
    ["what may become a heading", ["#", "#", " a", "b"], ["", "", "<b>## a</b>", "<b>b</b>"]],
    ["what may become a list", ["-", " ", "a"], ["", "• ", "a"]],
    ["blanks at the beginning of a line", ["  ", "a"], ["", "  a"]],
    ["backticks until they are all there", ["a `", "`b"], ["a ", "<c>``</c><c>b</c>"]],
  ];
  test.each(cases)("%s", (_name, pieces, expected) => {
    expect(pieces.map(createMarkdownStream(MARKS).push)).toEqual([...expected]);
  });

  test("nothing at the end", () => {
    const markdown = createMarkdownStream(MARKS);
    expect([markdown.push("a\n##"), markdown.end(), markdown.end()]).toEqual(["a\n", "##", ""]);
  });
});

describe("createMarkdownStream() of any text", () => {
  const piece = fc.constantFrom(
    ...["a", "b c", " ", "   ", "\t", "\n", "\n\n", "\r\n", "`", "``", "```", "````", "~~~", "~"],
    ...["#", "# ", "## a", "- ", "-", "* ", "**", "+ ", "1. ", "```ts\n", "世", "👍🏽"],
  );
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));
  const cutText = text.chain((whole) => fc.tuple(fc.constant(whole), inPieces(whole)));

  test("shows the same in whatever pieces it arrives", () => {
    fc.assert(
      fc.property(cutText, ([whole, pieces]) => {
        expect(shown(pieces)).toBe(shown([whole]));
      }),
      { numRuns: 3000 },
    );
  });

  test("keeps it, but for list signs", () => {
    fc.assert(
      fc.property(cutText, ([whole, pieces]) => {
        const signs = /^(\s*)[-*+•] /gm;
        expect(shown(pieces, PLAIN).replace(signs, "$1• ")).toBe(whole.replace(signs, "$1• "));
      }),
    );
  });
});
