/**
 * The beginning of a text of words. A word that the cut goes through is left out whole: half of a
 * secret would be known to no redactor.
 */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/\S*$/, "")}…`;
}
