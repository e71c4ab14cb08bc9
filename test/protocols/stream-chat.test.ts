import { describe, expect, test } from "bun:test";
import type { ChatEvent } from "../../src/protocols/chat-event.ts";
import { ANTHROPIC, GEMINI, OPENAI, SPEECHES, sse } from "../support/model-answers.ts";
import { answer, type Reply, scriptedServer, silence, stream } from "../support/scripted-server.ts";
import { ask, KEY } from "./ask.ts";

const END: readonly ChatEvent[] = [
  { kind: "finish", reason: "stop" },
  { kind: "usage", usage: { inputTokens: 5, outputTokens: 2 } },
];

/** Anthropic has another word for it. */
function endOf({ protocol }: { readonly protocol: string }): readonly ChatEvent[] {
  const [finish, ...rest] = END;
  return protocol === "anthropic" && finish?.kind === "finish"
    ? [{ ...finish, said: "end_turn" }, ...rest]
    : END;
}

/** The events with deltas that touch put together: how bytes fall into packets is not ours. */
function joined(events: readonly ChatEvent[]): ChatEvent[] {
  const all: ChatEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if (last?.kind === "text-delta" && event.kind === "text-delta") {
      all.splice(-1, 1, { ...last, text: last.text + event.text });
    } else {
      all.push(event);
    }
  }
  return all;
}

describe("streamChat() asks", () => {
  const headers: Readonly<Record<string, object>> = {
    openai: { authorization: `Bearer ${KEY}` },
    anthropic: { "x-api-key": KEY, "anthropic-version": "2023-06-01" },
    gemini: { "x-goog-api-key": KEY },
  };
  test.each(SPEECHES)("$protocol and gives what it says", async (speech) => {
    const { text, finish, protocol } = speech;
    const { origin, requests } = await scriptedServer(stream([text("Hel"), text("lo"), finish]));
    const { events, delays } = await ask({ origin, speech });
    expect(joined(events)).toEqual([{ kind: "text-delta", text: "Hello" }, ...endOf(speech)]);
    expect(delays).toEqual([]);
    expect(requests).toMatchObject([
      {
        method: "POST",
        path: speech.chatPath,
        headers: {
          accept: "application/json",
          "content-type": "application/json",
          "user-agent": "QwenCode/1.2.3 (linux; x64)",
          ...headers[protocol],
        },
      },
    ]);
  });

  test("with headers of the user's over all others, and no key where there is none", async () => {
    const { origin, requests } = await scriptedServer(stream([OPENAI.finish]));
    const customHeaders = { Authorization: "Custom", "User-AGENT": "me", "X-Own": "1" };
    await ask({ origin, endpoint: { customHeaders } });
    await ask({ origin, endpoint: { credential: undefined } });
    expect(requests.map(({ headers }) => [headers.authorization, headers["user-agent"]])).toEqual([
      ["Custom", "me"],
      [undefined, "QwenCode/1.2.3 (linux; x64)"],
    ]);
    expect(requests[0]?.headers["x-own"]).toBe("1");
  });

  test("Anthropic with an auth token as a bearer", async () => {
    const { origin, requests } = await scriptedServer(stream([ANTHROPIC.finish]));
    const credential = { value: KEY, scheme: "bearer" } as const;
    await ask({ origin, speech: ANTHROPIC, endpoint: { credential } });
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(requests[0]?.headers["x-api-key"]).toBeUndefined();
  });
});

describe("streamChat() understands", () => {
  const text = OPENAI.text("Hello");
  const done: readonly ChatEvent[] = [
    { kind: "text-delta", text: "Hello" },
    { kind: "finish", reason: "stop" },
  ];
  const stop = sse({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  const whole = text + OPENAI.finish;
  type Case = readonly [name: string, reply: Reply, events: readonly ChatEvent[]];
  const cases: readonly Case[] = [
    ["a stream without `[DONE]`", stream([text, stop]), done],
    ["a stream without usage", stream([text, stop, sse("[DONE]")]), done],
    ["a stream without a last blank line", stream([text, stop.trimEnd()]), done],
    ["CRLF", stream([(text + stop).replaceAll("\n", "\r\n")]), done],
    ["lone CR", stream([(text + stop).replaceAll("\n", "\r")]), done],
    ["a BOM", stream([`\ufeff${text}`, stop]), done],
    ["comments", stream([": PROCESSING\n\n", text, ": PROCESSING\n\n", stop]), done],
    ["no space after the colon", stream([(text + stop).replaceAll("data: ", "data:")]), done],
    ["chunks without choices", stream([sse({ choices: [] }), text, stop]), done],
    ["all in one packet", stream([whole]), [{ kind: "text-delta", text: "Hello" }, ...END]],
    [
      "a packet for every byte",
      stream(Array.from(Buffer.from(OPENAI.text("é€😀") + stop), (byte) => Uint8Array.of(byte))),
      [
        { kind: "text-delta", text: "é€😀" },
        { kind: "finish", reason: "stop" },
      ],
    ],
    [
      "a stream under another name",
      answer(200, whole),
      [{ kind: "text-delta", text: "Hello" }, ...END],
    ],
    [
      "JSON instead of a stream",
      answer(200, {
        choices: [{ message: { content: "Hello" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 5, completion_tokens: 2 },
      }),
      [{ kind: "text-delta", text: "Hello" }, ...END],
    ],
  ];
  test.each(cases)("%s", async (_name, reply, events) => {
    const { origin, requests } = await scriptedServer(reply);
    const outcome = await ask({ origin });
    expect({ ...outcome, events: joined(outcome.events) }).toEqual({
      events: [...events],
      delays: [],
    });
    expect(requests).toHaveLength(1);
  });

  test("JSON of Anthropic instead of a stream", async () => {
    const content = [{ type: "text", text: "Hello" }];
    const usage = { input_tokens: 5, output_tokens: 2 };
    const message = { type: "message", content, stop_reason: "end_turn", usage };
    const { origin } = await scriptedServer(answer(200, message));
    const { events } = await ask({ origin, speech: ANTHROPIC });
    expect(events).toEqual([{ kind: "text-delta", text: "Hello" }, ...endOf(ANTHROPIC)]);
  });

  test("an array of Gemini's instead of a stream", async () => {
    const parts = (GEMINI.text("Hello") + GEMINI.finish).split("\n\n").filter(Boolean);
    const { origin } = await scriptedServer(
      answer(200, `[${parts.map((part) => part.replace("data: ", "")).join(",\n")}]`),
    );
    const { events } = await ask({ origin, speech: GEMINI });
    expect(events).toEqual([{ kind: "text-delta", text: "Hello" }, ...END]);
  });
});

test.each([OPENAI, ANTHROPIC])(
  "streamChat() ends with the last word of $protocol, though the connection stays",
  async (speech) => {
    const { text, finish } = speech;
    const { origin } = await scriptedServer(stream([text("Hello"), finish], silence));
    const { events, failure } = await ask({ origin, speech, options: { idleTimeoutMs: 1000 } });
    expect(events).toEqual([{ kind: "text-delta", text: "Hello" }, ...endOf(speech)]);
    expect(failure).toBeUndefined();
  },
);

test("streamChat() takes a limit that no timer can hold for a long one", async () => {
  const { origin } = await scriptedServer(stream([OPENAI.text("Hello"), OPENAI.finish]));
  const options = { timeoutMs: 3_000_000_000, idleTimeoutMs: 3_000_000_000 };
  expect((await ask({ origin, options })).failure).toBeUndefined();
});
