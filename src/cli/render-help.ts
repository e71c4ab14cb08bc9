import { PROVIDERS } from "../auth/providers/providers.ts";
import { EXIT_MEANINGS } from "../errors.ts";
import type { Flag, Flags } from "../flags/flag.ts";
import { GATEWAY_FLAGS } from "../flags/gateway-flags.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";
import { PLAIN, type Style } from "../terminal/style.ts";
import type { BoundCommand, CommandEntry } from "./command-entry.ts";
import { COMMANDS, GROUPS } from "./commands.ts";

/** Cells that pages are written for. */
const WIDTH = 80;

type Row = readonly [left: string, right: string];

/** What `qwen help` explains beside commands. */
export const TOPICS: readonly Row[] = [
  ["chat", "Flags of a question"],
  ["network", "Proxies and certificates"],
  ["providers", "Whose keys are set up by name, and flags of gateways"],
  ["exit-codes", "What every exit code means"],
];

/** What needs no command. */
const QUESTION_ROWS: readonly Row[] = [
  ["qwen", "Talk with a model: a session; `/help` in it"],
  ['qwen "question" [flags]', "Ask once; flags: `qwen help chat`"],
];

const VERSION_ROW: Row = [
  "-V, --version",
  "Print the version; `qwen version` tells all of this build",
];

/** `qwen --help`. */
export function renderRootHelp(style: Style = PLAIN): string {
  const topics = TOPICS.map(([name]) => name).join("|");
  return page([
    "Set up credentials for Qwen Code models and others, and talk to the models.",
    section("Usage", ["qwen <command> [flags]", ...table(QUESTION_ROWS)], style),
    section(
      "Commands",
      table(COMMANDS.filter(({ isOfGroup }) => isOfGroup !== true).map(commandRow)),
      style,
    ),
    section("Global flags", table([...flagRows(GLOBAL_FLAGS), VERSION_ROW]), style),
    section(
      "Examples",
      ['printf %s "$KEY" | qwen auth api-key --provider deepseek --key-stdin'],
      style,
    ),
    `More: \`qwen <command> --help\`, \`qwen help ${topics}\``,
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
    `\`qwen ${group} deepseek\`, or any other provider, is short for\n\`qwen ${group} api-key --provider deepseek\`.`,
    `Run \`qwen ${group} <command> --help\` for the flags of a command.`,
  ]);
}

/** `qwen auth status --help`. */
export function renderCommandHelp(
  { words, summary, flags, argument }: CommandEntry,
  { examples, details }: BoundCommand,
  { style = PLAIN, columns = WIDTH }: { style?: Style; columns?: number | undefined } = {},
): string {
  const word = argument === undefined ? [] : [`[${argument.name}]`];
  const usage =
    argument?.isProgram === true
      ? [...words, "[flags] [--]", argument.name, "[ARG...]"]
      : [...words, ...word, "[flags]"];
  const topic = words.length === 0 ? "chat" : undefined;
  const rows: readonly Row[] =
    argument === undefined ? [] : [[argument.name, argument.description]];
  return page([
    `${summary}.`,
    ...paragraphs(details ?? [], columns),
    section("Usage", [["qwen", ...usage].join(" ")], style),
    ...(rows.length === 0 ? [] : [section("Arguments", table(rows), style)]),
    ...(Object.keys(flags).length === 0
      ? []
      : [section("Flags", table(flagRows(ownFlags(flags, topic))), style)]),
    section("Examples", examples, style),
    topic === undefined && Object.values(flags).some((flag) => flag.topic === "chat")
      ? "More flags: `qwen help chat` (what is in force), `qwen --help` (all commands)."
      : "Global flags: see `qwen --help`.",
  ]);
}

/** Lines that fit no narrower screen become a paragraph, which is wrapped; commands stay lines. */
function paragraphs(details: readonly string[], columns: number): readonly string[] {
  return details
    .join("\n")
    .split("\n\n")
    .map((text) => (columns < WIDTH && !text.startsWith(" ") ? text.replaceAll("\n", " ") : text))
    .filter((text) => text !== "");
}

/** The pages of what is no command. */
export const TOPIC_PAGES: ReadonlyMap<string, (style?: Style) => string> = new Map([
  ["network", renderNetwork],
  ["providers", renderProviders],
  ["exit-codes", renderExitCodes],
]);

/** `qwen help network`. */
function renderNetwork(style: Style = PLAIN): string {
  const own: readonly Row[] = [
    ["--client-cert FILE", "PEM; else QWEN_CLIENT_CERT, `clientCert` in your settings"],
    ["--client-key FILE", "Its key, if in a file of its own; else QWEN_CLIENT_KEY"],
  ];
  return page([
    section(
      "Proxy: the first that is set",
      [
        "--proxy URL, `proxy` in your settings, HTTPS_PROXY or HTTP_PROXY, ALL_PROXY",
        "Hosts that NO_PROXY lists are reached without one.",
      ],
      style,
    ),
    section(
      "Certificates to trust: all of them, beside those that are known",
      ["--ca-cert FILE, QWEN_CA_CERT, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE"],
      style,
    ),
    section("A certificate of your own, for servers that want one", table(own), style),
    "A project's files name none of these. Certificates are always checked.",
  ]);
}

/** `qwen help providers`. */
function renderProviders(style: Style = PLAIN): string {
  const rows = PROVIDERS.map(({ id, label }): Row => [id, label.replace(/^Alibaba Cloud /, "")]);
  const half = Math.ceil(rows.length / 2);
  const left = table(rows.slice(0, half));
  const right = table(rows.slice(half));
  const width = Math.max(...left.map((text) => text.length));
  const lines = left.map((text, index) => `${text.padEnd(width)}  ${right[index] ?? ""}`.trimEnd());
  return page([
    "`qwen auth NAME` is short for `qwen auth api-key --provider NAME`.",
    section("Providers", lines, style),
    section("Flags of gateways", table(flagRows(GATEWAY_FLAGS)), style),
    "Of `--header 'X-Key=$VARIABLE'` the variable's name is stored, not its value.",
  ]);
}

/** `qwen help exit-codes`. */
function renderExitCodes(style: Style = PLAIN): string {
  const rows = EXIT_MEANINGS.map(([code, meaning]): Row => [`${code}`, meaning]);
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

/** Those that this page lists, and no other one of `qwen help`. */
function ownFlags(flags: Flags, page: Flag["topic"]): Flags {
  return Object.fromEntries(
    Object.entries(flags).filter(([, { topic }]) => topic === undefined || topic === page),
  );
}

function flagRows(flags: Flags): Row[] {
  return Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .map(flagRow);
}

function flagRow([name, { alias = [], valueHint, description }]: [string, Flag]): Row {
  const short = alias.find((spelling) => spelling.length === 1);
  const spelling = `${short === undefined ? "    " : `-${short}, `}--${name}`;
  return [valueHint === undefined ? spelling : `${spelling} ${valueHint}`, description];
}
