import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { numberAt } from "../../protocols/read-json.ts";

/** Tokens, as a service counts them. */
export type TokenUsage = {
  /** All of the prompt, the cached part included. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
};

/** What an answer has told of its tokens so far, field by field. */
export type UsageFields = Readonly<Record<string, unknown>>;

/**
 * Adds what an event, or a whole answer, tells: `usage` of OpenAI's chunks and of Anthropic's
 * `message_delta`, of the `message` that starts and of the `response` that completes, and Gemini's
 * `usageMetadata`. A later number replaces an earlier one, unless it is zero.
 */
export function addUsage(known: UsageFields, event: unknown): UsageFields {
  if (!isJsonObject(event)) {
    return known;
  }
  const { message, response, usage, usageMetadata } = event;
  const holders = [usageIn(message), usageIn(response), usage, usageMetadata].filter(isJsonObject);
  return Object.assign({}, known, ...holders.map(told));
}

function usageIn(holder: unknown): unknown {
  return isJsonObject(holder) ? holder.usage : undefined;
}

function told(holder: JsonObject): UsageFields {
  return Object.fromEntries(Object.entries(holder).filter(([, value]) => Boolean(value)));
}

/** The numbers of all services by their names; `undefined` where none of them was told. */
export function usageOf(fields: UsageFields): TokenUsage | undefined {
  const number = (...path: readonly string[]): number => numberAt(fields, path);
  const first = (...numbers: readonly number[]): number => numbers.find((each) => each > 0) ?? 0;
  // Anthropic counts what comes from its cache, and what goes into it, beside the input.
  const read = number("cache_read_input_tokens");
  const written = number("cache_creation_input_tokens");
  const input = first(number("prompt_tokens"), number("input_tokens"), number("promptTokenCount"));
  const output = first(number("completion_tokens"), number("output_tokens"));
  const ofGemini = number("candidatesTokenCount") + number("thoughtsTokenCount");
  const usage = {
    inputTokens: input + read + written,
    outputTokens: output + ofGemini,
    cachedTokens: first(
      read,
      number("prompt_tokens_details", "cached_tokens"),
      number("input_tokens_details", "cached_tokens"),
      number("cachedContentTokenCount"),
      number("prompt_cache_hit_tokens"),
      number("cached_tokens"),
    ),
  };
  return usage.inputTokens + usage.outputTokens > 0 ? usage : undefined;
}
