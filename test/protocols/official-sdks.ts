import Anthropic from "@anthropic-ai/sdk";
import { type GenerateContentResponse, GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import type { ServiceEndpoint } from "../../src/protocols/service-endpoint.ts";

/** What a client made of an answer; what its vendor calls differently is called as we do. */
export type Said = {
  text: string;
  /** Name and arguments, as JSON. */
  readonly calls: [name: string, json: string][];
  finish: string | undefined;
  usage: { readonly inputTokens: number; readonly outputTokens: number } | undefined;
  /** What was thrown, after all of the above. */
  error: unknown;
};

export function nothingSaid(): Said {
  return { text: "", calls: [], finish: undefined, usage: undefined, error: undefined };
}

type Reader = (origin: string, said: Said) => Promise<void>;

const READERS: Readonly<Record<ServiceEndpoint["protocol"], Reader>> = {
  openai: readOpenai,
  anthropic: readAnthropic,
  gemini: readGemini,
};

/** Asks "Hi" with the vendor's own client, once. */
export async function askOfficialSdk(
  protocol: ServiceEndpoint["protocol"],
  origin: string,
): Promise<Said> {
  const said = nothingSaid();
  try {
    await READERS[protocol](origin, said);
  } catch (error) {
    said.error = error;
  }
  // What an answer cost is known at its end.
  return said.finish === undefined ? { ...said, usage: undefined } : said;
}

const CLIENT = { apiKey: "sk-0123456789abcdef", maxRetries: 0, logLevel: "off" } as const;

async function readOpenai(origin: string, said: Said): Promise<void> {
  const client = new OpenAI({ ...CLIENT, baseURL: `${origin}/v1` });
  const stream = await client.chat.completions.create({
    model: "m",
    messages: [{ role: "user", content: "Hi" }],
    stream: true,
  });
  for await (const { choices, usage } of stream) {
    // Azure and others send chunks without a choice; a vLLM error has not even the field.
    const choice = choices?.[0];
    said.text += choice?.delta.content ?? "";
    for (const { index, function: part } of choice?.delta.tool_calls ?? []) {
      const [name, json] = said.calls[index] ?? ["", ""];
      said.calls[index] = [name || (part?.name ?? ""), json + (part?.arguments ?? "")];
    }
    said.finish = FINISHES[choice?.finish_reason ?? ""] ?? said.finish;
    if (usage) {
      said.usage = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
    }
  }
}

async function readAnthropic(origin: string, said: Said): Promise<void> {
  const client = new Anthropic({ ...CLIENT, baseURL: origin });
  const stream = await client.messages.create({
    model: "m",
    max_tokens: 64,
    messages: [{ role: "user", content: "Hi" }],
    stream: true,
  });
  for await (const event of stream) {
    takeEvent(said, event);
  }
}

function takeEvent(said: Said, event: Anthropic.RawMessageStreamEvent): void {
  switch (event.type) {
    case "message_start": {
      const { input_tokens, ...usage } = event.message.usage;
      const cached =
        (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
      said.usage = { inputTokens: input_tokens + cached, outputTokens: 0 };
      break;
    }
    case "content_block_start":
      if (event.content_block.type === "tool_use") {
        said.calls.push([event.content_block.name, ""]);
      }
      break;
    case "content_block_delta": {
      const call = said.calls.at(-1);
      if (event.delta.type === "text_delta") {
        said.text += event.delta.text;
      } else if (event.delta.type === "input_json_delta") {
        call?.splice(1, 1, call[1] + event.delta.partial_json);
      }
      break;
    }
    case "message_delta":
      said.finish = FINISHES[event.delta.stop_reason ?? ""];
      said.usage = {
        inputTokens: said.usage?.inputTokens ?? 0,
        outputTokens: event.usage.output_tokens,
      };
      break;
    default:
  }
}

async function readGemini(origin: string, said: Said): Promise<void> {
  const { apiKey } = CLIENT;
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: origin } });
  const stream = await client.models.generateContentStream({ model: "m", contents: "Hi" });
  for await (const answer of stream) {
    takeAnswer(said, answer);
  }
}

function takeAnswer(said: Said, { candidates, usageMetadata: usage }: GenerateContentResponse) {
  const candidate = candidates?.[0];
  for (const { text = "", thought, functionCall } of candidate?.content?.parts ?? []) {
    said.text += thought === true ? "" : text;
    if (functionCall !== undefined) {
      said.calls.push([functionCall.name ?? "", JSON.stringify(functionCall.args)]);
    }
  }
  said.finish = FINISHES[candidate?.finishReason ?? ""] ?? said.finish;
  if (usage !== undefined) {
    const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = usage;
    const outputTokens = candidatesTokenCount + thoughtsTokenCount;
    said.usage = { inputTokens: promptTokenCount, outputTokens };
  }
}

/** The vendors' words for the end of an answer and ours. */
const FINISHES: Readonly<Record<string, string>> = {
  stop: "stop",
  end_turn: "stop",
  STOP: "stop",
  length: "length",
  max_tokens: "length",
  MAX_TOKENS: "length",
  tool_calls: "tool-calls",
  tool_use: "tool-calls",
  // Of aimock alone.
  FUNCTION_CALL: "tool-calls",
};
