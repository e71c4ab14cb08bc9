import { basename, dirname } from "node:path";
import type { Trace } from "../../runtime.ts";
import { randomName, sweepTemporaryFiles } from "./atomic-file.ts";
import { createLock, isOfDeadProcess, LockError, parseRecord, readLock } from "./lock-file.ts";
import { gatePath, type HasExpired, removeLock } from "./lock-gate.ts";
import { currentProcess } from "./process-identity.ts";

type Sleep = (milliseconds: number) => Promise<void>;

type LockOptions = {
  readonly sleep: Sleep;
  readonly trace?: Trace | undefined;
  readonly patience?: LockPatience;
};

type HeldLock = {
  /** Whether the lock is still ours: a holder that hung for 5 s has lost it. Never throws. */
  readonly isHeld: () => boolean;
  /** What a person should know of a lock that nobody gave back. */
  readonly notes: readonly string[];
};

/** How long locks are waited for, in milliseconds of sleep. */
export type LockPatience = {
  /** After so long a lock is taken whose owner is not known to be dead; longer than any action. */
  readonly untilTakenMs: number;
  /** After so long one gives up, though the lock goes from hand to hand. */
  readonly untilGivenUpMs: number;
};

/** For actions that only touch files: each is done at once, and many may stand in line. */
const PATIENCE: LockPatience = { untilTakenMs: 5000, untilGivenUpMs: 60_000 };

/**
 * Runs `action` while no other process holds the lock of `path`, a real path: the file
 * `<path>.lock`, which holds its owner. The lock of a dead process is taken at once, any other
 * after it was seen unchanged for 5 s, or as `patience` says. Only slept time counts, so that a waiter that was itself
 * stopped, with the holder, judges nobody on waking.
 * Throws what `action` throws, the error of the system as it is, and a `LockError`.
 */
export async function withFileLock<T>(
  path: string,
  action: (lock: HeldLock) => T | Promise<T>,
  { sleep, trace, patience = PATIENCE }: LockOptions,
): Promise<T> {
  const lockPath = `${path}.lock`;
  trace?.(() => [`lock ${lockPath}`]);
  const { record, isTaken } = await acquire(lockPath, createWaiter(sleep, patience));
  const notes = isTaken
    ? [
        `nobody gave back the lock \`${lockPath}\` for ${patience.untilTakenMs / 1000} s, so it was taken`,
      ]
    : [];
  trace?.(() => [`locked ${lockPath}`]);
  try {
    sweepTemporaryFiles(dirname(lockPath), basename(lockPath));
    sweepTemporaryFiles(dirname(lockPath), basename(gatePath(lockPath)));
    return await action({ isHeld: () => isHeld(lockPath, record), notes });
  } finally {
    await release(lockPath, record, createWaiter(sleep, patience));
    trace?.(() => [`unlocked ${lockPath}`]);
  }
}

type Acquired = {
  readonly record: string;
  /** From somebody who may be alive. */
  readonly isTaken: boolean;
};

/** The second case of success is a `link` that reported an error though it was done (NFS). */
async function acquire(lockPath: string, waiter: Waiter): Promise<Acquired> {
  const { pid, startTime, host } = currentProcess();
  const id = randomName();
  const record = `${JSON.stringify({ pid, startTime, host, id })}\n`;
  let isTaken = false;
  for (;;) {
    const found = readLock(lockPath);
    if (found === undefined ? createLock(lockPath, record) : found.text === record) {
      return { record, isTaken };
    }
    const isDead = found !== undefined && isOfDeadProcess(parseRecord(found.text));
    const isRemoved =
      found !== undefined &&
      (isDead || waiter.hasExpired(lockPath, found.token)) &&
      removeLock(lockPath, found.token, waiter.hasExpired);
    isTaken = isRemoved && !isDead;
    if (!isRemoved) {
      waiter.throwIfTooLong(lockPath);
      await waiter.pause();
    }
  }
}

async function release(lockPath: string, record: string, waiter: Waiter): Promise<void> {
  try {
    for (;;) {
      const found = readLock(lockPath);
      if (found?.text !== record || removeLock(lockPath, found.token, waiter.hasExpired)) {
        return;
      }
      waiter.throwIfTooLong(lockPath);
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
  readonly throwIfTooLong: (lockPath: string) => void;
  readonly hasExpired: HasExpired;
};

function createWaiter(sleep: Sleep, { untilTakenMs, untilGivenUpMs }: LockPatience): Waiter {
  let slept = 0;
  const seen = new Map<string, { readonly token: string; readonly since: number }>();
  return {
    pause: async () => {
      const milliseconds = 5 + Math.floor(Math.random() * 21);
      await sleep(milliseconds);
      slept += milliseconds;
    },
    throwIfTooLong: (lockPath) => {
      if (slept >= untilGivenUpMs) {
        throw new LockError(
          `other programs held the lock \`${lockPath}\` for ${untilGivenUpMs / 1000} s`,
        );
      }
    },
    hasExpired: (path, token) => {
      const known = seen.get(path);
      if (known?.token === token) {
        return slept - known.since >= untilTakenMs;
      }
      seen.set(path, { token, since: slept });
      return false;
    },
  };
}
