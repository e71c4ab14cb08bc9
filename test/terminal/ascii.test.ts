import { describe, expect, test } from "bun:test";
import { drawnInAscii, sayInAscii } from "../../src/terminal/ascii.ts";

const nothing = (): boolean => false;

describe("sayInAscii()", () => {
  test.each([
    ["✓ API key   sk-sp-…a289", "+ API key   sk-sp-...a289"],
    ["Paid · Up to 6,000", "Paid - Up to 6,000"],
    ["⠹ Waiting · 3 s", "- Waiting - 3 s"],
    ["│ ├ ┼ ─", "| + + -"],
    ["已停止服务 · 继续", "已停止服务 - 继续"],
    ["Cannot read `a·b…`: gone", "Cannot read `a·b…`: gone"],
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

test("drawnInAscii() changes what is written and nothing else", () => {
  const written: unknown[] = [];
  const stream = Object.create(process.stderr, {
    write: { writable: true, value: (text: unknown) => written.push(text) > 0 },
    columns: { value: 61 },
  });
  const shown = drawnInAscii(stream);
  shown.write("◆  One\n│  ● two\n");
  shown.write(new TextEncoder().encode("◆"));
  expect(written).toEqual(["*  One\n|  > two\n", new TextEncoder().encode("◆")]);
  expect(shown.columns).toBe(61);
});
