import { fchmodSync, fstatSync, statSync } from "node:fs";
import { shellWord } from "../shell.ts";
import { formatMode, isWithin } from "./inspect-file.ts";
import {
  type Content,
  type OpenFile,
  readContent,
  type UnopenedFile,
  withOpenFile,
} from "./open-file.ts";

/** Who may own the files that a person's own settings, keys and rules stand in. */
export type OwnRule = {
  /** The effective user id; `undefined` where the system has none, and then everybody may. */
  readonly uid: number | undefined;
  /** Directories whose owners may: those that `HOME` and `QWEN_HOME` name. */
  readonly homes: readonly string[];
  /** `QWEN_SHARED_HOME=1`: what would be refused is a warning. */
  readonly isShared: boolean;
};

/** Why a file must not be obeyed, and what to do. */
export type Fault = {
  readonly reason: string;
  /** One imperative line. */
  readonly remedy: string;
};

/** How a file of one's own stands with the rule. */
export type Judgement = {
  readonly fault?: Fault;
  /** One line, with the path. */
  readonly warning?: string;
};

export type OwnFile = Pick<OpenFile, "kind" | "mode" | "uid"> &
  Judgement & { readonly content: Content };

/**
 * Reads a file of a person's own, or of the system: opened once, so that owner, mode and content are
 * those of one file (`spec/settings-and-env.md`, "Settings files"). What is read in spite of a
 * `fault` must not be obeyed.
 */
export function openOwnFile(
  path: string,
  rule: OwnRule,
  { largest }: { readonly largest: number },
): OwnFile | UnopenedFile {
  return withOpenFile(path, (found) =>
    found.kind === "file"
      ? {
          kind: "file",
          mode: found.mode,
          uid: found.uid,
          ...judgeOwnFile(found, rule),
          content: readContent(found, largest),
        }
      : found,
  );
}

/**
 * The one owner and mode rule of files that belong to a person or the system: one that belongs to
 * neither of `you`, root and the owner of a home, or that others may write to, has a fault. Root may
 * be given any home. A group that may write is worth a warning.
 */
export function judgeOwnFile(file: OpenFile, rule: OwnRule): Judgement {
  const { path, mode, uid } = file;
  if (rule.uid === undefined) {
    return {};
  }
  const isOthers = uid !== rule.uid && uid !== 0;
  if (isOthers && rule.uid !== 0 && !rule.isShared && !ownersOf(rule.homes).includes(uid)) {
    const remedy = `run \`chown ${rule.uid} ${shellWord(path)}\` as root, or remove the file`;
    return { fault: { reason: `it belongs to another user (uid ${uid})`, remedy } };
  }
  if ((mode & 0o002) !== 0) {
    return judgeOpenFile(file, rule);
  }
  if (isOthers) {
    return { warning: `\`${path}\` belongs to another user (uid ${uid})` };
  }
  const open = `its group can write to \`${path}\` (mode ${formatMode(mode)})`;
  return (mode & 0o020) === 0 ? {} : { warning: `${open}: ${closeTo(file, rule)}` };
}

function judgeOpenFile(file: OpenFile, rule: OwnRule): Judgement {
  const { path, mode } = file;
  const remedy = closeTo(file, rule);
  if (rule.isShared || !keepsModes(file, rule)) {
    const why = rule.isShared ? "QWEN_SHARED_HOME=1 allows it" : "its file system keeps no modes";
    return { warning: `others can write to \`${path}\` (mode ${formatMode(mode)}); ${why}` };
  }
  return { fault: { reason: `others can write to it (mode ${formatMode(mode)})`, remedy } };
}

/** What lies in a home is private; the system's files are for everybody to read. */
function closeTo({ path }: OpenFile, { homes }: OwnRule): string {
  const mode = homes.some((home) => isWithin(path, home)) ? "600" : "go-w";
  return `run \`chmod ${mode} ${shellWord(path)}\``;
}

/**
 * Whether `chmod` has an effect here, tried on the file itself and taken back: mounted shares and
 * drives of Windows show the same mode afterwards.
 */
function keepsModes({ descriptor, mode, uid }: OpenFile, rule: OwnRule): boolean {
  if (rule.uid !== uid && rule.uid !== 0) {
    return true;
  }
  try {
    fchmodSync(descriptor, mode & ~0o002);
    const isChanged = (fstatSync(descriptor).mode & 0o002) === 0;
    if (isChanged) {
      fchmodSync(descriptor, mode);
    }
    return isChanged;
  } catch {
    return true;
  }
}

function ownersOf(directories: readonly string[]): number[] {
  return directories.flatMap((directory) => {
    try {
      return [statSync(directory).uid];
    } catch {
      return [];
    }
  });
}
