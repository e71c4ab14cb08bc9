import { expect, test } from "bun:test";
import { createThoughtsWriter } from "../../../src/chat/screen/thoughts-writer.ts";
import { PLAIN } from "../../../src/terminal/style.ts";

/** What is written of pieces of thoughts, each time. */
async function written(pieces: readonly string[], width = 20): Promise<string[]> {
  const all: string[] = [];
  const style = { ...PLAIN, dim: (text: string) => `<${text}>` };
  const { push, end } = createThoughtsWriter({ style, width: () => width }, async (text) => {
    all.push(text);
    return true;
  });
  for (const piece of pieces) {
    await push(piece);
  }
  await end();
  await end();
  return all;
}

const plain = (all: readonly string[]) => all.join("").replace(/[<>]/g, "");

test("createThoughtsWriter() writes what comes, dim, with an empty row behind it", async () => {
  const all = await written(["I thi", "nk so", "\nand ", "on"]);
  expect(plain(all)).toBe("I think so\nand on\n\n");
  expect(all.join("")).toContain("<");
});

test("createThoughtsWriter() wraps at the width", async () => {
  expect(plain(await written(["one two three four five"], 10))).toBe(
    "one two\nthree four\nfive\n\n",
  );
});

test("createThoughtsWriter() writes nothing where nothing is thought, and nothing empty", async () => {
  expect(await written([])).toEqual([]);
  expect((await written(["a ", "", "b"])).every((text) => text !== "")).toBe(true);
});

test("createThoughtsWriter() begins anew after an end", async () => {
  const all: string[] = [];
  const { push, end } = createThoughtsWriter({ style: PLAIN, width: () => 20 }, async (text) => {
    all.push(text);
    return true;
  });
  await push("a");
  await end();
  await push("b");
  await end();
  expect(all.join("")).toBe("a\n\nb\n\n");
});
