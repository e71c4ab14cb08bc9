import { readFileSync } from "node:fs";
import { ConfigError } from "../errors.ts";
import { formatMode } from "../lib/inspect-file.ts";
import { describeSystemError } from "../lib/system-error.ts";
import type { Origin, Source } from "../source.ts";
import { isDeniedName } from "./denied-names.ts";
import { type Candidate, type DotenvPlace, findDotenv } from "./find-dotenv.ts";
import { parseDotenv } from "./parse-dotenv.ts";

/** What the one `.env` that counts holds. */
export type LoadedDotenv = {
  /** Absent, as are origin and mode, when there is no such file. */
  readonly path?: string;
  readonly origin?: Origin;
  /** The nine permission bits. */
  readonly mode?: number;
  /** Without empty values and without names that are not taken from this file. */
  readonly variables: ReadonlyMap<string, { readonly value: string; readonly source: Source }>;
  /** Files that were not read for values because another came first, and the names they set. */
  readonly shadowed: readonly {
    readonly path: string;
    readonly origin: Origin;
    readonly names: readonly string[];
  }[];
  /** Names that it sets though they are never taken from a file. */
  readonly denied: readonly string[];
  readonly warnings: readonly string[];
};

type LoadOptions = DotenvPlace & {
  /** Names that are not taken from a project's `.env`; a `.qwen/.env` is exempt. */
  readonly excluded: readonly string[];
};

const LARGEST_DOTENV_FILE = 8 * 1024 * 1024;
const KEY_NAME = /_(?:KEY|TOKEN)$/;

/**
 * Finds, reads and parses the one `.env` (`spec/settings-and-env.md`).
 * @throws ConfigError `dotenv-unreadable` when that file cannot be read or is over 8 MiB
 */
export function loadDotenv({ excluded, ...place }: LoadOptions): LoadedDotenv {
  const { chosen, shadowed, warnings } = findDotenv(place);
  if (chosen === undefined) {
    return { variables: new Map(), shadowed: [], denied: [], warnings };
  }
  const { path, origin, mode } = chosen;
  const values = readValues(chosen);
  const names = takenNames(chosen, values, excluded);
  const denied = [...values.keys()].filter(isDeniedName);
  const source = (name: string): Source => ({ kind: "dotenv", name, path, origin });
  return {
    path,
    origin,
    mode,
    variables: new Map(
      names.map((name) => [name, { value: values.get(name) ?? "", source: source(name) }]),
    ),
    shadowed: shadowed.map((candidate) => ({
      path: candidate.path,
      origin: candidate.origin,
      names: shadowedNames(candidate, excluded),
    })),
    denied,
    warnings: [
      ...warnings,
      ...deniedWarning(path, denied),
      ...modeWarning(chosen, { names: [...values.keys()], uid: place.uid }),
    ],
  };
}

/** The assignments of a file; an empty value counts as not set. */
function readValues({ path, size }: Candidate): Map<string, string> {
  if (size > LARGEST_DOTENV_FILE) {
    throw new ConfigError(`Cannot read \`${path}\`: it is larger than 8 MiB`, {
      code: "dotenv-unreadable",
      hint: `shorten \`${path}\` or remove it`,
    });
  }
  const variables = parseDotenv(readText(path));
  return new Map([...variables].filter(([, value]) => value !== ""));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`Cannot read \`${path}\`: ${describeSystemError(cause)}`, {
      code: "dotenv-unreadable",
      hint: `run \`chmod 600 ${path}\` or remove the file`,
      cause,
    });
  }
}

function takenNames(
  { origin, isQwenFolder }: Candidate,
  values: ReadonlyMap<string, string>,
  excluded: readonly string[],
): string[] {
  const left = new Set(origin === "project" && !isQwenFolder ? excluded : []);
  return [...values.keys()].filter((name) => !left.has(name) && !isDeniedName(name));
}

/** Best effort: what cannot be read has no names. */
function shadowedNames(candidate: Candidate, excluded: readonly string[]): string[] {
  try {
    return takenNames(candidate, readValues(candidate), excluded);
  } catch {
    return [];
  }
}

function deniedWarning(path: string, denied: readonly string[]): string[] {
  const list = denied.map((name) => `\`${name}\``).join(", ");
  const why =
    denied.length === 1
      ? "was ignored: this variable is never taken from a file"
      : "were ignored: these variables are never taken from a file";
  return denied.length === 0 ? [] : [`${list} in \`${path}\` ${why}`];
}

function modeWarning(
  { path, origin, mode }: Candidate,
  { names, uid }: { readonly names: readonly string[]; readonly uid: number | undefined },
): string[] {
  const isOpen = uid !== undefined && origin === "user" && (mode & 0o044) !== 0;
  return isOpen && names.some((name) => KEY_NAME.test(name))
    ? [
        `others can read \`${path}\`, which holds a key (mode ${formatMode(mode)}): ` +
          `run \`chmod 600 ${path}\``,
      ]
    : [];
}
