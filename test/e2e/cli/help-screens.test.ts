import { expect, setDefaultTimeout, test } from "bun:test";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { qwenPty } from "../../support/pty.ts";
import { machine } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";

/** Help on a screen of 80 × 24 cells. */
setDefaultTimeout(60_000);

/** Rows of pages that have more to say than one screen holds: they grow no further. */
const LONGER: Readonly<Record<string, number>> = {
  "--help": 39,
  "help chat": 37,
  "auth --help": 32,
  "auth coding-plan --help": 32,
  "auth api-key --help": 39,
  "auth run --help": 36,
  "auth serve --help": 30,
  "auth import --help": 29,
  "help providers": 27,
};

const PAGES = [
  "--help",
  "auth --help",
  "help chat",
  "help network",
  "help providers",
  "help exit-codes",
  ...COMMANDS.map(({ words }) => `${words.join(" ")} --help`).filter(
    (page) => page !== "auth --help" && page.trim() !== "--help",
  ),
];

test.each(PAGES)("qwen %s", async (page) => {
  const pty = qwenPty(machine(), page.split(" "), { cols: 80, rows: 24 });
  expect(await pty.exitCode()).toBe(0);
  const lines = pty.text().trimEnd().split("\n");
  const most = LONGER[page];
  expect(lines.length).toBeLessThanOrEqual(most ?? 24);
  expect(lines.length > 24).toBe(most !== undefined);
  expect(lines.filter((line) => Bun.stringWidth(line) > 80)).toEqual([]);
  const isOfCommand = !page.startsWith("help ") || page === "help chat";
  // The end of a page is what a person sees first.
  const screen = await renderScreen(pty.raw(), { cols: 80, rows: 24 });
  expect(screen.includes("\nExamples\n")).toBe(isOfCommand);
});
