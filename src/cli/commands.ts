import type { Command } from "../commands/command.ts";
import type { ExitCode } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

/** A command whose options are its own affair: it can be described and run. */
export type BoundCommand = Pick<Command<unknown>, "flags" | "examples" | "details"> & {
  readonly run: (runtime: Runtime, argv: readonly string[]) => Promise<ExitCode>;
};

export type CommandEntry = {
  /** The words after `qwen`. */
  readonly words: readonly string[];
  /** Other words that people type for it. */
  readonly aliases?: readonly (readonly string[])[];
  readonly summary: string;
  readonly load: () => Promise<BoundCommand>;
};

/** Every command, in the order of help; each is loaded only when it is needed. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    words: ["auth", "coding-plan"],
    summary: "Set up the Alibaba Cloud Coding Plan",
    load: async () => bind((await import("../commands/auth-coding-plan.ts")).codingPlanCommand),
  },
  {
    words: ["auth", "status"],
    aliases: [["auth", "whoami"]],
    summary: "Show what is configured and where it comes from",
    load: async () => bind((await import("../commands/auth-status.ts")).statusCommand),
  },
];

/** Groups of commands, for their own help page. */
export const GROUPS: Readonly<Record<string, string>> = {
  auth: "Set up credentials and see what is in force",
};

/** The entry that the first words name, and the words after them. */
export function findCommand(
  words: readonly string[],
): { readonly entry: CommandEntry; readonly count: number } | undefined {
  for (const entry of COMMANDS) {
    const spellings = [entry.words, ...(entry.aliases ?? [])];
    const spelling = spellings.find((spelling) =>
      spelling.every((word, index) => words[index] === word),
    );
    if (spelling !== undefined) {
      return { entry, count: spelling.length };
    }
  }
  return undefined;
}

async function bind<Options>(command: Command<Options>): Promise<BoundCommand> {
  const { runCommand } = await import("./run-command.ts");
  const { flags, examples, details } = command;
  return {
    flags,
    examples,
    ...(details === undefined ? {} : { details }),
    run: (runtime, argv) => runCommand(runtime, command, argv),
  };
}
