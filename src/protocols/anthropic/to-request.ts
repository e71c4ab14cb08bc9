import type { JsonObject } from "../../lib/json/json-object.ts";
import type { ChatRequest, Effort } from "../chat-request.ts";

/** Tokens of an answer where settings name no limit: the protocol wants one always. */
const DEFAULT_MAX_TOKENS = 8192;
/** Tokens to think with, for each effort (`reference/wire-protocols.md` §1.2). */
const BUDGETS: Readonly<Record<Effort, number>> = {
  minimal: 4000,
  low: 16_000,
  medium: 32_000,
  high: 64_000,
  xhigh: 96_000,
  max: 128_000,
};
const SMALLEST_BUDGET = 1024;

/** Models from Claude 4.7 on decide themselves how long they think, and refuse a budget. */
const ADAPTIVE = /claude-(?:[a-z]+-)?(?:4-[7-9]|4-\d\d(?!\d)|[5-9])/;

/**
 * The body of a streamed message (`spec/protocols.md`): `max_tokens` always, thinking only when it
 * is asked for and within its bounds (1024 ≤ budget < `max_tokens`).
 */
export function toAnthropicRequest(request: ChatRequest): JsonObject {
  const { model, system, messages, samplingParams = {} } = request;
  const thinking = thinkingOf(request);
  const { temperature, top_p, top_k } = samplingParams;
  // With thinking on, the service takes no temperature but its own and no `top_k`.
  const sampling = thinking.thinking === undefined ? { temperature, top_p, top_k } : { top_p };
  return {
    model,
    ...(system === undefined ? {} : { system }),
    messages: messages.map(({ role, text }) => ({ role, content: text })),
    ...thinking,
    ...withoutAbsent(sampling),
    stream: true,
  };
}

type Thinking = {
  readonly max_tokens: number;
  readonly thinking?: JsonObject;
  readonly output_config?: JsonObject;
};

function thinkingOf({ model, samplingParams, reasoning }: ChatRequest): Thinking {
  const limit =
    typeof samplingParams?.max_tokens === "number" ? samplingParams.max_tokens : undefined;
  if (reasoning === undefined || reasoning.kind === "off") {
    return { max_tokens: limit ?? DEFAULT_MAX_TOKENS };
  }
  const { effort = "medium", budgetTokens } = reasoning;
  const wanted = budgetTokens ?? BUDGETS[effort];
  if (ADAPTIVE.test(model)) {
    return {
      max_tokens: limit ?? DEFAULT_MAX_TOKENS + wanted,
      thinking: { type: "adaptive" },
      ...(reasoning.effort === undefined ? {} : { output_config: { effort: knownEffort(effort) } }),
    };
  }
  const budget = limit === undefined ? wanted : Math.min(wanted, limit - 1);
  const max_tokens = limit ?? DEFAULT_MAX_TOKENS + Math.max(wanted, 0);
  return budget < SMALLEST_BUDGET ? { max_tokens } : { max_tokens, thinking: enabled(budget) };
}

/** The service has no word for less than `low`. */
function knownEffort(effort: Effort): Effort {
  return effort === "minimal" ? "low" : effort;
}

function enabled(budget: number): JsonObject {
  return { type: "enabled", budget_tokens: budget };
}

function withoutAbsent(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
