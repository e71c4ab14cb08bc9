import { framed } from "./hang-label.ts";

/** What clack draws in front of each line of a question but the first. */
const BAR = "│  ";

/**
 * A question with notes below it, a line each, as clack's frame has them: none is wider than the
 * screen, where the terminal would break it and the frame lose its bar. Of a URL that has no room
 * the fragment goes first, which only leads further within the page.
 */
export function frameNotes(message: string, columns: number): string {
  const [question = "", ...notes] = message.split("\n");
  const room = Math.max(1, columns - BAR.length);
  return [question, ...notes.flatMap((note) => fit(note, room))].join(`\n${BAR}`);
}

function fit(note: string, room: number): string[] {
  const shorter = note.replace(/(https?:\S+?)#\S*/g, "$1");
  return [...framed(Bun.stringWidth(note) <= room ? note : shorter, room)];
}
