import { expect, test } from "bun:test";
import { toCount, toCounts, toObject } from "../../../src/models/entries/generation-values.ts";

test.each<[unknown, number | undefined]>([
  [0, 0],
  [1, 1],
  [1.2, 2],
  [-0.1, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  ["1", undefined],
  [null, undefined],
])("toCount(%p) is %p", (value, count) => {
  expect(toCount(value)).toBe(count as never);
});

test.each<[unknown, readonly number[] | undefined]>([
  [[], []],
  [
    [500, 502.5],
    [500, 503],
  ],
  [[500, "502"], undefined],
  [[-1], undefined],
  [500, undefined],
  [{ 0: 500 }, undefined],
])("toCounts(%p) is %p", (value, counts) => {
  expect(toCounts(value)).toEqual(counts as never);
});

test("toObject() takes nothing but objects", () => {
  expect([{ a: 1 }, [], null, "a"].map(toObject)).toEqual([
    { a: 1 },
    undefined,
    undefined,
    undefined,
  ]);
});
