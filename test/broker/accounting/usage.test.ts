import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createUsageCounter } from "../../../src/broker/accounting/count-usage.ts";
import {
  addUsage,
  type UsageFields,
  usageOf,
} from "../../../src/broker/accounting/usage-fields.ts";
import { parseJson } from "../../../src/lib/json/parse-json.ts";
import { createEventReader } from "../../../src/protocols/server-sent-events.ts";

describe("usageOf()", () => {
  test.each([
    [
      "OpenAI",
      [
        {
          usage: {
            prompt_tokens: 10,
            completion_tokens: 2,
            prompt_tokens_details: { cached_tokens: 4 },
          },
        },
      ],
      [10, 2, 4],
    ],
    [
      "DeepSeek",
      [{ usage: { prompt_tokens: 10, completion_tokens: 2, prompt_cache_hit_tokens: 3 } }],
      [10, 2, 3],
    ],
    [
      "Responses",
      [
        {
          response: {
            usage: {
              input_tokens: 10,
              output_tokens: 2,
              input_tokens_details: { cached_tokens: 4 },
            },
          },
        },
      ],
      [10, 2, 4],
    ],
    [
      "Anthropic",
      [
        {
          message: {
            usage: {
              input_tokens: 5,
              cache_read_input_tokens: 100,
              cache_creation_input_tokens: 7,
              output_tokens: 1,
            },
          },
        },
        { usage: { input_tokens: 0, output_tokens: 42 } },
      ],
      [112, 42, 100],
    ],
    [
      "Gemini",
      [
        {
          usageMetadata: {
            promptTokenCount: 10,
            candidatesTokenCount: 2,
            thoughtsTokenCount: 3,
            cachedContentTokenCount: 1,
          },
        },
      ],
      [10, 5, 1],
    ],
    [
      "a later number",
      [
        { usage: { prompt_tokens: 1, completion_tokens: 1 } },
        { usage: { prompt_tokens: 1, completion_tokens: 9 } },
      ],
      [1, 9, 0],
    ],
  ] as const)("reads that of %s", (_, events, [inputTokens, outputTokens, cachedTokens]) => {
    const fields = events.reduce<UsageFields>((known, event) => addUsage(known, event), {});
    expect(usageOf(fields)).toEqual({ inputTokens, outputTokens, cachedTokens });
  });

  test.each([
    ["{}"],
    ['{"usage":null}'],
    ['{"usage":"10"}'],
    ['{"usage":{}}'],
    ['{"usage":{"prompt_tokens":"10"}}'],
    ["null"],
    ["[]"],
    ['"usage"'],
  ])("is unknown for %s", (event) => {
    expect(usageOf(addUsage({}, JSON.parse(event)))).toBeUndefined();
  });
});

const SSE = join(import.meta.dir, "..", "..", "fixtures", "sse");
const STREAM = new Headers({ "content-type": "text/event-stream" });

async function count(body: Uint8Array, headers: Headers, size = body.length) {
  const counter = createUsageCounter(headers);
  for (let at = 0; at < body.length; at += size) {
    counter.push(body.subarray(at, at + size));
  }
  return counter.end();
}

describe("createUsageCounter()", () => {
  const event = { usage: { prompt_tokens: 10, completion_tokens: 2 } };
  const stream = Buffer.from(
    `data: {"choices":[]}\n\ndata: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`,
  );
  const expected = { inputTokens: 10, outputTokens: 2, cachedTokens: 0 };

  test.each([1, 7, 1000])("counts a stream in pieces of %d bytes", async (size) => {
    expect(await count(stream, STREAM, size)).toEqual(expected);
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ])("counts a stream that is packed with %s", async (coding, pack) => {
    const headers = new Headers(STREAM);
    headers.set("content-encoding", coding);
    expect(await count(pack(stream), headers, 5)).toEqual(expected);
  });

  test("counts a document, and Gemini's array", async () => {
    const json = new Headers({ "content-type": "application/json" });
    expect(await count(Buffer.from(JSON.stringify(event)), json, 3)).toEqual(expected);
    const gemini = [{}, { usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 2 } }];
    expect(await count(Buffer.from(JSON.stringify(gemini)), json)).toEqual(expected);
  });

  test.each([
    ["broken JSON", 'data: {"usage":\n\n', STREAM],
    ["an endless line", `data: ${"x".repeat(9_000_000)}`, STREAM],
    [
      "what is not packed",
      "plain",
      new Headers({ ...Object.fromEntries(STREAM), "content-encoding": "gzip" }),
    ],
    [
      "a long document",
      `[${" ".repeat(5_000_000)}{"usage":{"prompt_tokens":1}}]`,
      new Headers({ "content-type": "application/json" }),
    ],
    [
      "an event that is never complete",
      `data: {"usage":{"prompt_tokens":1,"x":"${"x".repeat(9_000_000)}"}}\n\n`,
      STREAM,
    ],
    ["what is no text of a model", '{"usage":{"prompt_tokens":1}}', new Headers()],
    ["nothing", "", STREAM],
  ])("knows nothing of %s, and fails never", async (_, body, headers) => {
    expect(await count(Buffer.from(body), headers, 4_000_000)).toBeUndefined();
  });

  const recorded = [...new Bun.Glob("*.txt").scanSync(SSE)].sort();

  test.each(recorded)(
    "counts %s as one who reads every event, in pieces of any size",
    async (name) => {
      const body = readFileSync(join(SSE, name));
      const reader = createEventReader();
      const events = [...reader.push(body), ...reader.end()];
      const all = usageOf(events.map((data) => parseJson(data)).reduce<UsageFields>(addUsage, {}));
      for (const size of [1, 2, 3, 11, 64, body.length]) {
        expect([size, await count(body, STREAM, size)]).toEqual([size, all]);
      }
    },
  );

  test("the recorded streams of every protocol tell of tokens", () => {
    const told = recorded.filter((name) =>
      /"usage(?:Metadata)?":\s*\{/.test(readFileSync(join(SSE, name), "utf8")),
    );
    expect(
      ["openai", "anthropic", "gemini", "openrouter"].filter(
        (word) => !told.some((name) => name.includes(word)),
      ),
    ).toEqual([]);
  });

  test.each(["\n\n", "\r\n\r\n", "\r\r"])(
    "ends events by %j, wherever it is cut",
    async (blank) => {
      const text = [
        `data: {"choices":[],"usage":null}`,
        `data: {"a":"${'\\"usage\\":'}"}`,
        `data: ${JSON.stringify(event)}`,
        "data: [DONE]",
        "",
      ].join(blank);
      const bytes = Buffer.from(text);
      for (let size = 1; size <= bytes.length; size += 1) {
        expect([size, await count(bytes, STREAM, size)]).toEqual([size, expected]);
      }
    },
  );

  test.each([
    [
      "a null before it",
      '{"usage":null,"x":{"usage":{"prompt_tokens":10,"completion_tokens":2}},"usage":{"prompt_tokens":10,"completion_tokens":2}}',
    ],
    [
      "room around a null",
      '{"usage"  :   null }\n\ndata: {"usage" : {"prompt_tokens":10, "completion_tokens":2}}',
    ],
    [
      "a line of its own",
      '{"choices":[],\ndata: "usage":\ndata: {"prompt_tokens":10,"completion_tokens":2}}',
    ],
  ])("reads an event with %s", async (_, data) => {
    expect(await count(Buffer.from(`data: ${data}\n\n`), STREAM, 5)).toEqual(expected);
  });

  test("keeps nothing of the pieces that it was lent", async () => {
    for (const [body, headers] of [
      [stream, STREAM],
      [
        gzipSync(stream),
        new Headers({ "content-type": "text/event-stream", "content-encoding": "gzip" }),
      ],
      [Buffer.from(JSON.stringify(event)), new Headers({ "content-type": "application/json" })],
    ] as const) {
      const counter = createUsageCounter(headers);
      for (let at = 0; at < body.length; at += 7) {
        const piece = new Uint8Array(body.subarray(at, at + 7));
        counter.push(piece);
        piece.fill(0);
      }
      expect(await counter.end()).toEqual(expected);
    }
  });
});
