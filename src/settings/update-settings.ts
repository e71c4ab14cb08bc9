import { chmodSync, lstatSync, mkdirSync, readlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ConfigError, QwenError } from "../errors.ts";
import { replaceFile, sweepTemporaryFiles } from "../lib/atomic-file.ts";
import { withFileLock } from "../lib/file-lock.ts";
import {
  type FileFacts,
  formatMode,
  inspectFile,
  isWithin,
  realDirectory,
  reasonToPassOver,
} from "../lib/inspect-file.ts";
import { type JsonObject, valueAt } from "../lib/json-object.ts";
import type { JsoncEdit } from "../lib/jsonc-edit.ts";
import { LockError } from "../lib/lock-file.ts";
import { describeSystemError, systemErrorCode } from "../lib/system-error.ts";
import type { Runtime } from "../runtime.ts";
import { parseSettingsText, readSettingsText } from "./load-settings.ts";
import { keepFlatKeys } from "./understand-versions.ts";

export type SettingsUpdate = {
  readonly scope: "user" | "project";
  /** The settings file as people name it; a link is followed in user scope. */
  readonly path: string;
  /** Decides the edits from what stands in the file, under the lock. */
  readonly edits: (current: JsonObject) => readonly JsoncEdit[];
};

export type SettingsUpdated = {
  readonly path: string;
  /** `false` when everything stood there already; then the file was not touched. */
  readonly changed: boolean;
  /** What was made stricter, for one line on stderr. */
  readonly tightened: readonly string[];
};

const NEW_FILE = '{\n  "$version": 4\n}\n';
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/**
 * Changes one settings file (`spec/settings-and-env.md`, "Writing"): lock, read, edit the text,
 * validate, replace the file as a whole with mode 0600. All edits of a command are one write.
 * @throws ConfigError when the file cannot be used or must not be written
 * @throws QwenError when the system refuses: read-only, no space
 */
export async function updateSettings(
  runtime: Pick<Runtime, "uid" | "sleep">,
  update: SettingsUpdate,
): Promise<SettingsUpdated> {
  const target = writableTarget(update, runtime.uid);
  try {
    const tightened = prepareDirectory(update, target);
    return await withFileLock(
      target,
      async ({ isHeld }) => {
        const written = await rewrite(target, { update, uid: runtime.uid, isHeld });
        return { ...written, path: update.path, tightened: [...tightened, ...written.tightened] };
      },
      { sleep: runtime.sleep },
    );
  } catch (error) {
    throw error instanceof QwenError ? error : writeFailed(update.path, error);
  }
}

type Rewrite = {
  readonly update: SettingsUpdate;
  readonly uid: number | undefined;
  readonly isHeld: () => boolean;
};

async function rewrite(
  target: string,
  { update, uid, isHeld }: Rewrite,
): Promise<Pick<SettingsUpdated, "changed" | "tightened">> {
  sweepTemporaryFiles(dirname(target), target.slice(dirname(target).length + 1));
  const facts = inspectFile(target);
  const text = facts.kind === "missing" ? NEW_FILE : readSettingsText(update.path, facts);
  const current = await parseSettingsText(text, update.path);
  const edited = await applyEdits(text, current, keepFlatKeys(current, update.edits(current)));
  await parseSettingsText(edited, update.path);

  const mode = facts.kind === "file" ? facts.mode : undefined;
  const isLax = mode !== undefined && (mode & 0o077) !== 0;
  if (facts.kind === "file" && edited === text && !isLax) {
    return { changed: false, tightened: [] };
  }
  replaceFile(target, edited, {
    mode: FILE_MODE,
    ...ownerToKeep(target, facts, uid),
    beforeRename: () => throwIfLost(isHeld, update.path),
  });
  return {
    changed: edited !== text || facts.kind !== "file",
    tightened: isLax ? [`\`${update.path}\` is now 0600 (it was ${formatMode(mode)})`] : [],
  };
}

/** The usual second run changes nothing: then the text need not be taken apart. */
async function applyEdits(
  text: string,
  current: JsonObject,
  edits: readonly JsoncEdit[],
): Promise<string> {
  const isDone = edits.every(
    (edit) =>
      edit.kind !== "insert" &&
      Bun.deepEquals(valueAt(current, edit.path), edit.kind === "set" ? edit.value : undefined),
  );
  if (isDone) {
    return text;
  }
  const { editJsonc } = await import("../lib/jsonc-edit.ts");
  return editJsonc(text, edits);
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
function writableTarget({ path, scope }: SettingsUpdate, uid: number | undefined): string {
  const facts = inspectFile(path);
  if (facts.kind === "other" || facts.kind === "inaccessible") {
    readSettingsText(path, facts);
  }
  const target = facts.kind === "file" ? facts.realPath : newFileTarget(path);
  if (scope === "project") {
    checkProjectTarget({ path, target, facts, uid });
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

function checkProjectTarget(options: {
  readonly path: string;
  readonly target: string;
  readonly facts: FileFacts;
  readonly uid: number | undefined;
}): void {
  const { path, target, facts, uid } = options;
  const directory = realDirectory(dirname(dirname(path)));
  if (!isWithin(target, directory)) {
    throw unsafe(path, `it is a link that leads out of the project, to \`${target}\``);
  }
  const reason = facts.kind === "file" ? reasonToPassOver(facts, { directory, uid }) : undefined;
  if (reason !== undefined) {
    throw unsafe(path, reason);
  }
}

/** `~/.qwen` is private, also when it was laxer; other directories keep their modes. */
function prepareDirectory({ path, scope }: SettingsUpdate, target: string): string[] {
  const directory = dirname(path);
  const isNew = inspectFile(directory).kind === "missing";
  if (isNew) {
    mkdirSync(directory, { recursive: true, mode: scope === "user" ? DIRECTORY_MODE : 0o755 });
  }
  mkdirSync(dirname(target), { recursive: true });
  if (scope === "project") {
    return [];
  }
  const stats = lstatSync(directory);
  if (!stats.isDirectory() || (stats.mode & 0o777) === DIRECTORY_MODE) {
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
