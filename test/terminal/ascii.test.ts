import { describe, expect, test } from "bun:test";
import { drawInAscii, sayInAscii } from "../../src/terminal/ascii.ts";

const nothing = (): boolean => false;

describe("sayInAscii()", () => {
  test.each([
    ["✓ API key   sk-sp-…a289", "+ API key   sk-sp-...a289"],
    ["Paid · Up to 6,000", "Paid - Up to 6,000"],
    ["⠹ Waiting · 3 s", "- Waiting - 3 s"],
    ["│ ├ ┼ ─", "| + + -"],
    ["已停止服务 · 继续", "已停止服务 - 继续"],
    ["Cannot read `a·b…`: gone", "Cannot read `a·b…`: gone"],
    ['Cannot ask "glm·5": gone · now', 'Cannot ask "glm·5": gone - now'],
    ["plain", "plain"],
    ["✓ one\n✗ two\n", "+ one\nx two\n"],
  ])("%j is %j", (text, shown) => {
    expect(sayInAscii(text, nothing)).toBe(shown);
  });

  test("keeps the columns behind what becomes longer", () => {
    expect(sayInAscii("  sk-…a289    from\n  sk-12345678  from", nothing)).toBe(
      "  sk-...a289  from\n  sk-12345678  from",
    );
  });

  test("leaves cells that are data", () => {
    expect(sayInAscii("✓ a  glm·5", (cell) => cell === "glm·5")).toBe("+ a  glm·5");
  });
});

test.each([
  ["◆  One\n│  ● two\n", "*  One\n|  > two\n"],
  ["◻ one  ◼ two", "- one  + two"],
  ["waiting…", "waiting…"],
])("drawInAscii(%j) is %j, as wide", (drawn, shown) => {
  expect(drawInAscii(drawn)).toBe(shown);
  expect(Bun.stringWidth(shown)).toBe(Bun.stringWidth(drawn));
});
