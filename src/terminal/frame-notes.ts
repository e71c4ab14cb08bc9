import { framed } from "./hang-label.ts";

/** What clack draws in front of each line of a question but the first. */
const BAR = "│  ";

/**
 * A question with notes below it, a line each, as clack's frame has them: none is wider than the
 * screen, where the terminal would break it and the frame lose its bar. Of a URL that has no room
 * the fragment goes first, which only leads further within the page.
 */
export function frameNotes(message: string, columns: number): string {
  const room = Math.max(1, columns - BAR.length);
  return message
    .split("\n")
    .flatMap((line) => fit(line, room))
    .join(`\n${BAR}`);
}

/** What is wrong with an answer, below the end of the frame. */
export function frameComplaint(complaint: string, columns: number): string {
  return fit(complaint, Math.max(1, columns - BAR.length)).join(`\n${" ".repeat(BAR.length)}`);
}

function fit(note: string, room: number): string[] {
  const shorter = note.replace(/(https?:\S+?)#\S*/g, "$1");
  return [...framed(Bun.stringWidth(note) <= room ? note : shorter, room)];
}
