import { CHAT_FLAGS } from "../flags/chat-flags.ts";
import type { Flag, Flags, FlagValues, Offer } from "../flags/flag.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";
import { CHAT, COMMANDS, findCommand, GROUPS } from "./commands.ts";
import { findFlag } from "./read-arguments.ts";
import { TOPICS } from "./render-help.ts";
import { splitWords } from "./split-words.ts";

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

/** The ids that settings configure; asked only where one may stand. */
type Models = (given: FlagValues) => Promise<readonly string[]>;

const HELP: Candidate = { value: "--help", description: "Show help" };
const VERSION: Candidate = { value: "--version", description: "Print the version" };

/**
 * What may stand in place of the word that is typed: commands, flags or values, from the tables
 * that the commands themselves read.
 */
export async function offersFor({ before, current }: Position, models: Models): Promise<Offers> {
  if (before.includes("--")) {
    return [];
  }
  const { words, rest, isQuestion } = splitWords(before);
  const found = isQuestion ? undefined : findCommand(words);
  const command = await (found?.entry ?? CHAT).load();
  const flags = { ...command.flags, ...GLOBAL_FLAGS };
  // Those of chat may stand before the name of any command.
  const typed = readTyped([...(found?.argv ?? []), ...rest], { ...CHAT_FLAGS, ...flags });
  const offer = (value: Valued | undefined, text: string, prefix = "") =>
    valuesFor(value, { text, prefix, given: typed.values, models });
  if (typed.pending !== undefined) {
    return offer(typed.pending, current);
  }
  const [, name, text] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined) {
    return offer(findFlag(name, flags)?.flag, text ?? "", `${name}=`);
  }
  if (current.startsWith("-")) {
    return [...flagsLeft(flags, typed.values), ...alwaysKnown(before)].filter(
      isContinuing(current),
    );
  }
  const count = (found === undefined ? 0 : words.length - found.count) + typed.words;
  if (command.argument?.offer !== undefined && count === 0) {
    return offer(command.argument, current);
  }
  return isQuestion || count > 0 ? [] : nextWords(words).filter(isContinuing(current));
}

/** What is read before any command is. */
function alwaysKnown(before: readonly string[]): readonly Candidate[] {
  return before.length === 0 ? [HELP, VERSION] : [HELP];
}

type Typed = {
  readonly values: FlagValues;
  /** How many words are neither flag nor value. */
  readonly words: number;
  /** The flag whose value comes next. */
  readonly pending: Flag | undefined;
};

/** Reads flags as far as they are written; what is wrong is for the command to refuse. */
function readTyped(rest: readonly string[], flags: Flags): Typed {
  const values: Record<string, string | boolean> = {};
  let pending: Known | undefined;
  let words = 0;
  for (const word of rest) {
    if (pending !== undefined) {
      values[pending.name] = word;
      pending = undefined;
      continue;
    }
    // `--name`, `--name=value`, `-n`, `-nvalue` or `-n=value`
    const [, spelled = "", value] = /^(--[^=]+|-[^=-])(=?.+)?$/s.exec(word) ?? [];
    const known = findFlag(spelled, flags);
    if (known === undefined) {
      words += spelled === "" ? 1 : 0;
    } else if (known.flag.type === "boolean" || value !== undefined) {
      values[known.name] = value?.replace(/^=/, "") ?? true;
    } else {
      pending = known;
    }
  }
  return { values, words, pending: pending?.flag };
}

type Known = NonNullable<ReturnType<typeof findFlag>>;

/** A flag, or the word of a command. */
type Valued = { readonly offer?: Offer; readonly type?: Flag["type"] };

type Wanted = {
  /** What is typed of the value. */
  readonly text: string;
  /** What stands before it in the same word. */
  readonly prefix: string;
  readonly given: FlagValues;
  readonly models: Models;
};

async function valuesFor(valued: Valued | undefined, wanted: Wanted): Promise<Offers> {
  const { offer = [], type } = valued ?? {};
  const { text, given, models } = wanted;
  if (offer === "files") {
    return FILES;
  }
  const values =
    offer === "models" ? await models(given) : typeof offer === "function" ? offer(given) : offer;
  const end = type === "list" ? text.lastIndexOf(",") + 1 : 0;
  const prefix = wanted.prefix + text.slice(0, end);
  return values
    .filter((value) => value.startsWith(text.slice(end)))
    .map((value) => ({ value: prefix + value }));
}

function flagsLeft(flags: Flags, given: FlagValues): Candidate[] {
  return Object.entries(flags)
    .filter(([name, { hidden, type }]) => hidden !== true && (type === "list" || !(name in given)))
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
    const isGroup = words.length === 0 && Object.hasOwn(GROUPS, next ?? "");
    return next === undefined ? [] : [[next, isGroup ? (GROUPS[next] ?? "") : summary]];
  });
  return [...new Map(below)].map(([value, description]) => ({ value, description }));
}

function isContinuing(current: string): (candidate: Candidate) => boolean {
  return ({ value }) => value.startsWith(current);
}
