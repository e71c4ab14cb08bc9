import { answerOnce, type Question } from "../chat/answer-once.ts";
import { jsonReporter } from "../chat/json-reporter.ts";
import type { Reporter } from "../chat/reporter.ts";
import { textReporter } from "../chat/text-reporter.ts";
import { loadConnection } from "../connect/load-connection.ts";
import { openChat } from "../connect/open-chat.ts";
import { CancelledError, type ExitCode, QwenError, UsageError } from "../errors.ts";
import { type ChatOptions, type GoesOn, toChatOptions } from "../flags/chat-flags.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Configuration } from "../models/configuration.ts";
import { canPrompt, whyForbidden, whyNotAsked } from "../prompts/can-prompt.ts";
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
  const { reporter, ...shown } = await toReporter(runtime, options);
  try {
    return await answerOnce({ ...(await toQuestion(runtime, options)), ...shown }, reporter);
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

type Reporting = Pick<Question, "onWait" | "summarise"> & { readonly reporter: Reporter };

async function toReporter(runtime: Runtime, options: ChatOptions): Promise<Reporting> {
  const { format, partialMessages, isRaw, color, quiet, showsThinking } = options;
  if (format !== "text") {
    const sessionId = crypto.randomUUID();
    return { reporter: jsonReporter(runtime, { format, partialMessages, sessionId }) };
  }
  if (isRaw || !(await runtime.stdout.isTerminal())) {
    return { reporter: textReporter(runtime.stdout) };
  }
  const { screenReporter } = await import("../chat/screen/screen-reporter.ts");
  const style = await chooseStyle(runtime, runtime.stdout, color);
  const canTalk = !quiet && runtime.trace === undefined && (await runtime.stderr.isTerminal());
  const talk = canTalk ? await chooseStyle(runtime, runtime.stderr, color) : undefined;
  return screenReporter(runtime, { style, talk, showsThinking });
}

async function toQuestion(runtime: Runtime, options: ChatOptions): Promise<Question> {
  const { goesOn, files, prompt } = options;
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
  const typed = await readPrompt(runtime, prompt, { tell, noSession });
  const text = files.length === 0 ? typed : await withFiles(runtime, typed, files);
  const question = { service, text, tell, now: runtime.now };
  const { configuration } = connection;
  return goesOn === undefined
    ? question
    : goOn(runtime, options, { question, goesOn, configuration });
}

async function withFiles(
  runtime: Runtime,
  text: string,
  files: readonly string[],
): Promise<string> {
  const { withNamedFiles } = await import("./session/session-files.ts");
  return withNamedFiles(runtime, text, files);
}

type Going = {
  readonly question: Question;
  readonly goesOn: GoesOn;
  readonly configuration: Configuration;
};

/** One more turn of a conversation that was kept, which is kept, too. */
async function goOn(
  runtime: Runtime,
  options: ChatOptions,
  { question, goesOn, configuration }: Going,
): Promise<Question> {
  if (goesOn.kind === "list" && !(await canPrompt(runtime, options))) {
    throw new UsageError(`Cannot choose a conversation: ${whyNotAsked(runtime, options)}`, {
      code: "missing-input",
      hint: "name it: `--resume ID`, or take the newest: `--continue`",
    });
  }
  const { createKeeper, keepsHistory, linesLost, storedConversation } = await import(
    "./session/stored-conversations.ts"
  );
  const stored = await storedConversation(runtime, goesOn);
  if (stored === undefined) {
    throw new CancelledError("Left; nothing was sent");
  }
  const keeper = createKeeper(runtime, () => options.keepsHistory && keepsHistory(configuration));
  keeper.turnTo(stored);
  if (stored.damaged > 0) {
    await question.tell(linesLost(stored));
  }
  const { text: user, service, tell } = question;
  const { model } = service.request;
  return {
    ...question,
    conversation: stored.conversation,
    onAnswer: async (assistant) => {
      if (assistant.trim() !== "") {
        const why = await keeper.keep([{ kind: "turn", user, assistant, model }], model);
        await (why === undefined ? undefined : tell(`the answer is not kept: ${why}`));
      }
    },
  };
}
