import type { BooleanArgDef, PositionalArgDef, StringArgDef } from "citty";
import { UsageError } from "../errors.ts";

/** What shell completion offers for a value. */
export type Offer =
  | readonly string[]
  /** `models`: ids that settings configure; `files`: paths. */
  | "models"
  | "files"
  /** `accounts`: names of accounts. */
  | "accounts"
  /** Both, as `qwen auth switch` takes them. */
  | "choices"
  /** What the flags before it leave to choose from; loads what that takes only when it is asked. */
  | ((given: FlagValues) => Promise<readonly string[]>);

/** A flag in citty's terms, and what its parser does not know of. */
export type Flag = (Required<Pick<BooleanArgDef, "type">> | Required<Pick<StringArgDef, "type">>) &
  Pick<StringArgDef, "valueHint"> & {
    readonly description: string;
    /** Further spellings; one letter is a short flag. */
    readonly alias?: readonly string[];
    /** Repeatable or comma-separated. */
    readonly isList?: boolean;
    /** Repeatable, each value as it is: a comma is a part of it. */
    readonly isRepeated?: boolean;
    /** The page of `qwen help` that lists it, in place of those of commands. */
    readonly topic?: "chat" | "providers";
    /** What it means without a value; otherwise one must follow. */
    readonly bare?: string;
    readonly offer?: Offer;
    /** Works, but help does not list it. */
    readonly hidden?: boolean;
    /**
     * What of the value is shown nowhere, not even in the list of processes: all of it, or the user
     * and password of a URL.
     */
    readonly secret?: "whole" | "user";
    /** Holds a question: the words behind it name no command. */
    readonly isPrompt?: boolean;
  };

export type Flags = Readonly<Record<string, Flag>>;

/** Values by flag name, as the command line gave them. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The one word that a command takes beside flags; it gets it under this name. */
export type Argument = Pick<PositionalArgDef, "type"> & {
  readonly name: string;
  readonly description: string;
  readonly offer?: Offer;
  /** All words are one text. */
  readonly isRest?: boolean;
  /** All words from the first one on are a program and its arguments, and none of our flags. */
  readonly isProgram?: boolean;
};

/** A flag's text, if it was given. */
export function textOf(values: FlagValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The one text that citty reads of a flag, and with `earlier` of one that takes several values. */
export function joinValues(flag: Flag, earlier: string | undefined, value: string): string {
  if (flag.isRepeated === true) {
    return JSON.stringify([...(earlier === undefined ? [] : splitTexts(earlier)), value]);
  }
  return flag.isList === true && earlier !== undefined ? `${earlier},${value}` : value;
}

/** What `joinValues` made one text of. */
export function splitValue(flag: Flag, text: string): string | string[] {
  if (flag.isRepeated === true) {
    return splitTexts(text);
  }
  return flag.isList === true ? splitList(text) : text;
}

function splitTexts(text: string): string[] {
  const texts: unknown = JSON.parse(text);
  return Array.isArray(texts) ? texts.filter((each) => typeof each === "string") : [];
}

/** The items of a text in which commas part them. */
export function splitList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** The same of a flag that names a file. @throws UsageError where it names none */
export function pathOf(values: FlagValues, name: string): string | undefined {
  const path = textOf(values, name);
  if (path === "") {
    throw namesNothing(name);
  }
  return path;
}

/** The names that a list gives, if it was given. @throws UsageError where it gives none */
export function namesOf(values: FlagValues, name: string): readonly string[] | undefined {
  const names = listOf(values, name);
  if (names?.length === 0) {
    throw namesNothing(name);
  }
  return names;
}

function namesNothing(name: string): UsageError {
  return new UsageError(`Cannot use the value of \`--${name}\`: it is empty`, {
    code: "invalid-value",
    hint: `give \`--${name}\` a name, or leave it out`,
  });
}

/** The values of a flag that takes several, if it was given; those of a list are trimmed. */
export function listOf(values: FlagValues, name: string): readonly string[] | undefined {
  const value = values[name];
  return Array.isArray(value) ? value : undefined;
}
