import { compare, median, peaks, spread, times } from "./measure.ts";
import { makeBinaries, makePlace } from "./place.ts";

/**
 * Start-up of the compiled binary against a compiled hello world, and of every peer that is
 * installed: whole processes, in turn, the ratio of each pair, the median of the ratios
 * (`spec/performance.md`). `bun bench/startup.ts [runs]`; needs `dist/qwen`.
 */
const RUNS = Number(process.argv[2] ?? 60);

type Case = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** How many times the floor it may take. */
  readonly budget?: number;
};

const ownCases = (qwen: string): readonly Case[] => [
  { name: "auth status", argv: [qwen, "auth", "status"], budget: 1.5 },
  { name: "--version", argv: [qwen, "--version"], budget: 1.1 },
  { name: "auth status --json", argv: [qwen, "auth", "status", "--json"], budget: 1.5 },
  { name: "auth --help", argv: [qwen, "auth", "--help"], budget: 1.6 },
  {
    name: "auth coding-plan --key-stdin",
    argv: [qwen, "auth", "coding-plan", "--region", "china", "--key-stdin"],
    stdin: "sk-sp-bench-0123456789abcdef",
    budget: 2.5,
  },
];

/** What others answer to the same question. */
const PEERS: readonly (readonly string[])[] = [
  ["codex", "login", "status"],
  ["gh", "auth", "status"],
  ["claude", "auth", "status"],
  ["opencode", "auth", "list"],
  ["qwen-code", "auth", "status"],
];

function installedPeers(): Case[] {
  return PEERS.flatMap(([program = "", ...args]) => {
    const path = Bun.which(program);
    return path === null ? [] : [{ name: [program, ...args].join(" "), argv: [path, ...args] }];
  });
}

const binaries = makeBinaries();
const place = makePlace();
try {
  const { qwen, hello } = binaries;
  const { project: cwd, env } = place;
  const rows = [];
  let status = Number.NaN;
  for (const { name, argv, stdin, budget } of [...ownCases(qwen), ...installedPeers()]) {
    const input = stdin === undefined ? {} : { stdin };
    const floor = { argv: [hello], cwd, env, ...input };
    const { base, other, ratios } = await compare(floor, { argv, cwd, env, ...input }, RUNS);
    const milliseconds = median(times(other));
    status = name === "auth status" ? milliseconds : status;
    rows.push({
      case: name,
      "ms (median)": milliseconds.toFixed(2),
      "hello ms": median(times(base)).toFixed(2),
      "ratio (median)": median(ratios).toFixed(2),
      budget: budget ?? "",
      "× auth status": (milliseconds / status).toFixed(1),
      MiB: median(peaks(other)).toFixed(1),
      noise: spread(times(base)),
      n: RUNS,
    });
  }
  console.table(rows);
} finally {
  place.remove();
  binaries.remove();
}
