import { UsageError } from "../errors.ts";
import type { Argument, Flag, Flags } from "../flags/flag.ts";

type Known = { readonly name: string; readonly flag: Flag };

/**
 * Checks the words after a command strictly and spells them one way: `--name` or `--name=value`,
 * also the one word that a command may take (`argument`). The values of a list stand together,
 * parted by commas. Citty by itself accepts unknown flags, stray words and flags without a value.
 * @throws UsageError for any of these
 */
export function readArguments(
  argv: readonly string[],
  flags: Flags,
  argument?: Pick<Argument, "name" | "isRest">,
): string[] {
  const spelled: string[] = [];
  const lists = new Map<string, string[]>();
  const end = argv.indexOf("--");
  const last = end === -1 ? argv.length : end;
  const words: string[] = [];
  for (let index = 0; index < last; index += 1) {
    const typed = argv[index] ?? "";
    if (!typed.startsWith("-") || typed === "-") {
      words.push(typed);
      continue;
    }
    const { name, type, value = "", usesNext } = readFlag(typed, argv[index + 1], flags);
    index += usesNext ? 1 : 0;
    if (type === "list") {
      lists.set(name, [...(lists.get(name) ?? []), value]);
    } else {
      spelled.push(...spellFlag(name, type, value));
    }
  }
  return [
    ...spelled,
    ...[...lists].map(([name, values]) => `--${name}=${values.join(",")}`),
    ...readWords([...words, ...argv.slice(last + 1)], { flags, argument }),
  ];
}

function spellFlag(name: string, type: "string" | "boolean", value: string): string[] {
  if (type === "string") {
    return [`--${name}=${value}`];
  }
  return value === "false" ? [] : [`--${name}`];
}

type Taken = {
  readonly flags: Flags;
  readonly argument: Pick<Argument, "name" | "isRest"> | undefined;
};

/** @throws UsageError when there are more words than the command takes */
function readWords(words: readonly string[], { flags, argument }: Taken): string[] {
  if (words.length === 0) {
    return [];
  }
  if (argument === undefined || (words.length > 1 && argument.isRest !== true)) {
    throw unexpected(words, argument?.name, flags);
  }
  return [`--${argument.name}=${words.join(" ")}`];
}

type FlagRead = {
  readonly name: string;
  readonly type: Flag["type"];
  /** Of a switch: `true` or `false`. */
  readonly value: string | undefined;
  /** Whether the value is the next word. */
  readonly usesNext: boolean;
};

function readFlag(argument: string, next: string | undefined, flags: Flags): FlagRead {
  const { known, typed, attached } = lookUp(argument, flags);
  const { name, flag } = known;
  if (flag.type === "boolean") {
    return { name, type: flag.type, value: switchValue(typed, attached), usesNext: false };
  }
  if (attached === undefined) {
    throwIfNoValue(typed, next);
  }
  return { name, type: flag.type, value: attached ?? next, usesNext: attached === undefined };
}

type LookedUp = {
  readonly known: Known;
  /** As it was typed, without the value. */
  readonly typed: string;
  readonly attached: string | undefined;
};

/** Understands `--name`, `--name=value`, `-n`, `-nvalue` and `-n=value`. */
function lookUp(argument: string, flags: Flags): LookedUp {
  const equals = argument.indexOf("=");
  const isLong = argument.startsWith("--");
  const typed = isLong
    ? argument.slice(0, equals === -1 ? undefined : equals)
    : argument.slice(0, 2);
  const rest = isLong
    ? equals === -1
      ? undefined
      : argument.slice(equals + 1)
    : argument.slice(2).replace(/^=/, "");
  const known = findFlag(typed, flags);
  throwIfOneDash(argument, flags);
  if (known === undefined) {
    throw unknownFlag(typed, flags);
  }
  return { known, typed, attached: rest === "" && !argument.includes("=") ? undefined : rest };
}

/** `-provider` is no `-p` with the value "rovider". */
function throwIfOneDash(argument: string, flags: Flags): void {
  const [word = ""] = argument.split("=");
  const isLong = word.startsWith("--") || word.length < 3;
  if (!isLong && findFlag(`-${word}`, flags) !== undefined) {
    throw new UsageError(`Cannot read \`${word}\`: a flag of several letters has two dashes`, {
      code: "unknown-flag",
      hint: `write \`-${word}\``,
    });
  }
}

/** The flag that is spelt `--name` or `-n`, without a value. */
export function findFlag(typed: string, flags: Flags): Known | undefined {
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

function switchValue(typed: string, value = "true"): string {
  if (value !== "true" && value !== "false") {
    throw new UsageError(`Cannot give \`${typed}\` a value: it is a switch`, {
      code: "invalid-value",
      hint: `write \`${typed}\` alone`,
    });
  }
  return value;
}

function throwIfNoValue(typed: string, value: string | undefined): void {
  if (value === undefined || (value.startsWith("-") && value !== "-")) {
    throw new UsageError(`Cannot read \`${typed}\`: its value is missing`, {
      code: "missing-value",
      hint: `write \`${typed} VALUE\`, or \`${typed}=VALUE\` when the value begins with a dash`,
    });
  }
}

const SEE_HELP = "add `--help` to see what it takes";

/** Flags that are read before any command is, and what they are when they come as far as here. */
const UNLISTED = { "--help": "it has no value", "--version": "it stands alone" } as const;

const NO_TOOLS = "leave it out: this program runs no tools that would ask for approval";
const KEY_OF_QUESTION = "write `--openai-api-key KEY`, or run `qwen auth api-key` to store it";
const URL_OF_QUESTION =
  "write `--openai-base-url URL`, or run `qwen auth api-key --base-url URL` to store it";
const CHECKED = "name the certificate of the authority with `--ca-cert FILE`";

/** Flags of other tools whose nearest spelling here means something else. */
const FOREIGN_FLAGS: Readonly<Record<string, string>> = {
  "--yolo": NO_TOOLS,
  "-y": NO_TOOLS,
  "--approval-mode": NO_TOOLS,
  "--sandbox": NO_TOOLS,
  "--allowed-tools": NO_TOOLS,
  "--dangerously-skip-permissions": NO_TOOLS,
  "--api-key": KEY_OF_QUESTION,
  "--key": KEY_OF_QUESTION,
  "-k": KEY_OF_QUESTION,
  "--base-url": URL_OF_QUESTION,
  "-u": URL_OF_QUESTION,
  "--insecure": CHECKED,
  "--no-verify-ssl": CHECKED,
  "--no-check-certificate": CHECKED,
  "--tls-insecure": CHECKED,
  "--no-ssl-verify": CHECKED,
  "--skip-ssl-verify": CHECKED,
  "--no-tls-verify": CHECKED,
  "--skip-tls-verify": CHECKED,
  "--insecure-skip-tls-verify": CHECKED,
  "--no-check-certificates": CHECKED,
};

function unknownFlag(typed: string, flags: Flags): UsageError {
  if (typed === "--help" || typed === "--version") {
    return new UsageError(`Cannot read \`${typed}\`: ${UNLISTED[typed]}`, {
      code: "unknown-flag",
      hint: `run \`qwen ${typed}\``,
    });
  }
  const foreign = Object.hasOwn(FOREIGN_FLAGS, typed) ? FOREIGN_FLAGS[typed] : undefined;
  if (foreign !== undefined) {
    return new UsageError(`Cannot read \`${typed}\`: this flag is unknown`, {
      code: "unknown-flag",
      hint: foreign,
    });
  }
  const from = Object.entries(flags)
    .filter(([, flag]) => flag.hidden !== true)
    .map(([name]) => `--${name}`);
  return new UsageError(`Cannot read \`${typed}\`: this flag is unknown`, {
    code: "unknown-flag",
    hint: SEE_HELP,
    suggest: { word: typed, from: [...from, ...Object.keys(UNLISTED)] },
  });
}

/** Does not repeat the word: it may be a key that somebody put there. */
function unexpected(
  words: readonly string[],
  argument: string | undefined,
  flags: Flags,
): UsageError {
  const what = argument === undefined ? "flags only" : "flags and one word";
  const more = Object.hasOwn(flags, "key-stdin") ? "; a key goes to `--key-stdin`" : "";
  const { offer = [] } = flags.provider ?? {};
  const provider = words.find((word) => Array.isArray(offer) && offer.includes(word));
  if (provider !== undefined) {
    return new UsageError(`Cannot use an extra word: this command takes ${what}`, {
      code: "usage",
      hint: `write \`--provider ${provider}\``,
    });
  }
  return new UsageError(`Cannot use an extra word: this command takes ${what}`, {
    code: "usage",
    hint: `${SEE_HELP}${more}`,
  });
}
