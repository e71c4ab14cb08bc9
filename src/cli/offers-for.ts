import { PROVIDERS } from "../auth/providers/providers.ts";
import type { Flag, Flags, FlagValues, Offer } from "../flags/flag.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";
import { CHAT, COMMANDS, GROUPS, TABLES } from "./commands.ts";
import { findCommand } from "./find-command.ts";
import { type Arguments, parseArguments } from "./parse-arguments.ts";
import { findFlag } from "./read-flag.ts";
import { TOPICS } from "./render-help.ts";

export type Candidate = { readonly value: string; readonly description?: string };

/** Stands for paths, which the shell knows best. No candidate begins with a colon. */
export const FILES = ":files";

type Offers = readonly Candidate[] | typeof FILES;

export type Position = {
  /** The words between `qwen` and the one that is completed. */
  readonly before: readonly string[];
  /** What is typed of that one. */
  readonly current: string;
};

/** What settings and accounts have to offer. */
export type ConfiguredOffer = Exclude<Extract<Offer, string>, "files">;

/** The names that are configured; asked only where one may stand. */
type ConfiguredNames = (what: ConfiguredOffer, given: FlagValues) => Promise<readonly string[]>;

const HELP: Candidate = { value: "--help", description: "Show help" };
const VERSION: Candidate = { value: "--version", description: "Print the version" };

/**
 * What may stand in place of the word that is typed: commands, flags or values, from the tables
 * that the commands themselves read.
 */
export async function offersFor(
  { before, current }: Position,
  configured: ConfiguredNames,
): Promise<Offers> {
  const typed = await parseArguments(before, TABLES);
  const { entry, words, isQuestion, values } = typed;
  if (before.includes("--") || typed.afterDashes.length > 0) {
    return behindDashes(typed, current);
  }
  const flags = { ...entry.flags, ...GLOBAL_FLAGS };
  const offer = (value: ValueTaker | undefined, text: string, prefix = "") =>
    valuesFor(value, { text, prefix, given: values, configured });
  if (typed.pending !== undefined) {
    return offer(typed.pending, current);
  }
  const [, name, text] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined) {
    return offer(findFlag(name, flags)?.flag, text ?? "", `${name}=`);
  }
  if (current.startsWith("-")) {
    return [...flagsLeft(flags, values), ...alwaysKnown(before)].filter(isContinuing(current));
  }
  const count = typed.extraWords.length - (entry === CHAT ? words.length : 0);
  if (entry.argument?.offer !== undefined && count === 0) {
    return offer(entry.argument, current);
  }
  const next = [...nextWords(words), ...(current === "" ? [] : providersBelow(words))];
  return isQuestion || count > 0 ? [] : next.filter(isContinuing(current));
}

/** Every provider is a command as well; they are too many to be offered before a letter is typed. */
function providersBelow(words: readonly string[]): Candidate[] {
  return words.length === 1 && words[0] === "auth"
    ? PROVIDERS.filter(({ id }) => findCommand(["auth", id], TABLES)?.entry.words[1] !== id).map(
        ({ id, label }) => ({ value: id, description: `Set up ${label}` }),
      )
    : [];
}

/** A program may stand there; its own words the shell knows best. */
function behindDashes(
  { entry: { argument }, afterDashes }: Pick<Arguments, "entry" | "afterDashes">,
  current: string,
): Offers {
  if (argument?.isProgram !== true) {
    return [];
  }
  const { offer } = argument;
  return afterDashes.length > 0 || !Array.isArray(offer)
    ? FILES
    : offer.map((value) => ({ value })).filter(isContinuing(current));
}

/** What is read before any command is. */
function alwaysKnown(before: readonly string[]): readonly Candidate[] {
  return before.length === 0 ? [HELP, VERSION] : [HELP];
}

/** A flag, or the word of a command. */
type ValueTaker = Pick<Flag, "isList"> & { readonly offer?: Offer };

type WantedValue = {
  /** What is typed of the value. */
  readonly text: string;
  /** What stands before it in the same word. */
  readonly prefix: string;
  readonly given: FlagValues;
  readonly configured: ConfiguredNames;
};

async function valuesFor(valued: ValueTaker | undefined, wanted: WantedValue): Promise<Offers> {
  const { offer = [], isList } = valued ?? {};
  const { text, given, configured } = wanted;
  if (offer === "files") {
    return FILES;
  }
  const values =
    typeof offer === "string"
      ? await configured(offer, given)
      : typeof offer === "function"
        ? await offer(given)
        : offer;
  const end = isList === true ? text.lastIndexOf(",") + 1 : 0;
  const prefix = wanted.prefix + text.slice(0, end);
  return values
    .filter((value) => value.startsWith(text.slice(end)))
    .map((value) => ({ value: prefix + value }));
}

function flagsLeft(flags: Flags, given: FlagValues): Candidate[] {
  return Object.entries(flags)
    .filter(
      ([name, { hidden, isList }]) => hidden !== true && (isList === true || !(name in given)),
    )
    .map(([name, { description }]) => ({ value: `--${name}`, description }));
}

/** The words that may follow those of a command, of a group, or of `help`. */
function nextWords(words: readonly string[]): Candidate[] {
  const [first, ...topic] = words;
  if (first === "help") {
    const topics = TOPICS.map(([value, description]) => ({ value, description }));
    return [...commandsBelow(topic), ...(topic.length === 0 ? topics : [])];
  }
  const help = { value: "help", description: "Show the help of a command or topic" };
  return [...commandsBelow(words), ...(words.length === 0 ? [help] : [])];
}

function commandsBelow(words: readonly string[]): Candidate[] {
  const below = COMMANDS.filter((entry) =>
    words.every((word, index) => entry.words[index] === word),
  ).flatMap(({ words: all, summary }): [string, string][] => {
    const next = all[words.length];
    const group = words.length === 0 && next !== undefined ? GROUPS[next] : undefined;
    return next === undefined ? [] : [[next, group ?? summary]];
  });
  return [...new Map(below)].map(([value, description]) => ({ value, description }));
}

function isContinuing(current: string): (candidate: Candidate) => boolean {
  return ({ value }) => value.startsWith(current);
}
