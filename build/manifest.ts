import type { Binary } from "./binaries.ts";
import { neededGlibc } from "./check-binary.ts";
import { BUN_VERSION, type Stamp, VERSION } from "./project.ts";
import { readImage } from "./read-image.ts";
import { archiveName, type Target } from "./targets.ts";

/** A file of a release. */
export type Asset = {
  readonly name: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
};

/** Windows 10 1809, by what Bun says; the file itself does not tell. */
const MIN_WINDOWS = "10.0.17763";

/** The oldest CPU that Bun runs on. */
const CPU: Readonly<Record<Target["arch"], string>> = { x64: "x86-64-v2", arm64: "armv8-a" };

/**
 * The text of `manifest.json`: one key a line and always in this order, so that a script without a
 * JSON parser finds what it needs.
 */
export function renderManifest(
  targets: Readonly<Record<string, object>>,
  { commit, epoch }: Stamp,
): string {
  const manifest = {
    schema: 1,
    name: "qwen",
    version: VERSION,
    commit,
    bun: BUN_VERSION,
    source_date_epoch: epoch,
    targets,
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** What the manifest says of one target. */
export function describeTarget(binary: Binary, { content, sha256 }: Asset): object {
  const { target } = binary;
  const image = readImage(binary.content);
  const glibc = neededGlibc(image);
  return {
    archive: archiveName(target),
    size: content.length,
    sha256,
    binary_size: binary.content.length,
    binary_sha256: binary.sha256,
    ...(target.os === "darwin" && { unsigned_sha256: binary.unsignedSha256 }),
    ...(target.libc !== undefined && { libc: target.libc }),
    ...(glibc !== undefined && { min_glibc: glibc }),
    ...(image.macos !== undefined && { min_macos: image.macos }),
    ...(target.os === "windows" && { min_windows: MIN_WINDOWS }),
    cpu: CPU[target.arch],
    runtime_sha256: binary.runtimeSha256,
  };
}
