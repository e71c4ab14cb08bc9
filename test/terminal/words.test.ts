import { expect, test } from "bun:test";
import { cellsOf, mayBreakBetween } from "../../src/terminal/words.ts";

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
