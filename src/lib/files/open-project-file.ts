import { fstatSync } from "node:fs";
import { dirname } from "node:path";
import { systemErrorCode } from "../system-error.ts";
import { reasonOfLink, reasonToPassOver } from "./inspect-file.ts";
import {
  type Content,
  type OpenFile,
  readContent,
  reasonUnopened,
  type UnopenedFile,
} from "./open-file.ts";
import { type Judgement, judgeOwnFile, type OwnRule } from "./open-own-file.ts";
import { identityAt, identityOf, REPLACED, type RealFile, withRealFile } from "./real-file.ts";

export type ProjectRule = {
  readonly own: OwnRule;
  /** The directory that a link must not leave. */
  readonly directory: string;
  /** The person's own files, whatever names the project has for them. */
  readonly userFiles: readonly string[];
  /** Why a file of this directory (a real path) is not to be read, if so. */
  readonly objection?: ((directory: string) => string | undefined) | undefined;
  /** Bytes. */
  readonly largest: number;
};

export type ProjectFile =
  | UnopenedFile
  | {
      readonly kind: "passed-over";
      readonly reason: string;
      /** Where it leads, as far as that is known. */
      readonly realPath?: string;
    }
  | (Judgement &
      Pick<OpenFile, "kind" | "mode" | "uid"> & {
        /** The person's, when it is the same file as one of `userFiles`. */
        readonly origin: "user" | "project";
        readonly realPath: string;
        readonly content: Content;
      });

/**
 * Reads a file that a repository offers, if it may be read (`spec/settings-and-env.md`, "Settings
 * files"). Opened once: links may be changed at any time by whoever can write there, so owner, mode,
 * real path, whose file it is and its content are all taken from that descriptor.
 */
export function openProjectFile(path: string, rule: ProjectRule): ProjectFile {
  const found = withRealFile(path, (file) =>
    file.kind === "file" ? examine(file, rule) : refuseUnopened(file, rule),
  );
  return found ?? { kind: "passed-over", reason: REPLACED };
}

/** `undefined` for a file that has been replaced since it was opened. */
function examine(file: RealFile, rule: ProjectRule): ProjectFile | undefined {
  const { realPath } = file;
  const { own, directory, objection, largest } = rule;
  const paths = rule.userFiles.map(identityAt);
  // After the person's files: one of them that was replaced in between has no name any more.
  const stats = fstatSync(file.descriptor, { bigint: true });
  if (stats.nlink === 0n) {
    return undefined;
  }
  const isUsers = paths.includes(identityOf(stats, realPath));
  const facts = { realPath, mode: file.mode, uid: file.uid, links: Number(stats.nlink) };
  const reason = isUsers
    ? reasonOfLink(realPath, directory)
    : (reasonToPassOver(facts, { directory, uid: own.uid }) ?? objection?.(dirname(realPath)));
  if (reason !== undefined) {
    return { kind: "passed-over", reason, realPath };
  }
  const { mode, uid } = file;
  const content = readContent(file, largest);
  const judgement = isUsers ? judgeOwnFile(file, own) : {};
  return {
    kind: "file",
    origin: isUsers ? "user" : "project",
    mode,
    uid,
    realPath,
    content,
    ...judgement,
  };
}

function refuseUnopened(found: UnopenedFile, { own }: ProjectRule): ProjectFile {
  const reason = reasonUnopened(found, own.uid);
  if (reason !== undefined) {
    return { kind: "passed-over", reason };
  }
  return found.kind === "inaccessible" && systemErrorCode(found.error) === "EACCES"
    ? { kind: "passed-over", reason: "you may not enter its directory" }
    : found;
}
