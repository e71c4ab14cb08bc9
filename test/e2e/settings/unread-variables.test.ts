import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";

const ENTRY = { id: "m", envKey: "K1", baseUrl: "http://127.0.0.1:9/v1" };
const SET_UP = {
  env: { K1: KEY },
  security: { auth: { selectedType: "openai" } },
  model: { name: "m" },
  modelProviders: { openai: [ENTRY] },
};

type Case = readonly [name: string, env: Readonly<Record<string, string>>, says: string];

const ALONE: readonly Case[] = [
  ["a key of a provider", { DASHSCOPE_API_KEY: KEY }, "qwen auth api-key --provider modelstudio"],
  ["a key of a gateway", { OPENROUTER_API_KEY: KEY }, "qwen auth api-key --provider openrouter"],
  ["a key of a plan", { BAILIAN_TOKEN_PLAN_API_KEY: KEY }, "--provider token-plan"],
  ["the action's key", { QWEN_API_KEY: KEY }, "--key-env QWEN_API_KEY"],
  ["an address of the library", { OPENAI_API_BASE: "https://a.example/v1" }, "use OPENAI_BASE_URL"],
  ["a model of another name", { OPENAI_MODEL_NAME: "m" }, "use OPENAI_MODEL"],
];

test.each(ALONE)(
  "%s alone is named by status, doctor, list and the error",
  async (_, env, says) => {
    const at = machine();
    const [name = ""] = Object.keys(env);
    const asked = await qwen(at, ["-p", "hi"], { env });
    expect([asked.exitCode, asked.stderr]).toEqual([4, expect.stringContaining(name)]);
    expect(asked.stderr).toContain(says);
    const status = await qwen(at, ["auth", "status"], { env });
    expect([status.exitCode, status.stdout]).toEqual([4, expect.stringContaining(says)]);
    const json = await qwen(at, ["auth", "status", "--json"], { env });
    expect(JSON.parse(json.stdout).warnings.join("\n")).toContain(says);
    const doctor = await qwen(at, ["doctor"], { env });
    expect(doctor.stdout).toContain(says);
  },
);

const AWAY: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["OPENAI", { OPENAI_MODEL: "gpt-5" }],
  ["ANTHROPIC", { ANTHROPIC_MODEL: "claude" }],
  ["GEMINI", { GEMINI_MODEL: "gemini-pro" }],
];

test.each(AWAY)(
  "a standard key of %s stays here while its API_BASE is elsewhere",
  async (upper, more) => {
    const at = machine();
    const { origin, requests } = await scriptedServer(answer(200, {}));
    const env = { ...more, [`${upper}_API_KEY`]: KEY, [`${upper}_API_BASE`]: `${origin}/v1` };
    const asked = await qwen(at, ["-p", "hi"], { env });
    expect([asked.exitCode, asked.stdout]).toEqual([4, ""]);
    expect(asked.stderr).toContain(`\`${upper}_API_KEY\``);
    expect(asked.stderr).toContain(`\`${upper}_API_BASE\` names another endpoint`);
    const status = await qwen(at, ["auth", "status", "--json"], { env });
    expect([status.exitCode, JSON.parse(status.stdout).problem.code]).toEqual([
      4,
      "endpoint-missing",
    ]);
    expect(requests).toEqual([]);
  },
);

test("variables that serve a protocol alone are read", async () => {
  const at = machine();
  const chosen: readonly Case[] = [
    ["", { ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_MODEL: "c" }, "anthropic"],
    ["", { GOOGLE_API_KEY: KEY, GEMINI_MODEL: "g" }, "gemini"],
    ["", { BAILIAN_CODING_PLAN_API_KEY: KEY }, "openai"],
  ];
  for (const [, env, protocol] of chosen) {
    const status = await qwen(at, ["auth", "status", "--json"], { env });
    expect([status.exitCode, JSON.parse(status.stdout)]).toMatchObject([0, { protocol }]);
  }
});

const THEIRS: readonly (readonly [says: string, user: object, env?: Record<string, string>])[] = [
  ["`modelFallbacks` in", { modelFallbacks: "a,b" }],
  ["`modelFallbacks` in", { modelFallbacks: ["a"] }],
  ["`model.enableOpenAILogging` in", { model: { name: "m", enableOpenAILogging: true } }],
  [
    "`security.auth.useExternal` in",
    { security: { auth: { selectedType: "openai", useExternal: true } } },
  ],
  [
    "`outboundCorrelation.allowDynamicHeaderValues` in",
    { outboundCorrelation: { allowDynamicHeaderValues: true } },
  ],
  ["QWEN_CODE_TRUSTED_FOLDERS_PATH is not read", {}, { QWEN_CODE_TRUSTED_FOLDERS_PATH: "/x" }],
  ["QWEN_STREAM_MAX_LIFETIME_MS is not read", {}, { QWEN_STREAM_MAX_LIFETIME_MS: "5" }],
  ["DASHSCOPE_PROXY_BASE_URL is not read", {}, { DASHSCOPE_PROXY_BASE_URL: "http://p/v1" }],
  [
    "`modelProviders.openai[0].capabilities.reasoning.profile` in",
    { modelProviders: { openai: [{ ...ENTRY, capabilities: { reasoning: { profile: "x" } } }] } },
  ],
];

test.each(THEIRS)(
  "what Qwen Code alone reads, %s, is named by status and doctor",
  async (...row) => {
    const [says, more, env = {}] = row;
    const at = machine();
    at.write(".qwen/settings.json", { ...SET_UP, ...more });
    const status = await qwen(at, ["auth", "status", "--json"], { env });
    expect([status.exitCode, JSON.parse(status.stdout).state]).toEqual([0, "configured"]);
    expect(JSON.parse(status.stdout).warnings.join("\n")).toContain(says);
    expect((await qwen(at, ["doctor"], { env })).stdout).toContain(says);
  },
);

test("what of it changes nothing is not named", async () => {
  const at = machine();
  at.write(".qwen/settings.json", {
    ...SET_UP,
    modelFallbacks: "",
    outboundCorrelation: { allowDynamicHeaderValues: false },
    model: { name: "m", enableOpenAILogging: false },
    modelProviders: {
      openai: [{ ...ENTRY, capabilities: { reasoning: { efforts: ["low"], thinking: true } } }],
    },
  });
  const status = await qwen(at, ["auth", "status", "--json"]);
  expect(JSON.parse(status.stdout).warnings).toEqual([]);
});
