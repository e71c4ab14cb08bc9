import { accessSync, constants, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  type FileFacts,
  inspectFile,
  realDirectory,
  reasonToPassOver,
} from "../lib/inspect-file.ts";
import type { Origin } from "../source.ts";

/** A `.env` that exists and may be used. */
export type Candidate = {
  readonly path: string;
  readonly origin: Origin;
  /** Whether it is a `.qwen/.env`, written for this program and for no other. */
  readonly isQwenFolder: boolean;
  /** The nine permission bits. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
};

export type DotenvPlace = {
  readonly cwd: string;
  readonly home: string;
  /** `$QWEN_HOME`, or `<home>/.qwen`. */
  readonly qwenHome: string;
  readonly uid: number | undefined;
  /** `false` leaves out every `.env` but the user's own (`--no-project`). */
  readonly projectFiles: boolean;
};

type FoundDotenv = {
  readonly chosen?: Candidate;
  /** The files that would be used if those before them were not there, in order. */
  readonly shadowed: readonly Candidate[];
  /** One line for each file that was passed over before one was chosen. */
  readonly warnings: readonly string[];
};

type RegularFile = Extract<FileFacts, { kind: "file" }>;

const FILE = ".env";
const QWEN_FOLDER = ".qwen";

/**
 * Finds the one `.env` to load: from `cwd` upward `.qwen/.env`, then `.env`; then those of
 * `qwenHome` and `home` (`spec/settings-and-env.md`). Opens no file.
 */
export function findDotenv(options: DotenvPlace): FoundDotenv {
  const usable = new Map<string, Candidate>();
  const warnings: string[] = [];
  for (const spot of existingSpots(options)) {
    const facts = inspectFile(spot.path);
    if (facts.kind !== "file") {
      continue;
    }
    const reason = reasonToPassOver(facts, { directory: spot.directory, uid: options.uid });
    const complaint = reason ?? reasonUnreadable(facts, options.uid);
    if (complaint === undefined) {
      // Two names of one file, such as a link beside its target, are one candidate.
      const { path, origin, isQwenFolder } = spot;
      const candidate = { path, origin, isQwenFolder, mode: facts.mode, size: facts.size };
      usable.set(facts.realPath, usable.get(facts.realPath) ?? candidate);
    } else if (usable.size === 0) {
      warnings.push(passedOver(spot, facts, complaint));
    }
  }
  const [chosen, ...shadowed] = usable.values();
  return { ...(chosen === undefined ? {} : { chosen }), shadowed, warnings };
}

/** Something with the right name in the right place. */
type Spot = Pick<Candidate, "path" | "origin" | "isQwenFolder"> & {
  /** The same place by its real path, the `.env` itself not followed. */
  readonly location: string;
  /** The directory that a link must not leave. */
  readonly directory: string;
};

/** What exists, in order of precedence, each place once. */
function existingSpots({ cwd, home, qwenHome, projectFiles }: DotenvPlace): Iterable<Spot> {
  const userFolders = new Set(
    [home, join(home, QWEN_FOLDER), qwenHome].flatMap((it) => [locate(it), realDirectory(it)]),
  );
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
      const directory = location === join(locate(qwenHome), FILE) ? qwenHome : ownDirectory(folder);
      spots.set(location, { path, origin, isQwenFolder, location, directory });
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

/** A file of root's that is closed to us is not ours to repair, so it is no error. */
function reasonUnreadable(facts: RegularFile, uid: number | undefined): string | undefined {
  if (uid === undefined || facts.uid === uid) {
    return undefined;
  }
  try {
    accessSync(facts.realPath, constants.R_OK);
    return undefined;
  } catch {
    return "it belongs to root and you may not read it";
  }
}

/** Names both ends of a link, whatever the reason is. */
function passedOver({ path, location }: Spot, { realPath }: RegularFile, reason: string): string {
  const isLink = realPath !== location && !reason.includes(realPath);
  return `\`${path}\`${isLink ? ` (a link to \`${realPath}\`)` : ""} was not read: ${reason}`;
}
