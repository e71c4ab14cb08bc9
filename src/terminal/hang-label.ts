import { wrapText } from "./wrap-text.ts";

/** What clack draws in front of each row of a list: its bar, and the sign of a choice. */
const BAR = 3;
const SIGN = 2;

/**
 * A row of a list, for a screen so wide: further rows stand below its words, not below its sign. What
 * is kept whole elsewhere is cut where it has no row of its own, since the bar would be lost.
 */
export function hangLabel(label: string, columns: number): string {
  return framed(label, columns - BAR - SIGN).join(`\n${" ".repeat(SIGN)}`);
}

/** Rows of what is said within the frame of a question. */
export function framed(text: string, room: number): readonly string[] {
  const least = Math.max(1, room);
  return Bun.wrapAnsi(wrapText(text, least), least, {
    hard: true,
    wordWrap: false,
    trim: false,
  }).split("\n");
}

/** Cells of a row within the frame. */
export function roomWithin({ columns = 80 }: { readonly columns?: number }): number {
  return columns - BAR;
}
