import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { platform } from "node:process";
import { succeeds, unless } from "../system-error.ts";
import { MODES_UNSUPPORTED, randomName, temporaryPath } from "./atomic-file.ts";
import { ABSENT, isOfDeadProcess, LockError, OVERTAKEN, readLock } from "./lock-file.ts";
import { currentProcess, type ProcessOnHost } from "./process-identity.ts";

/** What a lock is called that was moved into the gate. */
const REMOVED = "removed";
/** Windows answers so when a directory is renamed onto another. */
const OVERTAKEN_ON_WINDOWS = [...OVERTAKEN, "EPERM", "EACCES", "EBUSY"];

/** Whether `path` has been seen with this token, and no other, for as long as one waits. */
export type HasExpired = (path: string, token: string) => boolean;

/**
 * Removes the very lock that `token` stands for, and nothing else; false: try again later.
 * Every removal goes through the gate, so that between the look and the removal nobody can
 * remove this lock and create another. It moves the lock into the own entry of the gate, which
 * fails when this process hung so long that others have removed its entry.
 */
export function removeLock(lockPath: string, token: string, hasExpired: HasExpired): boolean {
  const entry = enterGate(gatePath(lockPath), hasExpired);
  if (entry === undefined) {
    return false;
  }
  try {
    const isSame = readLock(lockPath)?.token === token;
    return !isSame || succeeds(ABSENT, () => renameSync(lockPath, join(entry, REMOVED)));
  } finally {
    removeEntry(entry);
    removeEmptyDirectory(dirname(entry));
  }
}

/**
 * The gate is a directory with one entry, named for the process that is inside. A rename brings
 * it there together with its entry, and only where no gate or an empty one is; the entry of a
 * dead process is removed by its name, which is never used twice. So no gate is taken by two.
 * Returns the path of the own entry, `undefined` when another process is inside.
 */
function enterGate(gate: string, hasExpired: HasExpired): string | undefined {
  for (const name of entriesOf(gate)) {
    if (!isOfDeadProcess(parseEntryName(name)) && !hasExpired(gate, name)) {
      return undefined;
    }
    unless(["ENOTDIR"], () => removeEntry(join(gate, name)));
    if (entriesOf(gate).includes(name)) {
      throw new LockError(
        `\`${join(gate, name)}\` stands in the way of locks, and is none of ours`,
      );
    }
  }
  const { pid, startTime = "", host } = currentProcess();
  const name = [pid, startTime, host, randomName()].join(",");
  const temporary = temporaryPath(gate);
  makeDirectory(temporary);
  try {
    const isEntered = succeeds(platform === "win32" ? OVERTAKEN_ON_WINDOWS : OVERTAKEN, () => {
      makeDirectory(join(temporary, name));
      removeEmptyDirectory(gate);
      renameSync(temporary, gate);
    });
    return isEntered ? join(gate, name) : undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The directory through which a lock is removed. */
export function gatePath(lockPath: string): string {
  return `${lockPath}.take`;
}

function entriesOf(gate: string): readonly string[] {
  const stats = lstatSync(gate, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) {
    throw new LockError(`the lock \`${gate}\` is not a directory`);
  }
  return unless(ABSENT, () => readdirSync(gate)) ?? [];
}

function parseEntryName(name: string): ProcessOnHost | undefined {
  const [pid, startTime, host] = name.split(",");
  return host === undefined
    ? undefined
    : { pid: Number(pid), startTime: startTime || undefined, host };
}

/** The first `rmdir` fails on a link, before anything behind it is touched. */
function removeEntry(entry: string): void {
  removeEmptyDirectory(entry);
  unless(ABSENT, () => unlinkSync(join(entry, REMOVED)));
  removeEmptyDirectory(entry);
}

function removeEmptyDirectory(path: string): void {
  unless(OVERTAKEN, () => rmdirSync(path));
}

/** Readable for all whatever the umask: another user must see who is inside. */
function makeDirectory(path: string): void {
  mkdirSync(path);
  unless(MODES_UNSUPPORTED, () => chmodSync(path, 0o755));
}
