import type { ProviderModel } from "./provider.ts";

/**
 * The models of the Coding Plan, the default first (`spec/providers.md`), as Qwen Code describes
 * them (`reference/auth-flows.md` §2).
 */
export const CODING_PLAN_MODELS = [
  { id: "qwen3.5-plus", thinking: true, contextWindowSize: 1_000_000, vision: true },
  {
    id: "qwen3.6-plus",
    description: "Currently available to Pro subscribers only.",
    thinking: true,
    contextWindowSize: 1_000_000,
    vision: true,
  },
  { id: "qwen3.7-plus", thinking: true, contextWindowSize: 1_000_000 },
  { id: "glm-5", thinking: true, contextWindowSize: 202_752 },
  { id: "kimi-k2.5", thinking: true, contextWindowSize: 262_144, vision: true },
  { id: "MiniMax-M2.5", thinking: true, contextWindowSize: 196_608 },
  { id: "qwen3-coder-plus", contextWindowSize: 1_000_000 },
  { id: "qwen3-coder-next", contextWindowSize: 262_144 },
  { id: "qwen3-max-2026-01-23", thinking: true, contextWindowSize: 262_144 },
  { id: "glm-4.7", thinking: true, contextWindowSize: 202_752 },
] as const satisfies readonly ProviderModel[];
