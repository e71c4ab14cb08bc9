import { distance, closest as nearest } from "fastest-levenshtein";

/**
 * The candidate that a person probably meant: at most two edits away (one for words of two or three
 * letters), letter case aside; `undefined` when none is near.
 */
export function closestTo(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) {
    return undefined;
  }
  const lowered = word.toLowerCase();
  const best = nearest(
    lowered,
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  const limit = Math.min(2, Math.floor(word.length / 2));
  return distance(lowered, best) <= limit
    ? candidates.find((candidate) => candidate.toLowerCase() === best)
    : undefined;
}

/** The one candidate that begins with `word`, of which three letters or more were typed. */
export function onlyLonger(word: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((candidate) =>
    candidate.toLowerCase().startsWith(word.toLowerCase()),
  );
  return word.replace(/^-+/, "").length > 2 && begun.length === 1 ? begun[0] : undefined;
}
