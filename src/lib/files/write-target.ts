import { accessSync, closeSync, constants, lstatSync, openSync, readlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ConfigError } from "../../errors.ts";
import { unless } from "../system-error.ts";
import {
  type FileFacts,
  inspectFile,
  isDirectory,
  isWithin,
  realDirectory,
  reasonToPassOver,
} from "./inspect-file.ts";
import { isMountPoint } from "./mount-point.ts";

/** A file that is to be written or removed. */
export type Writable = {
  /** As people name it; a link is followed. */
  readonly path: string;
  /**
   * The directory that a link must not leave. Without one the file's own directory is made private
   * as well.
   */
  readonly confinedTo?: string | undefined;
  /** What a refusal is called; writing when nothing else is said. */
  readonly purpose?: "write" | "remove";
};

/** How a message begins that says that a file was left as it is. */
export function cannot({ purpose = "write" }: Writable, what: string): string {
  return `Cannot ${purpose} ${what}`;
}

/** Where a file is written, and how (`spec/settings-and-env.md`, "Writing"). */
export type WriteTarget = {
  /** As people name it. */
  readonly path: string;
  /** What is replaced: every link is resolved. */
  readonly realPath: string;
  /** What stands there. */
  readonly facts: FileFacts;
  /** A rename cannot take the place of a file that is mounted by itself. */
  readonly way: "replace" | "in-place";
};

/**
 * The one place that decides what is written for a path and how.
 * @throws ConfigError for what must not be written through
 */
export function findWriteTarget(file: Writable, uid: number | undefined): WriteTarget {
  const { path, confinedTo } = file;
  const facts = inspectFile(path);
  const realPath = facts.kind === "file" ? facts.realPath : newFileTarget(path);
  if (confinedTo !== undefined) {
    throwUnlessWithin(file, { realPath, facts, uid, directory: realDirectory(confinedTo) });
  }
  if (facts.kind === "file" && uid !== undefined && uid !== 0 && facts.uid !== uid) {
    throw unsafe(file, `it belongs to another user (uid ${facts.uid})`);
  }
  throwIfNowhere(file, realPath);
  return { path, realPath, facts, way: isMountPoint(realPath) ? "in-place" : "replace" };
}

/**
 * Finds out without changing anything whether the file itself is kept from being replaced or
 * removed: an immutable flag, a mount that is read-only, a directory that stands there, as Docker
 * makes one for a file that is not there to be mounted. The mode of the file says nothing: what
 * counts for a rename is its directory.
 * Throws the error of the system as it is.
 */
export function throwIfProtected({ realPath, facts, way }: WriteTarget): void {
  if (facts.kind === "file" || isDirectory(realPath)) {
    const flags = constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
    const passed = way === "in-place" ? [] : ["EACCES", "ETXTBSY"];
    const file = unless([...passed, "ENOENT"], () => openSync(realPath, flags));
    if (file !== undefined) {
      closeSync(file);
    }
  }
}

/**
 * Whether something can be made in a directory, or in the nearest one that is there. Throws the
 * error of the system; the dot lets it say of a file that this is no directory.
 */
export function throwIfNotWritable(directory: string): void {
  accessSync(`${nearestAbove(directory)}/.`, constants.W_OK | constants.X_OK);
}

/** Where a new file goes: through links that lead to nothing, and below the real directory. */
function newFileTarget(path: string): string {
  if (isDirectory(path)) {
    return realDirectory(path);
  }
  if (inspectFile(path).kind === "dangling") {
    return newFileTarget(resolve(realDirectory(dirname(path)), readlinkSync(path)));
  }
  return realDirectory(dirname(path)) + path.slice(dirname(path).length);
}

/**
 * A link that leads to a directory that is not there is not followed: its volume is not mounted,
 * and a key would lie where the volume will hide it.
 */
function throwIfNowhere(file: Writable, realPath: string): void {
  const { path } = file;
  const nearest = nearestAbove(realPath);
  const directory = dirname(realPath);
  if (isLink(nearest)) {
    throw leadsNowhere(file, `\`${nearest}\` is a link to \`${readlinkSync(nearest)}\``);
  }
  if (isLink(path) && inspectFile(directory).kind === "missing") {
    throw leadsNowhere(file, `it is a link into \`${directory}\``);
  }
}

function leadsNowhere(file: Writable, what: string): ConfigError {
  return new ConfigError(`${cannot(file, `\`${file.path}\``)}: ${what}, which does not exist`, {
    code: "settings-unsafe",
    hint: "mount the volume that the link leads to, or remove the link",
  });
}

/** The path itself or the nearest directory above it, whatever stands there. */
function nearestAbove(path: string): string {
  const stands = unless(["ENOENT", "ENOTDIR"], () => lstatSync(path)) !== undefined;
  return stands || dirname(path) === path ? path : nearestAbove(dirname(path));
}

function isLink(path: string): boolean {
  return unless(["ENOENT", "ENOTDIR"], () => lstatSync(path))?.isSymbolicLink() ?? false;
}

function throwUnlessWithin(
  file: Writable,
  options: {
    readonly realPath: string;
    readonly facts: FileFacts;
    readonly uid: number | undefined;
    readonly directory: string;
  },
): void {
  const { realPath, facts, uid, directory } = options;
  if (!isWithin(realPath, directory)) {
    throw unsafe(file, `it is a link that leads out of the project, to \`${realPath}\``);
  }
  const reason = facts.kind === "file" ? reasonToPassOver(facts, { directory, uid }) : undefined;
  if (reason !== undefined) {
    throw unsafe(file, reason);
  }
}

function unsafe(file: Writable, why: string): ConfigError {
  return new ConfigError(`${cannot(file, `\`${file.path}\``)}: ${why}`, {
    code: "settings-unsafe",
    hint: "remove the file or make it your own; it was left as it is",
  });
}
