import { keepColumns } from "../words/keep-columns.ts";

/** Every sign that is drawn or said, ours and clack's, and one of ASCII that is as wide. */
const ASCII = new Map(
  [
    ["│┃", "|"],
    ["┌┐└┘├╭╮╰╯┼✓◼", "+"],
    ["─━–—◻·", "-"],
    ["◆▪•", "*"],
    ["◇", "o"],
    ["■✗", "x"],
    ["▲⚠", "!"],
    ["●→›", ">"],
    ["○", " "],
    ["↑", "^"],
    ["↓", "v"],
    // The frames of what turns while something is waited for.
    ["◒⠋⠸⠦", "|"],
    ["◐⠙⠼⠧", "/"],
    ["◓⠹⠴⠇⠏", "-"],
  ].flatMap(([signs = "", ascii = ""]) => Array.from(signs, (sign) => [sign, ascii] as const)),
);

const SIGN = new RegExp(`[${[...ASCII.keys()].join("")}]`, "gu");

/** Text whose cells are counted already. */
export function drawInAscii(text: string): string {
  return text.replace(SIGN, (sign) => ASCII.get(sign) ?? sign);
}

/**
 * Text for people with signs of ASCII alone, its columns kept. What stands in backticks or quotes is
 * somebody's own (a path, a model), as is a cell that is data; letters of any script stay.
 */
export function sayInAscii(text: string, isData: (cell: string) => boolean): string {
  const cell = (part: string): string =>
    isData(Bun.stripANSI(part).trim()) ? part : inAscii(part);
  return text
    .split("\n")
    .map((line) => keepColumns(line, cell))
    .join("\n");
}

function inAscii(text: string): string {
  return text
    .split(/(`[^`]*`|"[^"]*")/)
    .map((part, index) => (index % 2 === 1 ? part : drawInAscii(part).replaceAll("…", "...")))
    .join("");
}
