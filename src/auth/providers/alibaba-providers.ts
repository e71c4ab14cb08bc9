import type { ProviderModel } from "./provider.ts";
import { named, type Provider } from "./provider.ts";

/**
 * The models of the Coding Plan, the default first (`spec/providers.md`), as Qwen Code describes
 * them (`reference/auth-flows.md` §2).
 */
const CODING_PLAN_MODELS = [
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

/** The Coding Plan, which older settings name without an entry. */
export const CODING_PLAN = {
  id: "coding-plan",
  label: "Alibaba Cloud Coding Plan",
  protocol: "openai",
  endpoints: [
    {
      region: "china",
      aliases: ["cn", "beijing"],
      label: "China (Beijing)",
      entryLabel: "ModelStudio Coding Plan",
      baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
      // help.aliyun.com/zh/model-studio/coding-plan; Chat and Messages only
      anthropic: {
        baseUrl: "https://coding.dashscope.aliyuncs.com/apps/anthropic",
        credential: "bearer",
      },
      consoleUrl:
        "https://bailian.console.aliyun.com/cn-beijing?tab=coding-plan#/efm/coding-plan-index",
    },
    {
      region: "global",
      aliases: ["intl", "international", "singapore"],
      label: "Global (international)",
      entryLabel: "ModelStudio Coding Plan for Global/Intl",
      baseUrl: "https://coding-intl.dashscope.aliyuncs.com/v1",
      // www.alibabacloud.com/help/en/model-studio/coding-plan; Chat and Messages only
      anthropic: {
        baseUrl: "https://coding-intl.dashscope.aliyuncs.com/apps/anthropic",
        credential: "bearer",
      },
      consoleUrl:
        "https://modelstudio.console.alibabacloud.com/?tab=coding-plan#/efm/coding-plan-index",
    },
  ],
  envKey: "BAILIAN_CODING_PLAN_API_KEY",
  models: CODING_PLAN_MODELS,
  isPlan: true,
  keyPrefix: "sk-sp-",
} as const satisfies Provider;

/** Prepaid tokens of ModelStudio; its keys look like those of the Coding Plan. */
export const TOKEN_PLAN: Provider = {
  id: "token-plan",
  label: "Alibaba Cloud Token Plan",
  foreignEntryLabels: ["ModelStudio Token Plan", "ModelStudio Token Plan for Global/Intl"],
  protocol: "openai",
  endpoints: [
    {
      region: "china",
      aliases: ["cn", "beijing"],
      label: "China (Beijing)",
      baseUrl: "https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1",
      // help.aliyun.com/zh/model-studio/token-plan-personal-quick-start
      anthropic: {
        baseUrl: "https://token-plan.cn-beijing.maas.aliyuncs.com/apps/anthropic",
        credential: "bearer",
      },
      consoleUrl: "https://bailian.console.aliyun.com",
    },
    {
      region: "global",
      aliases: ["intl", "international", "singapore"],
      label: "Global (Singapore)",
      baseUrl: "https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1",
      // as above, and in the configurations of several clients
      anthropic: {
        baseUrl: "https://token-plan.ap-southeast-1.maas.aliyuncs.com/apps/anthropic",
        credential: "bearer",
      },
      consoleUrl: "https://modelstudio.console.alibabacloud.com",
    },
  ],
  envKey: "BAILIAN_TOKEN_PLAN_API_KEY",
  models: named(
    "qwen3.7-plus",
    "qwen3.6-plus",
    "qwen3.7-max",
    "qwen3.8-max",
    "qwen3.6-flash",
    "deepseek-v3.2",
    "kimi-k2.5",
    "glm-5",
    "MiniMax-M2.5",
  ),
  isPlan: true,
  keyPrefix: "sk-sp-",
};

/** Pay-as-you-go keys of ModelStudio, the first row of `qwen auth api-key`. */
export const MODELSTUDIO: Provider = {
  id: "modelstudio",
  aliases: ["dashscope"],
  label: "Alibaba Cloud ModelStudio Standard API Key",
  entryLabel: "ModelStudio Standard",
  protocol: "openai",
  endpoints: [
    {
      region: "cn-beijing",
      aliases: ["china", "cn", "beijing"],
      label: "China (Beijing)",
      baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
      // help.aliyun.com/zh/model-studio/claude-code, .../anthropic-api-messages, .../responses-api
      anthropic: { baseUrl: "https://dashscope.aliyuncs.com/apps/anthropic", credential: "bearer" },
      responses: true,
      consoleUrl: "https://bailian.console.aliyun.com",
    },
    {
      region: "sg-singapore",
      aliases: ["global", "intl", "international", "singapore"],
      label: "Singapore",
      baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
      // www.alibabacloud.com/help/en/model-studio/claude-code, .../anthropic-api-messages
      anthropic: {
        baseUrl: "https://dashscope-intl.aliyuncs.com/apps/anthropic",
        credential: "bearer",
      },
      responses: true,
    },
    {
      region: "us-virginia",
      aliases: ["us", "virginia"],
      label: "US (Virginia)",
      baseUrl: "https://dashscope-us.aliyuncs.com/compatible-mode/v1",
    },
    {
      region: "cn-hongkong",
      aliases: ["hongkong", "hk"],
      label: "China (Hong Kong)",
      baseUrl: "https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1",
    },
  ],
  otherHosts: ["maas.aliyuncs.com"],
  envKey: "DASHSCOPE_API_KEY",
  models: named("qwen3.5-plus", "glm-5", "kimi-k2.5"),
  keyPrefix: "sk-",
  consoleUrl: "https://modelstudio.console.alibabacloud.com",
  replaces: [CODING_PLAN.id],
};
