import type { JsonObject } from "../../lib/json/json-object.ts";
import type { ChatRequest, Effort, Reasoning } from "../chat-request.ts";

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
  const { system, messages, samplingParams = {}, reasoning } = request;
  const generationConfig = {
    ...Object.fromEntries(
      Object.entries(SAMPLING)
        .map(([name, own]) => [own, samplingParams[name]] as const)
        .filter(([, value]) => value !== undefined),
    ),
    ...(reasoning === undefined ? {} : { thinkingConfig: thinkingOf(reasoning) }),
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

function thinkingOf(reasoning: Reasoning): JsonObject {
  if (reasoning.kind === "off") {
    return { includeThoughts: false };
  }
  const { effort, budgetTokens } = reasoning;
  return {
    includeThoughts: true,
    // The service takes one of the two.
    ...(effort === undefined
      ? { ...(budgetTokens === undefined ? {} : { thinkingBudget: budgetTokens }) }
      : { thinkingLevel: levelOf(effort) }),
  };
}

/** The service has no word for more than `high`. */
function levelOf(effort: Effort): string {
  return effort === "xhigh" || effort === "max" ? "HIGH" : effort.toUpperCase();
}
