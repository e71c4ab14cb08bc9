import type { Flag, Flags } from "../commands/command.ts";
import { UsageError } from "../errors.ts";

type Known = { readonly name: string; readonly flag: Flag };

/**
 * Checks the words after a command strictly and spells them one way: `--name` or `--name=value`.
 * Citty by itself accepts unknown flags, stray words and flags without their value.
 * @throws UsageError for any of these
 */
export function readArguments(argv: readonly string[], flags: Flags): readonly string[] {
  const spelled: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? "";
    if (!argument.startsWith("-") || argument === "-" || argument === "--") {
      throw unexpected();
    }
    const { known, typed, attached } = lookUp(argument, flags);
    if (known.flag.type === "boolean") {
      spelled.push(...booleanArgument(known.name, typed, attached));
      continue;
    }
    const value = attached ?? argv[index + 1];
    if (attached === undefined) {
      index += 1;
      throwIfNoValue(typed, value);
    }
    spelled.push(`--${known.name}=${value}`);
  }
  return spelled;
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
  const known = find(typed, flags);
  if (known === undefined) {
    throw unknownFlag(typed, flags);
  }
  return { known, typed, attached: rest === "" && !argument.includes("=") ? undefined : rest };
}

function find(typed: string, flags: Flags): Known | undefined {
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

function booleanArgument(name: string, typed: string, value: string | undefined): string[] {
  switch (value) {
    case undefined:
    case "true":
      return [`--${name}`];
    case "false":
      return [];
    default:
      throw new UsageError(`Cannot give \`${typed}\` a value: it is a switch`, {
        code: "invalid-value",
        hint: `write \`${typed}\` alone`,
      });
  }
}

function throwIfNoValue(typed: string, value: string | undefined): void {
  if (value === undefined || (value.startsWith("-") && value !== "-")) {
    throw new UsageError(`Cannot read \`${typed}\`: its value is missing`, {
      code: "missing-value",
      hint: `write \`${typed} VALUE\`, or \`${typed}=VALUE\` when the value begins with a dash`,
    });
  }
}

function unknownFlag(typed: string, flags: Flags): UsageError {
  const from = Object.entries(flags)
    .filter(([, flag]) => flag.hidden !== true)
    .map(([name]) => `--${name}`);
  return new UsageError(`Cannot read \`${typed}\`: this flag is unknown`, {
    code: "unknown-flag",
    hint: "see the command's `--help`",
    suggest: { word: typed, from },
  });
}

/** Does not repeat the word: it may be a key that somebody put there. */
function unexpected(): UsageError {
  return new UsageError("Cannot use an extra word: this command takes flags only", {
    code: "usage",
    hint: "see the command's `--help`; a key goes to `--key-stdin`",
  });
}
