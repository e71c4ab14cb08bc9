import { expect, test } from "bun:test";
import { rowsOf } from "../../src/terminal/rows-of.ts";

test.each([
  ["abcdef", 6, 1, ["abcdef"]],
  ["abcdefg", 6, 2, ["abcdef", "g"]],
  ["abcdefg", 6, 1, ["abcde…"]],
  ["abcdefghijklm", 6, 2, ["abcdef", "ghijk…"]],
  ["abcdefghijkl", 6, 2, ["abcdef", "ghijkl"]],
  ["abcdefg", 6, 0, ["abcde…"]],
  ["one two six", 7, 2, ["one two", "six"]],
  ["中文中文", 6, 2, ["中文中", "文"]],
  ["\u001b[1mabcdefg\u001b[22m", 6, 2, ["\u001b[1mabcdef\u001b[22m", "\u001b[1mg\u001b[22m"]],
])("rowsOf(%j, %i, %i) is %j", (line, columns, most, rows) => {
  expect([...rowsOf(line, columns, most)]).toEqual(rows);
});
