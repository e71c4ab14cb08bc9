import { formatTokens } from "../../lib/format-tokens.ts";
import type { AnswerSummary, Service } from "../ask-model.ts";

/** `m · 1,234 tokens in (1,024 cached), 567 out · 4.1 s · 12% of 1M tokens`: what an answer cost. */
export function summaryLine(
  { request, contextWindow }: Pick<Service, "request" | "contextWindow">,
  { usage }: Pick<AnswerSummary, "usage">,
  milliseconds: number,
): string {
  const parts = [request.model];
  if (usage !== undefined) {
    const { inputTokens, outputTokens, cachedInputTokens = 0 } = usage;
    const cached = cachedInputTokens === 0 ? "" : ` (${format(cachedInputTokens)} cached)`;
    parts.push(`${format(inputTokens)} tokens in${cached}, ${format(outputTokens)} out`);
  }
  parts.push(`${(milliseconds / 1000).toFixed(1)} s`);
  if (usage !== undefined && contextWindow !== undefined && contextWindow > 0) {
    const share = ((usage.inputTokens + usage.outputTokens) / contextWindow) * 100;
    const shown = share < 1 ? "less than 1" : Math.round(share);
    parts.push(`${shown}% of ${formatTokens(contextWindow)}`);
  }
  return parts.join(" · ");
}

/** `12,345` */
function format(count: number): string {
  return count.toLocaleString("en-US");
}
