import { answerOnce, type Question } from "../chat/answer-once.ts";
import { jsonReporter } from "../chat/json-reporter.ts";
import type { Reporter } from "../chat/reporter.ts";
import { textReporter } from "../chat/text-reporter.ts";
import { type ExitCode, QwenError, UsageError } from "../errors.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { ConnectionFlags } from "../models/connection.ts";
import type { Runtime } from "../runtime.ts";
import { canPrompt, whyForbidden } from "./can-prompt.ts";
import { CHAT_FLAGS, FORMATS } from "./chat-flags.ts";
import { type Command, type FlagValues, type GlobalOptions, textOf } from "./command.ts";
import { toConnectionFlags } from "./connection-flags.ts";
import { loadConnection } from "./load-connection.ts";
import { openChat } from "./open-chat.ts";
import { readPrompt } from "./read-prompt.ts";

export type ChatOptions = GlobalOptions & {
  /** `undefined`: it comes on standard input, or is typed in a session. */
  readonly prompt: string | undefined;
  /** `-i`: a session goes on after the prompt. */
  readonly stays: boolean;
  readonly connection: ConnectionFlags;
  readonly format: (typeof FORMATS)[number];
  readonly partialMessages: boolean;
  /** What the model is told first. */
  readonly system: string | undefined;
};

export const chatCommand: Command<ChatOptions> = {
  details: [
    "Without a question opens a session on a terminal. With one asks once and prints",
    "the answer: the words, --prompt or standard input, or both of them.",
  ],
  argument: { name: "question", description: "What to ask; words are joined", isRest: true },
  flags: CHAT_FLAGS,
  examples: [
    "qwen",
    'qwen "What does exit code 137 mean?"',
    "git diff | qwen -p 'Write a commit message' -m glm-5",
    "qwen -p hello -o json | jq -r .result",
  ],
  toOptions,
  run: runChat,
};

function toOptions(values: FlagValues, globals: GlobalOptions): ChatOptions {
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
    system: system.filter(Boolean).join("\n\n") || undefined,
  };
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

/**
 * Opens a session, or asks once; then a failure is told in the output format, and by the exit code.
 */
export async function runChat(runtime: Runtime, options: ChatOptions): Promise<ExitCode> {
  if (await isSession(runtime, options)) {
    const { openSession } = await import("./session.ts");
    return openSession(runtime, options);
  }
  const reporter = toReporter(runtime, options);
  try {
    return await answerOnce(await toQuestion(runtime, options), reporter);
  } catch (error) {
    if (!(error instanceof QwenError)) {
      throw error;
    }
    await reporter.end({ kind: "failed", error });
    if (options.format === "text") {
      throw error;
    }
    return error.exitCode;
  }
}

/** A session needs a keyboard and a screen, and nobody who said that there is none. */
async function isSession(runtime: Runtime, options: ChatOptions): Promise<boolean> {
  const { prompt, stays, format } = options;
  const isWanted = format === "text" && (stays || prompt === undefined);
  return isWanted && (await canPrompt(runtime, options)) && (await runtime.stdout.isTerminal());
}

function toReporter(runtime: Runtime, { format, partialMessages }: ChatOptions): Reporter {
  return format === "text"
    ? textReporter(runtime.stdout)
    : jsonReporter(runtime, { format, partialMessages, sessionId: crypto.randomUUID() });
}

async function toQuestion(runtime: Runtime, options: ChatOptions): Promise<Question> {
  const connection = await loadConnection(runtime, options, options.connection);
  const tell = async (line: string): Promise<void> => {
    if (!options.quiet) {
      await runtime.stderr.write(`${visibleText(line)}\n`);
    }
  };
  const { service, notices } = await openChat(runtime, options, connection);
  for (const line of notices) {
    await runtime.stderr.write(`${visibleText(line)}\n`);
  }
  const noSession = whyForbidden(runtime, options);
  return { service, text: await readPrompt(runtime, options.prompt, { tell, noSession }), tell };
}
