import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProblems } from "./check-binary.ts";
import { type CompileOptions, compile } from "./compile.ts";
import { VERSION } from "./project.ts";
import { sha256 } from "./sha256.ts";
import { binaryName, hostTarget, type Target } from "./targets.ts";

const PROBE_TIMEOUT_MS = 20_000;

/** A binary that passed every check. */
export type Binary = {
  readonly target: Target;
  readonly content: Buffer<ArrayBuffer>;
  readonly sha256: string;
  /** As compiled; another one when the file was signed since. */
  readonly unsignedSha256: string;
  /** Of the Bun that is embedded. */
  readonly runtimeSha256: string;
};

/** What the compiling step leaves for the packing step, perhaps on another machine. */
type Compilation = Readonly<Record<string, Pick<Binary, "unsignedSha256" | "runtimeSha256">>>;

/** Compiles and checks; throws, with every problem, when one cannot be shipped. */
export async function compileBinaries(
  targets: readonly Target[],
  options: CompileOptions,
): Promise<void> {
  const compilation: Record<string, Compilation[string]> = {};
  for (const target of targets) {
    const { path, runtimeSha256 } = await compile(target, options);
    const content = readFileSync(path);
    assertShippable(target, content);
    if (target === hostTarget()) {
      await probe(path);
    }
    compilation[target.id] = { unsignedSha256: sha256(content), runtimeSha256 };
    console.log(`compiled ${target.id}: ${content.length} bytes`);
  }
  const text = JSON.stringify(compilation, undefined, 2);
  writeFileSync(join(options.out, "compilation.json"), `${text}\n`);
}

/** Reads what was compiled before; only macOS binaries may have changed since: by signing. */
export function readBinary(target: Target, out: string): Binary {
  const compilation: Compilation = JSON.parse(readFileSync(join(out, "compilation.json"), "utf8"));
  const compiled = compilation[target.id];
  if (compiled === undefined) {
    throw new Error(`${target.id} was not compiled`);
  }
  const content = readFileSync(join(out, target.id, binaryName(target)));
  assertShippable(target, content);
  const binary = { target, content, sha256: sha256(content), ...compiled };
  if (target.os !== "darwin" && binary.sha256 !== binary.unsignedSha256) {
    throw new Error(`the binary of ${target.id} is not the one that was compiled`);
  }
  return binary;
}

function assertShippable(target: Target, content: Buffer): void {
  const problems = findProblems(content, target);
  if (problems.length > 0) {
    throw new Error(`the binary of ${target.id} ${problems.join("; it ")}`);
  }
}

/** Runs the binary once, in an empty environment: it must print the version, and nothing else. */
export async function probe(path: string): Promise<void> {
  const child = Bun.spawn([path, "--version"], {
    env: {},
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    timeout: PROBE_TIMEOUT_MS,
  });
  const [output] = await Promise.all([child.stdout.text(), child.exited]);
  if (child.exitCode !== 0) {
    throw new Error(
      `\`${path}\` does not run: \`--version\` ended with ${child.signalCode ?? child.exitCode}`,
    );
  }
  if (output !== `${VERSION}\n`) {
    throw new Error(
      `\`${path}\` answers ${JSON.stringify(output)} to \`--version\`, not "${VERSION}"`,
    );
  }
}
