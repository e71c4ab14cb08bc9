import { join } from "node:path";
import {
  compare,
  countInstructions,
  median,
  type Program,
  peaks,
  spread,
  times,
} from "./measure.ts";
import { makeBinaries, makePlace, QWEN } from "./place.ts";

/**
 * Start-up of the compiled binary, with and without a terminal, against a compiled hello world and
 * every peer that is installed: whole processes, in turn, the ratio of each pair, the median of the
 * ratios, and instructions where valgrind is installed (`spec/performance.md`; `README.md` here says
 * what each figure means). `bun bench/startup.ts [runs]`; needs `dist/qwen` and curl.
 */
const RUNS = Number(process.argv[2] ?? 60);

type Case = {
  readonly name: string;
  readonly argv: readonly string[];
  /** What it is compared with. */
  readonly base: readonly string[];
  readonly stdin?: string;
  readonly isOnTerminal?: boolean;
  readonly budget?: {
    /** How many times as long as `base` it may take. */
    readonly times?: number;
    /** Millions of instructions. */
    readonly instructions?: number;
  };
};

/** What people ask, without a terminal and on one. */
function pairs(qwen: string, hello: string): Case[] {
  const status = { times: 2.5, instructions: 18 };
  const asked: readonly (readonly [args: readonly string[], budget: Case["budget"]])[] = [
    [["--version"], { times: 1.1 }],
    [["auth", "status"], status],
    [["auth", "status", "--json"], status],
    [["auth", "--help"], {}],
    [["auth", "list"], {}],
    [["models"], {}],
    [["auth", "status", "--no-such-flag"], {}],
  ];
  return asked.flatMap(([args, budget = {}]) =>
    [false, true].map((isOnTerminal) => ({
      name: `qwen ${args.join(" ")}${isOnTerminal ? ", terminal" : ""}`,
      argv: [qwen, ...args],
      base: [hello],
      isOnTerminal,
      budget,
    })),
  );
}

/** What others answer to the question of `auth status`. */
const PEERS: readonly (readonly string[])[] = [
  ["codex", "login", "status"],
  ["gh", "auth", "status"],
  ["claude", "auth", "status"],
  ["opencode", "auth", "list"],
  ["qwen-code", "auth", "status"],
];

function peers(base: readonly string[]): Case[] {
  return PEERS.flatMap(([program = "", ...args]) => {
    const path = Bun.which(program);
    return path === null
      ? []
      : [{ name: [program, ...args].join(" "), argv: [path, ...args], base }];
  });
}

/** One question over one loopback server; peers that speak OpenAI's protocol by the same variables. */
function questions(qwen: string, origin: string): Case[] {
  const base = ["curl", "-sN", `${origin}/short/chat/completions`, "-d", '{"stream":true}'];
  const question = ["-p", "hi", "-m", "bench"];
  const peer = Bun.which("qwen-code");
  return [
    {
      name: "qwen -p hi, against curl",
      argv: [qwen, ...question, "--openai-base-url", `${origin}/short`],
      base,
      budget: { times: 2 },
    },
    ...(peer === null
      ? []
      : [{ name: "qwen-code -p hi, against curl", argv: [peer, ...question], base }]),
  ];
}

async function measureCase(
  { name, argv, base: against, stdin, isOnTerminal = false, budget = {} }: Case,
  { cwd, env }: Pick<Program, "cwd" | "env">,
) {
  const shared = { cwd, env, isOnTerminal, ...(stdin === undefined ? {} : { stdin }) };
  const program = { ...shared, argv };
  const { base, other, ratios } = await compare({ ...shared, argv: against }, program, RUNS);
  const instructions = await countInstructions(program, other.at(-1)?.exitCode ?? Number.NaN);
  return {
    case: name,
    "ms (median)": median(times(other)).toFixed(2),
    "base ms": median(times(base)).toFixed(2),
    "ratio (median)": median(ratios).toFixed(2),
    "≤": budget.times ?? "",
    "M instructions": instructions?.toFixed(1) ?? "",
    "≤ M": budget.instructions ?? "",
    MiB: median(peaks(other)).toFixed(1),
    noise: spread(times(base)),
    n: RUNS,
  };
}

const server = Bun.spawn([process.execPath, join(import.meta.dir, "stream-server.ts")], {
  stdout: "pipe",
});
const { value } = await server.stdout.getReader().read();
const origin = `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`;
const binaries = makeBinaries();
const place = makePlace();
try {
  const { qwen, hello, builtHello } = binaries;
  const asking = {
    OPENAI_API_KEY: "sk-bench-0123456789",
    OPENAI_BASE_URL: `${origin}/short`,
    OPENAI_MODEL: "bench",
  };
  const login = ["auth", "coding-plan", "--region", "china", "--key-stdin"];
  const rows = [];
  for (const each of [
    ...pairs(qwen, hello),
    { name: "qwen auth status, installed", argv: [QWEN, "auth", "status"], base: [builtHello] },
    {
      name: "qwen auth coding-plan --key-stdin",
      argv: [qwen, ...login],
      base: [hello],
      stdin: "sk-sp-bench-0123456789abcdef",
      budget: { times: 3.3 },
    },
    ...peers([qwen, "auth", "status"]),
  ]) {
    rows.push(await measureCase(each, { cwd: place.project, env: place.env }));
  }
  for (const each of questions(qwen, origin)) {
    rows.push(
      await measureCase(each, {
        cwd: place.root,
        env: { PATH: process.env.PATH ?? "", HOME: place.root, ...asking },
      }),
    );
  }
  console.table(rows);
} finally {
  server.kill();
  place.remove();
  binaries.remove();
}
