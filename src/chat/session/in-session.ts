import type { Output } from "../../runtime.ts";

/** What does in a session what a command of a shell does. */
const SLASH: readonly (readonly [shell: RegExp, slash: string])[] = [
  [/^auth status$/, "/status"],
  [/^auth switch(?: .*)?$/, "/model"],
  [/^auth(?: login)?$/, "/auth"],
  [/^auth (?:coding-plan|api-key)(?: --(?:provider|region) [\w-]+)*$/, "/auth"],
  [/^models$/, "/model"],
  [/^models --remote$/, "/models"],
  [/^--resume$/, "/resume"],
];

/** A command in backticks, and one that a line ends with: `Run: qwen auth`. */
const QUOTED = /`qwen ([a-z-][^`]*)`/g;
const BARE = /((?::|, or) +)qwen ((?:auth|models|trust|doctor)\b[^,\r\n]*)/g;

/** The same command named twice, since two of a shell are one here; also in Chinese. */
const TWICE = /(\/[a-z]+)(?:,? or | 或 |，或 )\1(?![\w-])/g;

/** No blank stands beside the brackets of Chinese. */
const WIDE_BRACKETS = / (（[^（）]*）) ?/g;

/**
 * A text of ours as it is said in a session, where nobody can type the commands of a shell: those
 * that have a slash command become it, others are said to be for a shell (`spec/on-a-terminal.md`).
 * @param forShell how that is said
 */
export function inSession(text: string, forShell: string): string {
  const slashFor = (command: string): string | undefined =>
    SLASH.find(([shell]) => shell.test(command))?.[1];
  return text
    .replace(QUOTED, (quoted, command) => slashFor(command) ?? `${quoted} ${forShell}`)
    .replace(BARE, (_all, before, command) => {
      const slash = slashFor(command.trimEnd());
      return `${before}${slash ?? `qwen ${command} ${forShell}`}`;
    })
    .replace(TWICE, "$1")
    .replace(WIDE_BRACKETS, "$1");
}

/** Output of commands that speak of shells, for a session. */
export function sessionOutput(output: Output): Output {
  return {
    ...output,
    write: async (text, of) => {
      const isOurs = of !== "data" && text.includes("qwen ");
      await output.write(
        isOurs ? inSession(await output.inWords(text), await output.inWords("(in a shell)")) : text,
        of,
      );
    },
  };
}
