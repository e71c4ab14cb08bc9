import { expect, test } from "bun:test";
import { framed, hangLabel, roomWithin } from "../../src/terminal/hang-label.ts";

test.each([
  ["one two", 12, "one two"],
  ["one two", 11, "one\n  two"],
  ["abcdef", 11, "abcdef"],
  ["abcdef", 10, "abcde\n  f"],
  ["ab", 5, "a\n  b"],
  ["ab", 1, "a\n  b"],
])("hangLabel(%j) on %i columns is %j", (label, columns, shown) => {
  expect(hangLabel(label, columns)).toBe(shown);
});

test.each([
  ["one two", 7, ["one two"]],
  ["one two", 6, ["one", "two"]],
  ["ab", 0, ["a", "b"]],
  ["", 9, [""]],
])("framed(%j, %i) is %j", (text, room, rows) => {
  expect([...framed(text, room)]).toEqual(rows);
});

test("roomWithin() is what the frame leaves", () => {
  expect([roomWithin({ columns: 40 }), roomWithin({})]).toEqual([37, 77]);
});
