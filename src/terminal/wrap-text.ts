import { fits } from "./fits.ts";
import { createFlow, plain } from "./flow.ts";
import { cellsOf, widestWord } from "./words.ts";

/** What moves the cursor or draws over what stands there: such text knows its own rows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const DRAWS = /\r(?!\n)|\u001b\[[\d;?]*[^\d;?m]/;

/** A message behind its word, a row of label and value, or an item behind its sign. */
const LABELLED = /^ *(?:(?:error|warning|hint|note): +|(?:[✓⚠✗–•→│*] +)?\S(?:.*?\S)?? {2,}(?=\S))/;
const SIGNED = /^ *[✓⚠✗–•→│*] +/;

/** The least that is left for the values of a table with wide labels. */
const NARROWEST_VALUES = 24;

/** Stands for a blank of what must not be broken; one cell, and no blank. */
const JOINER = "\u2060\u00a0";

/**
 * Wraps text for people who read it on a terminal (`spec/on-a-terminal.md`, "Width"): at words, by
 * display width, further rows below the value that they belong to. A command between backticks, a
 * URL or a path stays whole: what has no room beside its label goes further out.
 */
export function wrapText(text: string, columns: number): string {
  if (DRAWS.test(text)) {
    return text;
  }
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return text
    .split(end)
    .map((line) => (fits(line, columns) ? line : wrapLine(line, columns, end)))
    .join(end);
}

function wrapLine(line: string, columns: number, end: string): string {
  const bare = Bun.stripANSI(line);
  const indent = bare.length - bare.trimStart().length;
  const head = LABELLED.exec(bare)?.[0] ?? "";
  const label = cellsOf(head);
  const sign = cellsOf(SIGNED.exec(bare)?.[0] ?? "");
  const joined = joinCommands(line, columns - indent);
  const widest = widestWord(joinCommands(bare.slice(head.length), columns - indent));
  const signs = sign === 0 ? [] : [sign];
  const hangs = [label || sign || indent, ...signs, indent + 4, indent + 2, indent];
  const most = Math.max(columns / 2, indent > 0 || sign > 0 ? columns - NARROWEST_VALUES : 0);
  const width = hangs.find((hang) => hang <= most && widest <= columns - hang) ?? indent;
  const flow = createFlow({
    width: () => columns,
    column: 0,
    hang: { text: " ".repeat(width), width },
  });
  const wrapped = flow.add(joined, plain) + flow.end();
  return wrapped.replaceAll(JOINER, " ").replaceAll("\n", end);
}

/** Keeps commands together that have the room, and the word `from` with the source that it names. */
function joinCommands(line: string, room: number): string {
  return line
    .replace(/`[^`\n]+`/g, (command) =>
      fits(command, room) ? command.replaceAll(" ", JOINER) : command,
    )
    .replace(/( {2}from) (?=\S)/g, `$1${JOINER}`);
}
