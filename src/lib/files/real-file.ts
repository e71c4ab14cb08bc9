import { fstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { type OpenFile, type UnopenedFile, withOpenFile } from "./open-file.ts";

/** An open file, and where its bytes really stand: every link resolved. */
export type RealFile = OpenFile & { readonly realPath: string };

/** How often a file may be replaced under our hands. */
const MOST_TRIES = 5;

/** Why a file was given up that is replaced all the time. */
export const REPLACED = "it was replaced while it was read";

/**
 * Opens a file as `withOpenFile` does, with its real path. A file that was replaced in between, as
 * every write here does, is opened anew, also when `use` answers `undefined`; `undefined` when it
 * has been replaced again and again.
 */
export function withRealFile<Result>(
  path: string,
  use: (found: RealFile | UnopenedFile) => Result | undefined,
): Result | undefined {
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const result = withOpenFile(path, (found) => {
      if (found.kind !== "file") {
        return use(found);
      }
      const realPath = realPathOf(found);
      return realPath === undefined ? undefined : use({ ...found, realPath });
    });
    if (result !== undefined) {
      return result;
    }
  }
  return undefined;
}

/** `undefined` when the path leads to another file by now. */
function realPathOf({ path, descriptor }: OpenFile): string | undefined {
  const known = pathOfDescriptor(descriptor);
  if (known !== undefined) {
    return known.endsWith(" (deleted)") ? undefined : known;
  }
  try {
    const realPath = realpathSync(path);
    const stats = fstatSync(descriptor, { bigint: true });
    return identityAt(realPath) === identityOf(stats, realPath) ? realPath : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing where there is no `/proc`. */
function pathOfDescriptor(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

/** Windows has no inodes that could be relied on. */
const HAS_INODES = sep === "/";

/** What the names of one file have in common: device and inode, or the real path without any. */
export function identityOf(
  { dev, ino }: { readonly dev: bigint; readonly ino: bigint },
  realPath: string,
): string {
  return HAS_INODES && ino !== 0n ? `${dev}:${ino}` : realPath;
}

/** The same of what stands at a path, links followed; `undefined` when nothing does. */
export function identityAt(path: string): string | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    const isEnough = HAS_INODES && stats?.ino !== 0n;
    return stats && identityOf(stats, isEnough ? path : realpathSync(path));
  } catch {
    return undefined;
  }
}
