import type { Translate } from "../words/translate.ts";

/** What clack's lists say by themselves, each at the beginning of a row behind the bar. */
const SAID = [
  "Search:",
  "No matches found",
  "Please select at least one item",
  "↑/↓ to navigate • Space/Tab: select • Enter: confirm • Type: to search",
  "↑/↓ to navigate • Tab: select • Enter: confirm • Type: to search",
] as const;

/** The same with a figure, at the end of a row. */
const COUNTED = ["{} items selected", "({} match)", "({} matches)"] as const;

const STYLE = "(?:\\u001b\\[[\\d;]*m)*";

/** A sentence of which any word may be styled or in the next row, `{}` for a figure. */
function styled(sentence: string): string {
  return sentence
    .split(" ")
    .map((word) => word.split("{}").map(RegExp.escape).join("\\d+"))
    .join(`${STYLE}(?: |\\r?\\n *)${STYLE}`);
}

/** Shows in other words what clack draws, and nothing of what a person types or chooses. */
export function translateClack(words: Translate): (drawn: string) => string {
  const begins = new RegExp(`(│${STYLE} {2}${STYLE})(${SAID.map(styled).join("|")})`, "g");
  const ends = new RegExp(`(${COUNTED.map(styled).join("|")})(?=${STYLE}(?:\\r?\\n|$))`, "g");
  const shown = (drawn: string): string => {
    const rows = Bun.stripANSI(drawn).split(/\r?\n */);
    // As many rows as there were: clack goes up as many.
    return words(rows.join(" ")) + "\n".repeat(rows.length - 1);
  };
  return (drawn) =>
    drawn
      .replace(begins, (_all, bar: string, sentence: string) => bar + shown(sentence))
      .replace(ends, shown);
}
