import { UsageError } from "../errors.ts";
import type { Argument, Flags } from "../flags/flag.ts";

/** What is wrong with words of a command line. None of them repeats a value, which may be a key. */

/** @param long the flag as it should be written */
export function oneDash(long: string): UsageError {
  return new UsageError(
    `Cannot read \`${long.slice(1)}\`: a flag of several letters has two dashes`,
    {
      code: "unknown-flag",
      hint: `write \`${long}\``,
    },
  );
}

export function noSwitch(typed: string): UsageError {
  return new UsageError(`Cannot give \`${typed}\` a value: it is a switch`, {
    code: "invalid-value",
    hint: `write \`${typed}\` alone`,
  });
}

export function noValue(typed: string): UsageError {
  return new UsageError(`Cannot read \`${typed}\`: its value is missing`, {
    code: "missing-value",
    hint: `write \`${typed} VALUE\`, or \`${typed}=VALUE\` when the value begins with a dash`,
  });
}

/** @param words the name of the command, which says the same as the flag */
export function namedTwice(flag: string, words: readonly string[]): UsageError {
  return new UsageError(
    `Cannot use \`--${flag}\` with \`qwen ${words.join(" ")}\`: the two name different things`,
    { code: "invalid-value", hint: "leave one of the two out" },
  );
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

/** A flag that the command does not have. */
export function unknownFlag(typed: string, flags: Flags): UsageError {
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

type CommandTables = { readonly argument: Argument | undefined; readonly flags: Flags };

/** More words than the command takes; one that names a provider is told its flag. */
export async function unexpected(
  words: readonly string[],
  { argument, flags }: CommandTables,
): Promise<UsageError> {
  const what = argument === undefined ? "flags only" : "flags and one word";
  const offer = flags.provider?.offer;
  const providers = typeof offer === "function" ? await offer({}) : [];
  const provider = words.find((word) => providers.includes(word));
  const more = Object.hasOwn(flags, "key-stdin") ? "; a key goes to `--key-stdin`" : "";
  return new UsageError(`Cannot use an extra word: this command takes ${what}`, {
    code: "usage",
    hint: provider === undefined ? `${SEE_HELP}${more}` : `write \`--provider ${provider}\``,
  });
}
