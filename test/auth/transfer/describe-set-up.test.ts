import { expect, test } from "bun:test";
import { describeSetUp } from "../../../src/auth/transfer/describe-set-up.ts";
import type { SetUp } from "../../../src/auth/transfer/set-up.ts";

const HERE = "https://a.example/v1";
const ids = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
const entries = (count: number) => ids(count).map((id) => ({ id, baseUrl: HERE, envKey: "A_KEY" }));

test.each<[string, Omit<SetUp, "schemaVersion">, readonly string[]]>([
  ["nothing", {}, []],
  [
    "entries by endpoint, second endpoint and variable, in their one form",
    {
      modelProviders: {
        openai: [
          { id: "a", baseUrl: `${HERE}/`, envKey: "A_KEY" },
          { id: "b", baseUrl: HERE, envKey: "B_KEY" },
          { id: "c", baseUrl: HERE, envKey: "A_KEY" },
          { id: "d", baseUrl: HERE, anthropicBaseUrl: "https://a.example/x/" },
          { id: "e" },
        ],
        gemini: [{ id: "g" }],
      },
    },
    [
      `  ${HERE} (A_KEY): a, c`,
      `  ${HERE} (B_KEY): b`,
      `  ${HERE}, https://a.example/x (anthropic): d`,
      "  the endpoint of openai: e",
      "  the endpoint of gemini: g",
    ],
  ],
  [
    "six models",
    { modelProviders: { openai: entries(6) } },
    [`  ${HERE} (A_KEY): ${ids(6).join(", ")}`],
  ],
  [
    "more than six",
    { modelProviders: { openai: entries(8) } },
    [`  ${HERE} (A_KEY): ${ids(6).join(", ")} and 2 more`],
  ],
  [
    "each model once",
    { modelProviders: { openai: [...entries(1), ...entries(1)] } },
    [`  ${HERE} (A_KEY): m0`],
  ],
  [
    "what is chosen, accounts and keys, but no key",
    {
      modelProviders: { openai: entries(1) },
      selection: { selectedType: "openai", model: "m0" },
      env: { A_KEY: "sk-secret", B_KEY: "sk-secret" },
      accounts: {
        A_KEY: { work: { key: "sk-secret", baseUrl: HERE }, home: { key: "sk-secret" } },
        B_KEY: { far: { key: "sk-secret", baseUrl: "https://b.example/v1/" } },
      },
    },
    [
      `  ${HERE} (A_KEY): m0`,
      "  default: m0",
      "  accounts: A_KEY@work, A_KEY@home, B_KEY@far (https://b.example/v1)",
      "  keys: A_KEY, B_KEY",
    ],
  ],
  [
    "the variables that it reads, in entries and in values",
    {
      modelProviders: {
        openai: [{ id: "a", baseUrl: "https://$HOST/v1" }],
        gemini: [{ id: "g", generationConfig: { customHeaders: { "X-A": "$HEADER" } } }],
      },
      env: { A_KEY: "$OTHER" },
    },
    [
      "  https://$host/v1: a",
      "  the endpoint of gemini: g",
      "  keys: A_KEY",
      "  reads the variables: HOST, HEADER, OTHER",
    ],
  ],
  [
    "what nobody would see",
    { selection: { selectedType: "openai", model: "a\u202eb" } },
    ["  default: a\\u202eb"],
  ],
])("describeSetUp() tells %s", (_what, setUp, lines) => {
  expect(describeSetUp({ schemaVersion: 1, ...setUp })).toEqual([...lines]);
});
