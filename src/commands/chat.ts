import { connectionProblem } from "../auth/connection-problem.ts";
import { endpointNotice } from "../auth/endpoint-notice.ts";
import { keyWords } from "../auth/key-name.ts";
import { answerOnce, type Question } from "../chat/answer-once.ts";
import { jsonReporter } from "../chat/json-reporter.ts";
import type { Reporter } from "../chat/reporter.ts";
import { textReporter } from "../chat/text-reporter.ts";
import { type ExitCode, QwenError, UsageError } from "../errors.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { ConnectionFlags } from "../models/connection.ts";
import type { Http } from "../protocols/http.ts";
import type { Env, Runtime } from "../runtime.ts";
import { CHAT_FLAGS } from "./chat-flags.ts";
import { type Command, type FlagValues, type GlobalOptions, textOf } from "./command.ts";
import { toConnectionFlags } from "./connection-flags.ts";
import { type Connection, loadConnection } from "./load-connection.ts";
import { openHttp } from "./open-http.ts";
import { openService } from "./open-service.ts";
import { readPrompt } from "./read-prompt.ts";

const FORMATS = ["text", "json", "stream-json"] as const;

export type ChatOptions = GlobalOptions & {
  /** `undefined`: it comes on standard input. */
  readonly prompt: string | undefined;
  readonly connection: ConnectionFlags;
  readonly format: (typeof FORMATS)[number];
  readonly partialMessages: boolean;
  /** What the model is told first. */
  readonly system: string | undefined;
};

export const chatCommand: Command<ChatOptions> = {
  details: [
    "Asks the model once and prints its answer. The prompt is the words, --prompt or",
    "standard input; with both, standard input follows the prompt.",
  ],
  argument: { name: "question", description: "What to ask; words are joined", isRest: true },
  flags: CHAT_FLAGS,
  examples: [
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
  const system = [textOf(values, "system-prompt"), textOf(values, "append-system-prompt")];
  return {
    ...globals,
    prompt: toPrompt(textOf(values, "prompt"), textOf(values, "question")),
    connection: toConnectionFlags(values),
    format,
    partialMessages,
    system: system.filter(Boolean).join("\n\n") || undefined,
  };
}

/** @throws UsageError for two prompts, or an empty one */
function toPrompt(flag: string | undefined, words: string | undefined): string | undefined {
  if (flag !== undefined && words !== undefined) {
    throw new UsageError("Cannot ask two things: there are words and `--prompt`", {
      hint: "put all of it into `--prompt`, in quotes",
    });
  }
  const prompt = flag ?? words;
  if (prompt?.trim() === "") {
    throw new UsageError("Cannot ask nothing: the prompt is empty", { code: "missing-input" });
  }
  return prompt;
}

/** Asks once. A failure is told in the output format, and by the exit code. */
export async function runChat(runtime: Runtime, options: ChatOptions): Promise<ExitCode> {
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

function toReporter(runtime: Runtime, { format, partialMessages }: ChatOptions): Reporter {
  return format === "text"
    ? textReporter(runtime.stdout)
    : jsonReporter(runtime, { format, partialMessages, sessionId: crypto.randomUUID() });
}

async function toQuestion(runtime: Runtime, options: ChatOptions): Promise<Question> {
  const connection = await loadConnection(runtime, options, options.connection);
  const { configuration, resolution } = connection;
  const problem = connectionProblem(resolution, "ask a model");
  if (problem !== undefined) {
    throw problem;
  }
  const { wishes } = openService(runtime, connection);
  const tell = async (line: string): Promise<void> => {
    if (!options.quiet) {
      await runtime.stderr.write(`${visibleText(line)}\n`);
    }
  };
  const notice = endpointNotice(resolution);
  const warnings = [...configuration.warnings, ...resolution.warnings, ...wishes.warnings];
  for (const line of [
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(notice === undefined ? [] : [notice]),
  ]) {
    await tell(line);
  }
  const text = await readPrompt(runtime, options.prompt, tell);
  const http = await openHttp(runtime, configuration, options);
  const service = await openRenewable(runtime, options, { connection, http });
  return {
    http,
    ...service,
    request: {
      model: resolution.model?.value ?? "",
      ...(options.system === undefined ? {} : { system: options.system }),
      messages: [{ role: "user", text }],
      ...wishes.body,
    },
    limits: { ...wishes, idleTimeoutMs: idleTimeoutOf(runtime.env) },
    ...keyWords(resolution),
    tell,
  };
}

type Opened = { readonly connection: Connection; readonly http: Http };

/** Where the question goes; tokens of Qwen OAuth are refreshed now and when they are refused. */
async function openRenewable(
  runtime: Runtime,
  options: ChatOptions,
  { connection, http }: Opened,
): Promise<Pick<Question, "endpoint" | "renew">> {
  if (connection.resolution.oauth === undefined) {
    return { endpoint: openService(runtime, connection).endpoint };
  }
  const { freshConnection, renewedConnection } = await import("./renew-tokens.ts");
  const fresh = await freshConnection(runtime, options, { connection, http });
  return {
    endpoint: openService(runtime, fresh).endpoint,
    renew: async () => {
      const renewed = await renewedConnection(runtime, options, { connection: fresh, http });
      return renewed && openService(runtime, renewed).endpoint;
    },
  };
}

const DEFAULT_IDLE_TIMEOUT_MS = 240_000;

function idleTimeoutOf({ QWEN_STREAM_IDLE_TIMEOUT_MS: text = "" }: Env): number {
  return /^\d+$/.test(text) ? Number(text) : DEFAULT_IDLE_TIMEOUT_MS;
}
