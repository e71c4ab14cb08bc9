/** A model of the Coding Plan, as Qwen Code describes it (`reference/auth-flows.md` §2). */
export type PlanModel = {
  readonly id: string;
  readonly description?: string;
  readonly thinking: boolean;
  /** Tokens. */
  readonly contextWindowSize: number;
  /** Reads images and video. */
  readonly vision: boolean;
};

/** The plan's models, the default first (`spec/providers.md`). */
export const CODING_PLAN_MODELS = [
  { id: "qwen3.5-plus", thinking: true, contextWindowSize: 1_000_000, vision: true },
  {
    id: "qwen3.6-plus",
    description: "Currently available to Pro subscribers only.",
    thinking: true,
    contextWindowSize: 1_000_000,
    vision: true,
  },
  { id: "qwen3.7-plus", thinking: true, contextWindowSize: 1_000_000, vision: false },
  { id: "glm-5", thinking: true, contextWindowSize: 202_752, vision: false },
  { id: "kimi-k2.5", thinking: true, contextWindowSize: 262_144, vision: true },
  { id: "MiniMax-M2.5", thinking: true, contextWindowSize: 196_608, vision: false },
  { id: "qwen3-coder-plus", thinking: false, contextWindowSize: 1_000_000, vision: false },
  { id: "qwen3-coder-next", thinking: false, contextWindowSize: 262_144, vision: false },
  { id: "qwen3-max-2026-01-23", thinking: true, contextWindowSize: 262_144, vision: false },
  { id: "glm-4.7", thinking: true, contextWindowSize: 202_752, vision: false },
] as const satisfies readonly PlanModel[];
