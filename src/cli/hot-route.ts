import { STATUS_FLAGS } from "../flags/auth/status-flags.ts";
import { TOKEN_FLAGS } from "../flags/auth/token-flags.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";
import { bind, type CommandEntry } from "./command-entry.ts";
import type { Arguments } from "./parse-arguments.ts";

/**
 * The commands that scripts call before everything and that must start at once: their part of the
 * table of commands stands here, so that it is loaded without the rest (DESIGN.md, "Start-up is
 * part of the design").
 */
export const STATUS: CommandEntry = {
  words: ["auth", "status"],
  aliases: [{ words: ["auth", "whoami"] }],
  summary: "Show what is configured and where it comes from",
  flags: STATUS_FLAGS,
  load: async () => bind((await import("../commands/auth/status.ts")).statusCommand),
};

export const TOKEN: CommandEntry = {
  words: ["auth", "token"],
  summary: "Print the key in force",
  flags: TOKEN_FLAGS,
  load: async () => bind((await import("../commands/auth/token.ts")).tokenCommand),
};

/**
 * What `parseArguments` makes of a hot command with nothing but switches behind it, without loading
 * it. `undefined`: another line, which it has to read.
 */
export function readHotRoute(argv: readonly string[]): Arguments | undefined {
  const [group, name, ...rest] = argv;
  const entry = group !== "auth" ? undefined : name === "status" ? STATUS : TOKEN;
  if (entry?.words[1] !== name || entry === undefined) {
    return undefined;
  }
  const values: Record<string, boolean> = {};
  for (const typed of rest) {
    const word = typed.slice(2);
    const flag = entry.flags[word] ?? GLOBAL_FLAGS[word];
    if (!typed.startsWith("--") || flag?.type !== "boolean") {
      return undefined;
    }
    values[word] = true;
  }
  return {
    entry,
    words: entry.words,
    extraWords: [],
    afterDashes: [],
    isQuestion: false,
    values,
    jsonWanted: values.json === true,
    helpWanted: false,
    versionWanted: false,
    problem: undefined,
    pending: undefined,
    secrets: [],
  };
}
