import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { platform } from "node:process";
import { succeeds, systemErrorCode, uninterrupted, unless } from "../system-error.ts";
import { currentProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";

export type Owner = { readonly uid: number; readonly gid: number };

/** A file that is open for writing, and closed to everybody else where modes are kept. */
export type TemporaryFile = {
  readonly path: string;
  readonly file: number;
  /** `false` where the file system lets others read whatever mode is asked for. */
  readonly isPrivate: boolean;
  /** `false` where the system refuses to give it to the wanted owner. */
  readonly hasOwner: boolean;
};

/** `O_NOFOLLOW` does not exist on Windows. */
const CREATE =
  constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);

/** What file systems answer that cannot sync a file, or a directory. */
const SYNC_UNSUPPORTED = ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];
/** Directories that are closed for reading, and Windows. */
const CLOSED = ["EPERM", "EACCES"];
/** How file systems answer that keep no modes or no owners. */
export const MODES_UNSUPPORTED = ["EPERM", "EACCES", "EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** Nobody but the owner, whatever the umask. */
const MODE = 0o600;
const OTHERS = 0o077;

/**
 * Makes a new file next to `path` and opens it. The owner goes before the mode: no one else's group
 * gets what the mode gives to the group.
 * Throws the error of the system as it is, and then leaves no file.
 */
export function createTemporaryFile(path: string, owner?: Owner): TemporaryFile {
  const temporary = temporaryPath(path);
  const file = openSync(temporary, CREATE, MODE);
  try {
    const hasOwner = owner === undefined || giveTo(file, owner);
    return { path: temporary, file, hasOwner, isPrivate: makePrivate(file) };
  } catch (error) {
    closeSync(file);
    removeIfPossible(temporary);
    throw error;
  }
}

/**
 * Writes a new file next to `path` and returns its path, without waiting for the disk.
 * Throws the error of the system as it is, and then leaves no file.
 */
export function writeTemporaryFile(path: string, text: string): string {
  const temporary = createTemporaryFile(path);
  try {
    writeAll(temporary.file, new TextEncoder().encode(text), 0);
  } catch (error) {
    removeIfPossible(temporary.path);
    throw error;
  } finally {
    closeSync(temporary.file);
  }
  return temporary.path;
}

/** Whether the file belongs to `owner` now. */
function giveTo(file: number, { uid, gid }: Owner): boolean {
  const stats = fstatSync(file);
  return (
    (stats.uid === uid && stats.gid === gid) ||
    succeeds(MODES_UNSUPPORTED, () => fchownSync(file, uid, gid))
  );
}

/** Whether nobody else may read or write an open file now: it is looked at, not believed. */
export function makePrivate(file: number): boolean {
  const hasMode = () => (fstatSync(file).mode & 0o777) === MODE;
  if (hasMode() || platform === "win32") {
    return true;
  }
  unless(MODES_UNSUPPORTED, () => fchmodSync(file, MODE));
  return (fstatSync(file).mode & OTHERS) === 0;
}

/** Writes all of `bytes` at a place of an open file. */
export function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += uninterrupted(() =>
      writeSync(file, bytes, written, bytes.length - written, position + written),
    );
  }
}

/** Waits until the disk has an open file, where the file system can tell. */
export function syncFile(file: number): void {
  unless(SYNC_UNSUPPORTED, () => uninterrupted(() => fsyncSync(file)));
}

/** A new name next to `path`, by which `sweepTemporaryFiles` can tell who writes there. */
export function temporaryPath(path: string): string {
  const { pid, startTime } = currentProcess();
  return join(dirname(path), `.${basename(path)}.${pid}-${startTime ?? ""}-${randomName()}.tmp`);
}

/** Sixteen hexadecimal digits; the global `crypto`, because `node:crypto` takes 3 ms to load. */
export function randomName(): string {
  return crypto.getRandomValues(new Uint8Array(8)).toHex();
}

/**
 * Removes what dead writers of `basename` left in `directory`. Writers on other hosts and before
 * the last boot count as dead, so hold the lock that serialises the writers. Errors are ignored:
 * the next writer sweeps again.
 */
export function sweepTemporaryFiles(directory: string, basename: string): void {
  for (const name of namesIn(directory)) {
    const owner = temporaryOwner(name);
    if (owner?.basename === basename && !isAlive(owner)) {
      removeIfPossible(join(directory, name));
    }
  }
}

/**
 * Without it a rename may be lost with the power. Returns the error of the disk, if there is one;
 * Windows cannot open a directory.
 */
export function syncDirectory(path: string): unknown {
  if (platform === "win32") {
    return undefined;
  }
  let directory: number | undefined;
  try {
    directory = openSync(path, constants.O_RDONLY);
    syncFile(directory);
    return undefined;
  } catch (error) {
    return CLOSED.includes(systemErrorCode(error) ?? "") ? undefined : error;
  } finally {
    if (directory !== undefined) {
      closeSync(directory);
    }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Also a directory, which an entry of the gate is. */
export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // A later sweep will; the error that led here must not be replaced.
  }
}

/** Who writes a temporary file of `temporaryPath`, by its name, and what it will be called. */
export function temporaryOwner(name: string): (ProcessIdentity & { basename: string }) | undefined {
  const [, basename, pid, startTime] =
    /^\.(.+?)\.(\d+)-([\d.a-f]*)-[\da-f]+\.tmp$/.exec(name) ?? [];
  return basename === undefined
    ? undefined
    : { basename, pid: Number(pid), startTime: startTime || undefined };
}
