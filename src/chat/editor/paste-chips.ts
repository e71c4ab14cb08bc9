import { shorten } from "../../lib/visible-text.ts";
import type { Key } from "../../runtime.ts";

/** Lines, and UTF-16 units, of a paste that is shown as it is. */
const MOST_LINES = 10;
const MOST_UNITS = 2000;

/** Lines that are shown of a long one once it is sent, and units of each. */
const SHOWN_LINES = 3;
const SHOWN_UNITS = 200;

/**
 * A long paste as a chip, `[200 lines pasted]`, which is kept for when the message is sent, and for
 * when it is called up again.
 */
export function chipFor(key: Key, pastes: Map<string, string>): Key {
  const size = key.kind === "paste" ? sizeOf(key.text) : undefined;
  if (key.kind !== "paste" || size === undefined) {
    return key;
  }
  const [kept] = [...pastes].find(([, paste]) => paste === key.text) ?? [];
  const nth = pastes.size === 0 ? "" : `, number ${pastes.size + 1}`;
  const chip = kept ?? `[${size} pasted${nth}]`;
  pastes.set(chip, key.text);
  return { kind: "text", text: chip };
}

/** `undefined`: it is shown as it is. */
function sizeOf(paste: string): string | undefined {
  const lines = linesOf(paste).length;
  if (lines > MOST_LINES) {
    return `${lines} lines`;
  }
  return paste.length > MOST_UNITS
    ? `${paste.length.toLocaleString("en-US")} characters`
    : undefined;
}

/** The message as it is sent; what a paste itself holds is no chip. */
export function expandChips(text: string, pastes: ReadonlyMap<string, string>): string {
  return text.replace(
    /\[[\d,]+ (?:lines|characters) pasted(?:, number \d+)?\]/g,
    (chip) => pastes.get(chip) ?? chip,
  );
}

/** What a long paste begins with, below a message that was sent. */
export function pastePreview(pastes: ReadonlyMap<string, string>, shown: string): string[] {
  return [...pastes]
    .filter(([chip]) => shown.includes(chip))
    .flatMap(([, paste]) => {
      const lines = linesOf(paste);
      const more = lines.length - SHOWN_LINES;
      const first = lines.slice(0, SHOWN_LINES).map((line) => shorten(line, SHOWN_UNITS));
      // Of a line that is one word nothing is left: the chip says it all.
      return [
        ...first.filter((line) => line !== "…").map((line) => `  ${line}`),
        ...(more > 0 ? [`  … ${more} more ${more === 1 ? "line" : "lines"}`] : []),
      ];
    });
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}
