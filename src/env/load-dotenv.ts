import { ConfigError } from "../errors.ts";
import { formatMode } from "../lib/files/inspect-file.ts";
import type { UnreadableContent } from "../lib/files/open-file.ts";
import { shellWord } from "../lib/shell.ts";
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
  readonly variables: Variables;
  /**
   * Of the file that `--store env-file` writes, what the settings list as logins: read also where
   * another file came first.
   */
  readonly logins?: Variables;
  /** Files that were not read for values because another came first, and the names they set. */
  readonly shadowed: readonly {
    readonly path: string;
    readonly origin: Origin;
    /** Whether it is the one that `--store env-file` writes; `names` are then those not listed. */
    readonly isLoginFile?: true;
    readonly names: readonly string[];
  }[];
  /** Names that it sets though they are never taken from a file. */
  readonly denied: readonly string[];
  readonly warnings: readonly string[];
};

type Variables = ReadonlyMap<string, { readonly value: string; readonly source: Source }>;

type LoadOptions = DotenvPlace & {
  /** Names that are not taken from a project's `.env`; a `.qwen/.env` is exempt. */
  readonly excluded: readonly string[];
  /** `security.auth.envFile` of the user's settings. */
  readonly listed: readonly string[];
};

const KEY_NAME = /_(?:KEY|TOKEN)$/;

/**
 * Finds, reads and parses the one `.env` (`spec/settings-and-env.md`).
 * @throws ConfigError `dotenv-unreadable` when that file cannot be read or is over 8 MiB
 */
export function loadDotenv({ excluded, listed, ...place }: LoadOptions): LoadedDotenv {
  const { chosen, shadowed, warnings, loginFileWarning } = findDotenv(place);
  if (chosen === undefined) {
    return { variables: new Map(), shadowed: [], denied: [], warnings };
  }
  const { path, origin, mode } = chosen;
  const values = readValues(chosen);
  const denied = [...values.keys()].filter(isDeniedName);
  return {
    path,
    origin,
    mode,
    variables: variablesOf(chosen, takenNames(chosen, values, excluded), values),
    ...readLogins(shadowed, listed),
    shadowed: shadowed.map((candidate) => ({
      path: candidate.path,
      origin: candidate.origin,
      ...(candidate.isLoginFile ? { isLoginFile: true } : {}),
      names: shadowedNames(candidate, excluded).filter(
        (name) => !(candidate.isLoginFile && listed.includes(name)),
      ),
    })),
    denied,
    warnings: [
      ...warnings,
      ...(listed.length > 0 && loginFileWarning !== undefined ? [loginFileWarning] : []),
      ...deniedWarning(path, denied),
      ...(chosen.warning === undefined ? [] : [chosen.warning]),
      ...modeWarning(chosen, { names: [...values.keys()], uid: place.own.uid }),
    ],
  };
}

function variablesOf(
  { path, origin }: Candidate,
  names: readonly string[],
  values: ReadonlyMap<string, string>,
): Variables {
  const variables = new Map<string, { readonly value: string; readonly source: Source }>();
  for (const name of names) {
    const value = values.get(name);
    if (value !== undefined) {
      variables.set(name, { value, source: { kind: "dotenv", name, path, origin } });
    }
  }
  return variables;
}

/** A login file that cannot be read is the error of whoever needs it, not of everybody. */
function readLogins(
  shadowed: readonly Candidate[],
  listed: readonly string[],
): Pick<LoadedDotenv, "logins"> {
  const file = shadowed.find(({ isLoginFile }) => isLoginFile);
  if (file === undefined || listed.length === 0 || file.content.kind === "unreadable") {
    return {};
  }
  const values = readValues(file);
  const names = listed.filter((name) => values.has(name) && !isDeniedName(name));
  return { logins: variablesOf(file, names, values) };
}

/** The assignments of a file; an empty value counts as not set. */
function readValues({ path, content }: Candidate): Map<string, string> {
  if (content.kind === "unreadable") {
    throw unreadable(path, content);
  }
  const variables = parseDotenv(content.text);
  return new Map([...variables].filter(([, value]) => value !== ""));
}

function unreadable(path: string, { reason, fault, cause }: UnreadableContent): ConfigError {
  return new ConfigError(`Cannot read \`${path}\`: ${reason}`, {
    code: "dotenv-unreadable",
    hint: REMEDIES[fault](shellWord(path)),
    cause,
  });
}

const REMEDIES: Readonly<Record<UnreadableContent["fault"], (file: string) => string>> = {
  "too-large": (file) => `shorten \`${file}\` or remove it`,
  "utf-16": (file) => `save \`${file}\` as UTF-8`,
  system: (file) => `run \`chmod 600 ${file}\` or remove the file`,
};

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
