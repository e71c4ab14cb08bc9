import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { basename, dirname } from "node:path";
import { QwenError } from "../../errors.ts";
import type { Runtime } from "../../runtime.ts";
import { describeSystemError } from "../system-error.ts";
import { makePrivate, type Owner, sweepTemporaryFiles } from "./atomic-file.ts";
import { type LockPatience, withFileLock } from "./file-lock.ts";
import { type FileFacts, formatMode, inspectFile } from "./inspect-file.ts";
import { interruptedWrite } from "./interrupted-write.ts";
import { keepsNoModes } from "./keeps-no-modes.ts";
import { prepareDirectory } from "./prepare-directory.ts";
import { removeFile, reserveWrite } from "./reserve-write.ts";
import { writeFailure } from "./write-failure.ts";
import {
  cannot,
  findWriteTarget,
  throwIfNotWritable,
  throwIfProtected,
  type Writable,
  type WriteTarget,
} from "./write-target.ts";

/** A file that may hold secrets. */
export type SecretFile = Writable & {
  /** Reads what stands there; throws what a person must read when it is no usable file. */
  readonly read: (facts: FileFacts) => string;
  /** For whoever holds the lock longer than writing a file takes. */
  readonly patience?: LockPatience;
  /**
   * For what cannot be had again: whether a text is whole that a killed writer had ready. It takes
   * the place of the older one.
   */
  readonly isWhole?: (text: string) => boolean;
};

export type PrivateFile = SecretFile & {
  /**
   * Decides what becomes of a text; `undefined` leaves everything as it is. Called more than once:
   * only the last call, under the lock, counts.
   */
  readonly rewrite: (text: string | undefined) => Promise<Rewrite> | Rewrite;
};

/** What becomes of a file: this text, nothing new, or no file. */
type Rewrite = string | undefined | typeof REMOVED;

/** The answer of a `rewrite` that wants the file to be gone. */
export const REMOVED = Symbol("removed");

export type PrivateFileUpdated = {
  /** `false` when everything stood there already. */
  readonly changed: boolean;
  /** What was made stricter or could not be, and how it was written; a line on stderr each. */
  readonly notes: readonly string[];
};

type Machine = Pick<Runtime, "uid" | "sleep" | "trace">;

/**
 * Changes a file that may hold secrets (`spec/settings-and-env.md`, "Writing"): lock, read,
 * rewrite, replace the file as a whole with mode 0600. What would change nothing is not locked, so
 * that it needs no disk that can be written.
 * @throws ConfigError when the file must not be written
 * @throws QwenError when the system refuses: read-only, no space
 */
export async function updatePrivateFile(
  machine: Machine,
  file: PrivateFile,
): Promise<PrivateFileUpdated> {
  const target = targetOf(file, machine.uid);
  if ((await changeOf(file, textOf(file, target))) === undefined) {
    const notes = tighten(file, target, machine.uid);
    machine.trace?.(() => [`${notes.length > 0 ? "wrote" : "left as it was"} ${target.realPath}`]);
    return { changed: false, notes };
  }
  return holdPrivateFile(machine, file, async (held) => {
    const edited = await changeOf(file, held.text);
    if (edited === REMOVED) {
      held.remove();
    } else if (edited !== undefined) {
      held.reserve(0).write(edited);
    }
  });
}

/**
 * Finds out whether an update could be written, as far as that can be known without doing it: the
 * same error then as the update would throw. Nothing is changed.
 * @throws ConfigError, QwenError as `updatePrivateFile` does
 */
export async function provePrivateFile(
  { uid }: Pick<Machine, "uid">,
  file: PrivateFile,
): Promise<void> {
  const target = targetOf(file, uid);
  const planned = await changeOf(file, textOf(file, target));
  if (planned === undefined) {
    return;
  }
  refusable(file, target, () => {
    throwIfProtected(target);
    const directory = dirname(target.realPath);
    if (inspectFile(directory).kind === "missing") {
      throwIfNotWritable(directory);
    } else {
      const size = planned === REMOVED ? 0 : Buffer.byteLength(planned);
      reserveWrite(target, { size, owner: ownerToKeep(target, uid) }).cancel();
    }
  });
}

/** A file under its lock. */
export type HeldFile = {
  readonly text: string | undefined;
  /**
   * Makes sure that so many bytes can be written: to be called before what cannot be undone.
   * @throws QwenError when they cannot
   */
  readonly reserve: (size: number) => HeldRoom;
  /** @throws QwenError when the system refuses, or the lock is lost */
  readonly remove: () => void;
};

export type HeldRoom = {
  /** @throws QwenError when the system refuses, or the lock is lost */
  readonly write: (text: string) => void;
  readonly cancel: () => void;
};

/**
 * Runs `action` with a file that nobody else writes meanwhile.
 * @throws ConfigError when the file must not be written, QwenError when the system refuses
 */
export async function holdPrivateFile(
  { uid, sleep, trace }: Machine,
  file: SecretFile,
  action: (held: HeldFile) => Promise<void>,
): Promise<PrivateFileUpdated> {
  const target = targetOf(file, uid);
  const notes: string[] = [];
  let changed = false;
  try {
    notes.push(...prepareDirectory(file, uid));
    const patience = file.patience === undefined ? {} : { patience: file.patience };
    await withFileLock(
      target.realPath,
      async ({ isHeld, notes: ofLock }) => {
        notes.push(...ofLock);
        const note = (...done: readonly string[]) => {
          changed = true;
          notes.push(...done);
        };
        const hold = () => heldFile(file, targetOf(file, uid), { uid, isHeld, note });
        const left = file.isWhole && interruptedWrite(target.realPath, file.isWhole);
        if (left !== undefined) {
          hold().reserve(0).write(left);
        }
        sweepTemporaryFiles(dirname(target.realPath), basename(target.realPath));
        await action(hold());
        trace?.(() => [`${changed ? "wrote" : "left as it was"} ${target.realPath}`]);
      },
      { sleep, trace, ...patience },
    );
  } catch (error) {
    throw writeFailure(file, target.realPath, error);
  }
  return { changed, notes: [...new Set(notes)] };
}

type HeldLock = {
  readonly uid: number | undefined;
  readonly isHeld: () => boolean;
  /** Called after each change with what a person should know of it. */
  readonly note: (...notes: readonly string[]) => void;
};

function heldFile(
  file: SecretFile,
  target: WriteTarget,
  { uid, isHeld, note }: HeldLock,
): HeldFile {
  return {
    text: textOf(file, target),
    reserve: (size) => {
      const room = refusable(file, target, () => {
        throwIfProtected(target);
        return reserveWrite(target, { size, owner: ownerToKeep(target, uid) });
      });
      return {
        cancel: room.cancel,
        write: (text) => {
          const before = () => throwIfLost(isHeld, file);
          const notes = refusable(file, target, () => room.commit(text, before));
          note(...notes, ...stricter(file, target));
        },
      };
    },
    remove: () => {
      const removal: Writable = { ...file, purpose: "remove" };
      throwIfLost(isHeld, removal);
      note(...refusable(removal, target, () => removeFile(target)));
    },
  };
}

/** What a write did to a mode that was too lax; nothing where no mode is kept. */
function stricter({ path }: Writable, { facts, realPath }: WriteTarget): readonly string[] {
  const isLax = facts.kind === "file" && (facts.mode & OTHERS) !== 0;
  return isLax && (lstatSync(realPath).mode & OTHERS) === 0
    ? [`\`${path}\` is now 0600 (it was ${formatMode(facts.mode)})`]
    : [];
}

const OTHERS = 0o077;

/** What becomes of a text; `undefined` when that stands there already. */
async function changeOf(file: PrivateFile, text: string | undefined): Promise<Rewrite> {
  const edited = await file.rewrite(text);
  const isDone = edited === text || (edited === REMOVED && text === undefined);
  return isDone ? undefined : edited;
}

function textOf(file: SecretFile, { facts }: WriteTarget): string | undefined {
  return facts.kind === "missing" || facts.kind === "dangling" ? undefined : file.read(facts);
}

/** Closes to others what need not be written; a reason why that cannot be done is no failure. */
function tighten(file: Writable, target: WriteTarget, uid: number | undefined): string[] {
  const { facts, realPath } = target;
  if (uid === undefined || facts.kind !== "file") {
    return [];
  }
  const notes = prepareDirectory(file, uid);
  if ((facts.mode & OTHERS) === 0) {
    return [...notes];
  }
  try {
    const opened = openSync(realPath, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const isPrivate = makePrivate(opened);
      const said = isPrivate ? stricter(file, target) : [keepsNoModes(dirname(realPath))];
      return [...new Set([...notes, ...said])];
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    const what = `others can read \`${file.path}\` (${formatMode(facts.mode)})`;
    return [...notes, `${what}, which cannot be changed: ${describeSystemError(error)}`];
  }
}

/** @throws ConfigError for what must not be written through, or is no file */
function targetOf(file: SecretFile, uid: number | undefined): WriteTarget {
  const facts = inspectFile(file.path);
  if (facts.kind === "other" || facts.kind === "inaccessible") {
    file.read(facts);
  }
  try {
    return findWriteTarget(file, uid);
  } catch (error) {
    throw writeFailure(file, file.path, error);
  }
}

function refusable<T>(file: Writable, { realPath }: WriteTarget, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw writeFailure(file, realPath, error);
  }
}

/** A writer that hung for seconds may have lost its lock; then it must not overwrite. */
function throwIfLost(isHeld: () => boolean, file: Writable): void {
  if (!isHeld()) {
    throw new QwenError(`${cannot(file, `\`${file.path}\``)}: another program took its lock`, {
      code: "write-failed",
      hint: "run the command again",
    });
  }
}

/** Root writes other people's files without taking them over. */
function ownerToKeep({ facts, realPath }: WriteTarget, uid: number | undefined): Owner | undefined {
  if (uid !== 0 || facts.kind !== "file") {
    return undefined;
  }
  const { uid: owner, gid } = lstatSync(realPath);
  return { uid: owner, gid };
}
