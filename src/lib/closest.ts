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

/**
 * Letters to change between two words; a swap of neighbours counts as one change, as typing goes
 * (optimal string alignment).
 */
export function slipDistance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= left.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const changes = [
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
        ...(isSwap ? [at(row - 2, column - 2) + 1] : []),
      ];
      rows[row]?.push(Math.min(...changes));
    }
  }
  return at(left.length, right.length);
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
  const isWord = Math.min(word.length, candidate.length) > 2;
  const isPart = isWord && (candidate.includes(word) || word.includes(candidate));
  return isPart ? 1 : distance(word, candidate);
}
