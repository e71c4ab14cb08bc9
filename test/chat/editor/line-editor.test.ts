import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type Draft,
  draftOf,
  EMPTY,
  edit,
  insert,
  moveLine,
} from "../../../src/chat/editor/line-editor.ts";

/** A draft in which `|` is the cursor. */
function draft(marked: string): Draft {
  const cursor = marked.indexOf("|");
  return { text: marked.slice(0, cursor) + marked.slice(cursor + 1), cursor };
}

/** The same backwards. */
function marked({ text, cursor }: Draft): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

/** What a key makes of a draft; a key that edits nothing leaves it out. */
function pressed(before: string, name: string): string | undefined {
  const after = edit(draft(before), { kind: "key", name });
  return after === undefined ? undefined : marked(after);
}

const FAMILY = "👨‍👩‍👧";
const FLAG = "🇩🇪";
const ACCENT = "e\u0301";

type Case = readonly [names: string, before: string, after: string];

describe("edit() moves with", () => {
  const cases: readonly Case[] = [
    ["left ctrl-b", "ab|", "a|b"],
    ["left ctrl-b", "|ab", "|ab"],
    ["left ctrl-b", "a\n|b", "a|\nb"],
    ["left ctrl-b", "世界|", "世|界"],
    ["left ctrl-b", `a${FAMILY}|`, `a|${FAMILY}`],
    ["left ctrl-b", `${FLAG}${FLAG}|`, `${FLAG}|${FLAG}`],
    ["left ctrl-b", `a${ACCENT}|`, `a|${ACCENT}`],
    ["left ctrl-b", "𝕏𝕐|", "𝕏|𝕐"],
    ["right ctrl-f", "|ab", "a|b"],
    ["right ctrl-f", "ab|", "ab|"],
    ["right ctrl-f", "a|\nb", "a\n|b"],
    ["right ctrl-f", `|${FAMILY}a`, `${FAMILY}|a`],
    ["right ctrl-f", `|${FLAG}${FLAG}`, `${FLAG}|${FLAG}`],
    ["right ctrl-f", `|${ACCENT}a`, `${ACCENT}|a`],
    ["right ctrl-f", "|𝕏𝕐", "𝕏|𝕐"],
    ["home ctrl-a", "ab|c", "|abc"],
    ["home ctrl-a", "a\nb|c", "a\n|bc"],
    ["home ctrl-a", "a\n|", "a\n|"],
    ["home ctrl-a", "|\na", "|\na"],
    ["end ctrl-e", "a|bc", "abc|"],
    ["end ctrl-e", "a|b\nc", "ab|\nc"],
    ["end ctrl-e", "|\na", "|\na"],
    ["ctrl-left alt-left alt-b", "one two|", "one |two"],
    ["ctrl-left alt-left alt-b", "one two  |", "one |two  "],
    ["ctrl-left alt-left alt-b", "one\ntwo|", "one\n|two"],
    ["ctrl-left alt-left alt-b", "  |", "|  "],
    ["ctrl-left alt-left alt-b", "a \u0301b|", "a| \u0301b"],
    ["ctrl-right alt-right alt-f", "|one two", "one| two"],
    ["ctrl-right alt-right alt-f", "one| two", "one two|"],
    ["ctrl-right alt-right alt-f", "one|\ntwo", "one\ntwo|"],
    ["ctrl-right alt-right alt-f", "a|  ", "a  |"],
    ["ctrl-right alt-right alt-f", `|世${FAMILY} b`, `世${FAMILY}| b`],
  ];
  test.each(cases)("%s in %j", (names, before, after) => {
    for (const name of names.split(" ")) {
      expect(pressed(before, name)).toBe(after);
    }
  });
});

describe("edit() removes with", () => {
  const cases: readonly Case[] = [
    ["backspace ctrl-h", "ab|c", "a|c"],
    ["backspace ctrl-h", "|ab", "|ab"],
    ["backspace ctrl-h", "a\n|b", "a|b"],
    ["backspace ctrl-h", `a${FAMILY}|b`, "a|b"],
    ["backspace ctrl-h", `a${ACCENT}|b`, "a|b"],
    ["backspace ctrl-h", `${FLAG}${FLAG}|`, `${FLAG}|`],
    ["backspace ctrl-h", "𝕏𝕐|", "𝕏|"],
    ["delete ctrl-d", "a|bc", "a|c"],
    ["delete ctrl-d", "ab|", "ab|"],
    ["delete ctrl-d", "a|\nb", "a|b"],
    ["delete ctrl-d", `|${FAMILY}b`, "|b"],
    ["delete ctrl-d", `|${ACCENT}b`, "|b"],
    ["ctrl-w alt-backspace ctrl-backspace", "one two|", "one |"],
    ["ctrl-w alt-backspace ctrl-backspace", "one two | x", "one | x"],
    ["ctrl-w alt-backspace ctrl-backspace", "|x", "|x"],
    ["alt-d ctrl-delete", "one| two x", "one| x"],
    ["alt-d ctrl-delete", "x|", "x|"],
    ["ctrl-u", "a\nbc|d", "a\n|d"],
    ["ctrl-u", "a\n|d", "a\n|d"],
    ["ctrl-k", "a|bc\nd", "a|\nd"],
    ["ctrl-k", "a|\nd", "a|\nd"],
  ];
  test.each(cases)("%s in %j", (names, before, after) => {
    for (const name of names.split(" ")) {
      expect(pressed(before, name)).toBe(after);
    }
  });

  test("what stood apart may become one character, behind which the cursor stands", () => {
    expect(pressed("e\n|\u0301", "backspace")).toBe("e\u0301|");
    expect(pressed("🇩|a🇪", "delete")).toBe("🇩🇪|");
  });

  test("the last word of a long paste without delay", () => {
    const long = "a".repeat(300_000);
    expect(edit(draftOf(`${long} b`), { kind: "key", name: "ctrl-w" })).toEqual(
      draftOf(`${long} `),
    );
  });
});

describe("edit() puts in", () => {
  const cases: readonly (readonly [before: string, piece: string, after: string])[] = [
    ["|", "a", "a|"],
    ["a|c", "b", "ab|c"],
    ["|\n", "a\nb", "a\nb|\n"],
    ["a|", "\u0301", "a\u0301|"],
    ["|\u0301", "e", "e\u0301|"],
    ["|🇪", "🇩", "🇩🇪|"],
    ["|\u200d👧", "👩", "👩‍👧|"],
  ];
  test.each(cases)("%j: %j", (before, piece, after) => {
    for (const kind of ["text", "paste"] as const) {
      const edited = edit(draft(before), { kind, text: piece });
      expect(edited).toEqual(draft(after));
    }
  });
});

test.each(["enter", "tab", "escape", "up", "ctrl-c", "alt-x", "constructor", "toString"])(
  "edit() has no action for %s",
  (name) => {
    expect(pressed("a|b", name)).toBeUndefined();
  },
);

describe("moveLine() goes", () => {
  const cases: readonly (readonly [
    name: string,
    direction: -1 | 1,
    before: string,
    after: string | undefined,
  ])[] = [
    ["up in the same column", -1, "abc\nab|c", "ab|c\nabc"],
    ["up to the end of a shorter line", -1, "a\nabc|", "a|\nabc"],
    ["up to an empty line", -1, "\nabc|", "|\nabc"],
    ["up to the beginning of a character", -1, `${FAMILY}a\nabc|`, `|${FAMILY}a\nabc`],
    ["nowhere from the first line", -1, "ab|c\nd", undefined],
    ["nowhere from nothing", -1, "|", undefined],
    ["down in the same column", 1, "ab|c\nabc", "abc\nab|c"],
    ["down to the end of a shorter line", 1, "abc|\na", "abc\na|"],
    ["down to an empty line", 1, "abc|\n", "abc\n|"],
    ["down over an empty line at the top", 1, "|\nabc", "\n|abc"],
    ["down to the beginning of a character", 1, `ab|\n${FAMILY}a`, `ab\n|${FAMILY}a`],
    ["nowhere from the last line", 1, "a\nb|c", undefined],
  ];
  test.each(cases)("%s", (_name, direction, before, after) => {
    const moved = moveLine(draft(before), direction);
    expect(moved === undefined ? undefined : marked(moved)).toBe(after);
  });
});

const MOVEMENTS = [
  ...["left", "right", "home", "end", "ctrl-a", "ctrl-b", "ctrl-e", "ctrl-f"],
  ...["ctrl-left", "ctrl-right", "alt-left", "alt-right", "alt-b", "alt-f"],
];
const REMOVALS = [
  ...["backspace", "delete", "ctrl-d", "ctrl-h", "ctrl-k", "ctrl-u", "ctrl-w"],
  ...["alt-backspace", "alt-d", "ctrl-backspace", "ctrl-delete"],
];
/** Text that is hard to cut: also the parts of characters alone. */
const PIECES = [
  ...["a", "b", " ", "\n", "\t", "世", FAMILY, FLAG, ACCENT, "𝕏", "👍🏽", "\u3000", "각", "ᄀ", "ᅡ"],
  ...["\u0301", "\u200d", "\ufe0f", "🇩", "🏽", "👩"],
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map((all) => all.join(""));
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Where a cursor may stand. */
function boundaries(value: string): number[] {
  return [...[...characters.segment(value)].map(({ index }) => index), value.length];
}

const anyDraft = text.chain((value) =>
  fc.constantFrom(...boundaries(value)).map((cursor): Draft => ({ text: value, cursor })),
);

describe("whatever is pressed,", () => {
  const step = fc.oneof(
    fc.constantFrom(...MOVEMENTS, ...REMOVALS).map((name) => ({ kind: "key", name }) as const),
    text.map((value) => ({ kind: "text", text: value }) as const),
    fc.constantFrom<-1 | 1>(-1, 1),
  );

  test("the cursor stands in the text, between two characters", () => {
    fc.assert(
      fc.property(anyDraft, fc.array(step, { maxLength: 8 }), (start, steps) => {
        let current = start;
        for (const each of steps) {
          const next = typeof each === "number" ? moveLine(current, each) : edit(current, each);
          current = next ?? current;
          expect(boundaries(current.text)).toContain(current.cursor);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("a movement leaves the text as it is", () => {
    fc.assert(
      fc.property(anyDraft, fc.constantFrom(...MOVEMENTS), (start, name) => {
        expect(edit(start, { kind: "key", name })?.text).toBe(start.text);
      }),
    );
  });

  test("a removal takes one piece out, at the cursor", () => {
    fc.assert(
      fc.property(anyDraft, fc.constantFrom(...REMOVALS), (start, name) => {
        const after = edit(start, { kind: "key", name }) ?? EMPTY;
        const { cursor } = start;
        const rest = start.text.length - after.text.length;
        const isBefore =
          after.text === start.text.slice(0, cursor - rest) + start.text.slice(cursor);
        const isAfter =
          after.text === start.text.slice(0, cursor) + start.text.slice(cursor + rest);
        expect(isBefore || isAfter).toBe(true);
      }),
    );
  });

  test("Backspace takes back a character that was typed", () => {
    const whole = fc.constantFrom("a", "世", FAMILY, FLAG, ACCENT, "𝕏", "👍🏽");
    const apart = fc.array(whole, { maxLength: 6 });
    fc.assert(
      fc.property(apart, apart, whole, (before, after, typed) => {
        const start = { text: [...before, ...after].join(""), cursor: before.join("").length };
        const back = edit(insert(start, typed), { kind: "key", name: "backspace" });
        expect(back).toEqual(start);
      }),
    );
  });
});
