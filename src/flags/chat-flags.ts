import { UsageError } from "../errors.ts";
import type { ConnectionFlags } from "../models/connection-flags.ts";
import { CONNECTION_FLAGS, toConnectionFlags } from "./connection-flags.ts";
import { type Argument, type Flags, type FlagValues, listOf, textOf } from "./flag.ts";
import type { GlobalOptions } from "./global-flags.ts";

/** How an answer is printed. */
const FORMATS = ["text", "json", "stream-json"] as const;

/** What `qwen` takes beside a question (`spec/cli.md`, "Chat flags"). */
export const CHAT_FLAGS: Flags = {
  prompt: {
    type: "string",
    alias: ["p"],
    valueHint: "TEXT",
    description: "What to ask",
    isPrompt: true,
  },
  "prompt-interactive": {
    type: "string",
    alias: ["i"],
    valueHint: "TEXT",
    description: "Ask this, then stay in the session",
    isPrompt: true,
  },
  ...CONNECTION_FLAGS,
  model: {
    type: "string",
    alias: ["m"],
    valueHint: "ID",
    description: "The model to ask",
    offer: "models",
  },
  "openai-api-key": {
    type: "string",
    valueHint: "KEY",
    description: "Use this key",
    secret: "whole",
  },
  "openai-base-url": { type: "string", valueHint: "URL", description: "Use this endpoint" },
  "output-format": {
    type: "string",
    alias: ["o"],
    valueHint: "NAME",
    description: "text (default), json or stream-json",
    offer: FORMATS,
  },
  raw: { type: "boolean", description: "Show the answer as it came, on a terminal too" },
  continue: {
    type: "boolean",
    alias: ["c"],
    description: "Go on with the newest conversation here",
  },
  resume: {
    type: "string",
    valueHint: "[ID]",
    bare: "list",
    description: "Go on with this one; without ID, from a list",
  },
  "no-history": { type: "boolean", description: "Keep no conversation, nor what is typed" },
  file: {
    type: "string",
    isRepeated: true,
    valueHint: "PATH",
    description: "Send a text file with the question",
    offer: "files",
  },
  "show-thinking": { type: "boolean", description: "Show what the model thinks, on a terminal" },
  "include-partial-messages": {
    type: "boolean",
    description: "With stream-json: also every delta",
  },
  "system-prompt": {
    type: "string",
    valueHint: "TEXT",
    description: "What the model is told first",
  },
  "append-system-prompt": { type: "string", valueHint: "TEXT", description: "And what after that" },
};

/** Words that name no command are one question. */
export const CHAT_ARGUMENT: Argument = {
  type: "positional",
  name: "question",
  description: "What to ask; words are joined",
  isRest: true,
};

export type GoesOn =
  | { readonly kind: "newest" }
  | { readonly kind: "id"; readonly begun: string }
  | { readonly kind: "list" };

export type ChatOptions = GlobalOptions & {
  /** `undefined`: it comes on standard input, or is typed in a session. */
  readonly prompt: string | undefined;
  /** `-i`: a session goes on after the prompt. */
  readonly stays: boolean;
  readonly connection: ConnectionFlags;
  readonly format: (typeof FORMATS)[number];
  readonly partialMessages: boolean;
  /** The conversation that goes on: the newest one here, one by its id, or one from a list. */
  readonly goesOn: GoesOn | undefined;
  /** Conversations and typed lines are kept. */
  readonly keepsHistory: boolean;
  /** Text files that go with the question. */
  readonly files: readonly string[];
  readonly showsThinking: boolean;
  /** On a terminal, too, the answer is printed as it came. */
  readonly isRaw: boolean;
  /** What the model is told first. */
  readonly system: string | undefined;
};

/** @throws UsageError for values that are wrong or contradict each other */
export function toChatOptions(values: FlagValues, globals: GlobalOptions): ChatOptions {
  const format = FORMATS.find((name) => name === (textOf(values, "output-format") ?? "text"));
  const partialMessages = values["include-partial-messages"] === true;
  if (format === undefined) {
    throw new UsageError(
      `Cannot print the output format "${textOf(values, "output-format")}": it is unknown`,
      { code: "invalid-value", hint: "choose text, json or stream-json" },
    );
  }
  if (partialMessages && format !== "stream-json") {
    throw new UsageError(
      "Cannot use `--include-partial-messages` without `--output-format stream-json`",
      { code: "invalid-value" },
    );
  }
  const staying = textOf(values, "prompt-interactive");
  const system = [textOf(values, "system-prompt"), textOf(values, "append-system-prompt")];
  return {
    ...globals,
    prompt: toPrompt([textOf(values, "prompt"), textOf(values, "question"), staying]),
    stays: staying !== undefined,
    connection: toConnectionFlags(values),
    format,
    partialMessages,
    isRaw: values.raw === true,
    goesOn: toGoesOn(values),
    keepsHistory: values["no-history"] !== true,
    files: listOf(values, "file") ?? [],
    showsThinking: values["show-thinking"] === true,
    system: system.filter(Boolean).join("\n\n") || undefined,
  };
}

/** @throws UsageError for two of them */
function toGoesOn(values: FlagValues): GoesOn | undefined {
  const resumed = textOf(values, "resume");
  if (resumed === undefined) {
    return values.continue === true ? { kind: "newest" } : undefined;
  }
  if (values.continue === true) {
    throw new UsageError("Cannot go on with two conversations: give `--continue` or `--resume`", {
      code: "invalid-value",
    });
  }
  return resumed === "" || resumed === "list" ? { kind: "list" } : { kind: "id", begun: resumed };
}

/** @throws UsageError for two prompts, or an empty one */
function toPrompt(all: readonly (string | undefined)[]): string | undefined {
  const [prompt, second] = all.filter((text) => text !== undefined);
  if (second !== undefined) {
    throw new UsageError("Cannot ask two things: give words, `--prompt` or `-i`", {
      hint: "put all of it into one of them, in quotes",
    });
  }
  if (prompt?.trim() === "") {
    throw new UsageError("Cannot ask nothing: the prompt is empty", {
      code: "missing-input",
      hint: 'write `qwen "your question"`',
    });
  }
  return prompt;
}
