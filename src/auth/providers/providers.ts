import { CODING_PLAN, MODELSTUDIO, TOKEN_PLAN } from "./alibaba-providers.ts";
import { HOSTED } from "./hosted-providers.ts";
import { type Endpoint, named, type Provider } from "./provider.ts";

const KIMI_BALANCE = { path: "/users/me/balance", amount: ["data", "available_balance"] } as const;

const CLOUD: readonly Provider[] = [
  {
    id: "openrouter",
    label: "OpenRouter",
    protocol: "openai",
    endpoints: [
      {
        baseUrl: "https://openrouter.ai/api/v1",
        // openrouter.ai/docs: the guide for Claude Code, and the reference of Responses
        anthropic: { baseUrl: "https://openrouter.ai/api", credential: "bearer" },
        // openrouter.ai/docs/api/reference/limits: of the key; without a limit it says null
        balance: { path: "/key", amount: ["data", "limit_remaining"], currency: "USD" },
        responses: true,
      },
    ],
    envKey: "OPENROUTER_API_KEY",
    models: named("openrouter/auto"),
    keyPrefix: "sk-or-",
    keyCheckPath: "/key",
    consoleUrl: "https://openrouter.ai/settings/keys",
  },
  {
    id: "fireworks",
    label: "Fireworks AI",
    protocol: "openai",
    endpoints: [
      {
        baseUrl: "https://api.fireworks.ai/inference/v1",
        // docs.fireworks.ai/tools-sdks/anthropic-compatibility, docs.fireworks.ai/nexus/apis-and-sdks
        anthropic: { baseUrl: "https://api.fireworks.ai/inference", credential: "bearer" },
        responses: true,
      },
    ],
    envKey: "FIREWORKS_API_KEY",
    models: [],
    consoleUrl: "https://app.fireworks.ai",
  },
  {
    id: "modelscope",
    label: "ModelScope",
    protocol: "openai",
    endpoints: [{ baseUrl: "https://api-inference.modelscope.cn/v1" }],
    envKey: "MODELSCOPE_API_KEY",
    models: named("Qwen/Qwen3.5-397B-A17B", "deepseek-ai/DeepSeek-V4-Flash", "ZhipuAI/GLM-5.1"),
    consoleUrl: "https://modelscope.cn/my/myaccesstoken",
  },
  {
    id: "deepseek",
    label: "DeepSeek",
    protocol: "openai",
    endpoints: [
      {
        baseUrl: "https://api.deepseek.com",
        // api-docs.deepseek.com/guides/anthropic_api, .../guides/responses_api
        anthropic: { baseUrl: "https://api.deepseek.com/anthropic", credential: "x-api-key" },
        // api-docs.deepseek.com/api/get-user-balance
        balance: {
          path: "/user/balance",
          amount: ["balance_infos", 0, "total_balance"],
          currency: ["balance_infos", 0, "currency"],
        },
        responses: true,
      },
    ],
    envKey: "DEEPSEEK_API_KEY",
    models: named("deepseek-v4-pro", "deepseek-v4-flash"),
    consoleUrl: "https://platform.deepseek.com/api_keys",
  },
  {
    id: "moonshot",
    aliases: ["kimi"],
    label: "Moonshot Kimi",
    foreignEntryLabels: ["Kimi"],
    protocol: "openai",
    endpoints: [
      {
        region: "global",
        aliases: ["intl", "international"],
        label: "Global",
        baseUrl: "https://api.moonshot.ai/v1",
        // platform.kimi.ai/docs/api/responses, and its guide for Claude Code
        anthropic: { baseUrl: "https://api.moonshot.ai/anthropic", credential: "bearer" },
        // platform.kimi.ai/docs/api/balance
        balance: { ...KIMI_BALANCE, currency: "USD" },
        responses: true,
        consoleUrl: "https://platform.kimi.ai/console/api-keys",
      },
      {
        region: "china",
        aliases: ["cn"],
        label: "China",
        baseUrl: "https://api.moonshot.cn/v1",
        // platform.kimi.com/docs/api/responses, and its guide for Claude Code
        anthropic: { baseUrl: "https://api.moonshot.cn/anthropic", credential: "bearer" },
        // platform.kimi.com/docs/api/balance
        balance: { ...KIMI_BALANCE, currency: "CNY" },
        responses: true,
        consoleUrl: "https://platform.moonshot.cn/console/api-keys",
      },
    ],
    envKey: "MOONSHOT_API_KEY",
    models: named("kimi-k3", "kimi-k2.6"),
  },
  {
    id: "zai",
    aliases: ["z.ai"],
    label: "Z.AI",
    protocol: "openai",
    endpoints: [
      {
        region: "standard",
        label: "Standard",
        baseUrl: "https://api.z.ai/api/paas/v4",
        // docs.z.ai, the guide for Claude Code: one base for both
        anthropic: { baseUrl: "https://api.z.ai/api/anthropic", credential: "bearer" },
      },
      {
        region: "coding",
        label: "Coding plan",
        baseUrl: "https://api.z.ai/api/coding/paas/v4",
        // docs.z.ai, the guide for Claude Code: one base for both
        anthropic: { baseUrl: "https://api.z.ai/api/anthropic", credential: "bearer" },
      },
      {
        region: "china",
        aliases: ["cn"],
        label: "China",
        baseUrl: "https://open.bigmodel.cn/api/paas/v4",
        // docs.bigmodel.cn, the guide for Claude Code
        anthropic: { baseUrl: "https://open.bigmodel.cn/api/anthropic", credential: "bearer" },
        consoleUrl: "https://bigmodel.cn/usercenter/proj-mgmt/apikeys",
      },
    ],
    envKey: "ZAI_API_KEY",
    models: named("glm-5.2", "glm-5.1", "glm-5"),
    consoleUrl: "https://z.ai/manage-apikey/apikey-list",
  },
  {
    // What is left is told to keys of the plan alone, and by another host (www.minimax.io, see
    // platform.minimax.io/docs/token-plan/faq): a key goes to its own endpoint only, so no `balance`.
    id: "minimax",
    label: "MiniMax",
    protocol: "openai",
    endpoints: [
      {
        region: "global",
        aliases: ["intl", "international"],
        label: "Global",
        baseUrl: "https://api.minimax.io/v1",
        // platform.minimax.io/docs/api-reference/text-anthropic-api, .../token-plan/codex
        anthropic: { baseUrl: "https://api.minimax.io/anthropic", credential: "bearer" },
        responses: true,
        consoleUrl: "https://platform.minimax.io",
      },
      {
        region: "china",
        aliases: ["cn"],
        label: "China",
        baseUrl: "https://api.minimaxi.com/v1",
        // platform.minimaxi.com/docs/api-reference/text-anthropic-api, .../responses-create
        anthropic: { baseUrl: "https://api.minimaxi.com/anthropic", credential: "bearer" },
        responses: true,
        consoleUrl: "https://platform.minimaxi.com",
      },
    ],
    envKey: "MINIMAX_API_KEY",
    models: named("MiniMax-M3", "MiniMax-M2.5"),
    extraBody: { reasoning_split: true },
  },
  {
    id: "xai",
    aliases: ["grok"],
    label: "xAI Grok",
    foreignEntryLabels: ["Grok"],
    protocol: "openai",
    endpoints: [
      {
        baseUrl: "https://api.x.ai/v1",
        // docs.x.ai: its main interface; the one for Anthropic's protocol is being taken away
        responses: true,
      },
    ],
    envKey: "XAI_API_KEY",
    models: named("grok-4.5", "grok-4.3"),
    keyPrefix: "xai-",
    consoleUrl: "https://console.x.ai",
  },
  {
    id: "requesty",
    label: "Requesty",
    protocol: "openai",
    endpoints: [
      {
        baseUrl: "https://router.requesty.ai/v1",
        // docs.requesty.ai, the pages on caching and on the Anthropic SDK
        anthropic: { baseUrl: "https://router.requesty.ai/anthropic", credential: "bearer" },
        responses: true,
      },
    ],
    envKey: "REQUESTY_API_KEY",
    models: [],
    consoleUrl: "https://app.requesty.ai",
  },
  {
    id: "openai",
    label: "OpenAI",
    protocol: "openai",
    endpoints: [
      {
        baseUrl: "https://api.openai.com/v1",
        // platform.openai.com/docs/api-reference/responses
        responses: true,
      },
    ],
    envKey: "OPENAI_API_KEY",
    models: [],
    consoleUrl: "https://platform.openai.com/api-keys",
  },
  {
    id: "azure",
    label: "Azure OpenAI",
    protocol: "openai",
    endpoints: [],
    exampleUrl: "https://NAME.openai.azure.com/openai/v1",
    envKey: "AZURE_OPENAI_API_KEY",
    models: [],
    consoleUrl: "https://portal.azure.com",
  },
  {
    id: "anthropic",
    aliases: ["claude"],
    label: "Anthropic",
    protocol: "anthropic",
    endpoints: [{ baseUrl: "https://api.anthropic.com" }],
    envKey: "ANTHROPIC_API_KEY",
    models: [],
    keyPrefix: "sk-ant-",
    consoleUrl: "https://platform.claude.com/settings/keys",
  },
  {
    id: "gemini",
    aliases: ["google"],
    label: "Google Gemini",
    protocol: "gemini",
    endpoints: [{ baseUrl: "https://generativelanguage.googleapis.com" }],
    envKey: "GEMINI_API_KEY",
    models: [],
    consoleUrl: "https://aistudio.google.com/apikey",
  },
];

const LOCAL: readonly Provider[] = [
  // docs.ollama.com/api/anthropic-compatibility, docs.ollama.com/api/openai-compatibility
  local("ollama", "Ollama", "http://localhost:11434/v1", bothAt("http://localhost:11434")),
  // lmstudio.ai/docs/developer/anthropic-compat, lmstudio.ai/docs/api/openai-api
  local("lmstudio", "LM Studio", "http://localhost:1234/v1", bothAt("http://localhost:1234")),
  local("vllm", "vLLM", "http://localhost:8000/v1"),
  // github.com/ggml-org/llama.cpp, tools/server/README.md
  local("llamacpp", "llama.cpp", "http://localhost:8080/v1"),
  // docs.litellm.ai: /docs/proxy/quick_start, /docs/anthropic_unified, /docs/response_api
  local("litellm", "LiteLLM", "http://localhost:4000/v1", bothAt("http://localhost:4000")),
];

/** The catalogue of `spec/providers.md`, in the order in which it is offered. */
export const PROVIDERS: readonly Provider[] = [
  CODING_PLAN,
  TOKEN_PLAN,
  MODELSTUDIO,
  ...CLOUD,
  ...HOSTED,
  ...LOCAL,
];

/** A server that speaks Anthropic's protocol and Responses beside its own. */
function bothAt(baseUrl: string): Pick<Endpoint, "anthropic" | "responses"> {
  return { anthropic: { baseUrl, credential: "bearer" }, responses: true };
}

/** A server on this machine or near it, which wants no key. */
function local(
  id: string,
  label: string,
  baseUrl: string,
  more: Pick<Endpoint, "anthropic" | "responses"> = {},
): Provider {
  return {
    id,
    label,
    protocol: "openai",
    endpoints: [{ baseUrl, ...more }],
    exampleUrl: baseUrl,
    models: [],
  };
}
