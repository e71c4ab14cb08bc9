import { describe, expect, test } from "bun:test";
import { runStatus, statusCommand } from "../../../src/commands/auth/status.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";
import { GLOBALS, setUp } from "../../connect/set-up.ts";

const ENTRY = { id: "m", baseUrl: "https://one.example/v1", envKey: "A_KEY" };
const SELECTED = { security: { auth: { selectedType: "openai" } }, model: { name: "m" } };
const models = (...openai: readonly object[]) => ({ modelProviders: { openai } });
const KEY = "sk-0123456789abcdefghij";
const DEEPSEEK = {
  id: "m",
  name: "[DeepSeek] m",
  baseUrl: "https://api.deepseek.com",
  envKey: "DEEPSEEK_API_KEY",
};

type Given = Parameters<typeof setUp>[0];
type Case = readonly [name: string, given: Given, flags: FlagValues, code: number];

const cases: readonly Case[] = [
  ["all is well", { settings: { ...SELECTED, ...models(ENTRY), env: { A_KEY: KEY } } }, {}, 0],
  [
    "a provider of the catalogue",
    { settings: { ...SELECTED, ...models(DEEPSEEK) }, env: { DEEPSEEK_API_KEY: KEY } },
    {},
    0,
  ],
  [
    "a key that hides another",
    {
      settings: { ...SELECTED, ...models(ENTRY), env: { A_KEY: KEY } },
      env: { A_KEY: "sk-abcdefghij0123456789" },
    },
    {},
    0,
  ],
  [
    "the key in the keyring",
    {
      settings: {
        security: { auth: { selectedType: "openai", keyring: ["A_KEY"] } },
        model: { name: "m" },
        ...models(ENTRY),
      },
    },
    {},
    0,
  ],
  [
    "no key that is needed",
    { settings: { ...SELECTED, ...models(ENTRY), env: { A_KEY: "not-needed" } } },
    {},
    0,
  ],
  ["no key", { settings: { ...SELECTED, ...models(ENTRY) } }, {}, 4],
  ["no key of a provider", { settings: { ...SELECTED, ...models(DEEPSEEK) } }, {}, 4],
  [
    "what is no key",
    { settings: { ...SELECTED, ...models(ENTRY), env: { A_KEY: "two words" } } },
    {},
    4,
  ],
  ["no model", { env: { OPENAI_API_KEY: KEY } }, {}, 4],
  [
    "a key that a project would get",
    {
      settings: { ...SELECTED, env: { A_KEY: KEY } },
      files: { "p/.qwen/settings.json": models(ENTRY) },
    },
    {},
    4,
  ],
  [
    "a project that is trusted this time",
    {
      settings: { ...SELECTED, env: { A_KEY: KEY } },
      files: { "p/.qwen/settings.json": models(ENTRY) },
    },
    { trust: true },
    0,
  ],
  [
    "Qwen OAuth without tokens",
    { settings: { security: { auth: { selectedType: "qwen-oauth" } } } },
    {},
    4,
  ],
  [
    "an account",
    {
      settings: { ...SELECTED, ...models(ENTRY), env: { A_KEY: KEY } },
      files: { ".qwen/accounts.json": { accounts: { A_KEY: { work: { key: KEY } } } } },
    },
    {},
    0,
  ],
  [
    "the region of the plan",
    {
      settings: {
        ...SELECTED,
        ...models({
          id: "m",
          name: "[ModelStudio Coding Plan for Global/Intl] m",
          baseUrl: "https://coding-intl.dashscope.aliyuncs.com/v1",
          envKey: "BAILIAN_CODING_PLAN_API_KEY",
        }),
        env: { BAILIAN_CODING_PLAN_API_KEY: KEY },
        codingPlan: { region: "global" },
      },
      files: { "p/.env": "X=1\n", ".env": "Y=2\n" },
    },
    {},
    0,
  ],
];

describe("runStatus() shows", () => {
  test.each(cases)("%s", async (_name, given, flags, code) => {
    const { runtime, home } = setUp(given);
    const options = statusCommand.toOptions(flags, { ...GLOBALS, trust: flags.trust === true });
    expect(await runStatus(runtime, options)).toBe(code as never);
    expect(runtime.written.stdout.replaceAll(home, "~")).toMatchSnapshot();
  });
});
