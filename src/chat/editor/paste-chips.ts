import type { Key } from "../../runtime.ts";

/** Lines of a paste that is shown as it is. */
const MOST_LINES = 10;

/** Lines that are shown of a long one once it is sent. */
const SHOWN_LINES = 3;

/** A long paste as a chip, `[200 lines pasted]`, which is kept for when the message is sent. */
export function chipFor(key: Key, pastes: Map<string, string>): Key {
  const lines = key.kind === "paste" ? linesOf(key.text).length : 0;
  if (key.kind !== "paste" || lines <= MOST_LINES) {
    return key;
  }
  const nth = pastes.size === 0 ? "" : `, number ${pastes.size + 1}`;
  const chip = `[${lines} lines pasted${nth}]`;
  pastes.set(chip, key.text);
  return { kind: "text", text: chip };
}

/** The message as it is sent. */
export function expandChips(text: string, pastes: ReadonlyMap<string, string>): string {
  let expanded = text;
  for (const [chip, paste] of pastes) {
    expanded = expanded.split(chip).join(paste);
  }
  return expanded;
}

/** What a long paste begins with, below a message that was sent. */
export function pastePreview(pastes: ReadonlyMap<string, string>, shown: string): string[] {
  return [...pastes]
    .filter(([chip]) => shown.includes(chip))
    .flatMap(([, paste]) => {
      const lines = linesOf(paste);
      return [
        ...lines.slice(0, SHOWN_LINES).map((line) => `  ${line}`),
        `  … ${lines.length - SHOWN_LINES} more lines`,
      ];
    });
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}
