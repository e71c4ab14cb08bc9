import type { Alias, CommandEntry } from "./command-entry.ts";

/** What a command line may name, in the order of help. */
export type Tables = {
  readonly commands: readonly CommandEntry[];
  /** What is meant without the name of a command. */
  readonly chat: CommandEntry;
  /** Groups of commands, each with a line for its help page. */
  readonly groups: Readonly<Record<string, string>>;
};

export type FoundCommand = {
  readonly entry: CommandEntry;
  /** How many words name it. */
  readonly count: number;
  /** What its alias stands for beside it. */
  readonly argv: readonly string[];
};

/**
 * The entry that the first words name. A command that is also the name of a group is meant only
 * when no word follows: `qwen auth bogus` is not `qwen auth` with an extra word.
 */
export function findCommand(
  words: readonly string[],
  { commands, groups }: Pick<Tables, "commands" | "groups">,
): FoundCommand | undefined {
  for (const entry of commands) {
    for (const { words: spelling, argv = [] } of spellingsOf(entry)) {
      const isNamed = spelling.every((word, index) => words[index] === word);
      const [first, ...below] = spelling;
      const isGroup = first !== undefined && below.length === 0 && Object.hasOwn(groups, first);
      if (isNamed && !(isGroup && words.length > 1)) {
        return { entry, count: spelling.length, argv };
      }
    }
  }
  return undefined;
}

function spellingsOf({ words, aliases = [] }: CommandEntry): readonly Alias[] {
  return [{ words }, ...aliases];
}
