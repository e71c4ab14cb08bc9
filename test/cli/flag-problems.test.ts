import { describe, expect, test } from "bun:test";
import * as problems from "../../src/cli/flag-problems.ts";
import type { Flags } from "../../src/flags/flag.ts";

const FLAGS: Flags = {
  json: { type: "boolean", description: "" },
  secret: { type: "string", hidden: true, description: "" },
};
const shown = ({
  message,
  hint,
  code,
  exitCode,
  suggest,
}: ReturnType<typeof problems.noValue>) => ({
  message,
  hint,
  code,
  exitCode,
  suggest,
});
const SEE_HELP = "add `--help` to see what it takes";

test.each([
  [
    problems.oneDash("--provider"),
    "Cannot read `-provider`: a flag of several letters has two dashes",
    "write `--provider`",
    "unknown-flag",
  ],
  [
    problems.noSwitch("--json"),
    "Cannot give `--json` a value: it is a switch",
    "write `--json` alone",
    "invalid-value",
  ],
  [
    problems.noValue("-m"),
    "Cannot read `-m`: its value is missing",
    "write `-m VALUE`, or `-m=VALUE` when the value begins with a dash",
    "missing-value",
  ],
  [
    problems.namedTwice("provider", ["auth", "zai"]),
    "Cannot use `--provider` with `qwen auth zai`: the two name different things",
    "leave one of the two out",
    "invalid-value",
  ],
  [
    problems.unknownFlag("--help", FLAGS),
    "Cannot read `--help`: it has no value",
    "run `qwen --help`",
    "unknown-flag",
  ],
  [
    problems.unknownFlag("--version", FLAGS),
    "Cannot read `--version`: it stands alone",
    "run `qwen --version`",
    "unknown-flag",
  ],
  [
    problems.unknownFlag("-k", FLAGS),
    "Cannot read `-k`: this flag is unknown",
    "write `--openai-api-key KEY`, or run `qwen auth api-key` to store it",
    "unknown-flag",
  ],
])("%s", (error, message, hint, code) => {
  expect(shown(error)).toEqual({
    message,
    hint,
    code,
    exitCode: 2,
    suggest: undefined,
  } as ReturnType<typeof shown>);
});

test.each(["--jsno", "--toString"])("unknownFlag(%j) offers flags that are shown", (typed) => {
  expect(shown(problems.unknownFlag(typed, FLAGS))).toEqual({
    message: `Cannot read \`${typed}\`: this flag is unknown`,
    hint: SEE_HELP,
    code: "unknown-flag",
    exitCode: 2,
    suggest: { word: typed, from: ["--json", "--help", "--version"] },
  });
});

describe("unexpected()", () => {
  const provider: Flags = {
    provider: { type: "string", description: "", offer: async () => ["zai", "kimi"] },
  };
  const keyed: Flags = { "key-stdin": { type: "boolean", description: "" } };
  const argument = { name: "ID", description: "" };
  const KEYED = `${SEE_HELP}; a key goes to \`--key-stdin\``;
  test.each([
    [["a"], { argument: undefined, flags: FLAGS }, "flags only", SEE_HELP],
    [["a", "b"], { argument, flags: FLAGS }, "flags and one word", SEE_HELP],
    [["a"], { argument: undefined, flags: keyed }, "flags only", KEYED],
    [["a"], { argument: undefined, flags: { ...keyed, ...provider } }, "flags only", KEYED],
    [
      ["a", "kimi"],
      { argument: undefined, flags: { ...keyed, ...provider } },
      "flags only",
      "write `--provider kimi`",
    ],
  ])("of %j with %j", async (words, taken, what, hint) => {
    expect(shown(await problems.unexpected(words, taken))).toEqual({
      message: `Cannot use an extra word: this command takes ${what}`,
      ...{ hint, code: "usage", exitCode: 2, suggest: undefined },
    } as ReturnType<typeof shown>);
  });
});
