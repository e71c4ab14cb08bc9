/** What shell completion offers for a value. */
export type Offer =
  | readonly string[]
  /** `models`: ids that settings configure; `files`: paths. */
  | "models"
  | "files"
  /** What the flags before it leave to choose from. */
  | ((given: FlagValues) => readonly string[]);

export type Flag = {
  /** `list`: repeatable or comma-separated. */
  readonly type: "boolean" | "string" | "list";
  /** Further spellings; one letter is a short flag. */
  readonly alias?: readonly string[];
  /** What the value is called in help: `--region NAME`. */
  readonly value?: string;
  readonly description: string;
  readonly offer?: Offer;
  /** Works, but help does not list it. */
  readonly hidden?: boolean;
};

export type Flags = Readonly<Record<string, Flag>>;

/** Values by flag name, as the command line gave them. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export type Argument = {
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
