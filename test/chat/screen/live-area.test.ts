import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { createLiveArea } from "../../../src/chat/screen/live-area.ts";
import { openScreen, screenOutput } from "../../support/screen.ts";

setDefaultTimeout(60_000);

function areaOn(cols: number, rows = 12) {
  const screen = openScreen({ cols, rows });
  return { screen, area: createLiveArea(screenOutput(screen), screen) };
}

function lines(...all: readonly string[]): string {
  return all.join("\n");
}

describe("a live area", () => {
  type Case = readonly [name: string, cols: number, pieces: readonly string[], shown: string];
  const cases: readonly Case[] = [
    ["text that grows", 20, ["Hello", " world"], "Hello world"],
    ["a row that is full", 8, ["abcdefgh", "\nij"], lines("abcdefgh", "ij")],
    ["a row that is full and goes on", 8, ["abcdefgh", "ij"], lines("abcdefgh", "ij")],
    ["a wide character on the last cells", 8, ["abcdef世", "\nij"], lines("abcdef世", "ij")],
    ["two full rows at once", 8, ["abcdefghijklmnop", "\nq"], lines("abcdefgh", "ijklmnop", "q")],
    ["a line break alone", 8, ["abcdefgh", "\n", "ij"], lines("abcdefgh", "ij")],
    ["an empty row behind a full one", 8, ["abcdefgh", "\n\nij"], lines("abcdefgh", "", "ij")],
  ];
  test.each(cases)("keeps %s", async (_name, cols, pieces, shown) => {
    for (const rows of [["working"], ["a longer line of what goes on"], ["one", "two"]]) {
      const { screen, area } = areaOn(cols);
      for (const piece of pieces) {
        await area.write(piece);
        await area.show(rows);
        await area.show([...rows, "> typed"]);
        await area.show([]);
        await area.show(rows);
      }
      await area.show([]);
      expect(screen.text()).toBe(shown);
    }
  });

  test("has all rows of a line that is too long, and no more than the screen", async () => {
    const { screen, area } = areaOn(12);
    await area.write("Text");
    await area.show(["* waiting for m · 3 s · Esc stops"]);
    expect(screen.text()).toBe(lines("Text", "* waiting", "for m · 3 s", "· Esc stops"));
    const low = areaOn(12, 3);
    await low.area.write("Text");
    await low.area.show(["one", "two", "three", "four"]);
    await low.area.show([]);
    expect(low.screen.text()).toBe("Text");
  });

  test("keeps a line of its own behind a full row", async () => {
    const { screen, area } = areaOn(8);
    await area.write("abcdefgh");
    await area.show(["working"]);
    await area.say("said");
    await area.write("more");
    expect(screen.text()).toBe(lines("abcdefgh", "said", "more", "working"));
  });
});

const piece = fc.constantFrom("a", "bc ", "\n", "世", "abcdefgh", " ", "de");
const rows = fc.constantFrom<readonly string[]>([], ["work"], ["work and more"], ["w", "› t"]);
const width = fc.integer({ min: 6, max: 12 });

test("a live area leaves nothing of its rows behind, and takes nothing of the text", async () => {
  const steps = fc.array(fc.record({ piece, rows }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, width, async (all, cols) => {
      const { screen, area } = areaOn(cols, 60);
      const plain = areaOn(cols, 60);
      for (const each of all) {
        await area.show(each.rows);
        await area.write(each.piece);
        await plain.area.write(each.piece);
      }
      await area.show([]);
      expect(screen.text()).toBe(plain.screen.text());
    }),
    { numRuns: 100 },
  );
});

test("a live area loses no text when the terminal is resized at any time", async () => {
  const step = fc.record({ piece, rows, cols: fc.option(width) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), width, async (all, cols) => {
      const { screen, area } = areaOn(cols, 60);
      for (const each of all) {
        await area.show(each.rows);
        screen.resize(each.cols ?? screen.size().columns, 60);
        await area.write(each.piece);
      }
      await area.show([]);
      const text = all.map((each) => each.piece).join("");
      expect(screen.text().replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
    }),
    { numRuns: 100 },
  );
});

describe("a live area on a terminal that is resized", () => {
  const pairs = [12, 16, 24, 32].flatMap((from) =>
    [12, 16, 24, 32].map((to) => [from, to] as const),
  );
  test.each(pairs)("from %i to %i columns goes on behind its text", async (from, to) => {
    for (const text of ["one two", "one two three fo", "one two three four, five, six"]) {
      const { screen, area } = areaOn(from, 20);
      await area.write(text);
      await area.show(["working on it", "› typed"]);
      screen.resize(to, 20);
      await area.show(["working on it", "› typed more"]);
      await area.write("|\nnext");
      await area.show([]);
      expect(screen.text().replaceAll(/\n(?!next)/g, "")).toBe(`${text}|\nnext`);
    }
  });
});
