import { lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, sep } from "node:path";
import { systemErrorCode } from "./system-error.ts";

/** What stands at a path, links followed; never throws. */
export type FileFacts =
  | { readonly kind: "missing" }
  | {
      readonly kind: "file";
      /** The path with every link resolved. */
      readonly realPath: string;
      /** The nine permission bits. */
      readonly mode: number;
      readonly uid: number;
      /** Bytes. */
      readonly size: number;
    }
  /** A directory, socket, device or pipe. */
  | { readonly kind: "other"; readonly description: string }
  /** A link that points to nothing. */
  | { readonly kind: "dangling" }
  /** The path cannot be looked at: a closed parent directory, a loop of links. */
  | { readonly kind: "inaccessible"; readonly error: unknown };

const DIRECTORY = "a directory";
const ABSENT = new Set(["ENOENT", "ENOTDIR"]);

/** Looks at `path` once, following links. */
export function inspectFile(path: string): FileFacts {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      return isLink(path) ? { kind: "dangling" } : { kind: "missing" };
    }
    if (!stats.isFile()) {
      return { kind: "other", description: describeKind(stats) };
    }
    return {
      kind: "file",
      realPath: realpathSync(path),
      mode: stats.mode & 0o777,
      uid: stats.uid,
      size: stats.size,
    };
  } catch (error) {
    return ABSENT.has(systemErrorCode(error) ?? "")
      ? { kind: "missing" }
      : { kind: "inaccessible", error };
  }
}

/** Whether a directory stands at `path`, links followed; never throws. */
export function isDirectory(path: string): boolean {
  const facts = inspectFile(path);
  return facts.kind === "other" && facts.description === DIRECTORY;
}

/**
 * Says why a file that a repository offers must not be read, or `undefined` when it may be:
 * owned by neither `uid` nor root, writable by others, or reached through a link that leaves
 * `directory` or ends in /proc or /sys (`spec/settings-and-env.md`).
 */
export function reasonToPassOver(
  facts: Extract<FileFacts, { kind: "file" }>,
  { directory, uid }: { readonly directory: string; readonly uid: number | undefined },
): string | undefined {
  if (uid !== undefined && facts.uid !== uid && facts.uid !== 0) {
    return `it belongs to another user (uid ${facts.uid})`;
  }
  if (uid !== undefined && (facts.mode & 0o002) !== 0) {
    return `others can write to it (mode ${formatMode(facts.mode)})`;
  }
  if (!isWithin(facts.realPath, realDirectory(directory)) || isKernelPath(facts.realPath)) {
    return `it is a link that leads out of its directory, to \`${facts.realPath}\``;
  }
  return undefined;
}

/** Whether `path` is `directory` or below it; both must be real paths. */
export function isWithin(path: string, directory: string): boolean {
  const prefix = directory.endsWith(sep) ? directory : `${directory}${sep}`;
  return path === directory || path.startsWith(prefix);
}

/** The real path of a directory, or of its nearest existing ancestor joined with the rest. */
export function realDirectory(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : `${realDirectory(parent)}${path.slice(parent.length)}`;
  }
}

/** Permission bits as `chmod` takes them: `0644`. */
export function formatMode(mode: number): string {
  return `0${(mode & 0o777).toString(8).padStart(3, "0")}`;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function isKernelPath(path: string): boolean {
  return path.startsWith("/proc/") || path.startsWith("/sys/");
}

function describeKind(stats: Stats): string {
  if (stats.isDirectory()) {
    return DIRECTORY;
  }
  if (stats.isSocket()) {
    return "a socket";
  }
  return stats.isFIFO() ? "a pipe" : "a device";
}
