import { expect, test } from "bun:test";
import { translateClack } from "../../src/terminal/translate-clack.ts";

const DIM = "\u001b[2m";
const OFF = "\u001b[22m";
const said: string[] = [];
const change = translateClack((text) => {
  said.push(text);
  return "X";
});

test.each([
  [
    `│  ${DIM}Search:${OFF} Search: a ${DIM}(3 matches)${OFF}\n`,
    `│  ${DIM}X${OFF} Search: a ${DIM}X${OFF}\n`,
  ],
  ["│  No matches found\n", "│  X\n"],
  ["│  Please select at least one item", "│  X"],
  [`\u001b[36m│\u001b[39m  ${DIM}4 items selected${OFF}`, `\u001b[36m│\u001b[39m  ${DIM}X${OFF}`],
  [
    `│  ${DIM}↑/↓${OFF} to navigate • ${DIM}Tab:${OFF} select • ${DIM}Enter:${OFF} confirm • ${DIM}Type:${OFF} to search\n`,
    `│  ${DIM}X\n`,
  ],
  ["│  a model of No matches found\n", "│  a model of No matches found\n"],
  ["│  ● Searching\n", "│  ● Searching\n"],
  ["(3 matches) stand here\n", "(3 matches) stand here\n"],
])("translateClack() makes of %j", (drawn, shown) => {
  expect(change(drawn)).toBe(shown);
});

test("translateClack() looks up what is said without its styles", () => {
  said.length = 0;
  change(
    `│  ${DIM}↑/↓${OFF} to navigate • ${DIM}Tab:${OFF} select • ${DIM}Enter:${OFF} confirm • ${DIM}Type:${OFF} to search\n`,
  );
  expect(said).toEqual(["↑/↓ to navigate • Tab: select • Enter: confirm • Type: to search"]);
});
