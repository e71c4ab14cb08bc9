import type { BooleanArgDef, PositionalArgDef, StringArgDef } from "citty";

/** What shell completion offers for a value. */
export type Offer =
  | readonly string[]
  /** `models`: ids that settings configure; `files`: paths. */
  | "models"
  | "files"
  /** What the flags before it leave to choose from. */
  | ((given: FlagValues) => readonly string[]);

/** A flag in citty's terms, and what its parser does not know of. */
export type Flag = (Required<Pick<BooleanArgDef, "type">> | Required<Pick<StringArgDef, "type">>) &
  Pick<StringArgDef, "valueHint"> & {
    readonly description: string;
    /** Further spellings; one letter is a short flag. */
    readonly alias?: readonly string[];
    /** Repeatable or comma-separated. */
    readonly isList?: boolean;
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

/** The items of a comma-separated text. */
export function splitList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** A list flag's items, if it was given; commas and white space around items are gone. */
export function listOf(values: FlagValues, name: string): readonly string[] | undefined {
  const value = values[name];
  return Array.isArray(value) ? value : undefined;
}
