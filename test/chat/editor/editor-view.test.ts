import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createEditorView, type EditorView } from "../../../src/chat/editor/editor-view.ts";
import { layOutDraft } from "../../../src/chat/editor/lay-out-draft.ts";
import { type Draft, draftOf, edit } from "../../../src/chat/editor/line-editor.ts";
import { openScreen, type Screen, screenOutput } from "../../support/screen.ts";

const PROMPTS = { first: "> ", others: "  " };
const NOBODY = { close: async () => undefined };

type Shown = { readonly screen: Screen; readonly view: EditorView };

/** A view below a line of something else. */
async function viewOn(cols: number, rows = 10): Promise<Shown> {
  const screen = openScreen({ cols, rows });
  await screen.write("before\r\n");
  const stdout = screenOutput(screen);
  const terminal = { size: screen.size, open: async () => NOBODY };
  return { screen, view: createEditorView({ stdout, terminal }, PROMPTS) };
}

/** A draft in which `|` is the cursor. */
function draft(marked: string): Draft {
  const cursor = marked.indexOf("|");
  return { text: marked.slice(0, cursor) + marked.slice(cursor + 1), cursor };
}

function lines(...all: readonly string[]): string {
  return all.join("\n");
}

describe("an editor view shows", () => {
  type Case = readonly [
    name: string,
    drafts: readonly string[],
    shown: readonly string[],
    cursor: readonly [row: number, column: number],
  ];
  const cases: readonly Case[] = [
    ["the prompt", ["|"], [">"], [1, 2]],
    ["a line", ["hello|"], ["> hello"], [1, 7]],
    ["a cursor within it", ["hello|", "he|llo"], ["> hello"], [1, 4]],
    ["what was typed past the edge", ["abcdef|", "abcdefgh|"], ["> abcdef", "gh"], [2, 2]],
    ["the cursor behind a full row", ["abcdef|"], ["> abcdef"], [2, 0]],
    ["what is left when it is taken back", ["abcdefgh|", "abcde|"], ["> abcde"], [1, 7]],
    ["nothing when all is taken back", ["a\nbcdefghij\nk|", "|"], [">"], [1, 2]],
    ["several lines", ["a\nb\nc|"], ["> a", "  b", "  c"], [3, 3]],
    ["the cursor in the first of them", ["a\nb|", "a|\nb"], ["> a", "  b"], [1, 3]],
    ["a cursor at the end of a full line", ["abcdef|\nb", "abcde|\nb"], ["> abcde", "  b"], [1, 7]],
    ["wide characters past the edge", ["世界世界|"], ["> 世界世", "界"], [2, 2]],
    ["control characters", ["\u001b[A|"], ["> \\x1b[A"], [2, 0]],
  ];
  test.each(cases)("%s", async (_name, drafts, shown, cursor) => {
    const { screen, view } = await viewOn(8);
    for (const each of drafts) {
      await view.draw(draft(each));
    }
    expect(screen.text()).toBe(lines("before", ...shown));
    expect(screen.cursor()).toEqual(cursor);
  });
});

describe("an editor view with a hint below", () => {
  test("shows it and takes it away", async () => {
    const { screen, view } = await viewOn(20);
    await view.draw(draft("a|\nb"), "a hint");
    expect(screen.text()).toBe(lines("before", "> a", "  b", "a hint"));
    expect(screen.cursor()).toEqual([1, 3]);
    await view.draw(draft("a|\nb"));
    expect(screen.text()).toBe(lines("before", "> a", "  b"));
  });

  test("wraps it at words, its colour ended", async () => {
    const { screen, view } = await viewOn(8);
    await view.draw(draft("a|"), "\u001b[2ma hint that is long\u001b[22m");
    expect(screen.text()).toBe(lines("before", "> a", "a hint", "that is", "long"));
    expect(await screen.isDim()).toBe(false);
  });
});

describe("an editor view of a draft that is longer than the screen", () => {
  test("shows the rows around the cursor", async () => {
    const { screen, view } = await viewOn(8, 6);
    const text = "1\n2\n3\n4\n5\n6\n7";
    await view.draw(draftOf(text));
    expect(screen.text()).toBe(lines("before", "  4", "  5", "  6", "  7"));
    await view.draw({ text, cursor: 0 }, "hint");
    expect(screen.text()).toBe(lines("before", "> 1", "  2", "  3", "  4", "hint"));
    expect(screen.cursor()).toEqual([1, 2]);
    await view.draw({ text, cursor: 2 });
    expect(screen.text()).toBe(lines("before", "> 1", "  2", "  3", "  4"));
    await view.draw(draft("1|"));
    expect(screen.text()).toBe(lines("before", "> 1"));
  });

  test("leaves nothing of it behind at the bottom of the screen", async () => {
    const { screen, view } = await viewOn(8, 5);
    await screen.write("2\r\n3\r\n4\r\n5\r\n");
    await view.draw(draftOf("1\n2\n3\n4\n5"), "hint");
    expect(screen.text()).toBe(lines("5", "  3", "  4", "  5", "hint"));
    await view.draw(draft("|"));
    expect(screen.text()).toBe(lines("5", ">"));
  });
});

test("an editor view shows of a long draft what it would show of all its rows", async () => {
  const line = fc.constantFrom("", "a", "bc", "abcdefghijklmnopqr", "世界世界世界", "\t");
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.nat(), async (all, place) => {
      const text = all.join("\n");
      const { screen, view } = await viewOn(8, 6);
      const current = { text, cursor: place % (text.length + 1) };
      await view.draw(current);
      const { rows, cursor } = layOutDraft(current, { prompts: PROMPTS, columns: 8 });
      const first = Math.max(0, cursor.row - 3);
      const shown = rows.slice(first, first + 4).map((row) => row.trimEnd());
      expect(screen.text()).toBe(lines("before", ...shown).trimEnd());
      expect(screen.cursor()).toEqual([1 + cursor.row - first, cursor.column]);
    }),
    { numRuns: 100 },
  );
});

test("an editor view shows a very long paste without delay", async () => {
  const { screen, view } = await viewOn(8, 6);
  await view.draw(draftOf("paste\n".repeat(3_000_000)));
  expect(screen.text()).toBe(lines("before", "  paste", "  paste", "  paste"));
});

describe("an editor view after the terminal was resized", () => {
  const text = "abcdefghijklmnopqrstuv";
  const rowsAt: Readonly<Record<number, readonly string[]>> = {
    7: ["> abcde", "fghijkl", "mnopqrs", "tuv"],
    10: ["> abcdefgh", "ijklmnopqr", "stuv"],
    16: ["> abcdefghijklmn", "  opqrstuv"],
    30: ["> abcdefghijklmnopqrstuv"],
  };
  const widths = [7, 10, 16, 30];
  const pairs = widths.flatMap((from) => widths.map((to) => [from, to] as const));
  test.each(pairs)("from %i to %i columns", async (from, to) => {
    // Where the terminal puts a cursor within a line that it breaks anew differs; not at the end.
    for (const cursor of to < from ? [text.length] : [0, 6, 14, text.length]) {
      const { screen, view } = await viewOn(from, 20);
      await view.draw({ text, cursor });
      screen.resize(to, 20);
      await view.draw({ text, cursor });
      expect(screen.text()).toBe(lines("before", ...(rowsAt[to] ?? [])));
    }
  });

  test("with several lines and a hint", async () => {
    const { screen, view } = await viewOn(30, 20);
    await view.draw(draft("abcdefghijk\nlmnopqrst|uv\nw"), "hint");
    screen.resize(7, 20);
    await view.draw(draft("abcdefghijk\nlmnopqrst|uv\nw"));
    expect(screen.text()).toBe(lines("before", "> abcde", "fghijk", "  lmnop", "qrstuv", "  w"));
    expect(screen.cursor()).toEqual([4, 4]);
  });
});

describe("an editor view that", () => {
  test("finishes leaves the draft, and what follows below it", async () => {
    const { screen, view } = await viewOn(8);
    await view.draw(draft("a|bcdefgh"), "hint");
    await view.finish(draft("a|bcdefgh"));
    await screen.write("after\r\n");
    await view.draw(draft("next|"));
    expect(screen.text()).toBe(lines("before", "> abcdef", "gh", "after", "> next"));
  });

  test("clears the screen begins at its top", async () => {
    const { screen, view } = await viewOn(8);
    await view.draw(draft("abcdefgh|"));
    await view.clear();
    await view.draw(draft("abcdefgh|"));
    expect(screen.text()).toBe(lines("> abcdef", "gh"));
  });
});

test("an editor view shows the last draft alone, whatever stood there before", async () => {
  const piece = fc.constantFrom("a", "bc", "\n", "世", " ", "\t", "\u001b", "abcdefgh");
  const names = ["left", "right", "home", "end", "backspace", "ctrl-left", "ctrl-u", "delete"];
  const step = fc.oneof(
    piece.map((text) => ({ kind: "text", text }) as const),
    fc.constantFrom(...names).map((name) => ({ kind: "key", name }) as const),
  );
  const columns = fc.integer({ min: 6, max: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), columns, async (steps, cols) => {
      const { screen, view } = await viewOn(cols, 60);
      let current = draft("|");
      for (const each of steps) {
        current = edit(current, each) ?? current;
        await view.draw(current);
      }
      await view.draw(current);
      const { rows, cursor } = layOutDraft(current, { prompts: PROMPTS, columns: cols });
      expect(screen.text()).toBe(lines("before", ...rows.map((row) => row.trimEnd())).trimEnd());
      expect(screen.cursor()).toEqual([1 + cursor.row, cursor.column]);
    }),
    { numRuns: 100 },
  );
});
