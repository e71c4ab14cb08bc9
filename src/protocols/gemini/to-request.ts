import type { JsonObject } from "../../lib/json-object.ts";
import type { ChatRequest } from "../chat-request.ts";

/** Names of OpenAI's sampling parameters and what they are called here; others are dropped. */
const SAMPLING: Readonly<Record<string, string>> = {
  max_tokens: "maxOutputTokens",
  temperature: "temperature",
  top_p: "topP",
  top_k: "topK",
  frequency_penalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
};

/** The body of a streamed `generateContent` (`reference/wire-protocols.md` §1.3). */
export function toGeminiRequest(request: ChatRequest): JsonObject {
  const { system, messages, samplingParams = {}, effort } = request;
  const generationConfig = {
    ...Object.fromEntries(
      Object.entries(SAMPLING)
        .map(([name, own]) => [own, samplingParams[name]] as const)
        .filter(([, value]) => value !== undefined),
    ),
    ...(effort === undefined
      ? {}
      : { thinkingConfig: { includeThoughts: true, thinkingLevel: effort.toUpperCase() } }),
  };
  return {
    contents: messages.map(({ role, text }) => ({
      role: role === "assistant" ? "model" : role,
      parts: [{ text }],
    })),
    ...(system === undefined
      ? {}
      : { systemInstruction: { role: "user", parts: [{ text: system }] } }),
    ...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
  };
}
