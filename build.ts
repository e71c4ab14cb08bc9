import { closeSync, openSync, readSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageManager, version } from "./package.json" with { type: "json" };

/**
 * Fixed for every target; `spec/distribution.md` lists them and `reference/bun.md` §0 and §3 say
 * why: start-up time, and a directory that holds a `.env` or a `bunfig.toml` must not get a say in
 * what the program does.
 */
const COMPILE_FLAGS = [
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

const PROBE_TIMEOUT_MS = 20_000;

/**
 * Builds the host's target: `dist/<target>/qwen`, with `dist/qwen` as a relative link to it and
 * `dist/metafile.json`, which tells what each chunk holds.
 * Answers what is wrong, or `undefined` when all is well.
 */
async function build(): Promise<string | undefined> {
  const pinned = packageManager.replace("bun@", "");
  if (Bun.version !== pinned) {
    return `this is Bun ${Bun.version}, the project is built with ${pinned}; run \`npx -y bun@${pinned} build.ts\``;
  }
  const target = hostTarget();
  // The bundler embeds the base name of its output, so that it is `qwen` whatever the target.
  const binary = join("dist", target, "qwen");
  if (!(await compile(binary))) return `the bundler refused \`src/main.ts\``;
  const complaint = await probe(binary);
  if (complaint !== undefined) return `\`${binary}\` ${complaint}`;
  replaceLink(join(import.meta.dir, "dist", "qwen"), join(target, "qwen"));
  console.log(`dist/qwen -> ${target}/qwen (${version})`);
  return undefined;
}

/** The id of the machine's target, as in the names of the release archives: `linux-x64-musl`. */
function hostTarget(): string {
  const libc = process.platform === "linux" && isMusl(process.execPath) ? "-musl" : "";
  return `${process.platform}-${process.arch}${libc}`;
}

/** Whether an ELF file asks for musl's loader, whose path stands near its start. */
function isMusl(file: string): boolean {
  const head = Buffer.alloc(4096);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head);
  closeSync(descriptor);
  return head.includes("/ld-musl-");
}

/** Errors and warnings of the bundler go to stderr as they are. */
async function compile(binary: string): Promise<boolean> {
  const files = ["src/main.ts", "--outfile", binary, "--metafile=dist/metafile.json"];
  const bundler = Bun.spawn([process.execPath, "build", ...COMPILE_FLAGS, ...files], {
    cwd: import.meta.dir,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  return (await bundler.exited) === 0;
}

/** Runs the binary once, in an empty environment: it must print the version, and nothing else. */
async function probe(binary: string): Promise<string | undefined> {
  const child = Bun.spawn([join(import.meta.dir, binary), "--version"], {
    env: {},
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    timeout: PROBE_TIMEOUT_MS,
  });
  const [output] = await Promise.all([child.stdout.text(), child.exited]);
  if (child.exitCode !== 0) {
    return `does not run: \`--version\` ended with ${child.signalCode ?? child.exitCode}`;
  }
  if (output !== `${version}\n`) {
    return `answers ${JSON.stringify(output)} to \`--version\`, not "${version}"`;
  }
  return undefined;
}

/** Puts a symbolic link in place at once, whatever file or link was there. */
function replaceLink(path: string, target: string): void {
  const staged = `${path}.${process.pid}`;
  rmSync(staged, { force: true });
  symlinkSync(target, staged);
  renameSync(staged, path);
}

const complaint = await build();
if (complaint !== undefined) {
  console.error(`Cannot build qwen: ${complaint}`);
  process.exitCode = 1;
}
