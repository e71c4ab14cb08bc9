import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { realDirectory, reasonOfLink } from "../lib/files/inspect-file.ts";
import {
  type Content,
  readContent,
  reasonUnopened,
  type UnopenedFile,
  unreadable,
} from "../lib/files/open-file.ts";
import { judgeOwnFile, type OwnRule } from "../lib/files/open-own-file.ts";
import { openProjectFile } from "../lib/files/open-project-file.ts";
import { REPLACED, withRealFile } from "../lib/files/real-file.ts";
import type { Origin } from "../source.ts";

/** A `.env` that exists and may be used. */
export type Candidate = {
  readonly path: string;
  readonly origin: Origin;
  /** Whether it is a `.qwen/.env`, written for this program and for no other. */
  readonly isQwenFolder: boolean;
  /** Whether it is the one that `--store env-file` writes. */
  readonly isLoginFile: boolean;
  /** The nine permission bits. */
  readonly mode: number;
  readonly content: Content;
  /** What is worth a warning about its owner or its mode. */
  readonly warning?: string | undefined;
};

export type DotenvPlace = {
  readonly cwd: string;
  readonly home: string;
  /** `$QWEN_HOME`, or `<home>/.qwen`. */
  readonly qwenHome: string;
  readonly own: OwnRule;
  /** The person's own files, whatever names a project has for them. */
  readonly userFiles: readonly string[];
  /** `false` leaves out every `.env` but the user's own (`--no-project`). */
  readonly projectFiles: boolean;
  /** Why the project's files of a directory (a real path) are not to be read, if so. */
  readonly objection?: ((directory: string) => string | undefined) | undefined;
};

type FoundDotenv = {
  readonly chosen?: Candidate | undefined;
  /** The files that would be used if those before them were not there, in order. */
  readonly shadowed: readonly Candidate[];
  /** One line for each file that was passed over before one was chosen. */
  readonly warnings: readonly string[];
  /** The same for the one that `--store env-file` writes, where another came before it. */
  readonly loginFileWarning?: string | undefined;
};

/** The largest `.env` that is read, in bytes. */
export const LARGEST_DOTENV_FILE = 8 * 1024 * 1024;

const FILE = ".env";
const QWEN_FOLDER = ".qwen";

/**
 * Finds the one `.env` to load: from `cwd` upward `.qwen/.env`, then `.env`; then those of
 * `qwenHome` and `home` (`spec/settings-and-env.md`). Each is opened once, and read.
 */
export function findDotenv(options: DotenvPlace): FoundDotenv {
  const usable = new Map<string, Candidate>();
  const warnings: string[] = [];
  let loginFileWarning: string | undefined;
  for (const spot of existingSpots(options)) {
    const found = spot.origin === "user" ? openOwnSpot(spot, options) : openSpot(spot, options);
    if (found.kind === "usable") {
      // Two names of one file, such as a link beside its target, are one candidate.
      usable.set(found.realPath, usable.get(found.realPath) ?? found.candidate);
    } else if (found.kind === "passed-over" && usable.size === 0) {
      warnings.push(passedOver(spot, found));
    } else if (found.kind === "passed-over" && spot.isLoginFile) {
      loginFileWarning = passedOver(spot, found);
    }
  }
  const [chosen, ...shadowed] = usable.values();
  return { chosen, shadowed, warnings, loginFileWarning };
}

type CandidateVerdict =
  | { readonly kind: "usable"; readonly candidate: Candidate; readonly realPath: string }
  | { readonly kind: "passed-over"; readonly reason: string; readonly realPath?: string }
  | { readonly kind: "none" };

const NONE: CandidateVerdict = { kind: "none" };

/** A `.env` that is the person's own by its place. */
function openOwnSpot(spot: Spot, { own }: DotenvPlace): CandidateVerdict {
  const tried = withRealFile(spot.path, (file): CandidateVerdict => {
    if (file.kind !== "file") {
      return tryUnopened(spot, file, own);
    }
    const { mode, realPath } = file;
    const { fault, warning } = judgeOwnFile(file, own);
    const reason = reasonOfLink(realPath, spot.directory) ?? fault?.reason;
    if (reason !== undefined) {
      return { kind: "passed-over", reason, realPath };
    }
    const content = readContent(file, LARGEST_DOTENV_FILE);
    return usableSpot(spot, { mode, realPath, content, warning });
  });
  return tried ?? { kind: "passed-over", reason: REPLACED };
}

/** Any other: a repository may have put it there. */
function openSpot(spot: Spot, { own, userFiles, objection }: DotenvPlace): CandidateVerdict {
  const { directory } = spot;
  const refusal = objection?.(realDirectory(directory));
  if (refusal !== undefined) {
    return { kind: "passed-over", reason: refusal };
  }
  const largest = LARGEST_DOTENV_FILE;
  const file = openProjectFile(spot.path, { own, directory, userFiles, objection, largest });
  switch (file.kind) {
    case "passed-over":
      return file;
    case "file": {
      const { origin, realPath, fault } = file;
      return fault === undefined
        ? usableSpot({ ...spot, origin }, file)
        : { kind: "passed-over", reason: fault.reason, realPath };
    }
    default:
      return tryUnopened(spot, file, own);
  }
}

/** One's own file that is closed is an error as soon as it is the one that counts. */
function tryUnopened(spot: Spot, file: UnopenedFile, { uid }: OwnRule): CandidateVerdict {
  const reason = reasonUnopened(file, uid);
  if (reason !== undefined) {
    return { kind: "passed-over", reason };
  }
  if (file.kind !== "closed") {
    return NONE;
  }
  const content = unreadable(file.error);
  return usableSpot(spot, { mode: 0, realPath: spot.location, content });
}

function usableSpot(
  { path, origin, isQwenFolder, isLoginFile }: Spot,
  file: Pick<Candidate, "mode" | "content" | "warning"> & { readonly realPath: string },
): CandidateVerdict {
  const { mode, content, warning, realPath } = file;
  const candidate = { path, origin, isQwenFolder, isLoginFile, mode, content, warning };
  return { kind: "usable", candidate, realPath };
}

/** Something with the right name in the right place. */
type Spot = Pick<Candidate, "path" | "origin" | "isQwenFolder" | "isLoginFile"> & {
  /** The same place by its real path, the `.env` itself not followed. */
  readonly location: string;
  /** The directory that a link must not leave. */
  readonly directory: string;
};

/** What exists, in order of precedence, each place once. */
function existingSpots({ cwd, home, qwenHome, projectFiles }: DotenvPlace): Iterable<Spot> {
  const userFolders = new Set(
    [home, join(home, QWEN_FOLDER), qwenHome].map((it) => [locate(it), realDirectory(it)]).flat(),
  );
  const loginFile = join(locate(qwenHome), FILE);
  const spots = new Map<string, Spot>();
  for (const folder of [...foldersUpward(cwd), qwenHome, home]) {
    const path = join(folder, FILE);
    if (!existsSync(path)) {
      continue;
    }
    const place = locate(folder);
    const location = join(place, FILE);
    const origin = userFolders.has(place) ? "user" : "project";
    if (!spots.has(location) && (projectFiles || origin === "user")) {
      const isQwenFolder = basename(folder) === QWEN_FOLDER;
      const isLoginFile = location === loginFile;
      const directory = isLoginFile ? qwenHome : ownDirectory(folder);
      spots.set(location, { path, origin, isQwenFolder, isLoginFile, location, directory });
    }
  }
  return spots.values();
}

/** Every folder that may hold a `.env`, from `cwd` to the root. */
function foldersUpward(cwd: string): string[] {
  const folders: string[] = [];
  let directory = cwd;
  let below = "";
  while (directory !== below) {
    folders.push(join(directory, QWEN_FOLDER), directory);
    below = directory;
    directory = dirname(directory);
  }
  return folders;
}

/**
 * Where a folder stands. A `.qwen` that is a link keeps its own name: a repository's `.qwen` that
 * points to the user's must not pass for the user's.
 */
function locate(folder: string): string {
  return basename(folder) === QWEN_FOLDER
    ? join(realDirectory(dirname(folder)), QWEN_FOLDER)
    : realDirectory(folder);
}

/** The directory that links in `folder` must not leave: for a `.qwen` the one that holds it. */
function ownDirectory(folder: string): string {
  return basename(folder) === QWEN_FOLDER ? dirname(folder) : folder;
}

/** Names both ends of a link, whatever the reason is. */
function passedOver(
  { path, location }: Spot,
  { reason, realPath = location }: { readonly reason: string; readonly realPath?: string },
): string {
  const isLink = realPath !== location && !reason.includes(realPath);
  return `\`${path}\`${isLink ? ` (a link to \`${realPath}\`)` : ""} was not read: ${reason}`;
}
