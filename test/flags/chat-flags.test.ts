import { describe, expect, test } from "bun:test";
import { type ChatOptions, toChatOptions } from "../../src/flags/chat-flags.ts";
import type { FlagValues } from "../../src/flags/flag.ts";
import { toGlobals } from "../../src/flags/global-flags.ts";
import { problemOf } from "../support/problem-of.ts";

const GLOBALS = toGlobals({ quiet: true, color: "never" });

const NONE: ChatOptions = {
  ...GLOBALS,
  prompt: undefined,
  stays: false,
  connection: {
    authType: undefined,
    model: undefined,
    apiKey: undefined,
    baseUrl: undefined,
    account: undefined,
  },
  format: "text",
  partialMessages: false,
  isRaw: false,
  goesOn: undefined,
  keepsHistory: true,
  files: [],
  showsThinking: false,
  system: undefined,
};

describe("toChatOptions()", () => {
  test.each<[FlagValues, Partial<ChatOptions>]>([
    [{}, {}],
    [{ prompt: "a" }, { prompt: "a" }],
    [{ question: " a b " }, { prompt: " a b " }],
    [{ "prompt-interactive": "a" }, { prompt: "a", stays: true }],
    [{ "output-format": "text" }, {}],
    [{ "output-format": "json" }, { format: "json" }],
    [
      { "output-format": "stream-json", "include-partial-messages": true },
      { format: "stream-json", partialMessages: true },
    ],
    [{ raw: true }, { isRaw: true }],
    [{ continue: true }, { goesOn: { kind: "newest" } }],
    [{ resume: "list" }, { goesOn: { kind: "list" } }],
    [{ resume: "" }, { goesOn: { kind: "list" } }],
    [{ resume: "3f2a" }, { goesOn: { kind: "id", begun: "3f2a" } }],
    [{ continue: false, resume: "3f2a" }, { goesOn: { kind: "id", begun: "3f2a" } }],
    [{ "no-history": true }, { keepsHistory: false }],
    [{ file: ["a,b", "c"] }, { files: ["a,b", "c"] }],
    [{ "show-thinking": true }, { showsThinking: true }],
    [{ "system-prompt": "a" }, { system: "a" }],
    [{ "append-system-prompt": "b" }, { system: "b" }],
    [{ "system-prompt": "a", "append-system-prompt": "b" }, { system: "a\n\nb" }],
    [{ "system-prompt": "", "append-system-prompt": "" }, {}],
    [{ model: " m " }, { connection: { ...NONE.connection, model: "m" } }],
  ])("turns %j into %j", (values, expected) => {
    expect(toChatOptions(values, GLOBALS)).toEqual({ ...NONE, ...expected });
  });

  const two = {
    code: "usage",
    message: "Cannot ask two things: give words, `--prompt` or `-i`",
    hint: "put all of it into one of them, in quotes",
  };
  const nothing = {
    code: "missing-input",
    message: "Cannot ask nothing: the prompt is empty",
    hint: 'write `qwen "your question"`',
  };
  test.each<[FlagValues, object]>([
    [{ prompt: "a", question: "b" }, two],
    [{ prompt: "a", "prompt-interactive": "b" }, two],
    [{ question: "a", "prompt-interactive": "b" }, two],
    [{ prompt: "", question: "b" }, two],
    [{ prompt: "" }, nothing],
    [{ question: " \n\t" }, nothing],
    [{ "prompt-interactive": " " }, nothing],
    [
      { "output-format": "yaml" },
      {
        code: "invalid-value",
        message: 'Cannot print the output format "yaml": it is unknown',
        hint: "choose text, json or stream-json",
      },
    ],
    ...["text", "json"].map((format): [FlagValues, object] => [
      { "output-format": format, "include-partial-messages": true },
      {
        code: "invalid-value",
        message: "Cannot use `--include-partial-messages` without `--output-format stream-json`",
      },
    ]),
    ...["list", "3f2a"].map((resume): [FlagValues, object] => [
      { continue: true, resume },
      {
        code: "invalid-value",
        message: "Cannot go on with two conversations: give `--continue` or `--resume`",
      },
    ]),
  ])("refuses %j", (values, expected) => {
    expect(problemOf(() => toChatOptions(values, GLOBALS))).toMatchObject({
      name: "UsageError",
      ...expected,
    });
  });
});
