import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** What stands below a directory, by relative path: type, mode, and the bytes or the target. */
export type Snapshot = Readonly<Record<string, string>>;

/** Everything below `directory`, to compare before and after: nothing new, nothing changed. */
export function snapshot(directory: string): Snapshot {
  return Object.fromEntries(
    pathsBelow(directory).map((path) => [relative(directory, path), describe(path)]),
  );
}

/** Every path below `directory`, sorted; links are not followed. */
export function pathsBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? [path, ...pathsBelow(path)] : [path];
    })
    .sort();
}

/** Inode, size, times and mode: what changes when a file is touched at all. */
export function identity(path: string): Readonly<Record<string, bigint>> {
  const { ino, size, mtimeNs, ctimeNs, mode } = lstatSync(path, { bigint: true });
  return { ino, size, mtimeNs, ctimeNs, mode };
}

/** Permission bits as `chmod` takes them: `0600`. */
export function modeOf(path: string): string {
  return `0${(lstatSync(path).mode & 0o777).toString(8).padStart(3, "0")}`;
}

function describe(path: string): string {
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o777).toString(8);
  if (stats.isSymbolicLink()) {
    return `link to ${readlinkSync(path)}`;
  }
  if (!stats.isFile()) {
    return `${stats.isDirectory() ? "directory" : "special"} ${mode}`;
  }
  const bytes = readFileSync(path);
  return `file ${mode} ${bytes.length} ${Bun.hash(bytes)}`;
}
