import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryOwner } from "./atomic-file.ts";
import { isOfDeadProcess, LockError, parseRecord, readLock } from "./lock-file.ts";
import { isAlive } from "./process-identity.ts";

/** A temporary file or lock of this program. */
export type TemporaryFile = {
  readonly path: string;
  /** Whether the process that made it is known to have ended. */
  readonly isOfDead: boolean;
  /** Milliseconds since the epoch. */
  readonly modified: number;
};

/** The temporary files and locks in a directory; also those that are in use. Never throws. */
export function findTemporaryFiles(directory: string): readonly TemporaryFile[] {
  return namesIn(directory).flatMap((name) => {
    const path = join(directory, name);
    const isOfDead = name.endsWith(".lock") ? isDeadLock(path) : isDeadTemporary(name);
    const modified = attempt(() => lstatSync(path).mtimeMs);
    return isOfDead === undefined || modified === undefined ? [] : [{ path, isOfDead, modified }];
  });
}

/** `undefined`: it is no temporary file. */
function isDeadTemporary(name: string): boolean | undefined {
  const owner = temporaryOwner(name);
  return owner && !isAlive(owner);
}

/** `undefined`: it is no lock of ours. What can never be taken counts as one of a dead process. */
function isDeadLock(path: string): boolean | undefined {
  try {
    const owner = parseRecord(readLock(path)?.text ?? "");
    return owner && isOfDeadProcess(owner);
  } catch (error) {
    return error instanceof LockError ? true : undefined;
  }
}

function namesIn(directory: string): readonly string[] {
  return attempt(() => readdirSync(directory)) ?? [];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
