import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packWords } from "./pack-words.ts";
import { REPOSITORY, ROOT, type Stamp } from "./project.ts";
import { type RuntimeOptions, writeRuntime } from "./runtimes.ts";
import { sha256 } from "./sha256.ts";
import { signMachO } from "./sign-mach-o.ts";
import { binaryName, type Target } from "./targets.ts";

/**
 * Fixed for every target; `spec/distribution.md` lists them and `reference/bun.md` §0 and §3 say
 * why: start-up time, and a directory that holds a `.env` or a `bunfig.toml` must not get a say in
 * what the program does.
 */
export const COMPILE_FLAGS = [
  "--compile",
  "--minify",
  "--bytecode",
  "--format=esm",
  "--splitting",
  "--sourcemap=none",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
  "--reject-unresolved",
  "--compile-jit-policy=10",
];

export type CompileOptions = {
  /** Absolute; the binary goes to `<out>/<target>/qwen`. */
  readonly out: string;
  readonly stamp: Stamp;
  /** Where the pinned Bun comes from; `undefined`: the Bun that runs this is embedded. */
  readonly runtimes: RuntimeOptions | undefined;
};

export type Compiled = {
  readonly path: string;
  /** Of the Bun that is embedded. */
  readonly runtimeSha256: string;
};

/** Compiles one target; the bundler's errors and warnings go to stderr as they are. */
export async function compile(
  target: Target,
  { out, stamp, runtimes }: CompileOptions,
): Promise<Compiled> {
  const directory = join(out, target.id);
  const path = join(directory, binaryName(target));
  mkdirSync(directory, { recursive: true });
  if (runtimes === undefined) {
    await bundle(target, { out, path, stamp, runtime: process.execPath });
    return { path, runtimeSha256: sha256(readFileSync(process.execPath)) };
  }
  const runtime = join(directory, `.bun.${process.pid}`);
  try {
    await writeRuntime(target, { ...runtimes, destination: runtime });
    await bundle(target, { out, path, stamp, runtime });
    return { path, runtimeSha256: sha256(readFileSync(runtime)) };
  } finally {
    rmSync(runtime, { force: true });
  }
}

type BundleOptions = {
  readonly out: string;
  readonly path: string;
  readonly stamp: Stamp;
  readonly runtime: string;
};

async function bundle(target: Target, { out, path, stamp, runtime }: BundleOptions): Promise<void> {
  const words = await packWords();
  const build = { commit: stamp.commit, target: target.id, repository: REPOSITORY };
  const bundler = Bun.spawn(
    [
      process.execPath,
      "build",
      ...COMPILE_FLAGS,
      `--target=bun-${target.id}`,
      `--compile-executable-path=${runtime}`,
      `--define=QWEN_BUILD=${JSON.stringify(build)}`,
      "--define=QWEN_PACKED=true",
      "src/main.ts",
      ...words,
      `--outfile=${path}`,
      `--metafile=${join(out, "metafile.json")}`,
    ],
    { cwd: ROOT, stdin: "ignore", stdout: "ignore", stderr: "inherit" },
  );
  const exitCode = await bundler.exited;
  if (exitCode !== 0) {
    throw new Error("the bundler refused `src/main.ts`");
  }
  // Bun signs arm64 files itself, by the name of `a.out`, and only those.
  if (target.os === "darwin") {
    await Bun.write(path, signMachO(Buffer.from(await Bun.file(path).arrayBuffer())));
  }
}
