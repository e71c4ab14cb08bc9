import { named, type Provider } from "./provider.ts";

/**
 * Services that host models of many vendors, and vendors of their own. Where a service speaks
 * another protocol for the same key and no page of it was found, none is named. Base URLs were
 * looked up on 2026-11-30, on the pages beside each: those of the service, else two that do not
 * depend on each other. Links to consoles and beginnings of keys are as they are commonly known.
 */
export const HOSTED: readonly Provider[] = [
  // developersdigest.tech (which quotes docs.mistral.ai/resources/migration-guides), docs.rs/lc-providers
  {
    id: "mistral",
    label: "Mistral AI",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.mistral.ai/v1" }],
    envKey: "MISTRAL_API_KEY",
    models: [],
    consoleUrl: "https://console.mistral.ai/api-keys",
  },
  // console.groq.com/docs/openai, which has the Responses API and the link to the keys, too
  {
    id: "groq",
    label: "Groq",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.groq.com/openai/v1", responses: true }],
    envKey: "GROQ_API_KEY",
    models: [],
    keyPrefix: "gsk_",
    consoleUrl: "https://console.groq.com/keys",
  },
  // inference-docs.cerebras.ai/resources/openai
  {
    id: "cerebras",
    label: "Cerebras",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.cerebras.ai/v1" }],
    envKey: "CEREBRAS_API_KEY",
    models: [],
    keyPrefix: "csk-",
    consoleUrl: "https://cloud.cerebras.ai",
  },
  // docs.siliconflow.cn/docs/userguide/quickstart, siliconflow.com/blog/openai-sdk-siliconflow-compatibility-checks
  {
    id: "siliconflow",
    label: "SiliconFlow",
    protocol: "openai",
    endpoints: [
      {
        region: "china",
        aliases: ["cn"],
        label: "China",
        baseUrl: "https://api.siliconflow.cn/v1",
        consoleUrl: "https://cloud.siliconflow.cn/account/ak",
      },
      {
        region: "global",
        aliases: ["intl", "international"],
        label: "Global",
        baseUrl: "https://api.siliconflow.com/v1",
        consoleUrl: "https://cloud.siliconflow.com/account/ak",
      },
    ],
    envKey: "SILICONFLOW_API_KEY",
    models: [],
  },
  // volcengine.com/docs/82379/1330626, .../1299023; keys of the Coding Plan go to /api/coding alone:
  // developer.volcengine.com/articles/7615528054736945158; its Anthropic base by two users of it
  {
    id: "ark",
    aliases: ["volcengine", "doubao"],
    label: "Volcengine Ark",
    protocol: "openai",
    endpoints: [
      {
        region: "standard",
        label: "Standard",
        baseUrl: "https://ark.cn-beijing.volces.com/api/v3",
        responses: true,
      },
      {
        region: "coding",
        label: "Coding plan",
        baseUrl: "https://ark.cn-beijing.volces.com/api/coding/v3",
        anthropic: {
          baseUrl: "https://ark.cn-beijing.volces.com/api/coding",
          credential: "bearer",
        },
      },
    ],
    envKey: "ARK_API_KEY",
    models: [],
    consoleUrl: "https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey",
  },
  // cloud.tencent.com/document/product/1729/111007
  {
    id: "hunyuan",
    label: "Tencent Hunyuan",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.hunyuan.cloud.tencent.com/v1" }],
    envKey: "HUNYUAN_API_KEY",
    models: named("hunyuan-turbos-latest"),
    consoleUrl: "https://console.cloud.tencent.com/hunyuan/api-key",
  },
  // docs.together.ai/docs/inference/openai-compatibility
  {
    id: "together",
    label: "Together AI",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api.together.ai/v1" }],
    envKey: "TOGETHER_API_KEY",
    models: [],
    consoleUrl: "https://api.together.ai/settings/api-keys",
  },
  // theneuralbase.com/nvidia-nim, build.nvidia.com; its list of models is public, so that a token proves the key
  {
    id: "nvidia",
    label: "NVIDIA NIM",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://integrate.api.nvidia.com/v1" }],
    envKey: "NVIDIA_API_KEY",
    models: [],
    keyPrefix: "nvapi-",
    consoleUrl: "https://build.nvidia.com/settings/api-keys",
  },
  // docs.github.com/rest/models/inference: a token with `models: read`; the catalogue is elsewhere
  {
    id: "github-models",
    label: "GitHub Models",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://models.github.ai/inference" }],
    envKey: "GITHUB_MODELS_API_KEY",
    models: [],
    consoleUrl: "https://github.com/settings/personal-access-tokens",
  },
];
