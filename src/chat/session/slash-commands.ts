/** The commands of a session (`spec/session.md`), in the order of `/help`. */
const SLASH_COMMANDS = [
  { name: "auth", description: "Set up credentials, or repair them" },
  {
    name: "model",
    argument: "[id [text]]",
    description: "Choose another model, or ask it this once",
  },
  {
    name: "account",
    argument: "[name]",
    description: "Use another account for this session",
  },
  { name: "models", description: "List what the endpoint offers" },
  { name: "status", description: "Show what is in force and where it comes from" },
  { name: "think", description: "Show or hide what the model thinks" },
  { name: "retry", description: "Ask the last message again" },
  { name: "copy", description: "Copy the last answer" },
  { name: "save", argument: "FILE", description: "Write the conversation to a file" },
  { name: "resume", argument: "[id]", description: "Go on with an earlier conversation" },
  { name: "clear", description: "Begin a new conversation" },
  { name: "help", description: "Show this list" },
  { name: "quit", aliases: ["exit"], description: "Leave" },
] as const satisfies readonly SlashCommand[];

type SlashCommand = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly argument?: string;
  readonly description: string;
};

type SlashName = (typeof SLASH_COMMANDS)[number]["name"];

/** What a line means that begins with a slash. */
export type ParsedSlash =
  | { readonly kind: "command"; readonly name: SlashName; readonly argument: string | undefined }
  | { readonly kind: "unknown"; readonly word: string }
  /** A word alone that other programs leave with, or ask for help with. */
  | { readonly kind: "bare"; readonly means: "quit" | "help" }
  /** A command with a word that it does not take. */
  | { readonly kind: "extra"; readonly name: SlashName };

const ALL: readonly SlashCommand[] = SLASH_COMMANDS;

/** What people type to leave other programs, or to be helped by them. */
const BARE: Readonly<Record<string, "quit" | "help">> = {
  exit: "quit",
  quit: "quit",
  "exit()": "quit",
  "quit()": "quit",
  ":q": "quit",
  ":q!": "quit",
  help: "help",
  "?": "help",
};

/**
 * A line that is a slash and a word; `undefined`: it is for the model, as a path is. Input methods
 * for Chinese type the slash and the question mark at full width.
 */
export function parseSlash(line: string): ParsedSlash | undefined {
  const typed = line
    .trim()
    .replace(/^\uff0f/, "/")
    .replace(/^(\/?)\uff1f$/, "$1?");
  const bare = typed.toLowerCase();
  if (Object.hasOwn(BARE, bare)) {
    return { kind: "bare", means: BARE[bare] ?? "help" };
  }
  const [, word, rest = ""] = /^\/([a-z?][\w-]*|(?=$))(?:\s+([\s\S]*))?$/i.exec(typed) ?? [];
  if (word === undefined) {
    return undefined;
  }
  const found = SLASH_COMMANDS.find((command: SlashCommand) =>
    [command.name, ...(command.aliases ?? [])].includes(word.toLowerCase()),
  );
  if (found === undefined) {
    return { kind: "unknown", word };
  }
  const argument = rest.trim() || undefined;
  return argument !== undefined && !("argument" in found)
    ? { kind: "extra", name: found.name }
    : { kind: "command", name: found.name, argument };
}

/** Every name that can be typed behind the slash. */
export function slashNames(): string[] {
  return ALL.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
}

export type Completion = {
  readonly line: string;
  /** What to choose from, where several fit. */
  readonly candidates: readonly string[];
};

/**
 * What Tab makes of a line: the whole name when one fits, what all that fit have in common, and the
 * names to show when several do.
 */
export function completeSlash(line: string): Completion {
  const [, typed] = /^\/([a-z-]*)$/i.exec(line) ?? [];
  const fitting = typed === undefined ? [] : slashNames().filter((name) => name.startsWith(typed));
  const [first, ...others] = fitting;
  if (first === undefined) {
    return { line, candidates: [] };
  }
  if (others.length === 0) {
    return { line: `/${first} `, candidates: [] };
  }
  return { line: `/${commonStart(fitting)}`, candidates: fitting.map((name) => `/${name}`) };
}

/** What all of them begin with. */
export function commonStart(names: readonly string[]): string {
  const [first = ""] = names;
  let length = first.length;
  while (!names.every((name) => name.startsWith(first.slice(0, length)))) {
    length -= 1;
  }
  return first.slice(0, length);
}

/** `/help`: a row for each command. */
export function slashHelp(): string[] {
  const rows = ALL.map(({ name, aliases = [], argument, description }) => {
    const names = [name, ...aliases].map((each) => `/${each}`).join(", ");
    return [argument === undefined ? names : `${names} ${argument}`, description] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
