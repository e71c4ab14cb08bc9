import { answerOnce, type Question } from "../chat/answer-once.ts";
import { jsonReporter } from "../chat/json-reporter.ts";
import type { Reporter } from "../chat/reporter.ts";
import { renderedReporter, textReporter } from "../chat/text-reporter.ts";
import { loadConnection } from "../connect/load-connection.ts";
import { openChat } from "../connect/open-chat.ts";
import { type ExitCode, QwenError } from "../errors.ts";
import { type ChatOptions, toChatOptions } from "../flags/chat-flags.ts";
import { visibleText } from "../lib/visible-text.ts";
import { canPrompt, whyForbidden } from "../prompts/can-prompt.ts";
import { readPrompt } from "../prompts/read-prompt.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle } from "../terminal/style.ts";
import type { Command } from "./command.ts";

export const chatCommand: Command<ChatOptions> = {
  details: [
    "Without a question opens a session on a terminal. With one asks once and prints",
    "the answer: the words, --prompt or standard input, or both of them.",
  ],
  examples: [
    "qwen",
    'qwen "What does exit code 137 mean?"',
    "git diff | qwen -p 'Write a commit message' -m glm-5",
    "qwen -p hello -o json | jq -r .result",
  ],
  toOptions: toChatOptions,
  run: runChat,
};

/**
 * Opens a session, or asks once; then a failure is told in the output format, and by the exit code.
 */
export async function runChat(runtime: Runtime, options: ChatOptions): Promise<ExitCode> {
  if (await isSession(runtime, options)) {
    const { openSession } = await import("./session/session.ts");
    return openSession(runtime, options);
  }
  const reporter = await toReporter(runtime, options);
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

async function toReporter(runtime: Runtime, options: ChatOptions): Promise<Reporter> {
  const { format, partialMessages, isRaw, color } = options;
  if (format !== "text") {
    return jsonReporter(runtime, { format, partialMessages, sessionId: crypto.randomUUID() });
  }
  if (isRaw || !(await runtime.stdout.isTerminal())) {
    return textReporter(runtime.stdout);
  }
  const { openRenderer } = await import("../chat/open-renderer.ts");
  const style = await chooseStyle(runtime, runtime.stdout, color);
  const width = (): number => runtime.terminal.size().columns;
  return renderedReporter(runtime.stdout, () => openRenderer({ env: runtime.env, style, width }));
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
