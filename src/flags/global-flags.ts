import { UsageError } from "../errors.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { ColorChoice } from "../runtime.ts";
import { languageOf } from "./choose-language.ts";
import { type Flags, type FlagValues, textOf } from "./flag.ts";

/** When to use colour, as `--color` says. */
const COLOR_CHOICES: readonly ColorChoice[] = ["auto", "always", "never"];

/** Languages as `--lang` takes them. */
const LANGUAGES = ["en", "zh"] as const;

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

/** What a command with a report for programs takes. */
export const JSON_FLAG: Flags = {
  json: { type: "boolean", description: "Print one JSON object" },
};

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
    valueHint: "WHEN",
    description: "Colour: auto, always or never",
    offer: COLOR_CHOICES,
  },
  lang: {
    type: "string",
    valueHint: "LANG",
    description: "Language on a terminal: en or zh",
    offer: LANGUAGES,
    // As below: the page of all commands has no room for it; `docs/translating.md` explains it.
    hidden: true,
  },
  ascii: {
    type: "boolean",
    description: "Draw with ASCII signs on a terminal",
    // Likewise: `docs/troubleshooting.md`.
    hidden: true,
  },
  trust: { type: "boolean", description: "Trust this folder's settings and .env files" },
  "no-project": { type: "boolean", description: "Act as if the project had no settings and .env" },
  offline: { type: "boolean", description: "Connect to nothing but a model that is asked" },
  proxy: {
    type: "string",
    valueHint: "URL",
    description: "The proxy for every request",
    secret: "user",
  },
  "ca-cert": {
    type: "string",
    valueHint: "FILE",
    description: "Certificates to trust; more: `qwen help network`",
    offer: "files",
  },
  "client-cert": {
    type: "string",
    valueHint: "FILE",
    description: "A certificate for servers that want one (PEM)",
    offer: "files",
    // The page of all commands has no room for it; `qwen help network` has.
    hidden: true,
  },
  "client-key": {
    type: "string",
    valueHint: "FILE",
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
  const lang = textOf(values, "lang");
  if (lang !== undefined && languageOf(lang) === undefined) {
    throw new UsageError(`Cannot use the language "${visibleText(lang)}": it is unknown`, {
      code: "invalid-value",
      hint: "choose en or zh",
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
