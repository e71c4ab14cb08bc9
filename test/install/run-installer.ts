import type { test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { missingPrograms, testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

export const REPOSITORY = join(import.meta.dir, "../..");
export const INSTALLER = join(REPOSITORY, "install.sh");
export const VERSION = packageJson.version;
export const BUN_VERSION = packageJson.packageManager.replace("bun@", "");
export const PINNED: Readonly<Record<string, string>> = packageJson.qwen.bunSha512;

/** What install.sh may take for granted; everything else has to be asked for. */
const BASIC_TOOLS =
  "awk cat chmod cmp cp date dd df env find grep gzip ls mkdir mktemp printf mv od readlink rm rmdir sed sh sort tail tar tr uname";

/** The shells that run install.sh. */
export const SHELLS = ["dash", "bash", "bash --posix", "busybox sh", "zsh", "mksh", "yash"];

/** What downloads. */
export const DOWNLOADERS = ["curl", "wget", "busybox wget"];

export const hostTarget = `linux-${process.arch}${Bun.which("apk") === null ? "" : "-musl"}`;

/** `test` for what needs these commands; it is skipped, and says so, where one is missing. */
export function testWith(...commands: readonly string[]): typeof test {
  const programs = new Set(commands.map((command) => command.replace(/ .*/, "")));
  return testUnless(missingPrograms(...programs));
}

/** An empty directory of this name. */
export function directory(name: string): string {
  const path = join(temporaryDirectory(), name);
  mkdirSync(path);
  return path;
}

/** Writes a new script; it never writes through a link, which could lead to the real tool. */
export function writeScript(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755, flag: "wx" });
}

/**
 * A PATH of one directory: the basic tools, `tools`, and a script for each of `shims`, so that a
 * tool that is not named is absent. `id` says that nobody is root.
 */
export function searchPath(
  tools: readonly string[],
  shims: Readonly<Record<string, string>> = {},
): string {
  const path = directory("path");
  const scripts = { id: "echo 1000", ...shims };
  for (const [name, body] of Object.entries(scripts)) writeScript(join(path, name), body);
  for (const tool of new Set([...BASIC_TOOLS.split(" "), ...tools])) {
    // The system's own, because a version manager's may be a script that needs more.
    const found = Bun.which(tool, { PATH: "/usr/bin:/bin" }) ?? Bun.which(tool);
    if (found !== null && !(tool in scripts)) symlinkSync(found, join(path, tool));
  }
  return path;
}

/** The body of a `bun` whose `bun build.ts` runs `build` after `mkdir dist`. */
export function fakeBun(build = fakeBinary(VERSION)): string {
  return `case $1 in --version) echo ${BUN_VERSION} ;; build.ts) mkdir -p dist; ${build} ;; esac`;
}

/** A command that writes a `dist/qwen` that answers with `version`. */
export function fakeBinary(version: string): string {
  return `printf '%s\\n' '#!/bin/sh' 'echo ${version}' >dist/qwen`;
}

/** A checkout for a fake Bun; its path has what quoting goes wrong with. */
export function fakeCheckout(bunSha512 = PINNED): string {
  const path = directory("it's a $check out");
  const qwen = { ...packageJson.qwen, bunSha512 };
  writeFileSync(join(path, "package.json"), JSON.stringify({ ...packageJson, qwen }, null, 2));
  writeFileSync(join(path, "build.ts"), "");
  copyFileSync(INSTALLER, join(path, "install.sh"));
  return path;
}

export type Run = {
  readonly args?: readonly string[];
  readonly shell?: string;
  readonly checkout?: string;
  readonly cwd?: string;
  readonly path?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to pipe into the shell; without it, the checkout's file is run. */
  readonly piped?: Uint8Array;
  readonly uid?: number;
};

/** Runs install.sh with an empty home and nothing else in its environment. */
export async function install(run: Run = {}) {
  const { args = ["--from-source"], shell = "sh", env, piped, uid } = run;
  const checkout = run.checkout ?? fakeCheckout();
  const home = env?.HOME ?? directory("home");
  const [program = "", ...options] = shell.split(" ");
  const script = piped === undefined ? [join(checkout, "install.sh")] : ["-s", "--"];
  const child = Bun.spawn([Bun.which(program) ?? program, ...options, ...script, ...args], {
    cwd: run.cwd ?? checkout,
    env: { PATH: run.path ?? searchPath([], { bun: fakeBun() }), HOME: home, ...env },
    stdin: piped ?? "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ...(uid === undefined ? {} : { uid }),
  });
  const outputs = [child.stdout.text(), child.stderr.text()] as const;
  const [stdout, stderr, code] = await Promise.all([...outputs, child.exited]);
  return { code, stdout, stderr, home, binary: join(home, ".local/bin/qwen") };
}

/** All paths below a directory, sorted; none when there is no directory. */
export function files(path: string): string[] {
  return existsSync(path) ? readdirSync(path, { recursive: true }).map(String).sort() : [];
}
