import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Glob } from "bun";
import { findMutations, type Mutation, mutate } from "./find-mutations.ts";
import { binaryTests, readImports, relatedTests } from "./related-tests.ts";
import { roomOf, sampleMutations } from "./sample.ts";

const ROOT = join(import.meta.dir, "..", "..");

const HELP = `bun run mutate [PATH...] [--count N] [--seed N] [--minutes N] [--e2e]

Changes one place of src at a time and looks whether a test notices it.
  PATH          files or folders of src; all of it by default
  --count N     so many changes, spread over the rooms (100)
  --seed N      which ones (1); the same seed takes the same ones
  --minutes N   stops after so long (30)
  --e2e         builds the binary and runs the room's folders of test/e2e where nothing else
                noticed (slow)
`;

/** Milliseconds after which tests that hang have noticed. */
const STAGE_MS = 90_000;
const E2E_MS = 15 * 60_000;

/** `untold`: the tests take too long without the change as well. */
type Verdict = "noticed" | "hung" | "missed" | "unreached" | "untold";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "30" },
    e2e: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  process.exitCode = await run();
}

async function run(): Promise<number> {
  const all = filesBelow(positionals.length === 0 ? ["src"] : positionals).flatMap((file) =>
    findMutations(file, readFileSync(join(ROOT, file), "utf8")),
  );
  const sample = sampleMutations(all, { count: Number(values.count), seed: Number(values.seed) });
  const until = Date.now() + Number(values.minutes) * 60_000;
  const place = copyOfTree();
  const imports = readImports(ROOT);
  const results: { readonly mutation: Mutation; readonly verdict: Verdict }[] = [];
  try {
    for (const mutation of sample) {
      if (Date.now() > until) {
        break;
      }
      const verdict = await tryOut(place, mutation, relatedTests(imports, mutation.file));
      results.push({ mutation, verdict });
      process.stderr.write(`${results.length}/${sample.length} ${verdict} ${describe(mutation)}\n`);
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  process.stdout.write(report(results, all.length));
  return 0;
}

function filesBelow(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    path.endsWith(".ts")
      ? [path]
      : [...new Glob("**/*.ts").scanSync(join(ROOT, path))].map((file) => join(path, file)).sort(),
  );
}

/** What the tests need, where a change cannot do harm. */
function copyOfTree(): string {
  const place = mkdtempSync(join(tmpdir(), "qwen-mutate-"));
  const rest = [
    "package.json",
    "tsconfig.json",
    "build.ts",
    "install.sh",
    "README.md",
    "LICENSE",
    "bunfig.toml",
  ];
  for (const name of ["src", "test", "build", "bench", "docs", ".github", "AGENTS.md", ...rest]) {
    cpSync(join(ROOT, name), join(place, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(place, "node_modules"));
  return place;
}

async function tryOut(
  place: string,
  mutation: Mutation,
  tests: readonly string[],
): Promise<Verdict> {
  const path = join(place, mutation.file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, mutate(text, mutation));
  try {
    const [near, far] = [tests.slice(0, 5), tests.slice(5)];
    for (const stage of [near, far].filter((files) => files.length > 0)) {
      const args = ["test", "--no-env-file", "--bail", ...stage];
      const verdict = await passes(place, args, STAGE_MS);
      if (verdict === "hung") {
        writeFileSync(path, text);
        return (await passes(place, args, STAGE_MS)) === "missed" ? "hung" : "untold";
      }
      if (verdict === "noticed") {
        return verdict;
      }
    }
    return values.e2e
      ? await tryBinary(place, roomOf(mutation.file))
      : tests.length === 0
        ? "unreached"
        : "missed";
  } finally {
    writeFileSync(path, text);
  }
}

async function tryBinary(place: string, room: string): Promise<Verdict> {
  const built = await passes(place, ["build.ts"], STAGE_MS);
  return built === "missed"
    ? passes(place, ["test", "--no-env-file", "--bail", ...binaryTests(room)], E2E_MS)
    : built;
}

/** Runs Bun in the copy: `missed` when all is well there. */
async function passes(place: string, args: readonly string[], timeout: number): Promise<Verdict> {
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: place,
    stdout: "ignore",
    stderr: "ignore",
    timeout,
    killSignal: "SIGKILL",
  });
  await child.exited;
  return child.signalCode === "SIGKILL" ? "hung" : child.exitCode === 0 ? "missed" : "noticed";
}

function describe({ file, line, kind, replacement }: Mutation): string {
  return `${file}:${line} ${kind} → ${replacement.replace(/\s+/g, " ").slice(0, 80) || "nothing"}`;
}

function report(
  results: readonly { readonly mutation: Mutation; readonly verdict: Verdict }[],
  total: number,
): string {
  const told = results.filter(({ verdict }) => verdict !== "untold");
  const rooms = Map.groupBy(told, ({ mutation }) => roomOf(mutation.file));
  const isNoticed = ({ verdict }: { readonly verdict: Verdict }): boolean =>
    verdict === "noticed" || verdict === "hung";
  const rows = [...rooms].sort().map(([room, tried]) => {
    const noticed = tried.filter(isNoticed).length;
    return `| ${room} | ${tried.length} | ${noticed} | ${Math.round((100 * noticed) / tried.length)} % |`;
  });
  const survivors = results
    .filter((result) => !isNoticed(result))
    .map(({ mutation, verdict }) => `- ${verdict}: ${describe(mutation)}`);
  const head = `Seed ${values.seed}: ${results.length} of ${total} changes\n\n| room | tried | noticed | |\n| --- | --- | --- | --- |`;
  return `${[head, ...rows, "", ...survivors].join("\n")}\n`;
}
