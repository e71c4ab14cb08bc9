import type { JsonObject } from "../lib/json/json-object.ts";

export type ChatMessage = {
  readonly role: "user" | "assistant";
  readonly text: string;
};

/** What is asked of a model, the same for all three protocols; `to-request` puts it on the wire. */
export type ChatRequest = {
  readonly model: string;
  readonly system?: string;
  /** In their order; the first is the user's. */
  readonly messages: readonly ChatMessage[];
  /** `generationConfig.samplingParams`: verbatim for OpenAI, mapped for the others. */
  readonly samplingParams?: JsonObject;
  /** `generationConfig.extra_body`: OpenAI only, over everything else. */
  readonly extraBody?: JsonObject;
  /** No count of tokens is asked for: not every service knows how. */
  readonly withoutUsage?: boolean;
  /** How hard the model should think, where the settings say so. */
  readonly reasoning?: Reasoning;
};

/** From the least to the most; no service knows all of them. */
export type Effort = "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What `reasoning` asks for; each protocol and host has its own words for it. */
export type Reasoning =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      readonly effort?: Effort;
      /** Tokens to think with at most. */
      readonly budgetTokens?: number;
    };
