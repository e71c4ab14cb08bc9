import { chmodSync, lstatSync, mkdirSync, readlinkSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ConfigError, QwenError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { replaceFile, sweepTemporaryFiles } from "./atomic-file.ts";
import { type LockPatience, withFileLock } from "./file-lock.ts";
import {
  type FileFacts,
  formatMode,
  inspectFile,
  isWithin,
  realDirectory,
  reasonToPassOver,
} from "./inspect-file.ts";
import { LockError } from "./lock-file.ts";
import { describeSystemError, systemErrorCode } from "./system-error.ts";

export type PrivateFile = {
  /** As people name it; a link is followed. */
  readonly path: string;
  /**
   * The directory that a link must not leave. Without one the file's own directory is made private
   * as well.
   */
  readonly confinedTo?: string | undefined;
  /** Reads what stands there; throws what a person must read when it is no usable file. */
  readonly read: (facts: FileFacts) => string;
  /** Decides under the lock; `undefined` leaves everything as it is. */
  readonly rewrite: (text: string | undefined) => Promise<Rewritten> | Rewritten;
  /** For a `rewrite` that takes longer than writing a file does. */
  readonly patience?: LockPatience;
};

/** What becomes of a file: this text, nothing new, or no file. */
type Rewritten = string | undefined | typeof REMOVED;

/** The answer of a `rewrite` that wants the file to be gone. */
export const REMOVED = Symbol("removed");

export type PrivateFileUpdated = {
  /** `false` when everything stood there already. */
  readonly changed: boolean;
  /** What was made stricter, for one line on stderr. */
  readonly tightened: readonly string[];
};

type Machine = Pick<Runtime, "uid" | "sleep" | "trace">;

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const UNCHANGED: PrivateFileUpdated = { changed: false, tightened: [] };

/**
 * Changes a file that may hold secrets (`spec/settings-and-env.md`, "Writing"): lock, read,
 * rewrite, replace the file as a whole with mode 0600.
 * @throws ConfigError when the file must not be written
 * @throws QwenError when the system refuses: read-only, no space
 */
export async function updatePrivateFile(
  { uid, sleep, trace }: Machine,
  file: PrivateFile,
): Promise<PrivateFileUpdated> {
  const target = writableTarget(file, uid);
  try {
    const tightened = prepareDirectory(file, target);
    return await withFileLock(
      target,
      async ({ isHeld }) => {
        const written = await rewriteTarget(target, { file, uid, isHeld });
        trace?.(() => [`${hasWritten(written) ? "wrote" : "left as it was"} ${target}`]);
        return { ...written, tightened: [...tightened, ...written.tightened] };
      },
      { sleep, trace, ...(file.patience === undefined ? {} : { patience: file.patience }) },
    );
  } catch (error) {
    throw error instanceof QwenError ? error : writeFailed(file.path, error);
  }
}

function hasWritten({ changed, tightened }: PrivateFileUpdated): boolean {
  return changed || tightened.length > 0;
}

type Rewrite = {
  readonly file: PrivateFile;
  readonly uid: number | undefined;
  readonly isHeld: () => boolean;
};

async function rewriteTarget(
  target: string,
  { file, uid, isHeld }: Rewrite,
): Promise<PrivateFileUpdated> {
  sweepTemporaryFiles(dirname(target), target.slice(dirname(target).length + 1));
  const facts = inspectFile(target);
  const text = facts.kind === "missing" ? undefined : file.read(facts);
  const edited = await file.rewrite(text);
  if (edited === REMOVED) {
    throwIfLost(isHeld, file.path);
    rmSync(target, { force: true });
    return { changed: text !== undefined, tightened: [] };
  }
  const mode = facts.kind === "file" ? facts.mode : undefined;
  const isLax = mode !== undefined && (mode & 0o077) !== 0;
  if (edited === undefined || (edited === text && !isLax)) {
    return UNCHANGED;
  }
  replaceFile(target, edited, {
    mode: FILE_MODE,
    ...ownerToKeep(target, facts, uid),
    beforeRename: () => throwIfLost(isHeld, file.path),
  });
  return {
    changed: edited !== text,
    tightened: isLax ? [`\`${file.path}\` is now 0600 (it was ${formatMode(mode)})`] : [],
  };
}

/** A writer that hung for seconds may have lost its lock; then it must not overwrite. */
function throwIfLost(isHeld: () => boolean, path: string): void {
  if (!isHeld()) {
    throw new QwenError(`Cannot write \`${path}\`: another program took its lock`, {
      code: "write-failed",
      hint: "run the command again",
    });
  }
}

/** The real file that will be replaced; refuses what must not be written through. */
function writableTarget(file: PrivateFile, uid: number | undefined): string {
  const { path, confinedTo } = file;
  const facts = inspectFile(path);
  if (facts.kind === "other" || facts.kind === "inaccessible") {
    file.read(facts);
  }
  const target = facts.kind === "file" ? facts.realPath : newFileTarget(path);
  if (confinedTo !== undefined) {
    checkConfined({ path, target, facts, uid, directory: realDirectory(confinedTo) });
  }
  if (facts.kind === "file" && uid !== undefined && uid !== 0 && facts.uid !== uid) {
    throw unsafe(path, `it belongs to another user (uid ${facts.uid})`);
  }
  return target;
}

/** Where a new file goes: through links that lead to nothing, and below the real directory. */
function newFileTarget(path: string): string {
  if (inspectFile(path).kind === "dangling") {
    return newFileTarget(resolve(realDirectory(dirname(path)), readlinkSync(path)));
  }
  return realDirectory(dirname(path)) + path.slice(dirname(path).length);
}

function checkConfined(options: {
  readonly path: string;
  readonly target: string;
  readonly facts: FileFacts;
  readonly uid: number | undefined;
  readonly directory: string;
}): void {
  const { path, target, facts, uid, directory } = options;
  if (!isWithin(target, directory)) {
    throw unsafe(path, `it is a link that leads out of the project, to \`${target}\``);
  }
  const reason = facts.kind === "file" ? reasonToPassOver(facts, { directory, uid }) : undefined;
  if (reason !== undefined) {
    throw unsafe(path, reason);
  }
}

/**
 * The user's directory is private, also when it was laxer; other directories keep their modes, and
 * so does one that its owner made read-only.
 */
function prepareDirectory({ path, confinedTo }: PrivateFile, target: string): string[] {
  const directory = dirname(path);
  const isNew = inspectFile(directory).kind === "missing";
  const isOwn = confinedTo === undefined;
  if (isNew) {
    mkdirSync(directory, { recursive: true, mode: isOwn ? DIRECTORY_MODE : 0o755 });
  }
  mkdirSync(dirname(target), { recursive: true });
  if (!isOwn) {
    return [];
  }
  const stats = lstatSync(directory);
  const isLax = (stats.mode & 0o077) !== 0 && (stats.mode & 0o200) !== 0;
  if (!(stats.isDirectory() && (isNew || isLax))) {
    return [];
  }
  chmodSync(directory, DIRECTORY_MODE);
  const old = formatMode(stats.mode);
  return isNew ? [] : [`\`${directory}\` is now 0700 (it was ${old})`];
}

/** Root writes other people's files without taking them over. */
function ownerToKeep(
  target: string,
  facts: FileFacts,
  uid: number | undefined,
): { owner?: { uid: number; gid: number } } {
  if (uid !== 0 || facts.kind !== "file") {
    return {};
  }
  const { uid: owner, gid } = lstatSync(target);
  return { owner: { uid: owner, gid } };
}

function unsafe(path: string, why: string): ConfigError {
  return new ConfigError(`Cannot write \`${path}\`: ${why}`, {
    code: "settings-unsafe",
    hint: "remove the file or make it your own; it was left as it is",
  });
}

function writeFailed(path: string, cause: unknown): QwenError {
  const isLock = cause instanceof LockError;
  if (!isLock && systemErrorCode(cause) === undefined) {
    throw cause;
  }
  return new QwenError(`Cannot write \`${path}\`: ${describeSystemError(cause)}`, {
    code: "write-failed",
    hint: isLock
      ? "remove what stands there, when no program uses it"
      : "make the directory writable, or point QWEN_HOME to one that is",
    cause,
  });
}
