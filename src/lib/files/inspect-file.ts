import { lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, sep } from "node:path";
import { shellWord } from "../shell.ts";
import { systemErrorCode } from "../system-error.ts";

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
      /** How many names the file has: hard links. */
      readonly links: number;
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
      links: stats.nlink,
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

type RegularFile = Pick<
  Extract<FileFacts, { kind: "file" }>,
  "realPath" | "mode" | "uid" | "links"
>;

/**
 * Says why a file that a repository offers must not be read, or `undefined` when it may be:
 * owned by neither `uid` nor root, writable by others, reached through a link that leaves
 * `directory` or ends in /proc or /sys, or with another name besides, which may stand anywhere
 * (`spec/settings-and-env.md`).
 */
export function reasonToPassOver(
  facts: RegularFile,
  { directory, uid }: { readonly directory: string; readonly uid: number | undefined },
): string | undefined {
  if (uid !== undefined && facts.uid !== uid && facts.uid !== 0) {
    const remedy = "run as that user (`docker run --user $(id -u)`), or use flags and variables";
    return `it belongs to another user (uid ${facts.uid})${uid === 0 ? `; ${remedy}` : ""}`;
  }
  if (uid !== undefined && (facts.mode & 0o002) !== 0) {
    return `others can write to it (mode ${formatMode(facts.mode)})`;
  }
  return reasonOfLink(facts.realPath, directory) ?? reasonOfNames(facts);
}

/** The same for a link alone: it must not leave `directory`, nor end in /proc or /sys. */
export function reasonOfLink(realPath: string, directory: string): string | undefined {
  return !isWithin(realPath, realDirectory(directory)) || isKernelPath(realPath)
    ? `it is a link that leads out of its directory, to \`${realPath}\``
    : undefined;
}

function reasonOfNames({ links, realPath }: RegularFile): string | undefined {
  const file = shellWord(realPath);
  return links > 1
    ? `it has ${links} hard links; run \`cp ${file} ${file}.new && mv ${file}.new ${file}\``
    : undefined;
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

/** What stands at a path that is no file, in two words. */
export function describeKind(stats: Stats): string {
  if (stats.isDirectory()) {
    return DIRECTORY;
  }
  if (stats.isSocket()) {
    return "a socket";
  }
  return stats.isFIFO() ? "a pipe" : "a device";
}
