import type { UsageError } from "../errors.ts";
import type { Flag, Flags } from "../flags/flag.ts";
import type { PlacedSecret } from "../secrets/key-arguments.ts";
import { noSwitch, noValue, oneDash, unknownFlag } from "./flag-problems.ts";

export type KnownFlag = { readonly name: string; readonly flag: Flag };

/** The tables in which a flag is looked up. */
export type FlagTables = {
  /** Those of the command: any other flag is a problem. */
  readonly own: Flags;
  /** Those of every command: a value is a value, and a key a key, also where a flag has no place. */
  readonly all: readonly Flags[];
};

export type ReadFlag = {
  /** `undefined`: no command has such a flag. */
  readonly known: KnownFlag | undefined;
  /** Why the command must refuse it. */
  readonly problem: UsageError | undefined;
  /** Of a switch: `true` or `false`. `undefined`: it is missing. */
  readonly value: string | undefined;
  /** Whether the value is the next word. */
  readonly usesNext: boolean;
};

/** Reads one flag with its value: `--name`, `--name=value`, `-n`, `-nvalue` or `-n=value`. */
export function readFlag(argument: string, next: string | undefined, tables: FlagTables): ReadFlag {
  const { typed, attached } = splitFlag(argument);
  const own = findFlag(typed, tables.own);
  const known = own ?? findAnywhere(typed, tables.all);
  const takesNext = known?.flag.type === "string" && attached === undefined && isValue(next);
  const value = known?.flag.type === "string" ? (takesNext ? next : attached) : attached;
  const read = { known, usesNext: takesNext, value: value ?? switchedOn(known) };
  return { ...read, problem: problemOf(argument, { ...read, own }, tables) };
}

/** What a flag means without a value. */
function switchedOn(known: KnownFlag | undefined): string | undefined {
  return known?.flag.type === "string" ? known.flag.bare : "true";
}

/** The flag that is spelt `--name` or `-n`, without a value. */
export function findFlag(typed: string, flags: Flags): KnownFlag | undefined {
  const word = typed.replace(/^--?/, "");
  const isShort = !typed.startsWith("--");
  for (const [name, flag] of Object.entries(flags)) {
    const spellings = [name, ...(flag.alias ?? [])];
    if (spellings.some((spelling) => spelling === word && (spelling.length === 1) === isShort)) {
      return { name, flag };
    }
  }
  return undefined;
}

/** A flag of any command; where one takes a key, that one. */
function findAnywhere(typed: string, all: readonly Flags[]): KnownFlag | undefined {
  const found = all.flatMap((flags) => findFlag(typed, flags) ?? []);
  return found.find(({ flag }) => flag.secret !== undefined) ?? found[0];
}

function splitFlag(argument: string): { typed: string; attached: string | undefined } {
  const equals = argument.indexOf("=");
  if (argument.startsWith("--")) {
    return equals === -1
      ? { typed: argument, attached: undefined }
      : { typed: argument.slice(0, equals), attached: argument.slice(equals + 1) };
  }
  const rest = argument.slice(2);
  return {
    typed: argument.slice(0, 2),
    attached: rest === "" ? undefined : rest.replace(/^=/, ""),
  };
}

/** What may stand behind a flag as its value: `-` does, for standard input. */
function isValue(word: string | undefined): word is string {
  return word !== undefined && !isFlag(word);
}

/** Whether a word is one flag, or several: not `-`. */
export function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

type FlagLookup = Pick<ReadFlag, "known" | "value"> & { readonly own: KnownFlag | undefined };

function problemOf(
  argument: string,
  { own, value }: FlagLookup,
  { own: flags }: FlagTables,
): UsageError | undefined {
  const { typed } = splitFlag(argument);
  const long = oneDashed(argument);
  if (long !== undefined && findFlag(long, flags) !== undefined) {
    return oneDash(long);
  }
  if (own === undefined) {
    return unknownFlag(typed, flags);
  }
  if (own.flag.type === "boolean") {
    return value === "true" || value === "false" ? undefined : noSwitch(typed);
  }
  return value === undefined ? noValue(typed) : undefined;
}

/** `-provider` as it should be: it is no `-p` with the value "rovider". */
function oneDashed(argument: string): string | undefined {
  const [word = ""] = argument.split("=");
  return word.startsWith("--") || word.length < 3 ? undefined : `-${word}`;
}

type HeldValue = Pick<ReadFlag, "known" | "value" | "usesNext"> & {
  readonly index: number;
  readonly all: readonly Flags[];
};

/**
 * What a flag that takes a key holds, also where it was written wrongly: with one dash, or a value
 * that begins with one and is no flag.
 */
export function secretOf(
  argv: readonly string[],
  { index, known, value, usesNext, all }: HeldValue,
): PlacedSecret | undefined {
  const [argument = "", next] = argv.slice(index, index + 2);
  const long = oneDashed(argument);
  const meant = long === undefined ? undefined : findAnywhere(long, all);
  const kind = (meant ?? known)?.flag.secret;
  if (kind === undefined) {
    return undefined;
  }
  const attached = meant === undefined ? (usesNext ? "" : value) : afterEquals(argument);
  if (attached) {
    return { index, text: attached, kind };
  }
  const isElse = next === undefined || next === "--" || isAnyFlag(next, all);
  return isElse ? undefined : { index: index + 1, text: next, kind };
}

function afterEquals(argument: string): string {
  return argument.split("=").slice(1).join("=");
}

function isAnyFlag(word: string, all: readonly Flags[]): boolean {
  const { typed } = splitFlag(word);
  return typed.startsWith("--") && findAnywhere(typed, all) !== undefined;
}
