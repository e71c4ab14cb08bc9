import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Glob } from "bun";
import { copyOfTree, removeStaleCopies } from "./copy-of-tree.ts";
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
All tests that are asked must pass before anything is changed; else it ends with exit code 1.
`;

/** Milliseconds after which tests that hang have noticed. */
const STAGE_MS = 90_000;
const E2E_MS = 15 * 60_000;

/** As `bun run quick` has it: a machine with other work is no reason to fail. */
const TEST = ["test", "--no-env-file", "--timeout", "30000"];

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

/** The process that tests just now. */
let running: Bun.Subprocess | undefined;

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
  removeStaleCopies(tmpdir());
  const place = copyOfTree(ROOT, tmpdir());
  const end = (code: number) => () => {
    running?.kill("SIGKILL");
    rmSync(place, { recursive: true, force: true });
    process.exit(code);
  };
  process.on("SIGINT", end(130)).on("SIGTERM", end(143)).on("SIGHUP", end(129));
  try {
    return await tryAll(place, sample, all.length);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

type Result = { readonly mutation: Mutation; readonly verdict: Verdict };

async function tryAll(place: string, sample: readonly Mutation[], total: number): Promise<number> {
  const imports = readImports(ROOT);
  const files = [...new Set(sample.map(({ file }) => file))];
  const asked = [...new Set(files.flatMap((file) => relatedTests(imports, file)))].sort();
  if (asked.length > 0 && !(await isGreen(place, asked))) {
    return 1;
  }
  const until = Date.now() + Number(values.minutes) * 60_000;
  const results: Result[] = [];
  const green = new Set<string>();
  for (const mutation of sample) {
    if (Date.now() > until) {
      break;
    }
    let verdict = await tryOut(place, mutation, relatedTests(imports, mutation.file));
    if (values.e2e && (verdict === "missed" || verdict === "unreached")) {
      const room = roomOf(mutation.file);
      if (
        !green.has(room) &&
        !((await build(place)) && (await isGreen(place, binaryTests(room))))
      ) {
        return 1;
      }
      green.add(room);
      verdict = await tryBinary(place, mutation);
    }
    results.push({ mutation, verdict });
    process.stderr.write(`${results.length}/${sample.length} ${verdict} ${describe(mutation)}\n`);
  }
  process.stdout.write(report(results, total));
  return 0;
}

/** Tests that are red while nothing is changed would seem to notice everything. */
async function isGreen(place: string, tests: readonly string[]): Promise<boolean> {
  const args = [...TEST, "--only-failures", ...tests];
  const isGreen = (await passes(place, args, E2E_MS, "inherit")) === "missed";
  if (!isGreen) {
    process.stderr.write("Cannot try changes: without any, tests fail\n");
  }
  return isGreen;
}

function filesBelow(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    path.endsWith(".ts")
      ? [path]
      : [...new Glob("**/*.ts").scanSync(join(ROOT, path))].map((file) => join(path, file)).sort(),
  );
}

async function tryOut(
  place: string,
  mutation: Mutation,
  tests: readonly string[],
): Promise<Verdict> {
  const stages = [tests.slice(0, 5), tests.slice(5)].filter((files) => files.length > 0);
  for (const files of stages) {
    const ask = () => passes(place, [...TEST, "--bail", ...files], STAGE_MS);
    const verdict = await changed(place, mutation, ask);
    if (verdict === "hung") {
      return (await ask()) === "missed" ? "hung" : "untold";
    }
    if (verdict === "noticed") {
      return verdict;
    }
  }
  return tests.length === 0 ? "unreached" : "missed";
}

function tryBinary(place: string, mutation: Mutation): Promise<Verdict> {
  const tests = binaryTests(roomOf(mutation.file));
  return changed(place, mutation, async () =>
    (await build(place)) ? passes(place, [...TEST, "--bail", ...tests], E2E_MS) : "noticed",
  );
}

async function build(place: string): Promise<boolean> {
  return (await passes(place, ["build.ts"], STAGE_MS)) === "missed";
}

/** Does something while a file of the copy is changed. */
async function changed<Value>(
  place: string,
  mutation: Mutation,
  work: () => Promise<Value>,
): Promise<Value> {
  const path = join(place, mutation.file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, mutate(text, mutation));
  try {
    return await work();
  } finally {
    writeFileSync(path, text);
  }
}

/** Runs Bun in the copy: `missed` when all is well there. */
async function passes(
  place: string,
  args: readonly string[],
  timeout: number,
  stderr: "ignore" | "inherit" = "ignore",
): Promise<Verdict> {
  running = Bun.spawn([process.execPath, ...args], {
    cwd: place,
    stdout: "ignore",
    stderr,
    timeout,
    killSignal: "SIGKILL",
  });
  await running.exited;
  return running.signalCode === "SIGKILL" ? "hung" : running.exitCode === 0 ? "missed" : "noticed";
}

function describe({ file, line, kind, replacement }: Mutation): string {
  return `${file}:${line} ${kind} → ${replacement.replace(/\s+/g, " ").slice(0, 80) || "nothing"}`;
}

function report(results: readonly Result[], total: number): string {
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
