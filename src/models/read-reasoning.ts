import { isJsonObject } from "../lib/json/json-object.ts";
import type { Effort, Reasoning } from "../protocols/chat-request.ts";
import type { Source } from "../source.ts";

/** Every effort there is, in the order of messages. */
export const EFFORTS: readonly Effort[] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/** A value of the settings and where it stands. */
type Field = { readonly value: unknown; readonly source: Source };

type ReasoningSettings = {
  /** `generationConfig.reasoning` */
  readonly reasoning: Field | undefined;
  /** `model.reasoningEffort`: for whatever model is asked, over the effort of its entry. */
  readonly effort: Field | undefined;
  /** Whether the model cannot be asked not to think (`generationConfig.thinkingMandatory`). */
  readonly isMandatory: boolean;
};

type Understood = { readonly reasoning?: Reasoning; readonly warnings: readonly string[] };

/** Understands what settings say of thinking; what is not understood is named, never guessed. */
export function readReasoning({ reasoning, effort, isMandatory }: ReasoningSettings): Understood {
  const own = reasoning === undefined ? NOTHING : readField(reasoning);
  const general = effort === undefined ? NOTHING : readEffort(effort);
  const warnings = [...own.warnings, ...general.warnings];
  const wanted = combine(own.reasoning, general.reasoning);
  return wanted === undefined || (wanted.kind === "off" && isMandatory)
    ? { warnings }
    : { reasoning: wanted, warnings };
}

const NOTHING: Understood = { warnings: [] };

function combine(
  own: Reasoning | undefined,
  general: Reasoning | undefined,
): Reasoning | undefined {
  if (general === undefined || general.kind === "off" || own?.kind === "off") {
    return general?.kind === "off" ? general : (own ?? general);
  }
  return { ...own, ...general };
}

function readEffort({ value, source }: Field): Understood {
  if (value === "none") {
    return { reasoning: { kind: "off" }, warnings: [] };
  }
  const effort = effortOf(value);
  return effort === undefined
    ? { warnings: [complaint(source, "", `it knows none, ${EFFORTS.join(", ")}`)] }
    : { reasoning: { kind: "on", effort }, warnings: [] };
}

function readField({ value, source }: Field): Understood {
  if (value === false) {
    return { reasoning: { kind: "off" }, warnings: [] };
  }
  if (!isJsonObject(value)) {
    return { warnings: [complaint(source, "", 'write it as {"effort": "high"}, or false')] };
  }
  const { effort, budget_tokens: budget, ...others } = value;
  const warnings = Object.keys(others).map((name) =>
    complaint(source, `.${name}`, "it knows `effort` and `budget_tokens`"),
  );
  if (effort === "none") {
    return { reasoning: { kind: "off" }, warnings };
  }
  const known = effortOf(effort);
  if (effort !== undefined && known === undefined) {
    warnings.push(complaint(source, ".effort", `it knows none, ${EFFORTS.join(", ")}`));
  }
  const isBudget = typeof budget === "number" && Number.isInteger(budget) && budget > 0;
  if (budget !== undefined && !isBudget) {
    warnings.push(complaint(source, ".budget_tokens", "it is a number of tokens"));
  }
  const wanted = {
    ...(known === undefined ? {} : { effort: known }),
    ...(isBudget ? { budgetTokens: budget } : {}),
  };
  const isAsked = Object.keys(wanted).length > 0;
  return { ...(isAsked ? { reasoning: { kind: "on", ...wanted } } : {}), warnings };
}

function effortOf(value: unknown): Effort | undefined {
  return EFFORTS.find((effort) => effort === value);
}

function complaint({ name, path }: Source, field: string, advice: string): string {
  return `\`${name}${field}\` of \`${path}\` is not understood: ${advice}`;
}
