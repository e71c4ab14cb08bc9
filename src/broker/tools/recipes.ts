import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { type Recipe, TOKEN_VARIABLE, type ToolFacts } from "./recipe.ts";

const CLAUDE: Recipe = {
  name: "claude",
  programs: ["claude"],
  packages: ["@anthropic-ai/claude-code"],
  needs: ["anthropic"],
  variables: ({ bases, token, model, contextWindowSize, isAnthropicKey, isAnthropic }) => ({
    ANTHROPIC_BASE_URL: bases.anthropic,
    [isAnthropicKey ? "ANTHROPIC_API_KEY" : "ANTHROPIC_AUTH_TOKEN"]: token,
    ANTHROPIC_MODEL: model,
    // Sub-agents and side jobs would ask for models by Anthropic's names.
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    CLAUDE_CODE_SUBAGENT_MODEL: model,
    // Without it `env` of the user's own settings wins.
    CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: "1",
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: contextWindowSize?.toString(),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS: isAnthropic ? undefined : "1",
  }),
};

const CODEX: Recipe = {
  name: "codex",
  programs: ["codex"],
  packages: ["@openai/codex"],
  needs: ["responses"],
  variables: () => ({}),
  // A provider of its own opens no WebSocket, and goes before a stored login.
  arguments: ({ responses = "", model }) => [
    "-c",
    'model_provider="qwen_run"',
    "-c",
    `model=${tomlText(model)}`,
    "-c",
    `model_providers.qwen_run={name="qwen",base_url=${tomlText(responses)},` +
      `env_key="${TOKEN_VARIABLE}",wire_api="responses"}`,
  ],
};

/** TOML's texts in quotes know the escapes that JSON writes. */
function tomlText(text: string): string {
  return JSON.stringify(text);
}

const OPENCODE: Recipe = {
  name: "opencode",
  programs: ["opencode"],
  packages: ["opencode-ai"],
  needs: ["openai", "anthropic"],
  variables: ({ bases, model }) => ({
    // Its one model is named below.
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      provider: {
        "qwen-run": {
          name: "qwen",
          ...(bases.openai === undefined
            ? { npm: "@ai-sdk/anthropic", options: opencodeOptions(`${bases.anthropic}/v1`) }
            : { npm: "@ai-sdk/openai-compatible", options: opencodeOptions(bases.openai) }),
          models: { [model]: {} },
        },
      },
      model: `qwen-run/${model}`,
      small_model: `qwen-run/${model}`,
      enabled_providers: ["qwen-run"],
    }),
  }),
};

function opencodeOptions(baseURL: string): object {
  return { baseURL, apiKey: `{env:${TOKEN_VARIABLE}}` };
}

const QWEN_SETTINGS = "qwen-settings.json";

const QWEN: Recipe = {
  name: "qwen",
  programs: ["qwen"],
  packages: ["@qwen-code/qwen-code"],
  needs: ["openai", "anthropic", "gemini"],
  variables: ({ directory, envKeys, token }) => ({
    QWEN_CODE_SYSTEM_SETTINGS_PATH: `${directory}/${QWEN_SETTINGS}`,
    // It loads them from files into its own environment, unless they are set, and hands them on.
    ...Object.fromEntries(envKeys.map((name) => [name, token])),
  }),
  files: (facts) => [{ path: QWEN_SETTINGS, content: qwenSettings(facts) }],
};

/** The system's settings, which win over the user's, with one model and how to reach it. */
function qwenSettings({ systemSettings, bases, model, protocol }: ToolFacts): JsonObject {
  const { modelProviders, security, privacy, model: chosen } = systemSettings;
  const entry = { id: model, name: model, baseUrl: bases[protocol], envKey: TOKEN_VARIABLE };
  return {
    ...systemSettings,
    modelProviders: { ...objectOf(modelProviders), [protocol]: [entry] },
    security: {
      ...objectOf(security),
      auth: { ...objectOf(objectOf(security).auth), selectedType: protocol },
    },
    model: { ...objectOf(chosen), name: model },
    privacy: { ...objectOf(privacy), usageStatisticsEnabled: false },
  };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

const GEMINI: Recipe = {
  name: "gemini",
  programs: ["gemini"],
  packages: ["@google/gemini-cli"],
  needs: ["gemini"],
  variables: ({ bases, token, model, directory, isKeySelected }) => ({
    GOOGLE_GEMINI_BASE_URL: bases.gemini,
    GEMINI_API_KEY: token,
    GEMINI_MODEL: model,
    GEMINI_CLI_TRUST_WORKSPACE: "true",
    GEMINI_CLI_HOME: isKeySelected ? undefined : directory,
  }),
  files: ({ isKeySelected }) =>
    isKeySelected
      ? []
      : [
          {
            path: ".gemini/settings.json",
            content: { security: { auth: { selectedType: "gemini-api-key" } } },
          },
        ],
  notes: ({ isKeySelected }) =>
    isKeySelected
      ? []
      : ["gemini runs with a home of its own: its settings, memory and history are not seen"],
};

/** Whatever reads the variables that SDKs read. */
const GENERIC: Recipe = {
  name: "generic",
  programs: [],
  packages: [],
  needs: [],
  variables: ({ bases: { openai, anthropic, gemini }, token, model, isAnthropicKey }) => ({
    ...(openai === undefined
      ? {}
      : {
          OPENAI_BASE_URL: openai,
          OPENAI_API_BASE: openai,
          OPENAI_API_KEY: token,
          OPENAI_MODEL: model,
        }),
    ...(anthropic === undefined
      ? {}
      : {
          ANTHROPIC_BASE_URL: anthropic,
          [isAnthropicKey ? "ANTHROPIC_API_KEY" : "ANTHROPIC_AUTH_TOKEN"]: token,
          ANTHROPIC_MODEL: model,
        }),
    ...(gemini === undefined ? {} : { GOOGLE_GEMINI_BASE_URL: gemini, GEMINI_API_KEY: token }),
  }),
};

/** Every recipe; the last one is for all that has none. */
export const RECIPES = [CLAUDE, CODEX, OPENCODE, QWEN, GEMINI, GENERIC] as const;

export const RECIPE_NAMES: readonly string[] = RECIPES.map(({ name }) => name);

/** The recipe of a name; `undefined`: there is none. */
export function recipeNamed(name: string): Recipe | undefined {
  return RECIPES.find((recipe) => recipe.name === name);
}

export { GENERIC };
