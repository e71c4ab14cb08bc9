import type { Command } from "../commands/command.ts";
import type { Argument, Flags, FlagValues } from "../flags/flag.ts";
import { toGlobals } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";

/** A command whose options are its own affair: it can be described and run. */
export type BoundCommand = Pick<Command<unknown>, "examples" | "details"> & {
  readonly run: (runtime: Runtime, values: FlagValues) => Promise<number>;
};

/** Other words that people type for a command, and what they stand for beside it. */
export type Alias = { readonly words: readonly string[]; readonly argv?: readonly string[] };

/** What is known of a command before it is loaded: enough to read the command line. */
export type CommandEntry = {
  /** The words after `qwen`; none for what it does without a command. */
  readonly words: readonly string[];
  readonly aliases?: readonly Alias[];
  readonly summary: string;
  /** The page of all commands has no room for it; that of its group lists it, or a flag names it. */
  readonly isOfGroup?: true;
  readonly flags: Flags;
  readonly argument?: Argument;
  readonly load: () => Promise<BoundCommand>;
};

/** Keeps what help shows of a command, and joins its two halves: flags → options, and `run`. */
export function bind<Options>({ toOptions, run, ...shown }: Command<Options>): BoundCommand {
  return {
    ...shown,
    run: (runtime, values) => run(runtime, toOptions(values, toGlobals(values))),
  };
}

/** The request of a completion script: `__complete COUNT -- WORD…`. */
export const COMPLETE = "__complete";
