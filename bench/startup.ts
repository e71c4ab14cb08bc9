import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Start-up time of the compiled binary against a compiled hello world: whole processes, in turn,
 * the ratio of each pair, the median of the ratios (`spec/performance.md`).
 * `bun bench/startup.ts [runs]`; needs `dist/qwen`.
 */
const RUNS = Number(process.argv[2] ?? 60);
const QWEN = join(import.meta.dir, "..", "dist", "qwen");

/** The home lies on tmpfs where the system has one. */
const root = mkdtempSync(join(process.platform === "linux" ? "/dev/shm" : tmpdir(), "qwen-bench-"));
const hello = join(root, "hello");
const home = join(root, "home");
const project = join(home, "project");

const ENTRY = {
  id: "qwen3.5-plus",
  baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
  envKey: "BAILIAN_CODING_PLAN_API_KEY",
};

type Case = {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly limit: number;
};

const CASES: readonly Case[] = [
  { name: "--version", args: ["--version"], limit: 1.1 },
  { name: "auth status", args: ["auth", "status"], limit: 1.5 },
  { name: "auth status --json", args: ["auth", "status", "--json"], limit: 1.5 },
  { name: "auth --help", args: ["auth", "--help"], limit: 1.6 },
  {
    name: "auth coding-plan --key-stdin",
    args: ["auth", "coding-plan", "--region", "china", "--key-stdin"],
    stdin: "sk-sp-bench-0123456789abcdef",
    limit: 2.5,
  },
];

function prepare(): void {
  mkdirSync(join(project, ".qwen"), { recursive: true, mode: 0o700 });
  mkdirSync(join(home, ".qwen"), { mode: 0o700 });
  mkdirSync(join(home, "system"));
  const user = {
    $version: 4,
    modelProviders: { openai: [ENTRY] },
    security: { auth: { selectedType: "openai" } },
    model: { name: ENTRY.id },
  };
  const options = { mode: 0o600 };
  writeFileSync(join(home, ".qwen", "settings.json"), JSON.stringify(user), options);
  writeFileSync(join(project, ".qwen", "settings.json"), '{ "ui": { "theme": "Dark" } }');
  writeFileSync(join(home, "system", "settings.json"), "{}");
  writeFileSync(join(project, ".env"), "BAILIAN_CODING_PLAN_API_KEY=sk-sp-0123456789abcdef\n");
  writeFileSync(join(root, "hello.ts"), 'console.log("hello");\n');
  const built = Bun.spawnSync(
    [process.execPath, "build", "--compile", "--bytecode", "--format=esm", "--minify"].concat(
      join(root, "hello.ts"),
      "--outfile",
      hello,
    ),
    { cwd: root, stderr: "pipe" },
  );
  if (!built.success) {
    throw new Error(built.stderr.toString());
  }
}

type Measured = { readonly milliseconds: number; readonly mebibytes: number };

async function measure(argv: readonly string[], stdin: string | undefined): Promise<Measured> {
  const input = stdin === undefined ? "ignore" : new TextEncoder().encode(stdin);
  const start = Bun.nanoseconds();
  const child = Bun.spawn([...argv], {
    cwd: project,
    env: { HOME: home, QWEN_CODE_SYSTEM_SETTINGS_PATH: join(home, "system", "settings.json") },
    stdio: [input, "ignore", "ignore"],
  });
  await child.exited;
  const milliseconds = (Bun.nanoseconds() - start) / 1e6;
  const kibibytes = (child.resourceUsage()?.maxRSS ?? 0) / 1024;
  return { milliseconds, mebibytes: kibibytes / 1024 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function run({ name, args, stdin, limit }: Case): Promise<Record<string, string | number>> {
  const floor: Measured[] = [];
  const own: Measured[] = [];
  for (let index = -2; index < RUNS; index += 1) {
    const pair = [await measure([hello], stdin), await measure([QWEN, ...args], stdin)] as const;
    if (index >= 0) {
      floor.push(pair[0]);
      own.push(pair[1]);
    }
  }
  const ratios = own.map(
    ({ milliseconds }, index) => milliseconds / (floor[index]?.milliseconds ?? 1),
  );
  const times = own.map(({ milliseconds }) => milliseconds);
  return {
    case: name,
    "ms (median)": median(times).toFixed(2),
    "ms (min–max)": `${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)}`,
    "hello ms": median(floor.map(({ milliseconds }) => milliseconds)).toFixed(2),
    "ratio (median)": median(ratios).toFixed(2),
    budget: limit,
    MiB: median(own.map(({ mebibytes }) => mebibytes)).toFixed(1),
    n: RUNS,
  };
}

try {
  prepare();
  const rows = [];
  for (const each of CASES) {
    rows.push(await run(each));
  }
  console.table(rows);
} finally {
  rmSync(root, { recursive: true, force: true });
}
