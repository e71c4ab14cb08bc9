import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { temporaryOwner } from "./atomic-file.ts";
import { isAlive } from "./process-identity.ts";

/** More than any text has that cannot be had again, in bytes. */
const LARGEST_TEXT = 1024 * 1024;

/**
 * What a writer had ready for `path` when it was killed, if it is whole and newer than what stands
 * there; so hold the lock. Where the file is gone, somebody removed it: then there is nothing.
 * Never throws.
 */
export function interruptedWrite(
  path: string,
  isWhole: (text: string) => boolean,
): string | undefined {
  try {
    const { mtimeMs: since } = statSync(path);
    return readdirSync(dirname(path))
      .filter((name) => {
        const owner = temporaryOwner(name);
        return owner?.basename === basename(path) && !isAlive(owner);
      })
      .map((name) => readText(join(dirname(path), name)))
      .filter((left) => left !== undefined)
      .filter(({ modified, text }) => modified >= since && isWhole(text))
      .sort((one, other) => other.modified - one.modified)[0]?.text;
  } catch {
    return undefined;
  }
}

function readText(path: string): { readonly text: string; readonly modified: number } | undefined {
  const { size, mtimeMs } = statSync(path);
  return size > LARGEST_TEXT ? undefined : { text: readFileSync(path, "utf8"), modified: mtimeMs };
}
