import { CHAT_FLAGS } from "../flags/chat-flags.ts";
import type { Flags } from "../flags/flag.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";

export type SplitWords = {
  /** The words that may name a command: from the first one up to the next flag. */
  readonly words: readonly string[];
  /** Everything else, in its order. */
  readonly rest: readonly string[];
  /** `--` stands first, or a flag with a prompt before the words: no command is meant. */
  readonly isQuestion: boolean;
};

const FLAGS: Flags = { ...CHAT_FLAGS, ...GLOBAL_FLAGS };

/** Finds the words of a command line; the value of a flag before them is none. */
export function splitWords(argv: readonly string[]): SplitWords {
  const first = firstWord(argv);
  const end = argv.findIndex((argument, index) => index >= first && argument.startsWith("-"));
  const last = end === -1 ? argv.length : end;
  return {
    words: argv.slice(first, last),
    rest: [...argv.slice(0, first), ...argv.slice(last)],
    isQuestion: argv[first] === "--" || argv.slice(0, first).some(isPrompt),
  };
}

/** Where the first word stands that is neither a flag nor its value. */
export function firstWord(argv: readonly string[]): number {
  let first = 0;
  while (first < argv.length && isFlag(argv[first])) {
    first += takesNext(argv[first], FLAGS) ? 2 : 1;
  }
  return first;
}

function isFlag(argument = ""): boolean {
  return argument.startsWith("-") && argument !== "-" && argument !== "--";
}

function isPrompt(argument: string): boolean {
  return (
    /^(?:-[pi]|--prompt(?:-interactive)?(?:=.*)?)$/s.test(argument) || /^-[pi][^-]/s.test(argument)
  );
}

/** Whether a flag is written without its value, which then is the next word. */
export function takesNext(argument = "", flags: Flags): boolean {
  return Object.entries(flags).some(
    ([name, { type, alias = [] }]) =>
      type !== "boolean" &&
      [name, ...alias].some(
        (spelling) => argument === (spelling.length === 1 ? `-${spelling}` : `--${spelling}`),
      ),
  );
}
