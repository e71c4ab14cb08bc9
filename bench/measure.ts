/** What one run of a program took. */
export type Measured = { readonly milliseconds: number; readonly mebibytes: number };

export type Program = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
};

/** Runs a program to its end, its output thrown away. */
export async function measure({ argv, cwd, env, stdin }: Program): Promise<Measured> {
  const input = stdin === undefined ? "ignore" : new TextEncoder().encode(stdin);
  const startedAt = Bun.nanoseconds();
  const child = Bun.spawn([...argv], { cwd, env, stdio: [input, "ignore", "ignore"] });
  await child.exited;
  const milliseconds = (Bun.nanoseconds() - startedAt) / 1e6;
  return { milliseconds, mebibytes: (child.resourceUsage()?.maxRSS ?? 0) / 1024 / 1024 };
}

export type Compared = {
  readonly base: readonly Measured[];
  readonly other: readonly Measured[];
  /** Of each pair, how many times as long the other one took. */
  readonly ratios: readonly number[];
};

/** Runs two programs in turn, so that a busy machine meets both alike; the first two are warm-up. */
export async function compare(base: Program, other: Program, runs: number): Promise<Compared> {
  const pairs: [Measured, Measured][] = [];
  for (let index = -2; index < runs; index += 1) {
    const pair: [Measured, Measured] = [await measure(base), await measure(other)];
    if (index >= 0) {
      pairs.push(pair);
    }
  }
  return {
    base: pairs.map(([first]) => first),
    other: pairs.map(([, second]) => second),
    ratios: pairs.map(([first, second]) => second.milliseconds / first.milliseconds),
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export const times = (all: readonly Measured[]): number[] =>
  all.map(({ milliseconds }) => milliseconds);
export const peaks = (all: readonly Measured[]): number[] => all.map(({ mebibytes }) => mebibytes);

/** How far the middle half of the runs lies apart, in percent of the median: the noise. */
export function spread(values: readonly number[]): string {
  const width = percentile(values, 0.75) - percentile(values, 0.25);
  return `${((width / median(values)) * 100).toFixed(0)} %`;
}
