import { distance, closest as nearest } from "fastest-levenshtein";

/**
 * The candidate that a person probably meant: at most two edits away (one for words of up to three
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
  const limit = Math.min(2, Math.max(1, Math.floor(word.length / 2)));
  return distance(lowered, best) <= limit
    ? candidates.find((candidate) => candidate.toLowerCase() === best)
    : undefined;
}
