import type { JsonObject } from "../../lib/json/json-object.ts";
import type { ChatRequest, Effort, Reasoning } from "../chat-request.ts";
import { isDashScope } from "./dash-scope.ts";

type ReasoningRequest = Pick<ChatRequest, "model" | "reasoning">;

/**
 * The fields of a body that say how hard to think, in the words of whoever is asked
 * (`spec/settings-and-env.md`): vendors with this interface agree on everything but that. `off` is
 * laid over `extra_body`, which often switches thinking on.
 */
export function reasoningFields(
  { model, reasoning }: ReasoningRequest,
  baseUrl: string,
): { readonly on: JsonObject; readonly off: JsonObject } {
  if (reasoning === undefined) {
    return { on: {}, off: {} };
  }
  return reasoning.kind === "off"
    ? { on: {}, off: switchedOff(model, baseUrl) }
    : { on: switchedOn(model, reasoning, baseUrl), off: {} };
}

type WantedReasoning = Extract<Reasoning, { kind: "on" }>;

function switchedOn(
  model: string,
  { effort, budgetTokens }: WantedReasoning,
  baseUrl: string,
): JsonObject {
  switch (familyOf(baseUrl)) {
    case "dashscope":
      return {
        enable_thinking: true,
        ...(budgetTokens === undefined ? {} : { thinking_budget: budgetTokens }),
      };
    case "openai":
      return effort === undefined ? {} : { reasoning_effort: openaiEffort(model, effort) };
    case "deepseek":
      return effort === undefined ? {} : { reasoning_effort: deepseekEffort(effort) };
    case "zai":
      return {
        thinking: { type: "enabled" },
        ...(effort === undefined ? {} : { reasoning_effort: effort }),
      };
    case "openrouter":
      return {
        reasoning: budgetTokens === undefined ? { effort } : { max_tokens: budgetTokens },
      };
    case "other":
      return {
        reasoning: {
          ...(effort === undefined ? {} : { effort }),
          ...(budgetTokens === undefined ? {} : { budget_tokens: budgetTokens }),
        },
      };
  }
}

function switchedOff(model: string, baseUrl: string): JsonObject {
  switch (familyOf(baseUrl)) {
    case "dashscope":
      return { enable_thinking: false };
    case "openai":
      // The first models of that line that can be asked not to think.
      return /^gpt-5\.\d+(?!.*(?:codex|pro))/.test(model) ? { reasoning_effort: "none" } : {};
    case "deepseek":
    case "zai":
      return { thinking: { type: "disabled" } };
    case "openrouter":
      return { reasoning: { enabled: false } };
    case "other":
      // What servers that people run themselves hand to the template of a Qwen model.
      return /qw(?:en|q)/i.test(model) ? { chat_template_kwargs: { enable_thinking: false } } : {};
  }
}

type Family = "dashscope" | "openai" | "deepseek" | "zai" | "openrouter" | "other";

const HOSTS: readonly (readonly [RegExp, Family])[] = [
  [/(?:^|\.)(?:api\.openai\.com|openai\.azure\.com)$/, "openai"],
  [/(?:^|\.)deepseek\.com$/, "deepseek"],
  [/(?:^|\.)(?:z\.ai|bigmodel\.cn)$/, "zai"],
  [/(?:^|\.)openrouter\.ai$/, "openrouter"],
];

function familyOf(baseUrl: string): Family {
  const { hostname } = new URL(baseUrl);
  if (isDashScope(hostname)) {
    return "dashscope";
  }
  return HOSTS.find(([host]) => host.test(hostname))?.[1] ?? "other";
}

/** Only some models know more than `high`. */
function openaiEffort(model: string, effort: Effort): string {
  if (effort !== "xhigh" && effort !== "max") {
    return effort;
  }
  return /^gpt-5\.[2-9]|codex-max/.test(model) ? "xhigh" : "high";
}

/** It thinks hard or as hard as it can. */
function deepseekEffort(effort: Effort): string {
  return effort === "xhigh" || effort === "max" ? "max" : "high";
}
