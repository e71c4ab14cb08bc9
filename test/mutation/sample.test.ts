import { describe, expect, test } from "bun:test";
import type { Mutation } from "./find-mutations.ts";
import { createRandom, roomOf, sampleMutations } from "./sample.ts";

const ALL = ["src/a/x.ts", "src/b/y.ts", "src/b/z.ts", "src/main.ts"].flatMap((file, index) =>
  Array.from(
    { length: 10 * (index + 1) },
    (_, line): Mutation => ({ file, line, kind: "number", start: 0, end: 1, replacement: "1" }),
  ),
);

describe("sampleMutations()", () => {
  test("takes the same for the same seed, and others for another", () => {
    const [one, again, other] = [1, 1, 2].map((seed) => sampleMutations(ALL, { count: 20, seed }));
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
  });

  test.each([3, 10, 40])("spreads %i over the rooms as their sizes are", (count) => {
    const sample = sampleMutations(ALL, { count, seed: 7 });
    expect(sample.length).toBe(count);
    for (const [room, mutations] of Map.groupBy(ALL, ({ file }) => roomOf(file))) {
      const taken = sample.filter(({ file }) => roomOf(file) === room).length;
      expect(Math.abs(taken - (count * mutations.length) / ALL.length)).toBeLessThanOrEqual(1);
    }
  });

  test("takes no more than there is, each once", () => {
    expect(new Set(sampleMutations(ALL, { count: 1000, seed: 3 })).size).toBe(ALL.length);
  });
});

test("createRandom() stays between 0 and 1", () => {
  const random = createRandom(5);
  const numbers = Array.from({ length: 1000 }, random);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(new Set(numbers).size).toBeGreaterThan(990);
});
