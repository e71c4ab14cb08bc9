import { CATALOGUE } from "../auth/catalogue.ts";
import { connectionProblem } from "../auth/connection-problem.ts";
import { describeSource } from "../auth/describe-source.ts";
import { endpointNotice } from "../auth/endpoint-notice.ts";
import { answerOnce, type Question } from "../chat/answer-once.ts";
import { jsonReporter } from "../chat/json-reporter.ts";
import type { Reporter } from "../chat/reporter.ts";
import { textReporter } from "../chat/text-reporter.ts";
import { type ExitCode, QwenError, UsageError } from "../errors.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { ConnectionFlags } from "../models/connection.ts";
import { resolveRequestOptions } from "../models/request-options.ts";
import { serviceEndpoint } from "../models/service-endpoint.ts";
import type { Env, Runtime } from "../runtime.ts";
import { CHAT_FLAGS } from "./chat-flags.ts";
import { type Command, type FlagValues, type GlobalOptions, textOf } from "./command.ts";
import { toConnectionFlags } from "./connection-flags.ts";
import { loadConnection } from "./load-connection.ts";
import { openHttp } from "./open-http.ts";
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
  const { configuration, resolution } = await loadConnection(runtime, options, options.connection);
  querySecrets(resolution.endpoint?.value).forEach(runtime.addSecret);
  const problem = connectionProblem(resolution, "ask a model");
  if (problem !== undefined) {
    throw problem;
  }
  const wishes = resolveRequestOptions(configuration, resolution, CATALOGUE);
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
  const { key, model } = resolution;
  const endpoint = serviceEndpoint(resolution, wishes);
  headerSecrets(endpoint.customHeaders).forEach(runtime.addSecret);
  const text = await readPrompt(runtime, options.prompt, tell);
  return {
    http: await openHttp(runtime, configuration, options),
    endpoint,
    request: {
      model: model?.value ?? "",
      ...(options.system === undefined ? {} : { system: options.system }),
      messages: [{ role: "user", text }],
      ...wishes.body,
    },
    limits: { ...wishes, idleTimeoutMs: idleTimeoutOf(runtime.env) },
    keySource: key.kind === "present" ? describeSource(key.source) : undefined,
    tell,
  };
}

const DEFAULT_IDLE_TIMEOUT_MS = 240_000;

function idleTimeoutOf({ QWEN_STREAM_IDLE_TIMEOUT_MS: text = "" }: Env): number {
  return /^\d+$/.test(text) ? Number(text) : DEFAULT_IDLE_TIMEOUT_MS;
}

/** Values of headers that carry credentials by their name. */
function headerSecrets(customHeaders: Readonly<Record<string, string>>): string[] {
  return Object.entries(customHeaders)
    .filter(([name]) => /auth|key|token|secret|cookie/i.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\w+ /, "")]);
}

/** Values in the query of a base URL that are credentials by their name: `?key=…`. */
function querySecrets(baseUrl = ""): string[] {
  return [...(URL.parse(baseUrl)?.searchParams ?? [])]
    .filter(([name]) => /(?:key|token|secret|password)$/i.test(name))
    .map(([, value]) => value);
}
