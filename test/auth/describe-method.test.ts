import { expect, test } from "bun:test";
import { describeMethod, type MethodInForce, methodOf } from "../../src/auth/describe-method.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration } from "../models/configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

const entry = (more: object): Given => ({
  settings: { user: { modelProviders: { openai: [{ id: "m", ...more }] } } },
  variables: { A_KEY: "sk-0123456789" },
});
const CODING = "https://coding-intl.dashscope.aliyuncs.com/v1";
const PLAN = "BAILIAN_CODING_PLAN_API_KEY";

test.each<[string, Given, ConnectionFlags, MethodInForce]>([
  ["nothing", {}, {}, { method: "none" }],
  ["Qwen OAuth", {}, { authType: "qwen-oauth" }, { method: "qwen-oauth", provider: "qwen-oauth" }],
  [
    "a key of no known endpoint",
    { variables: { OPENAI_API_KEY: "sk-0123456789", OPENAI_MODEL: "m" } },
    {},
    { method: "api-key" },
  ],
  [
    "an endpoint of one's own",
    entry({ baseUrl: "https://a.example/v1", envKey: "A_KEY" }),
    {},
    { method: "api-key", provider: "custom" },
  ],
  [
    "one that a person gave a name",
    entry({ name: "[Our vLLM] m", baseUrl: "https://a.example/v1", envKey: "A_KEY" }),
    {},
    { method: "api-key", provider: "custom", name: "Our vLLM" },
  ],
  [
    "an endpoint that was asked for at a provider's login",
    entry({
      name: "[Azure OpenAI] m",
      baseUrl: "https://a.openai.azure.com/openai/v1",
      envKey: "AZURE_OPENAI_API_KEY",
    }),
    {},
    { method: "api-key", provider: "azure" },
  ],
  [
    "the Coding Plan, with its region",
    entry({ baseUrl: CODING, envKey: PLAN }),
    {},
    { method: "coding-plan", provider: "coding-plan", region: "global" },
  ],
  [
    "the endpoint of a plan with another key",
    entry({ baseUrl: CODING, envKey: "A_KEY" }),
    {},
    { method: "api-key", provider: "coding-plan", region: "global" },
  ],
  [
    "a plan of an older release",
    {
      settings: { user: { env: { [PLAN]: "sk-sp-0123456789" }, codingPlan: { region: "china" } } },
    },
    {},
    { method: "coding-plan", provider: "coding-plan", region: "china" },
  ],
  [
    "a provider with one endpoint",
    entry({ baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" }),
    {},
    { method: "api-key", provider: "deepseek" },
  ],
])("describeMethod() of %s", (_what, given, flags, expected) => {
  const resolution = resolveConnection(configuration(given), flags, CATALOGUE);
  expect(describeMethod(resolution)).toEqual(expected);
});

test.each([
  ["coding-plan", true, "coding-plan"],
  ["token-plan", true, "token-plan"],
  ["modelstudio", true, "standard-api-key"],
  ["deepseek", true, "api-key"],
  ["coding-plan", false, "api-key"],
  ["token-plan", false, "api-key"],
  ["modelstudio", false, "api-key"],
] as const)("methodOf(%j, %p) is %j", (provider, hasItsKey, method) => {
  expect(methodOf(provider, hasItsKey)).toBe(method);
});
