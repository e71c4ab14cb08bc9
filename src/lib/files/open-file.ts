import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { describeSystemError, systemErrorCode } from "../system-error.ts";
import { describeKind } from "./inspect-file.ts";

/** A regular file, open for reading: what is said of it is said of the very bytes that are read. */
export type OpenFile = {
  readonly kind: "file";
  /** As it was asked for. */
  readonly path: string;
  readonly descriptor: number;
  /** The nine permission bits. */
  readonly mode: number;
  readonly uid: number;
  /** Bytes. */
  readonly size: number;
};

/** What cannot be opened as a file. */
export type UnopenedFile =
  /** Nothing, or a link to nothing. */
  | { readonly kind: "missing" }
  /** A directory, socket, device or pipe. */
  | { readonly kind: "other"; readonly description: string }
  /** A file that is there and may not be read. */
  | { readonly kind: "closed"; readonly uid: number; readonly error: unknown }
  /** The path cannot be looked at: a closed parent directory, a loop of links. */
  | { readonly kind: "inaccessible"; readonly error: unknown };

/** What stands in a file. */
export type Content = { readonly kind: "text"; readonly text: string } | UnreadableContent;

export type UnreadableContent = {
  readonly kind: "unreadable";
  readonly fault: "too-large" | "utf-16" | "system";
  /** For people. */
  readonly reason: string;
  readonly cause?: unknown;
};

const ABSENT = new Set(["ENOENT", "ENOTDIR"]);
const REFUSED = new Set(["EACCES", "EPERM"]);

/** Without waiting for a pipe that took the place of the file. Windows has no such flag. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file once, links followed, for as long as `use` runs; never throws itself. Only what
 * looks like a file is opened at all: to open a device may set it going.
 */
export function withOpenFile<Result>(
  path: string,
  use: (found: OpenFile | UnopenedFile) => Result,
): Result {
  const obstacle = lookAt(path);
  if (obstacle !== undefined) {
    return use(obstacle);
  }
  const descriptor = open(path);
  if (typeof descriptor !== "number") {
    return use(descriptor);
  }
  try {
    return use(describe(path, descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** What stands at `path` when it is no file. */
function lookAt(path: string): UnopenedFile | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      return { kind: "missing" };
    }
    return stats.isFile() ? undefined : { kind: "other", description: describeKind(stats) };
  } catch (error) {
    return isAbsent(error) ? { kind: "missing" } : { kind: "inaccessible", error };
  }
}

function open(path: string): number | UnopenedFile {
  try {
    return openSync(path, READ);
  } catch (error) {
    if (isAbsent(error)) {
      return { kind: "missing" };
    }
    const uid = REFUSED.has(systemErrorCode(error) ?? "") ? ownerOf(path) : undefined;
    return uid === undefined ? { kind: "inaccessible", error } : { kind: "closed", uid, error };
  }
}

function describe(path: string, descriptor: number): OpenFile | UnopenedFile {
  const stats = fstatSync(descriptor);
  return stats.isFile()
    ? {
        kind: "file",
        path,
        descriptor,
        mode: stats.mode & 0o777,
        uid: stats.uid,
        size: stats.size,
      }
    : { kind: "other", description: describeKind(stats) };
}

/**
 * Why something that cannot be opened is passed over: a pipe, and a file of somebody else's that is
 * closed to us, which is not ours to repair.
 */
export function reasonUnopened(found: UnopenedFile, uid: number | undefined): string | undefined {
  if (found.kind === "other" && found.description === "a pipe") {
    return "it is a pipe";
  }
  if (found.kind !== "closed" || uid === undefined || found.uid === uid) {
    return undefined;
  }
  const owner = found.uid === 0 ? "root" : `another user (uid ${found.uid})`;
  return `it belongs to ${owner} and you may not read it`;
}

/** The text of an open file of at most `largest` bytes. */
export function readContent({ descriptor, size }: OpenFile, largest: number): Content {
  try {
    const text = size > largest ? undefined : readWithin(descriptor, { size, largest });
    if (text === undefined) {
      const mib = largest / (1024 * 1024);
      return { kind: "unreadable", fault: "too-large", reason: `it is larger than ${mib} MiB` };
    }
    return isUtf16(text) ? UTF_16 : { kind: "text", text };
  } catch (cause) {
    return unreadable(cause);
  }
}

/**
 * `undefined`: there is more. What the kernel makes up as it is read (`/proc`) has no size, and some
 * of it no end.
 */
function readWithin(
  descriptor: number,
  { size, largest }: { readonly size: number; readonly largest: number },
): string | undefined {
  if (size > 0) {
    return readFileSync(descriptor, "utf8");
  }
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, buffer);
    if (count === 0) {
      return text + decoder.decode();
    }
    length += count;
    if (length > largest) {
      return undefined;
    }
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

/** What the system says of a file that it does not let one read. */
export function unreadable(cause: unknown): UnreadableContent {
  return { kind: "unreadable", fault: "system", reason: describeSystemError(cause), cause };
}

/** What PowerShell 5.1 writes for `>`: half of its bytes are zeros. */
export const UTF_16: UnreadableContent = {
  kind: "unreadable",
  fault: "utf-16",
  reason: "it is UTF-16; save it as UTF-8",
};

/** Whether a text was UTF-16 before it was decoded as UTF-8, with a byte order mark or without. */
export function isUtf16(text: string): boolean {
  return (
    text.includes("\0") &&
    (text.startsWith("\ufffd\ufffd") || text.charCodeAt(0) === 0 || text.charCodeAt(1) === 0)
  );
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}

function isAbsent(error: unknown): boolean {
  return ABSENT.has(systemErrorCode(error) ?? "");
}
