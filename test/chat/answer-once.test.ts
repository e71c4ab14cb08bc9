import { describe, expect, test } from "bun:test";
import { answerOnce, type Question } from "../../src/chat/answer-once.ts";
import { jsonReporter } from "../../src/chat/json-reporter.ts";
import type { Ending, Reporter } from "../../src/chat/reporter.ts";
import { textReporter } from "../../src/chat/text-reporter.ts";
import { type ExitCode, QwenError } from "../../src/errors.ts";
import type { RequestFailure } from "../../src/http/request-failure.ts";
import { jsonLine } from "../../src/lib/visible-text.ts";
import type { ChatEvent } from "../../src/protocols/chat-event.ts";
import type { Output } from "../../src/runtime.ts";
import { rememberingHttp } from "../protocols/ask.ts";
import { OPENAI, sse } from "../support/model-answers.ts";
import { answer, type Reply, scriptedServer, stream } from "../support/scripted-server.ts";

/** Standard output that remembers; it has a reader for so many parts of an answer. */
function output({ isTerminal = false, readsParts = Number.POSITIVE_INFINITY } = {}) {
  const parts: string[] = [];
  const writeAnswer = async (text: string): Promise<boolean> => {
    if (parts.length < readsParts) {
      parts.push(text);
      return true;
    }
    return false;
  };
  const stdout: Output = {
    isAscii: false,
    isTerminal: async () => isTerminal,
    columns: async () => (isTerminal ? 80 : undefined),
    inWords: async (text) => text,
    write: async (text) => {
      parts.push(text);
    },
    writeExact: async () => undefined,
    writeSecret: async () => undefined,
    writeJson: async () => undefined,
    writeAnswer,
    writeJsonLines: async (documents) =>
      documents.length === 0 || writeAnswer(documents.map(jsonLine).join("")),
  };
  return { parts, stdout };
}

async function questionTo(...replies: readonly Reply[]) {
  const { origin, requests } = await scriptedServer(...replies);
  const told: string[] = [];
  const question: Question = {
    service: {
      http: rememberingHttp(),
      endpoint: {
        protocol: "openai",
        baseUrl: `${origin}/v1`,
        credential: undefined,
        customHeaders: {},
      },
      request: { model: "m" },
      limits: { timeoutMs: 0, idleTimeoutMs: 0, maxRetries: 3 },
      keyName: undefined,
    },
    text: "Hi",
    now: Date.now,
    tell: async (line) => {
      told.push(line);
    },
  };
  return { question, told, requests, host: new URL(origin).host };
}

/** Asks as `qwen` does: whatever fails ends the reporter. */
async function run(question: Question, reporter: Reporter): Promise<ExitCode | QwenError> {
  try {
    return await answerOnce(question, reporter);
  } catch (error) {
    if (!(error instanceof QwenError)) {
      throw error;
    }
    await reporter.end({ kind: "failed", error });
    return error;
  }
}

const CALL = sse({
  choices: [
    {
      index: 0,
      delta: { tool_calls: [{ index: 0, id: "c", function: { name: "look", arguments: "{}" } }] },
      finish_reason: "tool_calls",
    },
  ],
});
const THOUGHT = sse({ choices: [{ index: 0, delta: { reasoning_content: "Hm" } }] });

function finish(finish_reason: string): string {
  return sse({ choices: [{ index: 0, delta: {}, finish_reason }] });
}

describe("answerOnce() shows as text", () => {
  const hello = OPENAI.text("Hello");
  type Case = readonly [
    name: string,
    pieces: readonly string[],
    text: string,
    told: readonly string[],
  ];
  const cases: readonly Case[] = [
    [
      "the answer and a newline",
      [OPENAI.text("Hel"), OPENAI.text("lo"), OPENAI.finish],
      "Hello\n",
      [],
    ],
    ["no second newline", [OPENAI.text("Hello\n"), OPENAI.finish], "Hello\n", []],
    [
      "line breaks of two characters as they are",
      [OPENAI.text("a\r"), OPENAI.text("\nb\r"), OPENAI.finish],
      "a\r\nb\r\n",
      [],
    ],
    ["nothing for nothing", [OPENAI.finish], "", ["the answer holds no text"]],
    ["no reasoning", [THOUGHT, hello, OPENAI.finish], "Hello\n", []],
    [
      "control characters as they are",
      [OPENAI.text("\u001b[1m"), OPENAI.finish],
      "\u001b[1m\n",
      [],
    ],
    [
      "another end than the known ones",
      [hello, finish("repetition")],
      "Hello\n",
      ['the service ended the answer, saying "repetition"'],
    ],
    [
      "an answer that was too long",
      [hello, finish("length")],
      "Hello\n",
      ["the answer ended at the limit of its length"],
    ],
    [
      "an answer that a filter ended",
      [hello, finish("content_filter")],
      "Hello\n",
      ["the answer was ended by a filter of the service"],
    ],
    [
      "a tool call as a remark",
      [CALL],
      "",
      ['m asked for the tool "look", which is not offered here'],
    ],
  ];
  test.each(cases)("%s", async (_name, pieces, text, remarks) => {
    const { question, told } = await questionTo(stream(pieces));
    const { parts, stdout } = output();
    expect(await run(question, textReporter(stdout))).toBe(0);
    expect(parts.join("")).toBe(text);
    expect(told).toEqual([...remarks]);
  });

  test("control characters made visible on a terminal", async () => {
    const { question } = await questionTo(stream([OPENAI.text("\u001b[2Ja\tb\n"), OPENAI.finish]));
    const { parts, stdout } = output({ isTerminal: true });
    expect(await run(question, textReporter(stdout))).toBe(0);
    expect(parts.join("")).toBe("\\x1b[2Ja\tb\n");
  });

  test("what came before a failure, once", async () => {
    const { question, told, requests, host } = await questionTo(stream([OPENAI.text("Hel")]));
    const { parts, stdout } = output();
    expect(await run(question, textReporter(stdout))).toMatchObject({
      code: "stream-cut",
      exitCode: 5,
      message: `Cannot get the rest of the answer of "m": ${host}: the stream ended without a finish reason`,
    });
    expect(parts).toEqual(["Hel", "\n"]);
    expect(told).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test("nothing more once nobody reads", async () => {
    const pieces = [OPENAI.text("Hello"), OPENAI.finish];
    const { question, told } = await questionTo(stream([...pieces, finish("length")]));
    const { parts, stdout } = output({ readsParts: 0 });
    expect(await run(question, textReporter(stdout))).toBe(0);
    expect([parts, told]).toEqual([[], []]);
  });
});

describe("answerOnce() tells of a wait", () => {
  test("of more than two seconds, in whole ones", async () => {
    const { question, told } = await questionTo(
      answer(500, "away", { "retry-after-ms": "2000" }),
      answer(500, "away", { "retry-after-ms": "2600" }),
      stream([OPENAI.finish]),
    );
    expect(await run(question, textReporter(output().stdout))).toBe(0);
    const { host } = new URL(question.service.endpoint.baseUrl);
    expect(told).toEqual([
      `trying again in 3 s: ${host} has a problem (500: away)`,
      "the answer holds no text",
    ]);
  });
});

describe("answerOnce() gives a reporter", () => {
  /** What a reporter is told, in order. */
  function listener() {
    const heard: (string | readonly ChatEvent[] | Ending)[] = [];
    const reporter: Reporter = {
      begin: async ({ model }) => {
        heard.push(model);
      },
      events: async (events) => {
        heard.push(events);
        return true;
      },
      end: async (ending) => {
        heard.push(ending);
      },
    };
    return { heard, reporter };
  }

  test("model, events and end", async () => {
    const { question } = await questionTo(stream([OPENAI.text("Hello") + OPENAI.finish]));
    const { heard, reporter } = listener();
    await answerOnce(question, reporter);
    const usage = { inputTokens: 5, outputTokens: 2 };
    expect([heard[0], heard.slice(1, -1).flat(), heard.at(-1)]).toEqual([
      "m",
      [
        { kind: "text-delta", text: "Hello" },
        { kind: "finish", reason: "stop" },
        { kind: "usage", usage },
      ],
      { kind: "done", finish: "stop", usage },
    ]);
  });

  test("no end where it fails: that is for whoever catches", async () => {
    const { question } = await questionTo(answer(401));
    const { heard, reporter } = listener();
    await expect(answerOnce(question, reporter)).rejects.toMatchObject({ code: "key-rejected" });
    expect(heard).toEqual(["m"]);
  });
});

describe("answerOnce() shows as JSON", () => {
  async function lines(format: "json" | "stream-json", pieces: readonly string[]) {
    const { question, host } = await questionTo(stream(pieces));
    const { parts, stdout } = output();
    const options = { format, partialMessages: false, sessionId: "s" };
    await run(question, jsonReporter({ stdout, now: () => 0 }, options));
    return {
      host,
      messages: parts
        .join("")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    };
  }
  const success = {
    type: "result",
    subtype: "success",
    is_error: false,
    result: "Hello",
    stop_reason: "stop",
    usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
    retries: 0,
    duration_ms: 0,
    session_id: "s",
  };

  test("the result alone", async () => {
    const { messages } = await lines("json", [OPENAI.text("Hello"), OPENAI.finish]);
    expect(messages).toEqual([success]);
  });

  test("each block and the result", async () => {
    const pieces = [THOUGHT, OPENAI.text("Hel"), OPENAI.text("lo"), OPENAI.finish];
    const { messages } = await lines("stream-json", pieces);
    const said = (block: object) => ({
      type: "assistant",
      message: { role: "assistant", model: "m", content: [block] },
      session_id: "s",
    });
    expect(messages).toEqual([
      { type: "system", subtype: "init", model: "m", session_id: "s" },
      said({ type: "thinking", thinking: "Hm" }),
      said({ type: "text", text: "Hello" }),
      success,
    ]);
  });

  test("one result for a failure, with what came before", async () => {
    const { messages, host } = await lines("json", [OPENAI.text("Hel")]);
    expect(messages).toEqual([
      {
        type: "result",
        subtype: "error_during_execution",
        is_error: true,
        error: {
          code: "stream-cut",
          message: `Cannot get the rest of the answer of "m": ${host}: the stream ended without a finish reason`,
          exitCode: 5,
        },
        partial_result: "Hel",
        retries: 0,
        duration_ms: 0,
        session_id: "s",
      },
    ]);
  });

  test("nothing more once nobody reads", async () => {
    const { question } = await questionTo(stream([OPENAI.text("Hello"), OPENAI.finish]));
    const { parts, stdout } = output({ readsParts: 1 });
    const options = { format: "stream-json", partialMessages: true, sessionId: "s" } as const;
    expect(await run(question, jsonReporter({ stdout, now: () => 0 }, options))).toBe(0);
    expect(parts).toHaveLength(1);
  });
});

describe("answerOnce() with a key that can be renewed", () => {
  const [status, body] = OPENAI.rejected;
  const refused = answer(status, body);
  const hello = stream([OPENAI.text("Hi"), OPENAI.finish]);

  /** Asks, with a key that is renewed as often as this allows. */
  async function ask(replies: readonly Reply[], canRenew: boolean) {
    const { question, requests } = await questionTo(...replies);
    let renewals = 0;
    const credential = { value: "new-key", scheme: "key" } as const;
    const renew = async (refusal?: RequestFailure) => {
      if (refusal === undefined) {
        return undefined;
      }
      renewals += 1;
      return canRenew ? { ...question.service.endpoint, credential } : undefined;
    };
    const service = { ...question.service, renew };
    const ended = await run({ ...question, service }, textReporter(output().stdout));
    const keys = requests.map(({ headers }) => headers.authorization);
    return { ended: ended instanceof QwenError ? ended.code : ended, keys, renewals };
  }

  const again = [undefined, "Bearer new-key"];
  type Case = readonly [
    name: string,
    replies: readonly Reply[],
    canRenew: boolean,
    expected: Awaited<ReturnType<typeof ask>>,
  ];
  const cases: readonly Case[] = [
    ["renews it once", [refused, hello], true, { ended: 0, keys: again, renewals: 1 }],
    [
      "does not renew it twice",
      [refused, refused],
      true,
      { ended: "key-rejected", keys: again, renewals: 1 },
    ],
    [
      "gives up where it cannot be",
      [refused],
      false,
      { ended: "key-rejected", keys: [undefined], renewals: 1 },
    ],
    [
      "leaves it when something else is wrong",
      [answer(400, "no")],
      true,
      { ended: "bad-request", keys: [undefined], renewals: 0 },
    ],
    [
      "leaves it once an answer has begun",
      [stream([OPENAI.text("H"), sse({ error: { message: "x", code: 401 } })])],
      true,
      { ended: "key-rejected", keys: [undefined], renewals: 0 },
    ],
  ];
  test.each(cases)("%s", async (_name, replies, canRenew, expected) => {
    expect(await ask(replies, canRenew)).toEqual(expected);
  });
});

test.each([
  [[answer(503, "no"), stream([OPENAI.text("Hi"), OPENAI.finish])], 1],
  [[stream([OPENAI.text("Hi"), OPENAI.finish])], 0],
] as const)(
  "answerOnce() tells the reporter of each time that it asks again",
  async (replies, times) => {
    const { question } = await questionTo(...replies);
    const limits = { ...question.service.limits, maxRetries: 2 };
    let retries = 0;
    const counting = {
      ...textReporter(output().stdout),
      retried: () => {
        retries += 1;
      },
    };
    const service = { ...question.service, limits };
    expect(await run({ ...question, service }, counting)).toBe(0);
    expect(retries).toBe(times);
  },
);
