import { expect, test } from "bun:test";
import {
  cellsOf,
  isBlank,
  isRun,
  mayBreakBetween,
  runsOf,
  widestWord,
} from "../../src/terminal/words.ts";

test("cellsOf() and mayBreakBetween() know common ideographs as the patterns and Bun do", () => {
  const wrong: string[] = [];
  for (let code = 0x4e00; code <= 0x9fff; code += 1) {
    const sign = String.fromCharCode(code);
    const isIdeograph = /^\p{Script=Han}$/u.test(sign) && Bun.stringWidth(sign) === 2;
    if (!isIdeograph || cellsOf(sign) !== 2 || !mayBreakBetween(sign, sign)) {
      wrong.push(code.toString(16));
    }
  }
  expect(wrong).toEqual([]);
});

test.each([
  ["a", "b", false],
  ["é", "b", false],
  ["中", "文", true],
  ["中", "a", true],
  ["a", "中", true],
  ["か", "b", true],
  ["か", "な", true],
  // Nothing begins with what closes, in either script, and nothing ends with what opens.
  ["中", "，", false],
  ["か", "。", false],
  ["中", ")", false],
  ["中", ".", false],
  ["中", "[", true],
  ["（", "中", false],
  ["a", "（中", true],
  ["a", "（b", false],
  // Behind a sign as wide as an ideograph, but behind no other.
  ["，", "中", true],
  ["a，", "b", true],
  ["。", "b", true],
  ["”", "b", false],
  ["中”", "b", true],
  ["カー", "b", true],
])("mayBreakBetween(%j, %j) is %p", (last, next, expected) => {
  expect(mayBreakBetween(last, next)).toBe(expected);
});

test.each([
  ["", 0],
  ["a", 1],
  ["ab中", 4],
  ["é", 1],
  ["e\u0301", 1],
  ["か", 2],
  ["🙂", 2],
  ["，", 2],
  ["中文", 4],
])("cellsOf(%j) is %i", (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});

test.each([
  ["", 0],
  ["one three two", 5],
  ["three", 5],
  ["ab\tcde", 3],
  ["中文字", 2],
  ["a中文", 2],
  ["（中）文", 6],
  ["a（参数）bc", 4],
  ["é été", 3],
])("widestWord(%j) is %i", (text, cells) => {
  expect(widestWord(text)).toBe(cells);
});

test.each([
  ["one  two\tx", ["one", "  ", "two", "\t", "x"], []],
  ["中文字符", ["中文字", "符"], ["中文字"]],
  ["中文，字a（b）", ["中", "文，", "字", "a", "（b）"], []],
  ["a中文字", ["a", "中文", "字"], ["中文"]],
  ["か中", ["か", "中"], []],
  ["é b", ["é", " ", "b"], []],
  ["", [], []],
])("runsOf(%j) are %j, of which %j are several units", (text, runs, several) => {
  expect([...runsOf(text)]).toEqual(runs);
  expect(runsOf(text).filter(isRun)).toEqual(several);
});

test.each([
  [" ", true],
  ["\t", true],
  ["  \t", true],
  ["a", false],
  ["", false],
])("isBlank(%j) is %p", (unit, expected) => {
  expect(isBlank(unit)).toBe(expected);
});
