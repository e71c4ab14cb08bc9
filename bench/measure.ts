import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What one run of a program took. */
export type Measured = {
  readonly milliseconds: number;
  readonly mebibytes: number;
  /** As a shell says it: 128 and more where a signal ended the program. */
  readonly exitCode: number;
};

export type Program = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** On a pseudo terminal of its own, as people run it, instead of without one. */
  readonly isOnTerminal?: boolean;
};

/** Runs a program to its end, its output thrown away. */
export async function measure(program: Program): Promise<Measured> {
  const startedAt = Bun.nanoseconds();
  const child = start(program);
  const exitCode = await child.exited;
  const milliseconds = (Bun.nanoseconds() - startedAt) / 1e6;
  child.terminal?.close();
  const mebibytes = (child.resourceUsage()?.maxRSS ?? 0) / 1024 / 1024;
  return { milliseconds, mebibytes, exitCode };
}

function start({ argv, cwd, env, stdin, isOnTerminal = false }: Program) {
  if (isOnTerminal) {
    const terminal = { cols: 80, rows: 24, data: () => undefined };
    return Bun.spawn([...argv], { cwd, env: { ...env, TERM: "xterm-256color" }, terminal });
  }
  const input = stdin === undefined ? "ignore" : new TextEncoder().encode(stdin);
  return Bun.spawn([...argv], { cwd, env, stdio: [input, "ignore", "ignore"] });
}

/**
 * Instructions that a program takes in all its threads, in millions; repeatable to 2 %, however busy
 * the machine is. `undefined` where valgrind is not installed, or where the program ends otherwise
 * under it than it did before, with `exitCode`: it died of what valgrind cannot do, or gave up since
 * all takes fifty times as long, and the count would be that of half a run. Bun collects no garbage
 * meanwhile: it does by the clock, which in the time of a natural run never comes to it.
 */
export async function countInstructions(
  program: Program,
  exitCode: number,
): Promise<number | undefined> {
  const valgrind = Bun.which("valgrind");
  if (valgrind === null) {
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), "qwen-bench-count-"));
  try {
    const log = join(directory, "log");
    const lackey = [valgrind, "--tool=lackey", "--basic-counts=yes", `--log-file=${log}`];
    const env = { ...program.env, BUN_JSC_useGC: "0" };
    const counted = await measure({ ...program, env, argv: [...lackey, ...program.argv] });
    const count = /guest instrs:\s+([\d,]+)/.exec(readFileSync(log, "utf8"))?.[1];
    return count === undefined || counted.exitCode !== exitCode
      ? undefined
      : Number(count.replaceAll(",", "")) / 1e6;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
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
