import type { Protocol } from "../models/protocol.ts";

export type Endpoint = {
  /** The name that `--region` takes; providers with one endpoint have none. */
  readonly region?: string;
  /** How people call the region. */
  readonly label?: string;
  readonly baseUrl: string;
};

/** A service whose endpoints and key variable are known. A new one is one entry here, no code. */
export type Provider = {
  readonly id: string;
  readonly label: string;
  readonly protocol: Protocol;
  readonly endpoints: readonly Endpoint[];
  readonly envKey: string;
};

/** The Coding Plan, which older settings name without an entry. */
export const CODING_PLAN = {
  id: "coding-plan",
  label: "Alibaba Cloud Coding Plan",
  protocol: "openai",
  endpoints: [
    {
      region: "china",
      label: "China (Beijing)",
      baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
    },
    {
      region: "global",
      label: "Global (international)",
      baseUrl: "https://coding-intl.dashscope.aliyuncs.com/v1",
    },
  ],
  envKey: "BAILIAN_CODING_PLAN_API_KEY",
} as const satisfies Provider;

/** The catalogue of `spec/providers.md`. */
export const PROVIDERS: readonly Provider[] = [
  CODING_PLAN,
  {
    id: "token-plan",
    label: "Alibaba Cloud Token Plan",
    protocol: "openai",
    endpoints: [
      {
        region: "china",
        baseUrl: "https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1",
      },
      {
        region: "global",
        baseUrl: "https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1",
      },
    ],
    envKey: "BAILIAN_TOKEN_PLAN_API_KEY",
  },
  {
    id: "modelstudio",
    label: "Alibaba Cloud ModelStudio Standard API Key",
    protocol: "openai",
    endpoints: [
      { region: "cn-beijing", baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1" },
      { region: "sg-singapore", baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1" },
      { region: "us-virginia", baseUrl: "https://dashscope-us.aliyuncs.com/compatible-mode/v1" },
      {
        region: "cn-hongkong",
        baseUrl: "https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1",
      },
    ],
    envKey: "DASHSCOPE_API_KEY",
  },
  {
    id: "openrouter",
    label: "OpenRouter",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://openrouter.ai/api/v1" }],
    envKey: "OPENROUTER_API_KEY",
  },
  {
    id: "fireworks",
    label: "Fireworks AI",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.fireworks.ai/inference/v1" }],
    envKey: "FIREWORKS_API_KEY",
  },
  {
    id: "modelscope",
    label: "ModelScope",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api-inference.modelscope.cn/v1" }],
    envKey: "MODELSCOPE_API_KEY",
  },
  {
    id: "deepseek",
    label: "DeepSeek",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.deepseek.com" }],
    envKey: "DEEPSEEK_API_KEY",
  },
  {
    id: "moonshot",
    label: "Moonshot Kimi",
    protocol: "openai",
    endpoints: [
      { region: "global", baseUrl: "https://api.moonshot.ai/v1" },
      { region: "china", baseUrl: "https://api.moonshot.cn/v1" },
    ],
    envKey: "MOONSHOT_API_KEY",
  },
  {
    id: "zai",
    label: "Z.AI",
    protocol: "openai",
    endpoints: [
      { region: "standard", baseUrl: "https://api.z.ai/api/paas/v4" },
      { region: "coding", baseUrl: "https://api.z.ai/api/coding/paas/v4" },
    ],
    envKey: "ZAI_API_KEY",
  },
  {
    id: "minimax",
    label: "MiniMax",
    protocol: "openai",
    endpoints: [
      { region: "global", baseUrl: "https://api.minimax.io/v1" },
      { region: "china", baseUrl: "https://api.minimaxi.com/v1" },
    ],
    envKey: "MINIMAX_API_KEY",
  },
  {
    id: "xai",
    label: "xAI Grok",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.x.ai/v1" }],
    envKey: "XAI_API_KEY",
  },
  {
    id: "requesty",
    label: "Requesty",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://router.requesty.ai/v1" }],
    envKey: "REQUESTY_API_KEY",
  },
  {
    id: "openai",
    label: "OpenAI",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.openai.com/v1" }],
    envKey: "OPENAI_API_KEY",
  },
  {
    id: "anthropic",
    label: "Anthropic",
    protocol: "anthropic",
    endpoints: [{ baseUrl: "https://api.anthropic.com" }],
    envKey: "ANTHROPIC_API_KEY",
  },
  {
    id: "gemini",
    label: "Google Gemini",
    protocol: "gemini",
    endpoints: [{ baseUrl: "https://generativelanguage.googleapis.com" }],
    envKey: "GEMINI_API_KEY",
  },
];
