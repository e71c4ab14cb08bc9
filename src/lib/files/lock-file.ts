import { constants, linkSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { isJsonObject } from "../json/json-object.ts";
import { succeeds, systemErrorCode, unless } from "../system-error.ts";
import { removeIfPossible, writeTemporaryFile } from "./atomic-file.ts";
import { isKnownDead, type ProcessOnHost } from "./process-identity.ts";

/** More than any lock of ours has, in bytes. */
const MAX_LOCK_SIZE = 4096;
const UNREADABLE = ["EACCES", "EPERM"];
/** How file systems without hard links answer. */
const LINK_UNSUPPORTED = [
  ...["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"],
  ...["EINVAL", "EMLINK", "EXDEV"],
];
export const ABSENT = ["ENOENT"];
/** Another process was faster, or one on another host swept the temporary file. */
export const OVERTAKEN = ["EEXIST", "ENOTEMPTY", "ENOENT"];

/** Something that is no lock stands where a lock should be. */
export class LockError extends Error {
  override readonly name = "LockError";
}

export type FoundLock = {
  readonly text: string;
  /** Differs from one lock to the next, even when they cannot be read. */
  readonly token: string;
};

/** The lock that stands at the path, if any.
 * @throws LockError when something else stands there */
export function readLock(lockPath: string): FoundLock | undefined {
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
export function createLock(lockPath: string, record: string): boolean {
  const temporary = writeTemporaryFile(lockPath, record);
  try {
    return succeeds(OVERTAKEN, () => linkSync(temporary, lockPath));
  } catch (error) {
    if (!LINK_UNSUPPORTED.includes(systemErrorCode(error) ?? "")) {
      throw error;
    }
    const options = { flag: "wx", mode: 0o600 };
    return succeeds(OVERTAKEN, () => writeFileSync(lockPath, record, options));
  } finally {
    removeIfPossible(temporary);
  }
}

/** The process that a lock's text names. */
export function parseRecord(text: string): ProcessOnHost | undefined {
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

/** Whether the owner is known to be dead on this very host. */
export function isOfDeadProcess(owner: ProcessOnHost | undefined): boolean {
  return owner !== undefined && isKnownDead(owner);
}
