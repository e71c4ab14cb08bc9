import { type Flags, GLOBAL_FLAGS } from "../commands/command.ts";
import { PLAIN, type Style } from "../terminal/style.ts";
import { type BoundCommand, COMMANDS, type CommandEntry, GROUPS } from "./commands.ts";

type Row = readonly [left: string, right: string];

/** `qwen --help`. */
export function renderRootHelp(style: Style = PLAIN): string {
  return page([
    "Set up credentials for Qwen Code models and compatible providers.",
    section("Usage", ["qwen <command> [flags]"], style),
    section("Commands", table(COMMANDS.map(commandRow)), style),
    section("Help topics", table([["exit-codes", "What every exit code means"]]), style),
    section("Global flags", table(flagRows(GLOBAL_FLAGS)), style),
    section(
      "Examples",
      [
        "qwen auth",
        'printf %s "$KEY" | qwen auth api-key --provider deepseek --key-stdin',
        "qwen auth status --json",
      ],
      style,
    ),
    "Run `qwen <command> --help` for the flags of a command.",
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
  const word = argument === undefined ? "" : ` [${argument.name}]`;
  const rows: readonly Row[] =
    argument === undefined ? [] : [[argument.name, argument.description]];
  return page([
    `${summary}.`,
    ...(details === undefined ? [] : [details.join("\n")]),
    section("Usage", [`qwen ${words.join(" ")}${word} [flags]`], style),
    ...(rows.length === 0 ? [] : [section("Arguments", table(rows), style)]),
    section("Flags", table(flagRows(flags)), style),
    section("Examples", examples, style),
    `Global flags (see \`qwen --help\`):\n  ${Object.keys(GLOBAL_FLAGS)
      .map((name) => `--${name}`)
      .join(" ")}`,
  ]);
}

/** `qwen help exit-codes`. */
export function renderExitCodes(style: Style = PLAIN): string {
  const rows: readonly Row[] = [
    ["0", "Done"],
    ["1", "Failed for another reason: the file system refused, output could not be written"],
    ["2", "Usage: unknown flag, bad value, missing input without a terminal"],
    ["3", "A settings, .env, key or trust file cannot be used as it is"],
    ["4", "Not authenticated: nothing configured, key missing, or key withheld"],
    ["130", "Interrupted (Ctrl+C); nothing was written"],
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
