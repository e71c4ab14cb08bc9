import type { UsageError } from "../errors.ts";
import {
  type Argument,
  type Flag,
  type Flags,
  type FlagValues,
  joinValues,
  splitValue,
} from "../flags/flag.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";
import type { PlacedSecret } from "../secrets/key-arguments.ts";
import { COMPLETE, type CommandEntry } from "./command-entry.ts";
import { findCommand, type Tables } from "./find-command.ts";
import { namedTwice, unexpected } from "./flag-problems.ts";
import { isFlag, type ReadFlag, readFlag, secretOf } from "./read-flag.ts";
import { VERSION_FLAGS } from "./version-flags.ts";

/** A command line, read: whoever decides by one asks this value, and nobody reads it again. */
export type Arguments = {
  /** What the words name; the entry without words where they name nothing. */
  readonly entry: CommandEntry;
  /** The words from the first one up to the next flag: they name a command, or are a question. */
  readonly words: readonly string[];
  /** Those behind the name, and later ones; without those behind `--`. */
  readonly extraWords: readonly string[];
  /** What stands behind `--`: never a flag, nor the name of a command. */
  readonly afterDashes: readonly string[];
  /** `--`, or a flag with a prompt, stands before the words: they name no command. */
  readonly isQuestion: boolean;
  /** Of the flags and the word that the command takes, as far as they could be read. */
  readonly values: FlagValues;
  readonly helpWanted: boolean;
  readonly versionWanted: boolean;
  /** `--json` stands there, also where the command has none. */
  readonly jsonWanted: boolean;
  /** The first thing that the command must refuse. */
  readonly problem: UsageError | undefined;
  /** The flag at the end whose value was not typed yet. */
  readonly pending: Flag | undefined;
  readonly secrets: readonly PlacedSecret[];
};

const HELP_FLAGS = ["--help", "-h"];

/** No table has it: it is no problem anywhere, and wins over all. */
const HELP: ReadFlag = { known: undefined, problem: undefined, value: undefined, usesNext: false };

/**
 * Reads the words after `qwen`, strictly: unknown flags, missing values, values of switches, long
 * flags with one dash and words that nobody takes are a `problem`, and the rest is read all the
 * same, since errors are shown, and keys hidden, by what stands there.
 */
export async function parseArguments(argv: readonly string[], tables: Tables): Promise<Arguments> {
  const parts = splitParts(argv, tables);
  const { entry, alias } = parts;
  const own = { ...entry.flags, ...GLOBAL_FLAGS };
  const all = [own, ...tables.commands.map(({ flags }) => flags), tables.chat.flags, GLOBAL_FLAGS];
  const read = [
    readPart(alias, { from: 0, to: alias.length, own, all }),
    readPart(argv, { from: 0, to: parts.first, own, all }),
    readPart(argv, { from: parts.last, to: parts.end, own, all }),
  ];
  const typed = read
    .slice(1)
    .map(({ flags }) => flags)
    .flat();
  const items = read.map(({ flags }) => flags).flat();
  const fine = items.filter(({ problem }) => problem === undefined);
  const extraWords = [...parts.extraWords, ...read.map(({ words }) => words).flat()];
  const taken = [...extraWords, ...parts.afterDashes];
  return {
    entry,
    words: parts.words,
    extraWords,
    afterDashes: parts.afterDashes,
    isQuestion: parts.isQuestion,
    values: { ...(await valuesOf(fine)), ...wordOf(taken, parts) },
    helpWanted: items.some(({ argument }) => HELP_FLAGS.includes(argument)),
    versionWanted: items.some(({ argument }) => VERSION_FLAGS.includes(argument)),
    jsonWanted: items.some(({ known, value }) => known?.name === "json" && value === "true"),
    problem:
      items.find(({ problem }) => problem !== undefined)?.problem ??
      contradiction(typed, { meant: read[0]?.flags ?? [], words: parts.words }) ??
      (await wordProblem(taken, { argument: entry.argument, flags: own })),
    pending: pendingOf(items, argv),
    secrets: [
      ...typed.map((item) => secretOf(argv, { ...item, all }) ?? []).flat(),
      ...(await secretsToComplete(parts, tables)),
    ],
  };
}

type NamedValue = Pick<ReadFlag, "known" | "value">;

/** A flag that says something else than the word which stands for it: `auth deepseek --provider x`. */
function contradiction(
  typed: readonly NamedValue[],
  { meant, words }: { readonly meant: readonly NamedValue[]; readonly words: readonly string[] },
): UsageError | undefined {
  const twice = typed.find(({ known, value }) =>
    meant.some((other) => other.known?.name === known?.name && other.value !== value),
  );
  return twice?.known && namedTwice(twice.known.name, words);
}

type Parts = Pick<Arguments, "entry" | "words" | "extraWords" | "afterDashes" | "isQuestion"> & {
  /** What an alias stands for beside its command. */
  readonly alias: readonly string[];
  /** Where the words begin, where the flags behind them do, and where those end. */
  readonly first: number;
  readonly last: number;
  readonly end: number;
};

/** Finds the command: flags that stand before its name are those of chat, and global ones. */
function splitParts(argv: readonly string[], tables: Tables): Parts {
  const dashes = argv.indexOf("--");
  const end = dashes === -1 ? argv.length : dashes;
  const leading = { ...tables.chat.flags, ...GLOBAL_FLAGS };
  const { flags, next: first } = readLeading(argv, { from: 0, to: end, own: leading, all: [] });
  const behind = argv.slice(first, end);
  const length = behind.findIndex((word) => word.startsWith("-"));
  const words = length === -1 ? behind : behind.slice(0, length);
  const isQuestion = argv[first] === "--" || flags.some(({ known }) => known?.flag.isPrompt);
  const found = isQuestion ? undefined : findCommand(words, tables);
  const { entry = tables.chat, count = 0, argv: alias = [] } = found ?? {};
  const parts = { entry, alias, words, isQuestion, first, last: first + words.length };
  return entry.argument?.isProgram === true
    ? { ...parts, extraWords: [], ...splitProgram(argv, { ...parts, from: first + count }) }
    : { ...parts, extraWords: words.slice(count), end, afterDashes: argv.slice(end + 1) };
}

/** The first word behind the flags of the command, or `--`, begins the program. */
function splitProgram(
  argv: readonly string[],
  { entry, from }: { readonly entry: CommandEntry; readonly from: number },
): Pick<Parts, "last" | "end" | "afterDashes"> {
  const own = { ...entry.flags, ...GLOBAL_FLAGS };
  const { next: end } = readLeading(argv, { from, to: argv.length, own, all: [] });
  return { last: from, end, afterDashes: argv.slice(argv[end] === "--" ? end + 1 : end) };
}

type Range = {
  readonly from: number;
  readonly to: number;
  readonly own: Flags;
  readonly all: readonly Flags[];
};

type Item = ReadFlag & { readonly argument: string; readonly index: number };

/** Flags up to the first word, or `--`. */
function readLeading(
  argv: readonly string[],
  { from, to, ...tables }: Range,
): { readonly flags: readonly Item[]; readonly next: number } {
  const flags: Item[] = [];
  let index = from;
  while (index < to) {
    const argument = argv[index];
    if (argument === undefined || argument === "--" || !isFlag(argument)) {
      break;
    }
    const next = index + 1 < to ? argv[index + 1] : undefined;
    const read = HELP_FLAGS.includes(argument) ? HELP : readFlag(argument, next, tables);
    flags.push({ ...read, argument, index });
    index += read.usesNext ? 2 : 1;
  }
  return { flags, next: index };
}

/** Flags, and the words among them. */
function readPart(
  argv: readonly string[],
  range: Range,
): { readonly flags: readonly Item[]; readonly words: readonly string[] } {
  const flags: Item[] = [];
  const words: string[] = [];
  for (let from = range.from; from < range.to; ) {
    const leading = readLeading(argv, { ...range, from });
    flags.push(...leading.flags);
    words.push(...argv.slice(leading.next, Math.min(leading.next + 1, range.to)));
    from = leading.next + 1;
  }
  return { flags, words };
}

/**
 * The values of flags that are as they must be. Citty reads them, from one spelling of each flag; it
 * is not loaded for switches alone.
 */
async function valuesOf(flags: readonly Item[]): Promise<FlagValues> {
  const given = flags
    .map(({ known, value }) =>
      known === undefined || value === undefined ? [] : [{ ...known, value }],
    )
    .flat();
  const switches = given.filter(({ flag }) => flag.type === "boolean");
  const on = switches.filter(({ value }) => value === "true").map(({ name }) => name);
  if (switches.length === given.length) {
    return Object.fromEntries(on.map((name) => [name, true]));
  }
  const texts = new Map<string, string>();
  for (const { name, flag, value } of given.filter((each) => each.flag.type === "string")) {
    texts.set(name, joinValues(flag, texts.get(name), value));
  }
  const { parseArgs } = await import("citty");
  const args: Readonly<Record<string, unknown>> = parseArgs(
    [
      ...on.map((name) => `--${toCittyName(name)}`),
      ...[...texts].map(([name, text]) => `--${toCittyName(name)}=${text}`),
    ],
    Object.fromEntries(given.map(({ name, flag: { type } }) => [toCittyName(name), { type }])),
  );
  return Object.fromEntries(
    given
      .map(({ name, flag }): [string, FlagValues[string]][] => {
        const value = args[toCittyName(name)];
        if (typeof value === "string") {
          return [[name, splitValue(flag, value)]];
        }
        return value === true ? [[name, value]] : [];
      })
      .flat(),
  );
}

/**
 * Citty reads `--no-key` as "`key` is false", which is not what it means beside a `--key`; so it
 * gets another spelling.
 */
function toCittyName(name: string): string {
  return name.replace(/^no-/, "without-");
}

/** The word that a command takes, or its words, under their name. */
function wordOf(
  words: readonly string[],
  { entry: { argument } }: Pick<Parts, "entry">,
): FlagValues {
  return argument === undefined || words.length === 0
    ? {}
    : { [argument.name]: argument.isProgram === true ? words : words.join(" ") };
}

/** Of words that the command does not take. */
async function wordProblem(
  words: readonly string[],
  taken: { readonly argument: Argument | undefined; readonly flags: Flags },
): Promise<UsageError | undefined> {
  const { isRest, isProgram } = taken.argument ?? {};
  const most = isRest === true || isProgram === true ? Infinity : taken.argument ? 1 : 0;
  return words.length > most ? unexpected(words, taken) : undefined;
}

function pendingOf(items: readonly Item[], argv: readonly string[]): Flag | undefined {
  const last = items.at(-1);
  const isAtEnd = last?.problem?.code === "missing-value" && last.index === argv.length - 1;
  return isAtEnd ? last.known?.flag : undefined;
}

/** The line that a completion is asked for is hidden like one that is run. */
async function secretsToComplete(
  { words, afterDashes, end }: Parts,
  tables: Tables,
): Promise<readonly PlacedSecret[]> {
  if (words[0] !== COMPLETE) {
    return [];
  }
  const { secrets } = await parseArguments(afterDashes, tables);
  return secrets.map((secret) => ({ ...secret, index: secret.index + end + 1 }));
}
