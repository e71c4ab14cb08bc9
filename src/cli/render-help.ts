import type { Flags } from "../flags/flag.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";
import { PLAIN, type Style } from "../terminal/style.ts";
import { type BoundCommand, COMMANDS, type CommandEntry, GROUPS } from "./commands.ts";

type Row = readonly [left: string, right: string];

/** What `qwen help` explains beside commands. */
export const TOPICS: readonly Row[] = [
  ["chat", "Flags of a question"],
  ["exit-codes", "What every exit code means"],
];

const VERSION_ROW: Row = ["-V, --version", "Print the version"];

/** `qwen --help`. */
export function renderRootHelp(style: Style = PLAIN): string {
  const topics = TOPICS.map(([name]) => `help ${name}`);
  return page([
    "Set up credentials for Qwen Code models and others, and talk to the models.",
    section("Usage", ["qwen <command> [flags]", "qwen [question] [flags]"], style),
    section(
      "Commands",
      table(COMMANDS.filter(({ isOfGroup }) => isOfGroup !== true).map(commandRow)),
      style,
    ),
    section("Global flags", table([...flagRows(GLOBAL_FLAGS), VERSION_ROW]), style),
    section(
      "Examples",
      [
        'printf %s "$KEY" | qwen auth api-key --provider deepseek --key-stdin',
        'qwen "What does exit code 137 mean?"',
      ],
      style,
    ),
    `More: ${["<command> --help", ...topics].map((words) => `\`qwen ${words}\``).join(", ")}`,
  ]);
}

/** `qwen auth --help`: the commands of a group. */
export function renderGroupHelp(group: string, style: Style = PLAIN): string {
  const commands = COMMANDS.filter(({ words }) => words[0] === group);
  return page([
    `${GROUPS[group]}.`,
    section("Usage", [`qwen ${group} [command] [flags]`], style),
    section("Commands", table(commands.map(commandRow)), style),
    section(
      "Examples",
      [
        "qwen auth",
        'printf %s "$KEY" | qwen auth coding-plan --region china --key-stdin',
        'printf %s "$KEY" | qwen auth api-key --provider deepseek --key-stdin',
        "qwen auth status",
      ],
      style,
    ),
    `Run \`qwen ${group} <command> --help\` for the flags of a command.`,
  ]);
}

/** `qwen auth status --help`. */
export function renderCommandHelp(
  { words, summary }: CommandEntry,
  { flags, examples, details, argument }: BoundCommand,
  style: Style = PLAIN,
): string {
  const word = argument === undefined ? [] : [`[${argument.name}]`];
  const usage =
    argument?.isProgram === true
      ? [...words, "[flags] [--]", argument.name, "[ARG...]"]
      : [...words, ...word, "[flags]"];
  const rows: readonly Row[] =
    argument === undefined ? [] : [[argument.name, argument.description]];
  return page([
    `${summary}.`,
    ...(details === undefined ? [] : [details.join("\n")]),
    section("Usage", [["qwen", ...usage].join(" ")], style),
    ...(rows.length === 0 ? [] : [section("Arguments", table(rows), style)]),
    ...(Object.keys(flags).length === 0 ? [] : [section("Flags", table(flagRows(flags)), style)]),
    section("Examples", examples, style),
    "Global flags: see `qwen --help`.",
  ]);
}

/** `qwen help exit-codes`. */
export function renderExitCodes(style: Style = PLAIN): string {
  const rows: readonly Row[] = [
    ["0", "Done"],
    ["1", "Failed for another reason: unknown model, quota, full disk, a doctor's check"],
    ["2", "Usage: unknown flag, bad value, missing input without a terminal"],
    ["3", "A settings, .env, key, token, trust or certificate file cannot be used"],
    ["4", "Not authenticated: nothing configured, key missing, rejected or withheld"],
    ["5", "The service cannot be reached, or answers 5xx or 429; the answer was cut"],
    ["126", "`auth run`: the program cannot be executed"],
    ["127", "`auth run`: there is no such program"],
    ["130", "Interrupted (Ctrl+C); nothing was written"],
    ["any", "`auth run`: that of the program"],
  ];
  return page([section("Exit codes", table(rows), style)]);
}

function page(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[], style: Style): string {
  return [style.bold(title), ...lines.map((line) => `  ${line}`)].join("\n");
}

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

function commandRow({ words, summary }: CommandEntry): Row {
  return [words.join(" "), summary];
}

function flagRows(flags: Flags): Row[] {
  return Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, { alias = [], value, description }]) => {
      const short = alias.find((spelling) => spelling.length === 1);
      const spelling = `${short === undefined ? "    " : `-${short}, `}--${name}`;
      return [value === undefined ? spelling : `${spelling} ${value}`, description];
    });
}
