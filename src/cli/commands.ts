import type { Command } from "../commands/command.ts";
import type { Runtime } from "../runtime.ts";

/** A command whose options are its own affair: it can be described and run. */
export type BoundCommand = Pick<Command<unknown>, "flags" | "examples" | "details" | "argument"> & {
  readonly run: (runtime: Runtime, argv: readonly string[]) => Promise<number>;
};

/** Other words that people type for a command, and what they stand for beside it. */
type Alias = { readonly words: readonly string[]; readonly argv?: readonly string[] };

export type CommandEntry = {
  /** The words after `qwen`. */
  readonly words: readonly string[];
  readonly aliases?: readonly Alias[];
  readonly summary: string;
  /** The page of all commands has no room for it; that of its group lists it, or a flag names it. */
  readonly isOfGroup?: true;
  readonly load: () => Promise<BoundCommand>;
};

/** Every command, in the order of help; each is loaded only when it is needed. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    words: ["auth"],
    aliases: [{ words: ["auth", "login"] }],
    summary: "Choose a method from a menu",
    load: async () => bind((await import("../commands/auth/menu.ts")).menuCommand),
  },
  {
    words: ["auth", "coding-plan"],
    summary: "Set up the Alibaba Cloud Coding Plan",
    load: async () =>
      bindQuick((await import("../commands/auth/coding-plan.ts")).codingPlanCommand),
  },
  {
    words: ["auth", "api-key"],
    aliases: [{ words: ["auth", "openrouter"], argv: ["--provider", "openrouter"] }],
    summary: "Set up an API key of any provider or endpoint",
    load: async () => bindQuick((await import("../commands/auth/api-key.ts")).apiKeyCommand),
  },
  {
    words: ["auth", "qwen-oauth"],
    aliases: [{ words: ["auth", "oauth"] }],
    summary: "Log in with Qwen OAuth (free tier discontinued)",
    isOfGroup: true,
    load: async () => bind((await import("../commands/auth/qwen-oauth.ts")).qwenOauthCommand),
  },
  {
    words: ["auth", "status"],
    aliases: [{ words: ["auth", "whoami"] }],
    summary: "Show what is configured and where it comes from",
    load: async () => bindQuick((await import("../commands/auth/status.ts")).statusCommand),
  },
  {
    words: ["auth", "list"],
    aliases: [{ words: ["auth", "ls"] }],
    summary: "List providers and stored credentials",
    load: async () => bind((await import("../commands/auth/list.ts")).listCommand),
  },
  {
    words: ["auth", "switch"],
    summary: "Make another configured model the default",
    load: async () => bind((await import("../commands/auth/switch.ts")).switchCommand),
  },
  {
    words: ["auth", "logout"],
    summary: "Remove what `qwen auth` wrote",
    load: async () => bind((await import("../commands/auth/logout.ts")).logoutCommand),
  },
  {
    words: ["auth", "token"],
    summary: "Print the key in force",
    load: async () => bindQuick((await import("../commands/auth/token.ts")).tokenCommand),
  },
  {
    words: ["auth", "env"],
    summary: "Print export lines for other tools",
    isOfGroup: true,
    load: async () => bind((await import("../commands/auth/env.ts")).envCommand),
  },
  {
    words: ["auth", "run"],
    aliases: [{ words: ["auth", "exec"] }],
    summary: "Run a tool that uses the key and never gets it",
    load: async () => bindProgram((await import("../commands/auth/run.ts")).runCommand),
  },
  {
    words: ["auth", "serve"],
    summary: "Lend the key to containers and editors, until Ctrl+C",
    isOfGroup: true,
    load: async () => bind((await import("../commands/auth/serve.ts")).serveCommand),
  },
  {
    words: ["models"],
    summary: "List the configured models",
    load: async () => bind((await import("../commands/models.ts")).modelsCommand),
  },
  {
    words: ["trust"],
    summary: "Trust a folder's settings and .env files",
    load: async () => bind((await import("../commands/trust.ts")).trustCommand),
  },
  {
    words: ["doctor"],
    summary: "Check everything that a question to a model needs",
    load: async () => bind((await import("../commands/doctor.ts")).doctorCommand),
  },
  {
    words: ["completion"],
    summary: "Print a script that completes words in a shell",
    load: async () => bind((await import("../commands/completion.ts")).completionCommand),
  },
  {
    words: ["upgrade"],
    aliases: [{ words: ["update"] }],
    summary: "Print the line that updates this installation",
    load: async () => bind((await import("../commands/upgrade.ts")).upgradeCommand),
  },
  {
    words: ["version"],
    summary: "Print version, commit, target and Bun",
    isOfGroup: true,
    load: async () => bind((await import("../commands/version.ts")).versionCommand),
  },
];

/** What `qwen` does without the name of a command. */
export const CHAT: CommandEntry = {
  words: [],
  summary: "Ask a model a question",
  load: async () => bindQuick((await import("../commands/chat.ts")).chatCommand),
};

/** Groups of commands, for their own help page. */
export const GROUPS: Readonly<Record<string, string>> = {
  auth: "Set up credentials and see what is in force",
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
export function findCommand(words: readonly string[]): FoundCommand | undefined {
  for (const entry of COMMANDS) {
    for (const { words: spelling, argv = [] } of spellingsOf(entry)) {
      const isNamed = spelling.every((word, index) => words[index] === word);
      const isGroup = spelling.length === 1 && Object.hasOwn(GROUPS, spelling[0] ?? "");
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

async function bind<Options>(command: Command<Options>): Promise<BoundCommand> {
  const { runCommand } = await import("./run-command.ts");
  return bound(command, runCommand);
}

/** For what scripts call often. */
async function bindQuick<Options>(command: Command<Options>): Promise<BoundCommand> {
  const { runDirectly } = await import("./run-directly.ts");
  return bound(command, runDirectly);
}

/** For what takes a program and its arguments. */
async function bindProgram<Options>(command: Command<Options>): Promise<BoundCommand> {
  const { runProgram } = await import("./run-program.ts");
  return bound(command, runProgram);
}

function bound<Options>(
  command: Command<Options>,
  run: (runtime: Runtime, command: Command<Options>, argv: readonly string[]) => Promise<number>,
): BoundCommand {
  const { flags, examples, details, argument } = command;
  return {
    flags,
    examples,
    ...(details === undefined ? {} : { details }),
    ...(argument === undefined ? {} : { argument }),
    run: (runtime, argv) => run(runtime, command, argv),
  };
}
