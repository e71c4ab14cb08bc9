import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
} from "node:fs";
import { dirname } from "node:path";
import { describeSystemError, succeeds } from "../system-error.ts";
import {
  createTemporaryFile,
  makePrivate,
  type Owner,
  removeIfPossible,
  syncDirectory,
  syncFile,
  writeAll,
} from "./atomic-file.ts";
import { keepsNoModes } from "./keeps-no-modes.ts";
import type { WriteTarget } from "./write-target.ts";

type Room = {
  /** Bytes that are put by before it is known what will be written. */
  readonly size: number;
  /** Given to the new file where it would have another owner; takes root. */
  readonly owner?: Owner | undefined;
};

/** Room on the disk for a text that is not known yet. One of the two ends it. */
export type ReservedWrite = {
  /**
   * Puts `text` in place; `before` runs when all of it is on the disk. Returns what a person should
   * know. Throws the error of the system, or what `before` throws: then the old bytes are intact
   * and no temporary file is left.
   */
  readonly commit: (text: string, before: () => void) => readonly string[];
  readonly cancel: () => void;
};

/** What a rename answers where a single file is mounted, though nothing had told so. */
const MOUNTED = ["EBUSY", "EXDEV"];

/**
 * Makes a temporary file (0600) beside the target, as large as what will be written, so that a save
 * cannot fail for want of room any more. By its rename the target holds all of the old bytes or all
 * of the new at any instant, also after a kill or a loss of power. What cannot be replaced, a mount
 * point or a file whose owner nothing else can have, is written in place, from that whole copy.
 * Throws the error of the system, and then has changed nothing.
 */
export function reserveWrite(target: WriteTarget, { size, owner }: Room): ReservedWrite {
  const { realPath } = target;
  const temporary = createTemporaryFile(realPath, owner);
  const isInPlace = target.way === "in-place" || !temporary.hasOwner;
  const cancel = (): void => {
    closeSync(temporary.file);
    removeIfPossible(temporary.path);
  };
  const orCancel = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      cancel();
      throw error;
    }
  };
  if (size > 0) {
    orCancel(() => {
      writeAll(temporary.file, padding(size), 0);
      syncFile(temporary.file);
    });
  }
  if (isInPlace) {
    orCancel(() => throwUnlessRoom(realPath, size));
  }
  return {
    cancel,
    commit: (text, before) => {
      const bytes = new TextEncoder().encode(text);
      return orCancel(() => {
        fill(temporary.file, bytes);
        before();
        const isReplaced =
          !isInPlace && succeeds(MOUNTED, () => renameSync(temporary.path, realPath));
        const notes = isReplaced
          ? [...modeNotes(realPath, temporary.isPrivate), ...syncNotes(realPath)]
          : writeInPlace(realPath, bytes);
        cancel();
        return notes;
      });
    },
  };
}

function fill(file: number, bytes: Uint8Array): void {
  writeAll(file, bytes, 0);
  ftruncateSync(file, bytes.length);
  syncFile(file);
}

/** Line breaks: neither JSON nor a `.env` minds them at its end. */
function padding(size: number): Uint8Array {
  return new Uint8Array(size).fill(10);
}

const IN_PLACE = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/** Makes a file longer and then as it was: its disk is not that of the temporary file. */
function throwUnlessRoom(path: string, size: number): void {
  const file = openSync(path, IN_PLACE);
  try {
    const { size: old } = fstatSync(file);
    lengthen(file, size);
    ftruncateSync(file, old);
  } finally {
    closeSync(file);
  }
}

/** A file has the bytes that it had when there is no room for `size` of them. */
function lengthen(file: number, size: number): void {
  const { size: old } = fstatSync(file);
  try {
    if (size > old) {
      writeAll(file, padding(size - old), old);
      syncFile(file);
    }
  } catch (error) {
    ftruncateSync(file, old);
    throw error;
  }
}

/** A kill in its midst leaves parts of both. What fails puts the old bytes back. */
function writeInPlace(path: string, bytes: Uint8Array): readonly string[] {
  const file = openSync(path, IN_PLACE);
  try {
    const old = readFileSync(file);
    lengthen(file, bytes.length);
    try {
      fill(file, bytes);
    } catch (error) {
      fill(file, old);
      throw error;
    }
    return [
      `\`${path}\` cannot be replaced (a mount point), so it was written in place`,
      ...modeNotes(path, makePrivate(file)),
    ];
  } finally {
    closeSync(file);
  }
}

function modeNotes(path: string, isPrivate: boolean): readonly string[] {
  return isPrivate ? [] : [keepsNoModes(dirname(path))];
}

/** The new file is there for all to see: that it may be lost with the power is no failed write. */
function syncNotes(path: string): readonly string[] {
  const error = syncDirectory(dirname(path));
  return error === undefined
    ? []
    : [
        `\`${path}\` was written, but the disk does not say that it keeps it: ${describeSystemError(error)}`,
      ];
}

/** Removes a file; one that is mounted by itself is emptied. Returns what a person should know. */
export function removeFile({ realPath, way }: WriteTarget): readonly string[] {
  const isRemoved = way === "replace" && succeeds(MOUNTED, () => unlinkSync(realPath));
  if (isRemoved) {
    return syncNotes(realPath);
  }
  writeInPlace(realPath, new Uint8Array());
  return [`\`${realPath}\` is a mount point: it was emptied, not removed`];
}
