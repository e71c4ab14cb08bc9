import { describe, expect, test } from "bun:test";
import { parse } from "dotenv";
import fc from "fast-check";
import { removeDotenvVariable, setDotenvVariable } from "../../src/env/edit-dotenv.ts";

describe("setDotenvVariable()", () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    ["adds to an empty file", "", "K=v\n"],
    ["adds behind a byte order mark", "\ufeff", "\ufeffK=v\n"],
    ["adds a line at the end", "A=1\n# note\n", "A=1\n# note\nK=v\n"],
    ["adds no final line end where there is none", "A=1", "A=1\nK=v"],
    ["adds with the line ends of the file", "A=1\r\nB=2\r\n", "A=1\r\nB=2\r\nK=v\r\n"],
    ["replaces a value", "A=1\nK=old\nB=2\n", "A=1\nK=v\nB=2\n"],
    ["keeps `export` and spaces", "  export K = old\n", "  export K = v\n"],
    ["keeps a comment behind the value", "K=old # mine\n", "K=v # mine\n"],
    ["keeps quotes and a comment behind them", "K='old' # mine\n", "K='v' # mine\n"],
    ["keeps double quotes", 'export K="old"\n', 'export K="v"\n'],
    ["keeps the quotes of the last of several", "K='1'\nK=`2`\n", "K=`v`\n"],
    ["keeps no quote that is a part of the value", "K='old\"\n", "K=v\n"],
    ["replaces a value of several lines", 'K="a\nb"\nB=2\n', 'K="v"\nB=2\n'],
    ["replaces an empty value", "K=\nB=2\n", "K=v\nB=2\n"],
    ["replaces the last of several and drops the others", "K=1\nA=1\nK=2\n", "A=1\nK=v\n"],
    ["keeps CRLF around it", "A=1\r\nK=old\r\nB=2\r\n", "A=1\r\nK=v\r\nB=2\r\n"],
    ["keeps a colon", "K: old\n", "K: v\n"],
    ["leaves a name that is longer", "KK=1\nMY_K=2\n", "KK=1\nMY_K=2\nK=v\n"],
  ];
  test.each(cases)("%s", (_name, before, after) => {
    expect(setDotenvVariable(before, "K", "v")).toBe(after);
  });

  test.each([
    ["sk-sp-abc_DEF.1", "K=sk-sp-abc_DEF.1\n"],
    ["a#b", "K='a#b'\n"],
    ["it's", `K="it's"\n`],
    [`it's "so"`, `K=\`it's "so"\`\n`],
    ["a b", "K='a b'\n"],
    ["$HOME", "K='$HOME'\n"],
    ["", "K=''\n"],
  ])("spells %p plainly", (value, text) => {
    expect(setDotenvVariable("", "K", value)).toBe(text);
  });

  test("has no spelling for a value with every kind of quote and a hash", () => {
    expect(setDotenvVariable("", "K", "'\"`# x")).toBeUndefined();
  });

  test("refuses what is no name", () => {
    for (const name of ["", "a b", "a=b", "a\nb"]) {
      expect(setDotenvVariable("", name, "v")).toBeUndefined();
    }
  });
});

describe("removeDotenvVariable()", () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    ["takes the line", "A=1\nK=old\nB=2\n", "A=1\nB=2\n"],
    ["takes every one", "K=1\nA=1\nexport K=2\n", "A=1\n"],
    ["takes all lines of a value", "A=1\nK='a\nb' # c\nB=2\n", "A=1\nB=2\n"],
    ["takes the last line", "A=1\nK=old", "A=1\n"],
    ["keeps comments of other lines", "# K=commented\nK=old\n# end\n", "# K=commented\n# end\n"],
    ["keeps CRLF", "A=1\r\nK=old\r\nB=2\r\n", "A=1\r\nB=2\r\n"],
    ["changes nothing without it", "A=1\r\nKK=2", "A=1\r\nKK=2"],
    ["lets no line read on into the next", "A=\nK=1\n'x'\n", "A=\n#\n'x'\n"],
  ];
  test.each(cases)("%s", (_name, before, after) => {
    expect(removeDotenvVariable(before, "K")).toBe(after);
  });
});

/** Documents with everything that makes the grammar hard. */
const line = fc.oneof(
  fc.constantFrom("", "  ", "# note", "junk", "K=", "A=", "'x'", '"', "K: v", "export K=1 # c"),
  fc
    .tuple(
      fc.constantFrom("K", "A", "KK", "export K", "  K ", "B.C", "D-E"),
      fc.constantFrom("=", " = ", ": "),
      fc.string({
        unit: fc.constantFrom("a", "#", "'", '"', "`", " ", "\\", "n", "$", "=", "ü"),
        maxLength: 8,
      }),
    )
    .map(([name, separator, value]) => `${name}${separator}${value}`),
);
const document = fc
  .tuple(
    fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\n", "\r")), { maxLength: 8 }),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([lines, hasMark, isOpen]) => {
    const text = lines.map((parts) => parts.join("")).join("");
    return `${hasMark ? "\ufeff" : ""}${isOpen ? text.replace(/[\r\n]+$/, "") : text}`;
  });
const value = fc.oneof(
  fc.stringMatching(/^[\w-]{1,12}$/),
  fc.string({ unit: fc.constantFrom("a", "#", "'", '"', "`", " ", "\\", "$"), maxLength: 6 }),
);

test("setDotenvVariable() changes that variable only, as dotenv reads it, and once", () => {
  fc.assert(
    fc.property(document, value, (text, wanted) => {
      const edited = setDotenvVariable(text, "K", wanted);
      if (edited !== undefined) {
        expect(parse(edited)).toEqual({ ...parse(text), K: wanted });
        expect(setDotenvVariable(edited, "K", wanted)).toBe(edited);
      }
    }),
    { numRuns: 2000 },
  );
});

test("setDotenvVariable() finds a spelling for every key", () => {
  fc.assert(
    fc.property(document, fc.stringMatching(/^[\w.:/+=-]{1,20}$/), (text, key) => {
      expect(setDotenvVariable(text, "K", key)).toBeDefined();
    }),
    { numRuns: 1000 },
  );
});

test("removeDotenvVariable() takes that variable only, as dotenv reads it", () => {
  fc.assert(
    fc.property(document, (text) => {
      const { K: _, ...rest } = parse(text);
      expect(parse(removeDotenvVariable(text, "K"))).toEqual(rest);
    }),
    { numRuns: 2000 },
  );
});
