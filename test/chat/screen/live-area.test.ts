import { describe, expect, test } from "bun:test";
import { createLiveArea } from "../../../src/chat/screen/live-area.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { openScreen, screenOutput } from "../../support/screen.ts";

/** A screen of ten columns with an area on it. */
function area(rows = 6) {
  const screen = openScreen({ cols: 10, rows });
  const live = createLiveArea(screenOutput(screen), screen);
  return { screen, live, lines: () => screen.text().split("\n") };
}

describe("createLiveArea()", () => {
  test("shows rows below the text, and leaves none of them", async () => {
    const { live, lines } = area();
    await live.show(["one", "two"]);
    expect(lines()).toEqual(["one", "two"]);
    await live.write("abc");
    expect(lines()).toEqual(["abc", "one", "two"]);
    await live.write("d\ne");
    expect(lines()).toEqual(["abcd", "e", "one", "two"]);
    await live.show(["x"]);
    expect(lines()).toEqual(["abcd", "e", "x"]);
    await live.show([]);
    expect(lines()).toEqual(["abcd", "e"]);
    await live.write("f\n");
    await live.write("g");
    expect(lines()).toEqual(["abcd", "ef", "g"]);
  });

  test("puts rows where the text ends with a line", async () => {
    const { live, lines } = area();
    await live.show(["row"]);
    await live.write("ab\n");
    expect(lines()).toEqual(["ab", "row"]);
    await live.write("c");
    expect(lines()).toEqual(["ab", "c", "row"]);
  });

  test.each([
    [9, ["xxxxxxxxx!", "row"]],
    [10, ["xxxxxxxxxx", "!", "row"]],
    [11, ["xxxxxxxxxx", "x!", "row"]],
    [20, ["xxxxxxxxxx", "xxxxxxxxxx", "!", "row"]],
  ])("goes on behind a text of %i cells", async (count, expected) => {
    const { live, lines } = area();
    await live.show(["row"]);
    await live.write("x".repeat(count));
    await live.write("!");
    expect(lines()).toEqual(expected);
  });

  test("counts cells, not characters", async () => {
    const { live, lines } = area();
    await live.show(["row"]);
    for (const text of ["中", "文", "é", "!"]) {
      await live.write(text);
    }
    expect(lines()).toEqual(["中文é!", "row"]);
  });

  test("breaks a row that is wider than the screen, and takes it away as a whole", async () => {
    const { live, lines } = area();
    await live.write("a");
    await live.show(["012345 789012"]);
    expect(lines().length).toBeGreaterThan(2);
    await live.write("b");
    expect(lines()[0]).toBe("ab");
    await live.show([]);
    expect(lines()).toEqual(["ab"]);
  });

  test("shows no more rows than there are", async () => {
    const { live, lines } = area(3);
    await live.show(["1", "2", "3", "4"]);
    expect(lines()).toEqual(["1", "2"]);
  });

  test("says a line of ours on a line of its own, once", async () => {
    const { live, lines } = area();
    await live.write("abc");
    await live.show(["row"]);
    await live.say("note");
    expect(lines()).toEqual(["abc", "note", "row"]);
    await live.say("more");
    expect(lines()).toEqual(["abc", "note", "more", "row"]);
    await live.write("d");
    expect(lines()).toEqual(["abc", "note", "more", "d", "row"]);
  });

  test("writes nothing for no rows where none stand", async () => {
    const runtime = fakeRuntime();
    const live = createLiveArea(runtime.stdout, openScreen());
    await live.show([]);
    expect(runtime.written.stdout).toBe("");
  });

  test("tells when nobody reads any more, and goes on after a failure", async () => {
    const { stdout } = fakeRuntime();
    const gone = createLiveArea({ ...stdout, writeAnswer: async () => false }, openScreen());
    expect(await gone.write("a")).toBe(false);
    const said: string[] = [];
    const broken = createLiveArea(
      {
        ...stdout,
        write: async () => {
          throw new Error("full");
        },
        writeExact: async (text) => {
          said.push(text);
        },
      },
      openScreen(),
    );
    await expect(broken.say("a")).rejects.toThrow("full");
    await broken.show(["row"]);
    expect(said.join("")).toContain("row");
  });
});
