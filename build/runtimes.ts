import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { BUN_SHA512, BUN_VERSION, ROOT } from "./project.ts";
import { runtimePackage, type Target } from "./targets.ts";

/** For 50 MB, on a slow line. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** Where the packages stay between builds; `bun install` leaves it alone. */
export const RUNTIME_DIRECTORY = join(ROOT, "node_modules", ".cache", "bun-runtimes");

export type RuntimeOptions = {
  /** Holds the npm packages, named as `npm pack` names them. */
  readonly directory: string;
  /** Fetch nothing. */
  readonly isOffline: boolean;
};

/**
 * Writes the Bun of a target to `destination`. It comes from the npm package whose SHA-512 is
 * pinned in package.json and checked every time: left alone, the bundler would download Bun without
 * a check of ours.
 */
export async function writeRuntime(
  target: Target,
  { destination, ...options }: RuntimeOptions & { readonly destination: string },
): Promise<void> {
  const name = runtimePackage(target);
  const packed = await packedRuntime(target, options);
  const files = await new Bun.Archive(packed).files("package/bin/bun*");
  const executable = files.get(`package/bin/bun${target.os === "windows" ? ".exe" : ""}`);
  if (executable === undefined) {
    throw new Error(`@oven/${name} ${BUN_VERSION} holds no Bun`);
  }
  await Bun.write(destination, executable);
  chmodSync(destination, 0o755);
}

async function packedRuntime(
  target: Target,
  { directory, isOffline }: RuntimeOptions,
): Promise<Uint8Array> {
  const name = runtimePackage(target);
  const path = join(directory, `oven-${name}-${BUN_VERSION}.tgz`);
  if (existsSync(path)) {
    return verified(readFileSync(path), target, path);
  }
  if (isOffline) {
    throw new Error(`\`${path}\` is missing: \`npm pack @oven/${name}@${BUN_VERSION}\` makes it`);
  }
  const url = `${registry()}/@oven/${name}/-/${name}-${BUN_VERSION}.tgz`;
  const content = verified(await download(url, name), target, `@oven/${name} ${BUN_VERSION}`);
  mkdirSync(directory, { recursive: true });
  const staged = `${path}.${process.pid}`;
  writeFileSync(staged, content);
  renameSync(staged, path);
  return content;
}

function verified(content: Uint8Array, { id }: Target, what: string): Uint8Array {
  const expected = BUN_SHA512[id];
  const actual = new Bun.SHA512().update(content).digest("hex");
  if (actual !== expected) {
    throw new Error(`checksum mismatch for ${what}: expected ${expected}, got ${actual}`);
  }
  return content;
}

async function download(url: string, name: string): Promise<Uint8Array> {
  const what = `cannot download @oven/${name} ${BUN_VERSION} from ${new URL(url).host}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) }).catch(
    (error: unknown) => {
      throw new Error(what, { cause: error });
    },
  );
  if (!response.ok) {
    throw new Error(`${what}: HTTP ${response.status}`);
  }
  return response.bytes();
}

/** The npm registry in force, without a slash at its end; found as `install.sh` finds it. */
function registry(): string {
  const { npm_config_registry: small, NPM_CONFIG_REGISTRY: large } = process.env;
  const file = join(homedir(), ".npmrc");
  const settings = existsSync(file) ? readFileSync(file, "utf8") : "";
  const [, configured] = /^ *registry *= *([^ ;#\n]+)/m.exec(settings) ?? [];
  return (small || large || configured || "https://registry.npmjs.org").replace(/\/+$/, "");
}
