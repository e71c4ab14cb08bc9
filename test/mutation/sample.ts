import type { Mutation } from "./find-mutations.ts";

/** The room of a file: `lib` of `src/lib/files/lock-file.ts`, `start` of `src/start.ts`. */
export function roomOf(file: string): string {
  return (file.split("/")[1] ?? file).replace(/\.ts$/, "");
}

/** Numbers from 0 up to 1 that a seed decides (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type SampleOptions = { readonly count: number; readonly seed: number };

/**
 * So many mutations, spread over rooms as their numbers are, but each room has one at least; in an
 * order in which a run that is cut short has seen all rooms alike.
 */
export function sampleMutations(
  all: readonly Mutation[],
  { count, seed }: SampleOptions,
): readonly Mutation[] {
  const random = createRandom(seed);
  const rooms = [...Map.groupBy(all, ({ file }) => roomOf(file)).values()];
  const ranked = rooms.flatMap((mutations) => {
    const shuffled = shuffle(mutations, random);
    return shuffled.map((mutation, index) => ({ mutation, rank: index / shuffled.length }));
  });
  return ranked
    .sort((left, right) => left.rank - right.rank)
    .slice(0, count)
    .map(({ mutation }) => mutation);
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}
