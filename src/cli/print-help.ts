import { EXIT, type ExitCode, UsageError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle } from "../terminal/style.ts";
import { colorOf } from "./color-of.ts";
import { CHAT, COMMAND_NAMES, GROUPS, TABLES } from "./commands.ts";
import { findCommand } from "./find-command.ts";
import type { Arguments } from "./parse-arguments.ts";
import {
  renderCommandHelp,
  renderGroupHelp,
  renderRootHelp,
  TOPIC_PAGES,
  TOPICS,
} from "./render-help.ts";

/**
 * Prints a page of help.
 * @throws UsageError when there is none of that name
 */
export async function printHelp(
  runtime: Pick<Runtime, "env" | "stdout">,
  given: Arguments,
): Promise<ExitCode> {
  const words = topicOf(given);
  const style = await chooseStyle(runtime, runtime.stdout, colorOf(given));
  const found =
    words[0] === "chat" && words.length === 1 ? { entry: CHAT } : findCommand(words, TABLES);
  const [first] = words;
  if (first === undefined) {
    await runtime.stdout.write(renderRootHelp(style));
  } else if (
    Object.hasOwn(GROUPS, first) &&
    (words.length === 1 || found?.entry.words.length === 1)
  ) {
    await runtime.stdout.write(renderGroupHelp(first, style));
  } else if (found !== undefined) {
    const command = await found.entry.load();
    const columns = await runtime.stdout.columns();
    await runtime.stdout.write(renderCommandHelp(found.entry, command, { style, columns }));
  } else {
    const renderTopic = words.length === 1 ? TOPIC_PAGES.get(first) : undefined;
    if (renderTopic === undefined) {
      throw await unknownTopic(words);
    }
    await runtime.stdout.write(renderTopic(style));
  }
  return EXIT.ok;
}

/** The words behind `help`, or those before `--help`; what names nothing is a question. */
function topicOf({ entry, words, isQuestion }: Arguments): readonly string[] {
  const [first] = words;
  if (first === "help" && !isQuestion) {
    return words.slice(1);
  }
  const isNamed = entry !== CHAT || (first !== undefined && Object.hasOwn(GROUPS, first));
  return isQuestion || (first !== undefined && !isNamed) ? ["chat"] : words;
}

/** What `qwen help` was asked about is no question to a model. */
async function unknownTopic(words: readonly string[]): Promise<UsageError> {
  const { isPlainWord, unknownCommand } = await import("./unknown-command.ts");
  const [first = "", second] = words;
  if (second !== undefined || Object.hasOwn(GROUPS, first) || !isPlainWord(first)) {
    return unknownCommand(words);
  }
  const topics = [...COMMAND_NAMES, ...TOPICS.map(([name]) => name)];
  return new UsageError(`Cannot explain \`${first}\`: there is no such command`, {
    code: "unknown-command",
    hint: "run `qwen --help`",
    suggest: { word: first, from: [...new Set(topics)] },
  });
}
