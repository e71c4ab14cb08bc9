import { readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { compileBinaries, probe } from "./build/binaries.ts";
import { checkReproducible } from "./build/check-repro.ts";
import { compile } from "./build/compile.ts";
import { type Options, readOptions, USAGE } from "./build/options.ts";
import { BUN_VERSION, ROOT, readReleaseStamp, readStamp, VERSION } from "./build/project.ts";
import { packRelease } from "./build/release.ts";
import { binaryName } from "./build/targets.ts";

/** Does what the command line asks for; throws, with the reason as the message, if it cannot. */
async function main(args: readonly string[]): Promise<void> {
  if (Bun.version !== BUN_VERSION) {
    throw new Error(
      `this is Bun ${Bun.version}, the project is built with ${BUN_VERSION}; run \`npx -y bun@${BUN_VERSION} build.ts\``,
    );
  }
  const options = readOptions(args);
  switch (options.action) {
    case "help":
      console.log(USAGE);
      break;
    case "host":
      await buildHost(options);
      break;
    case "check-repro":
      await checkReproducible(options.targets, { ...options, stamp: readReleaseStamp() });
      break;
    case "release":
      await buildRelease(options);
      break;
  }
}

/** Builds `<out>/<target>/qwen` for this machine, with `<out>/qwen` as a relative link to it. */
async function buildHost({ targets: [target], out }: Options): Promise<void> {
  if (target === undefined) {
    return;
  }
  // The Bun that compiles is the Bun that is embedded: there is nothing to fetch.
  const { path } = await compile(target, { out, stamp: readStamp(), runtimes: undefined });
  await probe(path);
  const link = join(out, binaryName(target));
  replaceLink(link, relative(out, path));
  console.log(`${relative(ROOT, link)} -> ${relative(out, path)} (${VERSION})`);
}

async function buildRelease(options: Options): Promise<void> {
  const { targets, steps, ...rest } = options;
  const stamp = readReleaseStamp();
  if (steps !== "pack") {
    await compileBinaries(targets, { ...rest, stamp });
  }
  if (steps !== "compile") {
    // Only here: it loads every command.
    const share = await (await import("./build/packaging/share.ts")).readShare(stamp);
    const installer = readFileSync(join(ROOT, "install.sh"), "utf8");
    console.log(`wrote ${packRelease(targets, { ...rest, stamp, installer, share })}`);
  }
}

/** Puts a symbolic link in place at once, whatever file or link was there. */
function replaceLink(path: string, target: string): void {
  const staged = `${path}.${process.pid}`;
  rmSync(staged, { force: true });
  symlinkSync(target, staged);
  renameSync(staged, path);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`Cannot build qwen: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
