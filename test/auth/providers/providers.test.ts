import { describe, expect, test } from "bun:test";
import { CODING_PLAN } from "../../../src/auth/providers/alibaba-providers.ts";
import type { Provider } from "../../../src/auth/providers/provider.ts";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";
import { isDeniedName } from "../../../src/env/denied-names.ts";
import { isPrivateHost, parseEndpoint } from "../../../src/lib/endpoint-url.ts";

const isLocal = ({ envKey }: Provider) => envKey === undefined;

test("PROVIDERS has each id, each label and each key variable once", () => {
  for (const field of ["id", "label", "envKey"] as const) {
    const values = PROVIDERS.map((provider) => provider[field]).filter((it) => it !== undefined);
    expect(values).toEqual([...new Set(values)]);
  }
});

test("PROVIDERS names regions where there are several endpoints, each once", () => {
  for (const { id, endpoints } of PROVIDERS) {
    const regions = endpoints.map(({ region }) => region ?? "");
    expect([id, regions]).toEqual([id, [...new Set(regions)]]);
    expect([id, regions.includes("")]).toEqual([id, endpoints.length === 1]);
  }
});

test("PROVIDERS has https endpoints, and http ones on this machine, each once", () => {
  const urls = PROVIDERS.flatMap(({ endpoints }) => endpoints.map(({ baseUrl }) => baseUrl));
  expect(urls).toEqual([...new Set(urls)]);
  for (const provider of PROVIDERS) {
    for (const { baseUrl } of provider.endpoints) {
      const parsed = parseEndpoint(baseUrl);
      const url = parsed.kind === "url" ? parsed.url : undefined;
      expect([baseUrl, url?.protocol]).toEqual([baseUrl, isLocal(provider) ? "http:" : "https:"]);
      expect([baseUrl, isPrivateHost(url?.hostname ?? "")]).toEqual([baseUrl, isLocal(provider)]);
      expect(baseUrl).not.toEndWith("/");
    }
  }
});

test("PROVIDERS has key variables that may be an `envKey`", () => {
  for (const { envKey } of PROVIDERS.filter((provider) => !isLocal(provider))) {
    expect(envKey).toMatch(/^[A-Z][A-Z0-9_]*_API_KEY$/);
    expect(isDeniedName(envKey ?? "")).toBe(false);
  }
});

test("PROVIDERS asks for a base URL where there is no endpoint, and says what one looks like", () => {
  for (const { id, endpoints, exampleUrl } of PROVIDERS.filter((it) => it.endpoints.length === 0)) {
    expect([id, endpoints.length, exampleUrl]).toEqual([id, 0, expect.stringMatching(/^https:/)]);
  }
});

test("PROVIDERS tells where the keys of each service are revoked", () => {
  for (const provider of PROVIDERS.filter((it) => !isLocal(it))) {
    const urls = provider.endpoints.map(({ consoleUrl }) => consoleUrl ?? provider.consoleUrl);
    for (const url of urls.length === 0 ? [provider.consoleUrl] : urls) {
      expect([provider.id, url]).toEqual([provider.id, expect.stringMatching(/^https:\/\//)]);
    }
  }
});

/** The table of `spec/providers.md`, and services that people ask for beside it. */
describe("PROVIDERS has", () => {
  const dashscope = "dashscope.aliyuncs.com/compatible-mode/v1";
  type Row = readonly [
    id: string,
    protocol: string,
    envKey: string | undefined,
    endpoints: readonly string[],
    models: string,
  ];
  const rows: readonly Row[] = [
    [
      "coding-plan",
      "openai",
      "BAILIAN_CODING_PLAN_API_KEY",
      [
        "china https://coding.dashscope.aliyuncs.com/v1",
        "global https://coding-intl.dashscope.aliyuncs.com/v1",
      ],
      "qwen3.5-plus, qwen3.6-plus, qwen3.7-plus, glm-5, kimi-k2.5, MiniMax-M2.5, qwen3-coder-plus, qwen3-coder-next, qwen3-max-2026-01-23, glm-4.7",
    ],
    [
      "token-plan",
      "openai",
      "BAILIAN_TOKEN_PLAN_API_KEY",
      [
        "china https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1",
        "global https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1",
      ],
      "qwen3.7-plus, qwen3.6-plus, qwen3.7-max, qwen3.8-max, qwen3.6-flash, deepseek-v3.2, kimi-k2.5, glm-5, MiniMax-M2.5",
    ],
    [
      "modelstudio",
      "openai",
      "DASHSCOPE_API_KEY",
      [
        `cn-beijing https://${dashscope}`,
        "sg-singapore https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        "us-virginia https://dashscope-us.aliyuncs.com/compatible-mode/v1",
        `cn-hongkong https://cn-hongkong.${dashscope}`,
      ],
      "qwen3.5-plus, glm-5, kimi-k2.5",
    ],
    [
      "openrouter",
      "openai",
      "OPENROUTER_API_KEY",
      ["https://openrouter.ai/api/v1"],
      "openrouter/auto",
    ],
    ["fireworks", "openai", "FIREWORKS_API_KEY", ["https://api.fireworks.ai/inference/v1"], ""],
    [
      "modelscope",
      "openai",
      "MODELSCOPE_API_KEY",
      ["https://api-inference.modelscope.cn/v1"],
      "Qwen/Qwen3.5-397B-A17B, deepseek-ai/DeepSeek-V4-Flash, ZhipuAI/GLM-5.1",
    ],
    [
      "deepseek",
      "openai",
      "DEEPSEEK_API_KEY",
      ["https://api.deepseek.com"],
      "deepseek-v4-pro, deepseek-v4-flash",
    ],
    [
      "moonshot",
      "openai",
      "MOONSHOT_API_KEY",
      ["global https://api.moonshot.ai/v1", "china https://api.moonshot.cn/v1"],
      "kimi-k3, kimi-k2.6",
    ],
    [
      "zai",
      "openai",
      "ZAI_API_KEY",
      [
        "standard https://api.z.ai/api/paas/v4",
        "coding https://api.z.ai/api/coding/paas/v4",
        "china https://open.bigmodel.cn/api/paas/v4",
      ],
      "glm-5.2, glm-5.1, glm-5",
    ],
    [
      "minimax",
      "openai",
      "MINIMAX_API_KEY",
      ["global https://api.minimax.io/v1", "china https://api.minimaxi.com/v1"],
      "MiniMax-M3, MiniMax-M2.5",
    ],
    ["xai", "openai", "XAI_API_KEY", ["https://api.x.ai/v1"], "grok-4.5, grok-4.3"],
    ["requesty", "openai", "REQUESTY_API_KEY", ["https://router.requesty.ai/v1"], ""],
    ["openai", "openai", "OPENAI_API_KEY", ["https://api.openai.com/v1"], ""],
    ["azure", "openai", "AZURE_OPENAI_API_KEY", [], ""],
    ["anthropic", "anthropic", "ANTHROPIC_API_KEY", ["https://api.anthropic.com"], ""],
    ["gemini", "gemini", "GEMINI_API_KEY", ["https://generativelanguage.googleapis.com"], ""],
    ["mistral", "openai", "MISTRAL_API_KEY", ["https://api.mistral.ai/v1"], ""],
    ["groq", "openai", "GROQ_API_KEY", ["https://api.groq.com/openai/v1"], ""],
    ["cerebras", "openai", "CEREBRAS_API_KEY", ["https://api.cerebras.ai/v1"], ""],
    [
      "siliconflow",
      "openai",
      "SILICONFLOW_API_KEY",
      ["china https://api.siliconflow.cn/v1", "global https://api.siliconflow.com/v1"],
      "",
    ],
    [
      "ark",
      "openai",
      "ARK_API_KEY",
      [
        "standard https://ark.cn-beijing.volces.com/api/v3",
        "coding https://ark.cn-beijing.volces.com/api/coding/v3",
      ],
      "",
    ],
    [
      "hunyuan",
      "openai",
      "HUNYUAN_API_KEY",
      ["https://api.hunyuan.cloud.tencent.com/v1"],
      "hunyuan-turbos-latest",
    ],
    ["together", "openai", "TOGETHER_API_KEY", ["https://api.together.ai/v1"], ""],
    ["nvidia", "openai", "NVIDIA_API_KEY", ["https://integrate.api.nvidia.com/v1"], ""],
    [
      "github-models",
      "openai",
      "GITHUB_MODELS_API_KEY",
      ["https://models.github.ai/inference"],
      "",
    ],
    ["ollama", "openai", undefined, ["http://localhost:11434/v1"], ""],
    ["lmstudio", "openai", undefined, ["http://localhost:1234/v1"], ""],
    ["vllm", "openai", undefined, ["http://localhost:8000/v1"], ""],
    ["llamacpp", "openai", undefined, ["http://localhost:8080/v1"], ""],
    ["litellm", "openai", undefined, ["http://localhost:4000/v1"], ""],
  ];

  test.each(rows)("%s as specified", (id, protocol, envKey, endpoints, models) => {
    const provider = PROVIDERS.find((it) => it.id === id);
    expect([
      provider?.protocol,
      provider?.envKey,
      provider?.endpoints.map(({ region, baseUrl }) => [region, baseUrl].filter(Boolean).join(" ")),
      provider?.models.map((model) => model.id).join(", "),
    ]).toEqual([protocol, envKey, [...endpoints], models]);
  });

  test("plans, which have a list of models and keys of their own", () => {
    const plans = PROVIDERS.filter(({ isPlan }) => isPlan === true);
    expect(plans.map(({ id, keyPrefix }) => [id, keyPrefix])).toEqual([
      ["coding-plan", "sk-sp-"],
      ["token-plan", "sk-sp-"],
    ]);
  });

  /** As Qwen Code has them: id, window in tokens, `t` for thinking, `v` for vision. */
  test("what is known of single models", () => {
    const known = PROVIDERS.flatMap(({ id, models }) =>
      models
        .filter((model) => Object.keys(model).length > 1)
        .map((model) => {
          const { contextWindowSize, thinking, vision, description } = model;
          const marks = `${thinking === true ? "t" : ""}${vision === true ? "v" : ""}`;
          return [id, model.id, contextWindowSize, marks, description ?? ""];
        }),
    );
    const pro = "Currently available to Pro subscribers only.";
    expect(known).toEqual(
      (
        [
          ["qwen3.5-plus", 1_000_000, "tv", ""],
          ["qwen3.6-plus", 1_000_000, "tv", pro],
          ["qwen3.7-plus", 1_000_000, "t", ""],
          ["glm-5", 202_752, "t", ""],
          ["kimi-k2.5", 262_144, "tv", ""],
          ["MiniMax-M2.5", 196_608, "t", ""],
          ["qwen3-coder-plus", 1_000_000, "", ""],
          ["qwen3-coder-next", 262_144, "", ""],
          ["qwen3-max-2026-01-23", 262_144, "t", ""],
          ["glm-4.7", 202_752, "t", ""],
        ] as const
      ).map((row) => ["coding-plan", ...row]),
    );
  });

  test("bodies that every model of a provider gets, and where Responses are answered", () => {
    const bodies = PROVIDERS.filter(({ extraBody }) => extraBody !== undefined);
    expect(bodies.map(({ id, extraBody }) => [id, extraBody])).toEqual([
      ["minimax", { reasoning_split: true }],
    ]);
    const responses = PROVIDERS.flatMap(({ id, endpoints }) =>
      endpoints
        .filter((endpoint) => endpoint.responses !== undefined)
        .map(({ region, responses: place }) =>
          [id, region, place === true ? "here" : place?.baseUrl].filter(Boolean).join(" "),
        ),
    );
    expect(responses).toEqual([
      "modelstudio cn-beijing here",
      "modelstudio sg-singapore here",
      "openrouter here",
      "fireworks here",
      "deepseek here",
      "moonshot global here",
      "moonshot china here",
      "minimax global here",
      "minimax china here",
      "xai here",
      "requesty here",
      "openai here",
      "groq here",
      "ark standard here",
      "ollama here",
      "lmstudio here",
      "litellm here",
    ]);
  });

  test("nothing else", () => {
    expect(PROVIDERS.map(({ id }) => id)).toEqual(rows.map(([id]) => id));
    expect(PROVIDERS[0]).toBe(CODING_PLAN);
  });
});
