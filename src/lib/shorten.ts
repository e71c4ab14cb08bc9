/**
 * The beginning of a text of words. A word that the cut goes through is left out whole: half of a
 * secret would be known to no redactor.
 */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${withoutLastWord(text.slice(0, length))}…`;
}

/** A text that was cut somewhere, without the word that the cut may go through. */
export function withoutLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1).trim() !== "") {
    end -= 1;
  }
  return text.slice(0, end);
}
