import { describe, expect, test } from "bun:test";
import type { CommandEntry } from "../../src/cli/command-entry.ts";
import { CHAT, COMMANDS, TABLES } from "../../src/cli/commands.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import type { Flags, FlagValues } from "../../src/flags/flag.ts";
import { GLOBAL_FLAGS } from "../../src/flags/global-flags.ts";
import { readLine } from "../support/read-line.ts";

const KEY = "u9Kq-USERSECRET0123456789abcdefghi";

const FLAGS: Flags = {
  region: { type: "string", alias: ["r"], valueHint: "NAME", description: "" },
  "key-stdin": { type: "boolean", alias: ["with-token"], description: "" },
  json: { type: "boolean", description: "" },
  "no-key": { type: "boolean", description: "" },
  key: { type: "string", description: "" },
  model: { type: "string", isList: true, alias: ["m"], valueHint: "ID", description: "" },
  secret: { type: "string", hidden: true, description: "" },
};

/** Reads what follows a command with these flags, and a word where it takes one. */
function readBehind(argv: readonly string[], more: Pick<CommandEntry, "argument"> = {}) {
  const entry = { ...CHAT, words: ["do"], flags: FLAGS };
  const { argument, ...wordless } = entry;
  const commands = [{ ...wordless, ...more }];
  return parseArguments(["do", ...argv], { ...TABLES, commands });
}

describe("parseArguments() gives values by their flags' names:", () => {
  test.each<[argv: readonly string[], values: FlagValues]>([
    [["--region", "china"], { region: "china" }],
    [["--region=china"], { region: "china" }],
    [["-r", "china"], { region: "china" }],
    [["-rchina"], { region: "china" }],
    [["-r=china"], { region: "china" }],
    [["-r="], { region: "" }],
    [["--region="], { region: "" }],
    [["--region=--x"], { region: "--x" }],
    [["--region", "-"], { region: "-" }],
    [["--region=a=b"], { region: "a=b" }],
    [["--region", "a b\n"], { region: "a b\n" }],
    [["--region", "a", "--region", "b"], { region: "b" }],
    [["--with-token"], { "key-stdin": true }],
    [["--json=true"], { json: true }],
    [["--json=false"], {}],
    [["--json", "--json=false"], { json: true }],
    [["--"], {}],
    [["--no-key"], { "no-key": true }],
    [["--no-key", "--key", "k"], { "no-key": true, key: "k" }],
    [["--model", "a", "-m", "b, c", "-r", "x"], { model: ["a", "b", "c"], region: "x" }],
    [["--json", "-q", "--region", "x"], { json: true, quiet: true, region: "x" }],
  ])("%j", async (argv, values) => {
    expect(await readBehind(argv)).toMatchObject({ problem: undefined, values });
    expect((await readBehind(argv)).values).toEqual(values);
  });

  test.each<[argv: readonly string[], values: FlagValues]>([
    [["glm-5"], { id: "glm-5" }],
    [["--json", "glm-5"], { id: "glm-5", json: true }],
    [["glm-5", "-r", "x"], { id: "glm-5", region: "x" }],
    [["--", "-odd"], { id: "-odd" }],
    [["--", "--json"], { id: "--json" }],
    [["-"], { id: "-" }],
    [[], {}],
  ])("%j where a word is taken", async (argv, values) => {
    const read = await readBehind(argv, { argument: named({}) });
    expect([read.problem, read.values]).toEqual([undefined, values]);
  });

  test.each<[argv: readonly string[], values: FlagValues]>([
    [["a", "--json", "b"], { id: "a b", json: true }],
    [["a", "--", "--json", "b"], { id: "a --json b" }],
  ])("%j where all words are one text", async (argv, values) => {
    expect((await readBehind(argv, { argument: named({ isRest: true }) })).values).toEqual(values);
  });

  test.each<[argv: readonly string[], values: FlagValues]>([
    [["ls", "--json", "--help"], { id: ["ls", "--json", "--help"] }],
    [["--json", "ls", "--json"], { id: ["ls", "--json"], json: true }],
    [["-r", "x", "ls", "--", "-q"], { id: ["ls", "--", "-q"], region: "x" }],
    [["--json", "--", "-odd", "--", "x"], { id: ["-odd", "--", "x"], json: true }],
    [["--", "ls", "--version"], { id: ["ls", "--version"] }],
    [["--json", "-"], { id: ["-"], json: true }],
    [["--json"], { json: true }],
  ])("%j where words are a program", async (argv, values) => {
    const read = await readBehind(argv, { argument: named({ isProgram: true }) });
    expect([read.problem, read.values]).toEqual([undefined, values]);
    expect([read.helpWanted, read.versionWanted]).toEqual([false, false]);
  });
});

describe("parseArguments() finds a problem in", () => {
  test.each([
    [["--regio", "x"], "unknown-flag", "Cannot read `--regio`: this flag is unknown"],
    [["-x"], "unknown-flag", "Cannot read `-x`: this flag is unknown"],
    [["--r", "x"], "unknown-flag", "Cannot read `--r`: this flag is unknown"],
    [["--provider", "x"], "unknown-flag", "Cannot read `--provider`: this flag is unknown"],
    [["--version"], "unknown-flag", "Cannot read `--version`: it stands alone"],
    [["--help=x"], "unknown-flag", "Cannot read `--help`: it has no value"],
    [["-region", "x"], "unknown-flag", "Cannot read `-region`: a flag of several letters has"],
    [["-json"], "unknown-flag", "Cannot read `-json`: a flag of several letters has two dashes"],
    [["--region"], "missing-value", "Cannot read `--region`: its value is missing"],
    [["--region", "--json"], "missing-value", "Cannot read `--region`: its value is missing"],
    [["--region", "--", "x"], "missing-value", "Cannot read `--region`: its value is missing"],
    [["--json=yes"], "invalid-value", "Cannot give `--json` a value: it is a switch"],
    [["-qd"], "invalid-value", "Cannot give `-q` a value: it is a switch"],
    [["--json=", "--x"], "invalid-value", "Cannot give `--json` a value: it is a switch"],
    [[KEY], "usage", "Cannot use an extra word: this command takes flags only"],
    [["--", KEY], "usage", "Cannot use an extra word: this command takes flags only"],
  ])("%j", async (argv, code, message) => {
    const { problem } = await readBehind(argv);
    expect(problem?.code).toBe(code as typeof problem extends undefined ? never : "usage");
    expect(problem?.message).toStartWith(message);
    expect(problem?.message).not.toContain(KEY);
  });

  test("a second word, without repeating it", async () => {
    const { problem } = await readBehind(["a", KEY], { argument: named({}) });
    expect(problem?.message).toBe(
      "Cannot use an extra word: this command takes flags and one word",
    );
  });

  test("flags, and says where a key goes only where a command takes one", async () => {
    const hint = async (line: string) => (await readLine(line)).problem?.hint;
    expect(await hint("auth api-key list")).toBe(
      "add `--help` to see what it takes; a key goes to `--key-stdin`",
    );
    expect(await hint("models list")).toBe("add `--help` to see what it takes");
    expect(await hint("auth logout deepseek")).toBe("write `--provider deepseek`");
  });

  test.each([
    ["auth deepseek --provider openai", "qwen auth deepseek"],
    ["auth deepseek --provider=openai --key-stdin", "qwen auth deepseek"],
    ["--provider openai auth deepseek", undefined],
    ["auth deepseek --provider deepseek", undefined],
    ["auth api-key --provider openai", undefined],
  ])("a flag that says something else than the word: %s", async (line, words) => {
    const { problem } = await readLine(line);
    const message = `Cannot use \`--provider\` with \`${words}\`: the two name different things`;
    expect(problem?.code === "invalid-value" ? problem.message : undefined).toBe(
      words === undefined ? undefined : message,
    );
  });

  test("an unknown flag, and suggests flags that help lists, and no hidden ones", async () => {
    const { problem } = await readBehind(["--x"]);
    const shown = [FLAGS, GLOBAL_FLAGS].flatMap((flags) =>
      Object.entries(flags).flatMap(([name, { hidden }]) => (hidden === true ? [] : `--${name}`)),
    );
    expect(problem?.suggest).toEqual({ word: "--x", from: [...shown, "--help", "--version"] });
  });

  test("one word, and reads the others all the same", async () => {
    const read = await readBehind(["--bogus", "--json", "-r", "x", "--region", "--color", "never"]);
    expect(read.problem?.message).toBe("Cannot read `--bogus`: this flag is unknown");
    expect(read.values).toEqual({ json: true, region: "x", color: "never" });
  });
});

describe("parseArguments() finds the command of", () => {
  test.each<[line: string, command: string, extra: readonly string[]]>([
    ["", "", []],
    ["hello world", "", ["hello", "world"]],
    ["auth", "auth", []],
    ["auth login", "auth", []],
    ["auth status", "auth status", []],
    ["auth whoami -q", "auth status", []],
    ["auth status extra -q more", "auth status", ["extra", "more"]],
    ["auth nonsense", "", ["auth", "nonsense"]],
    ["auth --json status", "auth", ["status"]],
    ["-m glm-5 auth status", "auth status", []],
    ["-mglm-5 auth status", "auth status", []],
    ["-m --json auth status", "auth status", []],
    ["--region china auth coding-plan", "", ["china", "auth", "coding-plan"]],
    ["--region=china auth coding-plan", "auth coding-plan", []],
    ["-p x auth status", "", ["auth", "status"]],
    ["-px auth status", "", ["auth", "status"]],
    ["--prompt-interactive=x auth status", "", ["auth", "status"]],
    ["-- auth status", "", []],
    ["-m x -- auth status", "", []],
    ["models -- auth", "models", []],
    ["auth -", "auth", ["-"]],
  ])("`%s`: `%s`", async (line, command, extra) => {
    const { entry, extraWords } = await readLine(line);
    expect([entry.words.join(" "), extraWords]).toEqual([command, extra]);
  });

  test("an alias with what it stands for", async () => {
    const { entry, values } = await readLine("auth openrouter -m x");
    expect(entry.words).toEqual(["auth", "api-key"]);
    expect(values).toEqual({ provider: "openrouter", model: ["x"] });
  });
});

test.each([
  ["--help"],
  ["-h"],
  ["--version"],
  ["-V"],
  ["--json"],
  ["--debug"],
  ["-d"],
  ["--color=always"],
  ["-o json"],
  ["--key sk-1"],
  ["auth status"],
])("parseArguments() takes `%s` behind -- as words", async (line) => {
  const words = line.split(" ");
  expect(await parseArguments(["--", ...words], TABLES)).toEqual({
    entry: CHAT,
    words: [],
    extraWords: [],
    afterDashes: words,
    isQuestion: true,
    values: { question: line },
    helpWanted: false,
    versionWanted: false,
    jsonWanted: false,
    problem: undefined,
    pending: undefined,
    secrets: [],
  });
});

describe("parseArguments() says what is asked beside a command by", () => {
  test.each([
    ["auth status --help", { helpWanted: true }],
    ["-m --help", { helpWanted: true }],
    ["-p -h", { helpWanted: true }],
    ["--system-prompt=--help", { helpWanted: false }],
    ["--no-input --version", { versionWanted: true }],
    ["auth env --json", { jsonWanted: true }],
    ["hello --json=false", { jsonWanted: false }],
    ["-p --json", { jsonWanted: true }],
    ["auth env --shell", { pending: { valueHint: "NAME" } }],
    ["auth env --shell -q", { pending: undefined }],
    ["models --shell", { pending: undefined }],
  ])("`%s`", async (line, expected) => {
    expect(await readLine(line)).toMatchObject(expected);
  });
});

describe("parseArguments() finds the secret in", () => {
  test.each<[line: string, secrets: readonly (readonly [index: number, text: string])[]]>([
    ["--openai-api-key short", [[1, "short"]]],
    ["--openai-api-key=a=b", [[0, "a=b"]]],
    ["auth api-key --key K -q", [[3, "K"]]],
    ["auth api-key -k K", [[3, "K"]]],
    ["auth api-key -kK", [[2, "K"]]],
    ["auth api-key -k=K", [[2, "K"]]],
    [
      "auth api-key --api-key K --key=L",
      [
        [3, "K"],
        [4, "L"],
      ],
    ],
    // Where a flag has no place, its value is a key all the same.
    ["models --key K", [[2, "K"]]],
    ["-p Hi --api-key=K", [[2, "K"]]],
    ["--key K auth status", [[1, "K"]]],
    // Where it is written wrongly, too.
    ["auth api-key -key K", [[3, "K"]]],
    ["auth api-key -key=K", [[2, "K"]]],
    ["auth api-key --key -K", [[3, "-K"]]],
    ["auth api-key --key --K3y", [[3, "--K3y"]]],
    ["auth api-key --key --json", []],
    ["auth api-key --key", []],
    ["auth api-key --key=", []],
    ["models --proxy u:p@h", [[2, "u:p@h"]]],
    ["--proxy=u:p@h models", [[0, "u:p@h"]]],
    ["auth api-key --key-env NAME --key-file PATH --key-stdin", []],
    ["-- --key K", []],
    ["__complete 3 -- auth api-key --key K --jso", [[6, "K"]]],
    ["__complete 3 -- models -kK", [[4, "K"]]],
  ])("`%s`", async (line, secrets) => {
    const { secrets: found } = await readLine(line);
    expect(found.map(({ index, text }) => [index, text])).toEqual(secrets.map((each) => [...each]));
  });
});

test("a flag means the same, and takes a value or none, in every table", () => {
  const tables = [CHAT, ...COMMANDS].map(({ flags }) => ({ ...flags, ...GLOBAL_FLAGS }));
  const types = new Map<string, string>();
  for (const [name, { type, alias = [], secret }] of tables.flatMap(
    Object.entries<Flags[string]>,
  )) {
    for (const spelling of [name, ...alias]) {
      const said = `${type} ${secret}`;
      expect([spelling, types.get(spelling) ?? said]).toEqual([spelling, said]);
      types.set(spelling, said);
    }
  }
  expect(types.get("key")).toBe("string whole");
});

function named(more: Partial<NonNullable<CommandEntry["argument"]>>) {
  return { type: "positional", name: "id", description: "", ...more } as const;
}
