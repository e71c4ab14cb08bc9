import { UsageError } from "../errors.ts";
import { looksLikeKey } from "../secrets/looks-like-key.ts";
import { COMMAND_NAMES, COMMANDS, GROUPS } from "./commands.ts";
import { findSlip } from "./find-slip.ts";
import { FOREIGN_WORDS, foreignCommand, isForeign } from "./foreign-words.ts";

/**
 * Words that were meant as a command, or are a key, are no question: nothing of them goes to a
 * model (`spec/cli.md`, "Errors").
 * @throws UsageError for these
 */
export function throwIfCommand(words: readonly string[]): void {
  const [first = ""] = words;
  // In a longer text, what only looks random may be the hash of a commit.
  const isKey = (word: string): boolean =>
    looksLikeKey(word) && (words.length === 1 || /^(?:sk-|AIza)/.test(word));
  if (words.some(isKey)) {
    throw new UsageError("Cannot ask this: a word of it looks like a key", {
      hint: "a key goes to `--key-stdin`; to ask the model all the same: `qwen -p TEXT`",
    });
  }
  const isGroup = Object.hasOwn(GROUPS, first);
  if (isGroup || isForeign(words) || slipOf(words) !== undefined) {
    throw unknownCommand(words);
  }
}

/** The command that one bare word is a slip of, or two with a subcommand behind it. */
function slipOf(words: readonly string[]): string | undefined {
  const [first = "", second] = words;
  const names = [...COMMAND_NAMES, "help"];
  if (second !== undefined) {
    const group = words.length === 2 ? findSlip(first, names) : undefined;
    const isKnown = COMMANDS.some((entry) => entry.words[0] === group && entry.words[1] === second);
    return isKnown ? `qwen ${group} ${second}` : undefined;
  }
  const inGroup = COMMANDS.flatMap((entry) => entry.words.slice(1));
  const near = findSlip(first, [...names, ...inGroup, ...FOREIGN_WORDS]);
  if (near === undefined) {
    return undefined;
  }
  const meant =
    foreignCommand([near]) ?? (inGroup.includes(near) ? `qwen auth ${near}` : undefined);
  return names.includes(near) ? `qwen ${near}` : meant;
}

/** What may be repeated in a message: a key or a prompt looks different. */
export function isPlainWord(word: string): boolean {
  return /^[a-z][a-z-]{0,19}$/i.test(word);
}

/** Does not repeat more than the first words: what follows may be a key or a prompt. */
export function unknownCommand(words: readonly string[]): UsageError {
  const [first = "", second] = words;
  const meant = foreignCommand(words);
  if (meant === undefined && !words.slice(0, 2).every(isPlainWord)) {
    return new UsageError("Cannot run this: there is no such command", {
      code: "unknown-command",
      hint: "run `qwen --help`; a key goes to `--key-stdin`",
    });
  }
  const isInGroup = Object.hasOwn(GROUPS, first) && second !== undefined;
  const typed = isInGroup ? `${first} ${second}` : first;
  const slip = isInGroup || meant !== undefined ? undefined : slipOf(words);
  if (slip !== undefined) {
    return new UsageError(`Cannot run \`qwen ${typed}\`: there is no such command`, {
      code: "unknown-command",
      hint: `did you mean \`${slip}\`? To ask the model: \`qwen -p ${first}\``,
    });
  }
  const from = isInGroup
    ? COMMANDS.filter((entry) => entry.words[0] === first).flatMap((entry) => entry.words.slice(1))
    : [...COMMAND_NAMES, "help"];
  return new UsageError(`Cannot run \`qwen ${typed}\`: there is no such command`, {
    code: "unknown-command",
    hint: isInGroup
      ? `run \`${meant ?? `qwen ${first} --help`}\``
      : `run \`${meant ?? "qwen --help"}\`; to ask the model: \`qwen -p ${first}\``,
    ...(meant === undefined ? { suggest: { word: isInGroup ? second : first, from } } : {}),
  });
}
