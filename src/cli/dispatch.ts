import type { Command } from "../commands/command.ts";
import { EXIT, type ExitCode, UsageError } from "../errors.ts";
import { toGlobals } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle, colorFlag } from "../terminal/style.ts";
import { flagsOf, reportError } from "./report-error.ts";
import type { SplitWords } from "./split-words.ts";
import { VERSION_FLAGS } from "./version-flags.ts";

/**
 * Runs what the command line asks for and returns the exit code: one of `EXIT`, or that of a tool.
 * Nothing is thrown.
 */
export async function dispatch(runtime: Runtime): Promise<number> {
  const { trace, version, platform, arch, cwd } = runtime;
  trace?.(() => [`qwen ${version} (${platform} ${arch}) in ${cwd}`]);
  try {
    return await (hotRoute(runtime) ?? route(runtime));
  } catch (error) {
    return reportError(runtime, error);
  }
}

/** Switches that scripts put behind a hot command; anything else takes the full way. */
const HOT_SWITCHES = new Set(["json", "trust", "no-project", "no-input", "quiet"]);

/**
 * The calls that must start at once are recognised by hand, without citty and the table of
 * commands (DESIGN.md, "Start-up is part of the design"). `undefined`: not one of them.
 */
function hotRoute(runtime: Runtime): Promise<number> | undefined {
  const [first, second, ...rest] = runtime.argv;
  const names = rest.map((argument) => argument.replace(/^--/, ""));
  const isPlain = rest.every((argument) => argument.startsWith("--"));
  if (first !== "auth" || !isPlain || !names.every(isHot)) {
    return undefined;
  }
  switch (second) {
    case "status":
      return runHot(
        runtime,
        names,
        async () => (await import("../commands/auth/status.ts")).statusCommand,
      );
    case "token":
      return runHot(
        runtime,
        names,
        async () => (await import("../commands/auth/token.ts")).tokenCommand,
      );
    default:
      return undefined;
  }
}

function isHot(name: string): boolean {
  return HOT_SWITCHES.has(name);
}

async function runHot<Options>(
  runtime: Runtime,
  names: readonly string[],
  load: () => Promise<Command<Options>>,
): Promise<number> {
  const command = await load();
  const values = Object.fromEntries(names.map((name) => [name, true]));
  return command.run(runtime, command.toOptions(values, toGlobals(values)));
}

async function printVersion({ stdout, version }: Runtime): Promise<ExitCode> {
  await stdout.write(`${version}\n`);
  return EXIT.ok;
}

async function route(runtime: Runtime): Promise<number> {
  if (runtime.argv[0] === "__complete") {
    return (await import("./complete.ts")).complete(runtime);
  }
  const { findCommand, GROUPS } = await import("./commands.ts");
  const { splitWords } = await import("./split-words.ts");
  const { words, rest, isQuestion } = splitWords(runtime.argv);
  const [first] = words;
  const found = isQuestion ? undefined : findCommand(words);
  const isNamed = found !== undefined || (first !== undefined && Object.hasOwn(GROUPS, first));
  if (first === "help" && !isQuestion) {
    return printHelp(runtime, words.slice(1));
  }
  const flags = flagsOf(rest);
  if (flags.some((flag) => flag === "--help" || flag === "-h")) {
    const isChat = isQuestion || (first !== undefined && !isNamed);
    return printHelp(runtime, isChat ? ["chat"] : words);
  }
  if (words.length === 0 && flags.some((flag) => VERSION_FLAGS.includes(flag))) {
    return printVersion(runtime);
  }
  if (found !== undefined) {
    const command = await found.entry.load();
    return command.run(runtime, [...found.argv, ...words.slice(found.count), ...rest]);
  }
  return ask(runtime, { words, isQuestion });
}

/** What names no command is a question; nothing at all is a session. */
async function ask(
  runtime: Runtime,
  { words, isQuestion }: Pick<SplitWords, "words" | "isQuestion">,
): Promise<number> {
  if (!isQuestion && words.length > 0) {
    await throwIfCommand(words);
  }
  const { CHAT } = await import("./commands.ts");
  const chat = await CHAT.load();
  return chat.run(runtime, runtime.argv);
}

async function printHelp(runtime: Runtime, words: readonly string[]): Promise<ExitCode> {
  const style = await chooseStyle(runtime, runtime.stdout, colorFlag(runtime.argv));
  const help = await import("./render-help.ts");
  const { CHAT, findCommand, GROUPS } = await import("./commands.ts");
  const found = words[0] === "chat" && words.length === 1 ? { entry: CHAT } : findCommand(words);
  const [first] = words;
  if (first === undefined) {
    await runtime.stdout.write(help.renderRootHelp(style));
  } else if (
    Object.hasOwn(GROUPS, first) &&
    (words.length === 1 || found?.entry.words.length === 1)
  ) {
    await runtime.stdout.write(help.renderGroupHelp(first, style));
  } else if (found !== undefined) {
    const command = await found.entry.load();
    await runtime.stdout.write(help.renderCommandHelp(found.entry, command, style));
  } else {
    const renderTopic = words.length === 1 ? help.TOPIC_PAGES.get(first) : undefined;
    if (renderTopic === undefined) {
      throw await unknownTopic(words);
    }
    await runtime.stdout.write(renderTopic(style));
  }
  return EXIT.ok;
}

/**
 * Words that were meant as a command, or are a key, are no question: nothing of them goes to a
 * model (`spec/cli.md`, "Errors").
 * @throws UsageError for these
 */
async function throwIfCommand(words: readonly string[]): Promise<void> {
  const { GROUPS } = await import("./commands.ts");
  const { isForeign } = await import("./foreign-words.ts");
  const { looksLikeKey } = await import("../secrets/looks-like-key.ts");
  const [first = ""] = words;
  // In a longer text, what only looks random may be the hash of a commit.
  const isKey = (word: string): boolean =>
    looksLikeKey(word) && (words.length === 1 || /^(?:sk-|AIza)/.test(word));
  if (words.some(isKey)) {
    throw new UsageError("Cannot ask this: a word of it looks like a key", {
      hint: "a key goes to `--key-stdin`; to ask the model all the same: `qwen -p TEXT`",
    });
  }
  const isGroup = Object.hasOwn(GROUPS, first);
  if (isGroup || isForeign(words) || (await slipOf(words)) !== undefined) {
    throw await unknownCommand(words);
  }
}

/** The command that one bare word is a slip of, or two with a subcommand behind it. */
async function slipOf(words: readonly string[]): Promise<string | undefined> {
  const { COMMANDS } = await import("./commands.ts");
  const { FOREIGN_WORDS, foreignCommand } = await import("./foreign-words.ts");
  const { findSlip } = await import("./find-slip.ts");
  const [first = "", second] = words;
  const names = [...new Set(COMMANDS.map((entry) => entry.words[0] ?? "")), "help"];
  if (second !== undefined) {
    const group = words.length === 2 ? findSlip(first, names) : undefined;
    const isKnown = COMMANDS.some((entry) => entry.words[0] === group && entry.words[1] === second);
    return isKnown ? `qwen ${group} ${second}` : undefined;
  }
  const inGroup = COMMANDS.flatMap((entry) => entry.words.slice(1));
  const near = findSlip(first, [...names, ...inGroup, ...FOREIGN_WORDS]);
  if (near === undefined) {
    return undefined;
  }
  const meant =
    foreignCommand([near]) ?? (inGroup.includes(near) ? `qwen auth ${near}` : undefined);
  return names.includes(near) ? `qwen ${near}` : meant;
}

/** What may be repeated in a message: a key or a prompt looks different. */
function isPlainWord(word: string): boolean {
  return /^[a-z][a-z-]{0,19}$/i.test(word);
}

/** What `qwen help` was asked about is no question to a model. */
async function unknownTopic(words: readonly string[]): Promise<UsageError> {
  const { COMMANDS, GROUPS } = await import("./commands.ts");
  const { TOPICS } = await import("./render-help.ts");
  const [first = "", second] = words;
  if (second !== undefined || Object.hasOwn(GROUPS, first) || !isPlainWord(first)) {
    return unknownCommand(words);
  }
  const topics = [
    ...COMMANDS.map((entry) => entry.words[0] ?? ""),
    ...TOPICS.map(([name]) => name),
  ];
  return new UsageError(`Cannot explain \`${first}\`: there is no such command`, {
    code: "unknown-command",
    hint: "run `qwen --help`",
    suggest: { word: first, from: [...new Set(topics)] },
  });
}

/** Does not repeat more than the first words: what follows may be a key or a prompt. */
async function unknownCommand(words: readonly string[]): Promise<UsageError> {
  const { COMMANDS, GROUPS } = await import("./commands.ts");
  const { foreignCommand } = await import("./foreign-words.ts");
  const [first = "", second] = words;
  const meant = foreignCommand(words);
  if (meant === undefined && !words.slice(0, 2).every(isPlainWord)) {
    return new UsageError("Cannot run this: there is no such command", {
      code: "unknown-command",
      hint: "run `qwen --help`; a key goes to `--key-stdin`",
    });
  }
  const isInGroup = Object.hasOwn(GROUPS, first) && second !== undefined;
  const typed = isInGroup ? `${first} ${second}` : first;
  const slip = isInGroup || meant !== undefined ? undefined : await slipOf(words);
  if (slip !== undefined) {
    return new UsageError(`Cannot run \`qwen ${typed}\`: there is no such command`, {
      code: "unknown-command",
      hint: `did you mean \`${slip}\`? To ask the model: \`qwen -p ${first}\``,
    });
  }
  const from = isInGroup
    ? COMMANDS.filter((entry) => entry.words[0] === first).flatMap((entry) => entry.words.slice(1))
    : [...new Set(COMMANDS.map((entry) => entry.words[0] ?? "")), "help"];
  return new UsageError(`Cannot run \`qwen ${typed}\`: there is no such command`, {
    code: "unknown-command",
    hint: isInGroup
      ? `run \`${meant ?? `qwen ${first} --help`}\``
      : `run \`${meant ?? "qwen --help"}\`; to ask the model: \`qwen -p ${first}\``,
    ...(meant === undefined ? { suggest: { word: isInGroup ? second : first, from } } : {}),
  });
}
