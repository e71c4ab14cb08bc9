import type { ArchiveEntry } from "./archive-entry.ts";
import { writeTar } from "./tar.ts";
import type { Target } from "./targets.ts";
import { writeZip } from "./zip.ts";

/**
 * Packs a target's archive, flat and sorted by name: the same entries give the same bytes. `mtime`
 * is in seconds; a zip, which has no time zone, always says 1980.
 */
export function packArchive(
  { os }: Target,
  { entries, mtime }: { readonly entries: readonly ArchiveEntry[]; readonly mtime: number },
): Uint8Array<ArrayBuffer> {
  const sorted = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return os === "windows" ? writeZip(sorted) : gzip(writeTar(sorted, mtime));
}

/** Packs entries in their own order, with their directories in their names. */
export function packTarball(
  entries: readonly ArchiveEntry[],
  mtime: number,
): Uint8Array<ArrayBuffer> {
  return gzip(writeTar(entries, mtime));
}

/** libdeflate: smaller and faster than zlib, and the header says nothing of time and system. */
function gzip(content: Buffer<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return Bun.gzipSync(content, { level: 9, library: "libdeflate" });
}
