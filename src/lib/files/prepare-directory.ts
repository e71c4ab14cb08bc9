import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { describeSystemError, uninterrupted, unless } from "../system-error.ts";
import { MODES_UNSUPPORTED } from "./atomic-file.ts";
import { formatMode, inspectFile } from "./inspect-file.ts";
import { keepsNoModes } from "./keeps-no-modes.ts";
import type { Writable } from "./write-target.ts";

const DIRECTORY_MODE = 0o700;
const OTHERS = 0o077;
const OWNER_MAY_WRITE = 0o200;

/**
 * Makes the directory of a file. The user's own is private, also when it was laxer; any other keeps
 * its mode: that of a project, of somebody else, of a link's target, and one that its owner made
 * read-only. Returns what a person should know. Throws the error of the system as it is.
 */
export function prepareDirectory(
  { path, confinedTo }: Writable,
  uid: number | undefined,
): readonly string[] {
  const directory = dirname(path);
  const isOwn = confinedTo === undefined;
  const isNew = inspectFile(directory).kind === "missing";
  if (isNew) {
    mkdirSync(directory, { recursive: true, mode: isOwn ? DIRECTORY_MODE : 0o755 });
  }
  return isOwn ? makeDirectoryPrivate(directory, { isNew, uid }) : [];
}

type Directory = { readonly isNew: boolean; readonly uid: number | undefined };

/** A new one has too small a mode under an odd umask, and too large a one where none is kept. */
function makeDirectoryPrivate(path: string, { isNew, uid }: Directory): readonly string[] {
  const { mode, uid: owner, isDirectory } = look(path);
  const isLax = (mode & OTHERS) !== 0 && (mode & OWNER_MAY_WRITE) !== 0;
  if (uid === undefined || !isDirectory || !(isLax || (isNew && mode !== DIRECTORY_MODE))) {
    return [];
  }
  const old = formatMode(mode);
  if (owner !== uid) {
    return [`\`${path}\` belongs to another user (uid ${owner}) and keeps its mode (${old})`];
  }
  try {
    unless(MODES_UNSUPPORTED, () => uninterrupted(() => chmodSync(path, DIRECTORY_MODE)));
  } catch (error) {
    const why = describeSystemError(error);
    return [`others can look into \`${path}\` (${old}), which cannot be changed: ${why}`];
  }
  if ((look(path).mode & OTHERS) !== 0) {
    return [keepsNoModes(path)];
  }
  return isNew ? [] : [`\`${path}\` is now 0700 (it was ${old})`];
}

function look(path: string) {
  const stats = lstatSync(path);
  return { mode: stats.mode & 0o777, uid: stats.uid, isDirectory: stats.isDirectory() };
}
