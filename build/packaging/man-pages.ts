import type { CommandEntry } from "../../src/cli/command-entry.ts";
import { CHAT, COMMANDS } from "../../src/cli/commands.ts";
import { TOPIC_PAGES } from "../../src/cli/render-help.ts";
import type { Flag, Flags } from "../../src/flags/flag.ts";
import { GLOBAL_FLAGS } from "../../src/flags/global-flags.ts";
import { VERSION } from "../project.ts";

/** A page of section 1: `qwen-auth-status.1`. */
export type ManPage = { readonly name: string; readonly text: string };

/**
 * A page for the program and one for each command, from the tables that help is made from; `date`
 * is that of the release, such as `2026-01-02`.
 */
export async function renderManPages(date: string): Promise<readonly ManPage[]> {
  const pages = COMMANDS.map((entry) => renderCommand(entry, date));
  return [await renderProgram(date), ...(await Promise.all(pages))];
}

function pageName(words: readonly string[]): string {
  return ["qwen", ...words].join("-");
}

async function renderProgram(date: string): Promise<ManPage> {
  const { details = [], examples } = await CHAT.load();
  const commands = COMMANDS.flatMap(({ words, summary }) => [
    ".TP",
    `.BR ${pageName(words)} (1)`,
    `${plain(summary)}.`,
  ]);
  const topics = [...TOPIC_PAGES].flatMap(([name, render]) => [
    `.SH "${name.replace("-", " ").toUpperCase()}"`,
    ...literal(render().trimEnd().split("\n")),
  ]);
  return page(date, "qwen", [
    ".SH NAME",
    "qwen \\- set up credentials for Qwen Code models and others, and talk to the models",
    ".SH SYNOPSIS",
    ".B qwen",
    "\\fIcommand\\fR [\\fIflags\\fR]",
    ".br",
    ".B qwen",
    "[\\fIquestion\\fR] [\\fIflags\\fR]",
    ".SH DESCRIPTION",
    ...details.map(plain),
    ".SH COMMANDS",
    ...commands,
    ".SH OPTIONS",
    ...options({ ...CHAT.flags, ...GLOBAL_FLAGS }),
    ...topics,
    ...files(),
    ...exampleSection(examples),
  ]);
}

async function renderCommand(entry: CommandEntry, date: string): Promise<ManPage> {
  const { words, summary, flags, argument } = entry;
  const { details = [], examples } = await entry.load();
  const taken =
    argument === undefined
      ? []
      : [".SH ARGUMENTS", ".TP", `\\fI${plain(argument.name)}\\fR`, plain(argument.description)];
  return page(date, pageName(words), [
    ".SH NAME",
    `${pageName(words)} \\- ${plain(summary)}`,
    ".SH SYNOPSIS",
    `.B ${["qwen", ...words].map(plain).join(" ")}`,
    `${argument === undefined ? "" : `[\\fI${plain(argument.name)}\\fR] `}[\\fIflags\\fR]`,
    ".SH DESCRIPTION",
    `${plain(summary)}.`,
    ...(details.length === 0 ? [] : [".PP", ...literal(details)]),
    ...taken,
    ".SH OPTIONS",
    ...options(flags),
    "Flags that every command takes are described in",
    ".BR qwen (1).",
    ...exampleSection(examples),
    ".SH SEE ALSO",
    ".BR qwen (1)",
  ]);
}

function page(date: string, name: string, lines: readonly string[]): ManPage {
  const title = `.TH ${name.toUpperCase()} 1 "${date}" "qwen ${VERSION}" "User Commands"`;
  return { name: `${name}.1`, text: `${[title, ...lines].join("\n")}\n` };
}

function options(flags: Flags): string[] {
  return Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .flatMap(([name, flag]) => [".TP", spelling(name, flag), `${plain(flag.description)}.`]);
}

function spelling(name: string, { alias = [], valueHint }: Flag): string {
  const short = alias.filter((other) => other.length === 1).map((other) => `\\fB\\-${other}\\fR, `);
  const argument = valueHint === undefined ? "" : ` \\fI${plain(valueHint)}\\fR`;
  return `${short.join("")}\\fB\\-\\-${plain(name)}\\fR${argument}`;
}

function files(): string[] {
  return [
    ".SH FILES",
    ".TP",
    ".I ~/.qwen/settings.json",
    "Settings, shared with Qwen Code;",
    ".B QWEN_HOME",
    "names another directory.",
    ".TP",
    ".I ~/.qwen/.env",
    "Variables, one a line.",
  ];
}

function exampleSection(examples: readonly string[]): string[] {
  return examples.length === 0 ? [] : [".SH EXAMPLES", ...literal(examples)];
}

/** Lines as they are. */
function literal(lines: readonly string[]): string[] {
  return [".nf", ...lines.map((line) => plain(line) || ".sp"), ".fi"];
}

/** Text that roff prints as it is: it has a meaning for backslashes, and for the start of a line. */
function plain(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/, "\\&");
}
