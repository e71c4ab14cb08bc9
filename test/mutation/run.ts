import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Glob } from "bun";
import { copyOfTree, removeStaleCopies } from "./copy-of-tree.ts";
import { findMutations, type Mutation, mutate } from "./find-mutations.ts";
import { binaryTests, type Imports, readImports, relatedTests } from "./related-tests.ts";
import { roomOf, sampleMutations } from "./sample.ts";

const ROOT = join(import.meta.dir, "..", "..");

const HELP = `bun run mutate [PATH...] [--count N] [--seed N] [--minutes N] [--near] [--e2e]

Changes one place of src at a time and looks whether a test notices it.
  PATH          files or folders of src; all of it by default
  --count N     so many changes, spread over the rooms (100)
  --seed N      which ones (1); the same seed takes the same ones
  --minutes N   stops after so long (30)
  --near        asks no more than the five unit tests that are nearest: quick, and says less
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
    near: { type: "boolean", default: false },
    e2e: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** The process that tests just now. */
let running: Bun.Subprocess | undefined;

async function run(): Promise<void> {
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
    await tryAll(place, sample, all.length);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

type Result = { readonly mutation: Mutation; readonly verdict: Verdict };

async function tryAll(place: string, sample: readonly Mutation[], total: number): Promise<void> {
  const judge = createJudge(place, [...new Set(sample.map(({ file }) => file))]);
  const until = Date.now() + Number(values.minutes) * 60_000;
  const results: Result[] = [];
  for (const mutation of sample) {
    if (Date.now() > until) {
      break;
    }
    const verdict = await judge(mutation);
    results.push({ mutation, verdict });
    process.stderr.write(`${results.length}/${sample.length} ${verdict} ${describe(mutation)}\n`);
  }
  process.stdout.write(report(results, total));
}

/** Asks stage after stage until one notices; each stage must be green before its first change. */
function createJudge(place: string, files: readonly string[]) {
  const imports = readImports(ROOT);
  const checkStage = STAGES.map((_, index) =>
    once(() =>
      throwIfRed(
        place,
        files.flatMap((file) => stagesOf(imports, file)[index] ?? []),
      ),
    ),
  );
  const checkRoom = new Map(
    files.map(roomOf).map((room) => [
      room,
      once(async () => {
        await build(place);
        await throwIfRed(place, binaryTests(room));
      }),
    ]),
  );
  return async (mutation: Mutation): Promise<Verdict> => {
    let verdict: Verdict = "unreached";
    for (const [index, tests] of stagesOf(imports, mutation.file).entries()) {
      if (tests.length > 0 && isOpen(verdict)) {
        await checkStage[index]?.();
        verdict = await tryOut(place, mutation, tests);
      }
    }
    if (values.e2e && isOpen(verdict)) {
      await checkRoom.get(roomOf(mutation.file))?.();
      verdict = await tryBinary(place, mutation);
    }
    return verdict;
  };
}

function isOpen(verdict: Verdict): boolean {
  return verdict === "unreached" || verdict === "missed";
}

/** Up to which unit test the stages go, the nearest first: most of what is noticed is at once. */
const STAGES = values.near ? [5] : [5, Number.POSITIVE_INFINITY];

function stagesOf(imports: Imports, file: string): readonly (readonly string[])[] {
  const tests = relatedTests(imports, file);
  return STAGES.map((end, index) => tests.slice(STAGES[index - 1] ?? 0, end));
}

/** The same promise for all who ask, from the first time on. */
function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let begun: Promise<Value> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

/** @throws Error when tests fail while nothing is changed: they would seem to notice everything */
async function throwIfRed(place: string, tests: readonly string[]): Promise<void> {
  const args = [...TEST, "--only-failures", ...new Set(tests)];
  if ((await passes(place, args, E2E_MS, "inherit")) !== "missed") {
    throw new Error("Cannot try changes: without any, tests fail");
  }
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
  const ask = () => passes(place, [...TEST, "--bail", ...tests], STAGE_MS);
  const verdict = await changed(place, mutation, ask);
  return verdict === "hung" && (await ask()) !== "missed" ? "untold" : verdict;
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

if (values.help) {
  process.stdout.write(HELP);
} else {
  try {
    await run();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
