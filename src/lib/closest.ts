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

/**
 * The candidates that are most like `word`, the nearest first: a few letters away, or `word` with
 * something before or behind it (`glm-5` and `z-ai/glm-5`).
 */
export function nearestTo(word: string, candidates: readonly string[], count = 3): string[] {
  const lowered = word.toLowerCase();
  const limit = Math.max(Math.min(2, Math.floor(word.length / 2)), Math.floor(word.length / 4));
  return candidates
    .map((candidate) => ({ candidate, steps: stepsBetween(lowered, candidate.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((left, right) => left.steps - right.steps)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

function stepsBetween(word: string, candidate: string): number {
  const isPart = word.length > 2 && (candidate.includes(word) || word.includes(candidate));
  return isPart ? 1 : distance(word, candidate);
}
