import { packTarball } from "../archive.ts";
import { LICENSE, REPOSITORY, type Stamp, VERSION } from "../project.ts";
import { binaryName, type Target } from "../targets.ts";

export type NpmInput = {
  /** `@scope/qwen`: `qwen.npmPackage` of package.json is the only place that names it. */
  readonly name: string;
  readonly binaries: readonly {
    readonly target: Target;
    readonly content: Uint8Array<ArrayBuffer>;
  }[];
  readonly documents: readonly {
    readonly name: string;
    readonly content: Uint8Array<ArrayBuffer>;
  }[];
  readonly stamp: Stamp;
};

/**
 * The packages for npm, by file name: one a platform with the binary, and the one that people
 * install, which depends on all of them and starts the one that npm put there. None runs a script
 * while it is installed.
 */
export function packNpm(input: NpmInput): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const texts = input.documents.map(({ name, content }) => ({ name, mode: 0o644, content }));
  for (const { target, content } of input.binaries) {
    const name = `${input.name}-${target.id}`;
    const manifest = {
      ...common(name, input.stamp),
      description: `The binary of ${input.name} for ${target.id}`,
      os: [target.os === "windows" ? "win32" : target.os],
      cpu: [target.arch],
      ...(target.libc !== undefined && { libc: [target.libc] }),
    };
    const binary = { name: `bin/${binaryName(target)}`, mode: 0o755, content };
    files.set(fileName(name), pack([binary, ...texts], manifest, input.stamp));
  }
  const manifest = {
    ...common(input.name, input.stamp),
    description: "Credentials for Qwen Code models and compatible providers",
    bin: { qwen: "qwen.js" },
    optionalDependencies: Object.fromEntries(
      input.binaries.map(({ target }) => [`${input.name}-${target.id}`, VERSION]),
    ),
    engines: { node: ">=18" },
  };
  const launcher = { name: "qwen.js", mode: 0o755, content: Buffer.from(renderLauncher(input)) };
  files.set(fileName(input.name), pack([launcher, ...texts], manifest, input.stamp));
  return files;
}

/** As `npm pack` names it. */
function fileName(name: string): string {
  return `${name.replace("@", "").replace("/", "-")}-${VERSION}.tgz`;
}

function common(name: string, { commit }: Stamp): object {
  return {
    name,
    version: VERSION,
    license: LICENSE,
    ...(REPOSITORY !== "" && {
      repository: { type: "git", url: `git+https://github.com/${REPOSITORY}.git` },
    }),
    gitHead: commit,
    publishConfig: { access: "public", provenance: true },
  };
}

function pack(
  entries: Parameters<typeof packTarball>[0],
  manifest: object,
  { epoch }: Stamp,
): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  const all = [{ name: "package.json", mode: 0o644, content: text }, ...entries];
  const named = all.map((entry) => ({ ...entry, name: `package/${entry.name}` }));
  return packTarball(named, epoch);
}

/** Node starts the binary, with the same terminal; a signal that ends it ends Node likewise. */
function renderLauncher({ name, binaries }: NpmInput): string {
  const known = binaries.map(({ target }) => target.id);
  return `#!/usr/bin/env node
"use strict";
const { spawnSync } = require("node:child_process");

const os = process.platform === "win32" ? "windows" : process.platform;
const base = os + "-" + process.arch;
const known = ${JSON.stringify(known)};
// With musl npm may have put either there, where it does not know \`libc\`.
const isMusl = os === "linux" && !process.report.getReport().header.glibcVersionRuntime;
const target = isMusl ? base + "-musl" : base;
if (!known.includes(target)) {
  console.error("error: Cannot start qwen: there is no build for " + target);
  process.exit(1);
}
let binary;
try {
  binary = require.resolve("${name}-" + target + "/bin/qwen" + (os === "windows" ? ".exe" : ""));
} catch {
  console.error("error: Cannot start qwen: the package ${name}-" + target + " is not installed");
  console.error("\\nhint: install again without --omit=optional");
  process.exit(1);
}
// What the terminal sends goes to both: the program decides, and this waits for it.
for (const signal of ["SIGINT", "SIGQUIT"]) process.on(signal, () => {});
const ended = spawnSync(binary, process.argv.slice(2), { stdio: "inherit" });
if (ended.error) {
  console.error("error: Cannot start qwen: " + ended.error.message);
  process.exit(1);
}
if (ended.signal) process.kill(process.pid, ended.signal);
process.exit(ended.status ?? 1);
`;
}
