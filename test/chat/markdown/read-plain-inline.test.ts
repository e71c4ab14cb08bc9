import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Lexer } from "marked";
import { type InlineToken, readPlainInline } from "../../../src/chat/markdown/read-plain-inline.ts";

/** What is read of a token: everything that a line is shown by. */
function read({ type, raw, tokens, href, title }: InlineToken): InlineToken {
  const inner = type === "text" || tokens === undefined ? {} : { tokens: tokens.map(read) };
  return { type, raw, ...inner, ...(href === undefined ? {} : { href, title: title ?? null }) };
}

function lexed(line: string): InlineToken[] {
  return new Lexer({ gfm: true }).inlineTokens(line, []).map(read);
}

describe("readPlainInline() reads as marked does", () => {
  const cases: readonly (readonly [name: string, line: string])[] = [
    ["words", "a b, c."],
    ["code", "use `a b` and `c_d`, `*e*` or `x@y`"],
    ["bold and italic", "**one two** and *three*."],
    ["emphasis within words", "a**b**c *d*e"],
    ["emphasis that ends with a sign", "**Note:** a *b!*"],
    ["emphasis of Chinese", "使用**快速排序**的`数组`"],
    ["code in emphasis", "- **`a` and `b`** c"],
    ["names with lines", "snake_case_name and **a_b**"],
    ["links", "[the page](https://example.com/a_b?c=d#e) and [`x`](http://y)"],
    ["entities and other signs", "a & b &amp; c > d | e # f + g - h $i"],
    ["characters of two halves", "🙂 **a🙂b** 𝒳"],
  ];
  test.each(cases)("%s", (_name, line) => {
    expect(readPlainInline(line)?.map(read)).toEqual(lexed(line).map(read));
  });
});

describe("readPlainInline() leaves to marked", () => {
  const cases: readonly (readonly [name: string, line: string])[] = [
    ["what never ends", "a **b"],
    ["what never ends in what ends", "**a *b**"],
    ["emphasis in emphasis", "**a *b* c**"],
    ["three stars", "***a***"],
    ["lines beside words", "_a_ and __b__"],
    ["a line in front of a word", "_a"],
    ["stars between blanks", "2 * 3 * 4"],
    ["signs that stand against words", "**注意：**这 and a**“b”**c"],
    ["blanks of other kinds", "*\u00a0a*"],
    ["two backticks", "``a`b``"],
    ["a backtick alone", "a ` b"],
    ["strikes", "~~a~~ and ~b~"],
    ["pictures", "![a](https://b.c)"],
    ["links with titles", '[a](https://b.c "d")'],
    ["links with brackets", "[a](https://b.c/(d)) [[e]](https://f.g)"],
    ["links elsewhere", "[a](b.md) [c](mailto:d) [e](javascript:f)"],
    ["links in links", "[a https://b.c](https://d.e)"],
    ["references", "[a] and [b][c]"],
    ["tags and URLs in angle brackets", "<b>a</b> <https://c.d>"],
    ["bare URLs and addresses", "https://a.b www.c.d e@f.g"],
    ["backslashes", "\\*a\\*"],
  ];
  test.each(cases)("%s", (_name, line) => {
    const parts = line.split(" and ");
    expect(parts.map(readPlainInline)).toEqual(parts.map(() => undefined));
  });
});

describe("readPlainInline() never differs from marked", () => {
  const letter = fc.constantFrom(
    ..."ab7中文：“”。.,:-é\u00a0\u3000٣²&>()]!/_*#=~\\<@'\"|$+".split(""),
    "🙂",
    "𝒳",
    "\ud83d",
    "\u200d",
    "x_y",
    "&amp;",
    "www.",
    "http://",
    "mailto:",
  );
  const blank = fc.constantFrom(" ", " ", "  ", "\t");
  const words = fc
    .array(fc.oneof({ weight: 3, arbitrary: letter }, { weight: 1, arbitrary: blank }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => parts.join(""));
  const code = words.map((text) => `\`${text}\``);
  const inner = fc.array(fc.oneof(words, code), { minLength: 1, maxLength: 2 }).map((parts) => {
    return parts.join("");
  });
  const emphasis = fc
    .tuple(fc.constantFrom("*", "**", "***", "_", "__", "~~"), inner)
    .map(([signs, text]) => `${signs}${text}${signs}`);
  const link = fc
    .tuple(inner, fc.constantFrom("](https://a.b/c_d)", "](http://x?y=z#w)", "](x)", "]"))
    .map(([text, target]) => `[${text}${target}`);
  const sign = fc.constantFrom(..."*_~`[]()<>!\\&@ ".split(""), "**", "``", "](http://x)");
  const wellFormed = fc.array(fc.oneof(words, words, code, emphasis, link), { maxLength: 5 });
  const anything = fc.array(fc.oneof(sign, sign, words), { maxLength: 12 });

  test.each([
    ["lines as they are written", wellFormed, 20_000],
    ["signs in any order", anything, 20_000],
  ] as const)("in %s", (_name, parts, numRuns) => {
    let plain = 0;
    fc.assert(
      fc.property(parts, (list) => {
        const line = list.join("");
        const tokens = readPlainInline(line);
        if (tokens !== undefined) {
          plain += 1;
          expect(tokens.map(read)).toEqual(lexed(line));
        }
      }),
      { numRuns },
    );
    expect(plain).toBeGreaterThan(numRuns / 100);
  });
});
