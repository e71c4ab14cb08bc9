import type { ErrorCode, QwenError } from "../../errors.ts";
import { shellHints } from "../../lib/shell-hints.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Output } from "../../runtime.ts";
import type { Style } from "../../terminal/style.ts";
import { type ParsedSlash, slashNames } from "./slash-commands.ts";

type Screen = { readonly stdout: Output; readonly platform: string };

/** Behind a message that failed: it is not at the prompt, where another would be typed behind it. */
export const CALL_UP = "↑ calls the message up again.";

/** What keys do, below the list of commands. */
export const KEYS_HELP: readonly string[] = [
  "",
  "Enter sends; Ctrl+J, Alt+Enter or \\ and Enter begin a new line.",
  "↑ and ↓ call up earlier lines, Ctrl+R searches them, Ctrl+G opens your editor.",
  "Tab completes commands, models and paths; @path sends a text file along.",
  "Esc or Ctrl+C stops an answer; Ctrl+C twice or Ctrl+D leaves.",
];

/** Shows lines; the terminal is raw, so a line break takes both characters. */
export async function say(
  { stdout }: Pick<Screen, "stdout">,
  lines: readonly string[],
  of?: "data",
): Promise<void> {
  if (lines.length > 0) {
    await stdout.write(`${lines.join("\r\n")}\r\n`, of);
  }
}

const SET_UP = "type /auth to set up credentials, or /model to choose another model";

/** What to type in a session about some problems, where elsewhere a command would be run. */
const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  "key-rejected": SET_UP,
  "key-missing": SET_UP,
  "not-configured": SET_UP,
  "model-missing": SET_UP,
  "unknown-model": "type /model to choose another one",
  "prompt-too-long": "type /clear to begin anew, or /model to choose one with a larger window",
};

/** Says what failed and what to do about it in a session. */
export async function sayProblem(
  screen: Screen,
  { code, message, hint, suggest }: QwenError,
  { red, bold }: Style,
): Promise<void> {
  const { closestTo } = await import("../../lib/closest.ts");
  const meant = suggest && closestTo(suggest.word, suggest.from);
  const remedy =
    meant === undefined
      ? (REMEDIES[code] ?? hint)
      : `did you mean "${meant}"? Type /model ${meant} to ask it`;
  await say(screen, [
    `${red("error:")} ${visibleText(message)}`,
    ...(remedy === undefined
      ? []
      : [`${bold("hint:")} ${shellHints(visibleText(remedy), screen.platform)}`]),
  ]);
}

/** Why a line that begins with a slash is no command. */
export async function slashComplaint(
  slash: Exclude<ParsedSlash, { readonly kind: "command" }>,
): Promise<string> {
  if (slash.kind === "bare") {
    return slash.means === "quit" ? "Leave with /quit or Ctrl+D." : "/help lists the commands.";
  }
  if (slash.kind === "extra") {
    return `/${slash.name} takes nothing behind it.`;
  }
  const { closestTo } = await import("../../lib/closest.ts");
  const { word } = slash;
  const begun = slashNames().filter((name) => name.startsWith(word.toLowerCase()));
  const near = (word === "" ? undefined : begun[0]) ?? closestTo(word, slashNames());
  const meant = near === undefined ? "/help lists the commands" : `did you mean /${near}?`;
  return `There is no command /${visibleText(word)}; ${meant}`;
}
