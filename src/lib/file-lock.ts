import {
  chmodSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { platform } from "node:process";
import {
  randomName,
  sweepTemporaryFiles,
  temporaryPath,
  writeTemporaryFile,
} from "./atomic-file.ts";
import { isJsonObject } from "./json-object.ts";
import { currentProcess, isKnownDead, type ProcessOnHost } from "./process-identity.ts";
import { systemErrorCode } from "./system-error.ts";

type Sleep = (milliseconds: number) => Promise<void>;

type HeldLock = {
  /** Whether the lock is still ours: a holder that hung for 5 s has lost it. Never throws. */
  readonly isHeld: () => boolean;
};

/** Milliseconds after which a lock is taken whose owner is not known to be dead. */
const PATIENCE = 5000;
/** What a lock is called that was moved into the gate. */
const REMOVED = "removed";
/** More than any lock of ours has, in bytes. */
const MAX_LOCK_SIZE = 4096;
const ABSENT = ["ENOENT"];
const UNREADABLE = ["EACCES", "EPERM"];
/** How file systems without hard links answer. */
const LINK_UNSUPPORTED = ["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];
/** Another process was faster, or one on another host swept the temporary file. */
const OVERTAKEN = ["EEXIST", "ENOTEMPTY", "ENOENT"];
/** Windows answers so when a directory is renamed onto another. */
const OVERTAKEN_ON_WINDOWS = [...OVERTAKEN, "EPERM", "EACCES", "EBUSY"];

/** Something that is no lock stands where a lock should be. */
export class LockError extends Error {
  override readonly name = "LockError";
}

/**
 * Runs `action` while no other process holds the lock of `path`, a real path: the file
 * `<path>.lock`, which holds its owner. The lock of a dead process is taken at once, any other
 * after it was seen unchanged for 5 s. Only slept time counts, so that a waiter that was itself
 * stopped, with the holder, judges nobody on waking.
 * Throws what `action` throws, the error of the system as it is, and a `LockError`.
 */
export async function withFileLock<T>(
  path: string,
  action: (lock: HeldLock) => T | Promise<T>,
  { sleep }: { readonly sleep: Sleep },
): Promise<T> {
  const lockPath = `${path}.lock`;
  const record = await acquire(lockPath, createWaiter(sleep));
  try {
    sweepTemporaryFiles(dirname(lockPath), basename(lockPath));
    sweepTemporaryFiles(dirname(lockPath), basename(gatePath(lockPath)));
    return await action({ isHeld: () => isHeld(lockPath, record) });
  } finally {
    await release(lockPath, record, createWaiter(sleep));
  }
}

/** The second case of success is a `link` that reported an error though it was done (NFS). */
async function acquire(lockPath: string, waiter: Waiter): Promise<string> {
  const { pid, startTime, host } = currentProcess();
  const id = randomName();
  const record = `${JSON.stringify({ pid, startTime, host, id })}\n`;
  for (;;) {
    const found = readLock(lockPath);
    if (found === undefined ? createLock(lockPath, record) : found.text === record) {
      return record;
    }
    const isRemoved =
      found !== undefined &&
      (isOfDeadProcess(parseRecord(found.text)) || waiter.hasExpired(lockPath, found.token)) &&
      removeLock(lockPath, found.token, waiter);
    if (!isRemoved) {
      await waiter.pause();
    }
  }
}

async function release(lockPath: string, record: string, waiter: Waiter): Promise<void> {
  try {
    for (;;) {
      const found = readLock(lockPath);
      if (found?.text !== record || removeLock(lockPath, found.token, waiter)) {
        return;
      }
      await waiter.pause();
    }
  } catch {
    // What the action did is done; the lock is taken at once when this process has ended.
  }
}

function isHeld(lockPath: string, record: string): boolean {
  try {
    return readLock(lockPath)?.text === record;
  } catch {
    return false;
  }
}

type Waiter = {
  readonly pause: () => Promise<void>;
  /** Whether `path` has been seen with this token, and no other, for as long as one waits. */
  readonly hasExpired: (path: string, token: string) => boolean;
};

function createWaiter(sleep: Sleep): Waiter {
  let slept = 0;
  const seen = new Map<string, { readonly token: string; readonly since: number }>();
  return {
    pause: async () => {
      const milliseconds = 5 + Math.floor(Math.random() * 21);
      await sleep(milliseconds);
      slept += milliseconds;
    },
    hasExpired: (path, token) => {
      const known = seen.get(path);
      if (known?.token === token) {
        return slept - known.since >= PATIENCE;
      }
      seen.set(path, { token, since: slept });
      return false;
    },
  };
}

type FoundLock = {
  readonly text: string;
  /** Differs from one lock to the next, even when they cannot be read. */
  readonly token: string;
};

function readLock(lockPath: string): FoundLock | undefined {
  const stats = lstatSync(lockPath, { throwIfNoEntry: false });
  if (stats === undefined) {
    return undefined;
  }
  if (!stats.isFile()) {
    throw new LockError(`the lock \`${lockPath}\` is not a regular file`);
  }
  const flag = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
  const read = () => readFileSync(lockPath, { encoding: "utf8", flag });
  const isReadable = stats.size <= MAX_LOCK_SIZE;
  return unless(ABSENT, () => {
    const text = (isReadable ? unless(UNREADABLE, read) : undefined) ?? "";
    return { text, token: `${stats.ino}:${stats.mtimeMs}:${text}` };
  });
}

/** Makes the lock appear together with its content; false when another process was faster. */
function createLock(lockPath: string, record: string): boolean {
  const temporary = writeTemporaryFile(lockPath, record, { mode: 0o600, sync: false });
  try {
    return succeeds(OVERTAKEN, () => linkSync(temporary, lockPath));
  } catch (error) {
    if (!LINK_UNSUPPORTED.includes(systemErrorCode(error) ?? "")) {
      throw error;
    }
    const options = { flag: "wx", mode: 0o600 };
    return succeeds(OVERTAKEN, () => writeFileSync(lockPath, record, options));
  } finally {
    rmSync(temporary, { force: true });
  }
}

function parseRecord(text: string): ProcessOnHost | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const { pid, startTime, host } = isJsonObject(value) ? value : {};
    return typeof pid === "number" && typeof host === "string"
      ? { pid, startTime: typeof startTime === "string" ? startTime : undefined, host }
      : undefined;
  } catch {
    return undefined;
  }
}

function isOfDeadProcess(owner: ProcessOnHost | undefined): boolean {
  return owner !== undefined && isKnownDead(owner);
}

/**
 * Removes the very lock that `token` stands for, and nothing else; false: try again later.
 * Every removal goes through the gate, so that between the look and the removal nobody can
 * remove this lock and create another. It moves the lock into the own entry of the gate, which
 * fails when this process hung so long that others have removed its entry.
 */
function removeLock(lockPath: string, token: string, waiter: Waiter): boolean {
  const entry = enterGate(gatePath(lockPath), waiter);
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
function enterGate(gate: string, waiter: Waiter): string | undefined {
  for (const name of entriesOf(gate)) {
    if (!isOfDeadProcess(parseEntryName(name)) && !waiter.hasExpired(gate, name)) {
      return undefined;
    }
    removeEntry(join(gate, name));
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

function gatePath(lockPath: string): string {
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
  chmodSync(path, 0o755);
}

function succeeds(codes: readonly string[], call: () => void): boolean {
  return (
    unless(codes, () => {
      call();
      return true;
    }) ?? false
  );
}

/** What `call` returns; `undefined` when it fails with one of the system error `codes`. */
function unless<T>(codes: readonly string[], call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (codes.includes(systemErrorCode(error) ?? "")) {
      return undefined;
    }
    throw error;
  }
}
