import type { JsonObject } from "../../lib/json-object.ts";
import type { ChatRequest } from "../chat-request.ts";

/** Tokens of an answer where settings name no limit: the protocol wants one always. */
const DEFAULT_MAX_TOKENS = 8192;
/** Tokens to think with, for each effort (`reference/wire-protocols.md` §1.2). */
const BUDGETS = { low: 16_000, medium: 32_000, high: 64_000 } as const;
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

type Thinking = { readonly max_tokens: number; readonly thinking?: JsonObject };

function thinkingOf({ model, samplingParams, effort }: ChatRequest): Thinking {
  const limit = samplingParams?.max_tokens;
  const wanted = effort === undefined ? 0 : BUDGETS[effort];
  if (effort !== undefined && ADAPTIVE.test(model)) {
    const max_tokens = typeof limit === "number" ? limit : DEFAULT_MAX_TOKENS + wanted;
    return { max_tokens, thinking: { type: "adaptive" } };
  }
  if (typeof limit !== "number") {
    const max_tokens = DEFAULT_MAX_TOKENS + wanted;
    return wanted === 0 ? { max_tokens } : { max_tokens, thinking: enabled(wanted) };
  }
  const budget = Math.min(wanted, limit - 1);
  return budget < SMALLEST_BUDGET
    ? { max_tokens: limit }
    : { max_tokens: limit, thinking: enabled(budget) };
}

function enabled(budget: number): JsonObject {
  return { type: "enabled", budget_tokens: budget };
}

function withoutAbsent(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
