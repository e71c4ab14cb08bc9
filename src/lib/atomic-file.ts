import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { platform } from "node:process";
import { currentProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";
import { systemErrorCode } from "./system-error.ts";

type Owner = { readonly uid: number; readonly gid: number };

type FileOptions = {
  /** Permission bits of the new file, whatever the umask. */
  readonly mode: number;
  /** Given to the new file where it would have another owner; takes root. */
  readonly owner?: Owner | undefined;
};

type WriteOptions = FileOptions & { readonly sync: boolean };

type ReplaceOptions = FileOptions & {
  /** Runs when all bytes are on the disk; what it throws leaves the old file in place. */
  readonly beforeRename?: (() => void) | undefined;
};

/** `O_NOFOLLOW` does not exist on Windows. */
const CREATE =
  constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);

/** What file systems answer that cannot sync a directory, and directories closed for reading. */
const SYNC_UNSUPPORTED = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EPERM", "EACCES"]);

/**
 * Puts `bytes` at `path` by way of a temporary file in the same directory: at any instant, also
 * after a kill or a loss of power, `path` holds all of the old bytes or all of the new.
 * `path` must be a real path: a link there would itself be replaced, not what it points to.
 * Throws the error of the system as it is; the old bytes are intact and no temporary file is left
 * (but when the disk fails under the sync of the directory, after the rename).
 */
export function replaceFile(
  path: string,
  bytes: string | Uint8Array,
  { mode, owner, beforeRename }: ReplaceOptions,
): void {
  const temporary = writeTemporaryFile(path, bytes, { mode, owner, sync: true });
  try {
    beforeRename?.();
    renameSync(temporary, path);
  } catch (error) {
    removeIfPossible(temporary);
    throw error;
  }
  syncDirectory(dirname(path));
}

/**
 * Writes a new file next to `path` and returns its path; `sync` waits for the disk.
 * Throws the error of the system as it is, and then leaves no file.
 */
export function writeTemporaryFile(
  path: string,
  bytes: string | Uint8Array,
  options: WriteOptions,
): string {
  const temporary = temporaryPath(path);
  const file = openSync(temporary, CREATE, 0o600);
  try {
    fillAndClose(file, bytes, options);
    return temporary;
  } catch (error) {
    removeIfPossible(temporary);
    throw error;
  }
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

/** The owner goes before the mode: no one else's group gets what the mode gives to the group. */
function fillAndClose(
  file: number,
  bytes: string | Uint8Array,
  { mode, owner, sync }: WriteOptions,
): void {
  try {
    const stats = fstatSync(file);
    if (owner !== undefined && (stats.uid !== owner.uid || stats.gid !== owner.gid)) {
      fchownSync(file, owner.uid, owner.gid);
    }
    fchmodSync(file, mode);
    const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    for (let written = 0; written < data.length; ) {
      written += writeSync(file, data, written);
    }
    if (sync) {
      fsyncSync(file);
    }
  } finally {
    closeSync(file);
  }
}

/** Without it the rename may be lost with the power. Windows cannot open a directory. */
function syncDirectory(path: string): void {
  if (platform === "win32") {
    return;
  }
  let directory: number | undefined;
  try {
    directory = openSync(path, constants.O_RDONLY);
    fsyncSync(directory);
  } catch (error) {
    if (!SYNC_UNSUPPORTED.has(systemErrorCode(error) ?? "")) {
      throw error;
    }
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

function removeIfPossible(path: string): void {
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
