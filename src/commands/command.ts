import { type ExitCode, UsageError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { COLOR_CHOICES, type ColorChoice } from "../terminal/style.ts";

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

/** What every command takes (`spec/cli.md`, "Global flags"). */
export type GlobalOptions = {
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly noInput: boolean;
  readonly color: ColorChoice;
  readonly trust: boolean;
  readonly noProject: boolean;
  /** `--offline`, or `QWEN_OFFLINE`; see `isOffline`. */
  readonly offline: boolean;
  readonly proxy: string | undefined;
  readonly caCert: string | undefined;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
};

export type Argument = {
  readonly name: string;
  readonly description: string;
  readonly offer?: Offer;
  /** All words are one text. */
  readonly isRest?: boolean;
};

/**
 * A command: flags → options, options → action. Tests check the first by table without running
 * the second.
 */
export type Command<Options> = {
  /** Paragraphs for its help page. */
  readonly details?: readonly string[];
  readonly flags: Flags;
  /** The one word that it takes beside flags; `toOptions` gets it under this name. */
  readonly argument?: Argument;
  readonly examples: readonly string[];
  /** @throws UsageError when values are wrong or contradict each other */
  readonly toOptions: (values: FlagValues, globals: GlobalOptions) => Options;
  readonly run: (runtime: Runtime, options: Options) => Promise<ExitCode>;
};

/** A flag's text, if it was given. */
export function textOf(values: FlagValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The items of a text in which commas part them. */
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

export const GLOBAL_FLAGS: Flags = {
  quiet: { type: "boolean", alias: ["q"], description: "Print errors and data only" },
  debug: {
    type: "boolean",
    alias: ["d"],
    description: "Tell on stderr what is done, without keys",
  },
  "no-input": { type: "boolean", description: "Never prompt" },
  color: {
    type: "string",
    value: "WHEN",
    description: "Colour: auto, always or never",
    offer: COLOR_CHOICES,
  },
  trust: { type: "boolean", description: "Trust this folder's settings and .env files" },
  "no-project": { type: "boolean", description: "Act as if the project had no settings and .env" },
  offline: { type: "boolean", description: "Connect to nothing but a model that is asked" },
  proxy: { type: "string", value: "URL", description: "The proxy for every request" },
  "ca-cert": {
    type: "string",
    value: "FILE",
    description: "Certificates to trust; own: --client-cert, --client-key",
    offer: "files",
  },
  "client-cert": {
    type: "string",
    value: "FILE",
    description: "A certificate for servers that want one (PEM)",
    offer: "files",
    // The page of all commands has no room for it; `--ca-cert` names it there.
    hidden: true,
  },
  "client-key": {
    type: "string",
    value: "FILE",
    description: "The key of --client-cert, where it is in a file of its own",
    offer: "files",
    hidden: true,
  },
};

/**
 * Reads the global flags.
 * @throws UsageError for an unknown `--color`
 */
export function toGlobals(values: FlagValues): GlobalOptions {
  const named = textOf(values, "color") ?? "auto";
  const color = COLOR_CHOICES.find((choice) => choice === named);
  if (color === undefined) {
    throw new UsageError(`Cannot use the colour "${named}": it is unknown`, {
      code: "invalid-value",
      hint: "choose auto, always or never",
    });
  }
  return {
    color,
    quiet: values.quiet === true,
    debug: values.debug === true,
    noInput: values["no-input"] === true,
    trust: values.trust === true,
    noProject: values["no-project"] === true,
    offline: values.offline === true,
    proxy: textOf(values, "proxy") || undefined,
    caCert: textOf(values, "ca-cert") || undefined,
    clientCert: textOf(values, "client-cert") || undefined,
    clientKey: textOf(values, "client-key") || undefined,
  };
}
