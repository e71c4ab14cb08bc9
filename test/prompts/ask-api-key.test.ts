import { describe, expect, test } from "bun:test";
import { apiKeyCommand } from "../../src/commands/auth/api-key.ts";
import type { FlagValues } from "../../src/flags/flag.ts";
import { askApiKey } from "../../src/prompts/ask-api-key.ts";
import type { Answer } from "../../src/runtime.ts";
import { GLOBALS, networked, setUp } from "../connect/set-up.ts";
import { laterProblemOf } from "../support/problem-of.ts";
import { questionText } from "../support/question-text.ts";

const KEY = "sk-0123456789abcdef";
const value = (text: string) => ({ kind: "value", value: text }) as const;
const BACK = { kind: "back" } as const;

type Given = {
  readonly flags?: FlagValues;
  readonly answers?: readonly (string | Answer<string>)[];
  readonly env?: Readonly<Record<string, string>>;
  readonly current?: object;
  readonly isAlone?: boolean;
  /** What the service says to the key. */
  readonly reply?: (url: string) => Response;
};

const OFFLINE = { QWEN_OFFLINE: "1" };

async function ask({ flags = {}, answers = [], env = OFFLINE, current = {}, ...more }: Given) {
  const { runtime } = setUp({
    env,
    terminals: more.isAlone === true ? [] : ["stdin", "stderr"],
    answers: answers.map((each) => (typeof each === "string" ? value(each) : each)),
  });
  const { at, asked } = networked(runtime, (url, key) =>
    key === KEY && more.reply !== undefined ? more.reply(url) : new Response("", { status: 401 }),
  );
  const options = apiKeyCommand.toOptions(flags, GLOBALS);
  const answer = await askApiKey(at, options, { ...current });
  return {
    answer,
    login: answer.kind === "value" ? answer.value.login : answer.kind,
    questions: runtime.asked.map((question) => question.split("\n")[0]),
    whole: runtime.questions,
    complaints: runtime.complaints,
    said: runtime.written.stderr,
    asked,
  };
}

const KIND = "Select API key type:";
const PROVIDER = "Select a provider:";
const PROTOCOL = "Select the protocol:";
const REGION = "Select the region:";
const URL_ = "Enter the base URL:";
const API_KEY = "Enter your API key:";
const MAY_BE_NONE = "Enter your API key (empty if the server wants none):";
const IDS = "Enter model ids, separated by commas:";
const SAVE = "Save this?";
const OWN = "https://own.example/v1";

describe("askApiKey() asks", () => {
  type Case = readonly [
    name: string,
    given: Given,
    questions: readonly string[],
    login: Record<string, unknown>,
  ];
  const cases: readonly Case[] = [
    [
      "for all of the first provider",
      { answers: ["provider", "sg-singapore", KEY, ""] },
      [KIND, REGION, API_KEY, IDS],
      {
        region: "sg-singapore",
        envKey: "DASHSCOPE_API_KEY",
        key: KEY,
        models: ["qwen3.5-plus", "glm-5", "kimi-k2.5"],
      },
    ],
    [
      "for another provider",
      { answers: ["search", "deepseek", KEY, "x,y"] },
      [KIND, PROVIDER, API_KEY, IDS],
      {
        envKey: "DEEPSEEK_API_KEY",
        baseUrl: "https://api.deepseek.com",
        models: ["x", "y"],
        model: "x",
      },
    ],
    [
      "for an endpoint of one's own, and shows it",
      { answers: ["custom", "anthropic", OWN, KEY, "m", "yes"] },
      [KIND, PROTOCOL, URL_, API_KEY, IDS, SAVE],
      { provider: undefined, protocol: "anthropic", baseUrl: OWN, key: KEY, models: ["m"] },
    ],
    [
      "for no key of a server nearby that wants none",
      { answers: ["custom", "openai", "http://localhost:8000/v1", "", "m", "yes"] },
      [KIND, PROTOCOL, URL_, MAY_BE_NONE, IDS, SAVE],
      { key: "not-needed", baseUrl: "http://localhost:8000/v1" },
    ],
    [
      "for no key of a local provider",
      { answers: ["search", "ollama", "", "m"] },
      [KIND, PROVIDER, URL_, IDS],
      { key: "not-needed", baseUrl: "http://localhost:11434/v1", models: ["m"] },
    ],
    [
      "for the key alone where the provider is given",
      { flags: { provider: "deepseek" }, answers: [KEY] },
      [API_KEY],
      { models: undefined, baseUrl: "https://api.deepseek.com" },
    ],
    [
      "for region and key of one with regions",
      { flags: { provider: "moonshot" }, answers: ["china", KEY] },
      [REGION, API_KEY],
      { region: "china" },
    ],
    [
      "for models where the provider has no usual ones",
      { flags: { provider: "openai" }, answers: [KEY, "m"] },
      [API_KEY, IDS],
      { models: ["m"] },
    ],
    [
      "for no models that are configured already",
      {
        flags: { provider: "openai" },
        answers: [KEY],
        current: {
          modelProviders: {
            openai: [
              {
                id: "old",
                name: "[OpenAI] old",
                baseUrl: "https://api.openai.com/v1",
                envKey: "OPENAI_API_KEY",
              },
            ],
          },
        },
      },
      [API_KEY],
      { models: undefined },
    ],
    [
      "for the base URL of a provider without one",
      { flags: { provider: "azure" }, answers: ["https://x.openai.azure.com", KEY, "m"] },
      [URL_, API_KEY, IDS],
      { baseUrl: "https://x.openai.azure.com/openai/v1" },
    ],
    [
      "for nothing where all is given",
      { flags: { "base-url": OWN, model: ["m"], key: KEY } },
      [],
      { baseUrl: OWN, models: ["m"], key: KEY, protocol: "openai" },
    ],
    [
      "for no key with --no-key",
      { flags: { "base-url": OWN, "no-key": true }, answers: ["m"] },
      [IDS],
      { key: "not-needed", models: ["m"] },
    ],
    [
      "again for what cannot be",
      { flags: { "no-key": true }, answers: ["openai", "ftp://x", "", OWN, "a b", "m", "yes"] },
      [PROTOCOL, URL_, URL_, URL_, IDS, IDS, SAVE],
      { baseUrl: OWN, models: ["m"] },
    ],
    [
      "for the key again after a step back",
      { flags: { provider: "openai" }, answers: [KEY, BACK, `${KEY}9`, "m"] },
      [API_KEY, IDS, API_KEY, IDS],
      { key: `${KEY}9` },
    ],
    [
      "for the models again where it is not to be saved",
      { answers: ["custom", "openai", OWN, KEY, "m", "no", "n", "yes"] },
      [KIND, PROTOCOL, URL_, API_KEY, IDS, SAVE, IDS, SAVE],
      { models: ["n"] },
    ],
  ];
  test.each(cases)("%s", async (_name, given, questions, login) => {
    const asked = await ask(given);
    expect(asked.questions).toEqual([...questions]);
    expect(asked.login).toMatchObject(login);
  });

  test("and shows what will be saved, with the key masked", async () => {
    const { said } = await ask({ answers: ["custom", "openai", OWN, KEY, "m", "yes"] });
    expect(said).toMatchInlineSnapshot(`
      "
        This will be in your settings:

        {
          "env": {
            "QWEN_CUSTOM_API_KEY_OPENAI_HTTPS_OWN_EXAMPLE_V1_578C0B4CEE41": "***"
          },
          "modelProviders": {
            "openai": [
              {
                "id": "m",
                "name": "m",
                "baseUrl": "https://own.example/v1",
                "envKey": "QWEN_CUSTOM_API_KEY_OPENAI_HTTPS_OWN_EXAMPLE_V1_578C0B4CEE41"
              }
            ]
          },
          "security": {
            "auth": {
              "selectedType": "openai"
            }
          },
          "model": {
            "name": "m"
          }
        }

        See https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/

      "
    `);
  });

  const shown = async (given: Given): Promise<string> =>
    `\n${(await ask(given)).whole.map(questionText).join("\n\n")}\n`;

  test("with what an answer means, and what is taken for none", async () => {
    const answers = ["provider", "sg-singapore", KEY, ""];
    expect(await shown({ answers })).toMatchInlineSnapshot(`
      "
      Select API key type:
        provider: Alibaba Cloud ModelStudio Standard API Key - Pay as you go, China and international
        search: Another provider - OpenRouter, DeepSeek, OpenAI, …
        custom: Custom API Key - Any OpenAI-, Anthropic- or Gemini-compatible endpoint

      Select the region:
        cn-beijing: China (Beijing) - https://dashscope.aliyuncs.com/compatible-mode/v1
        sg-singapore: Singapore - https://dashscope-intl.aliyuncs.com/compatible-mode/v1
        us-virginia: US (Virginia) - https://dashscope-us.aliyuncs.com/compatible-mode/v1
        cn-hongkong: China (Hong Kong) - https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1

      Enter your API key:
      it begins with sk-
      made at https://modelstudio.console.alibabacloud.com

      Enter model ids, separated by commas:
        (Enter takes qwen3.5-plus, glm-5, kimi-k2.5)
        = qwen3.5-plus,glm-5,kimi-k2.5
      "
    `);
  });

  test("with examples for an endpoint of one's own", async () => {
    const answers = ["custom", "anthropic", OWN, KEY, "m", "yes"];
    expect(await shown({ answers })).toMatchInlineSnapshot(`
      "
      Select API key type:
        provider: Alibaba Cloud ModelStudio Standard API Key - Pay as you go, China and international
        search: Another provider - OpenRouter, DeepSeek, OpenAI, …
        custom: Custom API Key - Any OpenAI-, Anthropic- or Gemini-compatible endpoint

      Select the protocol:
        openai: OpenAI-compatible - most servers and gateways
        anthropic: Anthropic-compatible
        gemini: Gemini-compatible

      Enter the base URL:
        (for example https://host.example/v1)

      Enter your API key:

      Enter model ids, separated by commas:
        (for example model-a, model-b; the first becomes the default)

      Save this?
        Save / Go back
      "
    `);
  });

  test("with where a local server usually is", async () => {
    const answers = ["search", "ollama", "", "m"];
    expect((await shown({ answers })).split("\n\n").slice(1).join("\n\n")).toMatchInlineSnapshot(`
      "Select a provider:
        coding-plan: Alibaba Cloud Coding Plan - https://coding.dashscope.aliyuncs.com/v1
        …

      Enter the base URL:
        (Enter takes http://localhost:11434/v1)
        = http://localhost:11434/v1

      Enter model ids, separated by commas:
        (for example model-a, model-b; the first becomes the default)
      "
    `);
  });

  test("with the form of a URL that has the person's name in it", async () => {
    const flags = { provider: "azure" };
    const answers = ["https://x.openai.azure.com", KEY, "m"];
    expect(await shown({ flags, answers })).toMatchInlineSnapshot(`
      "
      Enter the base URL:
        (for example https://NAME.openai.azure.com/openai/v1)

      Enter your API key:
      made at https://portal.azure.com

      Enter model ids, separated by commas:
        (for example model-a, model-b; the first becomes the default)
      "
    `);
  });
});

describe("askApiKey() where nobody can be asked", () => {
  const none = "and there is no terminal to ask";
  test.each<[FlagValues, message: string, hint: string]>([
    [
      {},
      `Cannot tell which provider is meant: none was given ${none}`,
      "give `--provider NAME`, or `--base-url URL` for any other endpoint",
    ],
    [
      { provider: "azure" },
      `Cannot tell where the endpoint is: no base URL was given ${none}`,
      "give `--base-url`, such as `--base-url https://NAME.openai.azure.com/openai/v1`",
    ],
    [
      { "no-key": true },
      `Cannot tell where the endpoint is: no base URL was given ${none}`,
      "give `--base-url`, such as `--base-url https://host.example/v1`",
    ],
    [
      { provider: "moonshot" },
      "Cannot choose the region: none was given and there is no terminal to ask",
      "give `--region global` or `--region china`",
    ],
    [
      { "base-url": OWN, key: KEY },
      `Cannot choose a model: none was given ${none}`,
      "give `--model ID`, or `--verify` to take what the endpoint lists",
    ],
    [
      { provider: "openai", key: KEY },
      `Cannot choose a model: none was given, OpenAI has no default ${none}`,
      "give `--model ID`, or `--verify` to take what the endpoint lists",
    ],
    [
      { provider: "deepseek" },
      `Cannot set up the key: none was given ${none}`,
      "give the key with `--key-stdin`, `--key-file PATH` or `--key-env NAME`",
    ],
  ])("names the flag that is missing: %j", async (flags, message, hint) => {
    expect(await laterProblemOf(() => ask({ flags, isAlone: true }))).toEqual({
      name: "UsageError",
      code: "missing-input",
      message,
      hint,
    });
  });

  test.each<[FlagValues, string]>([
    [{ provider: "deepseek", model: ["auto"] }, "Cannot use `--model auto`: `QWEN_OFFLINE` is set"],
    [{ provider: "moonshot", region: "auto" }, "Cannot use `--region auto`: `QWEN_OFFLINE` is set"],
  ])("refuses what needs the network: %j", async (flags, message) => {
    expect((await laterProblemOf(() => ask({ flags })))?.message).toBe(message);
  });
});

describe("askApiKey() with a service", () => {
  const env = { QWEN_OFFLINE: "" };
  const list = (...ids: readonly string[]) => Response.json({ data: ids.map((id) => ({ id })) });

  test("checks a key that is typed, and offers what the service lists", async () => {
    const { answer, questions, asked } = await ask({
      env,
      flags: { provider: "openai" },
      answers: [KEY, "b"],
      reply: () => list("a", "b"),
    });
    expect(answer).toMatchObject({
      value: { login: { models: ["b"] }, verification: { state: "ok" } },
    });
    expect(questions).toEqual([API_KEY, "Select models with Tab; the first becomes the default:"]);
    expect(asked[0]).toMatchObject({ url: "https://api.openai.com/v1/models", key: KEY });
  });

  test.each<[string, FlagValues]>([
    ["a key that is given", { provider: "deepseek", key: KEY }],
    ["where that is not wanted", { provider: "deepseek", "no-verify": true }],
  ])("does not check %s", async (_name, flags) => {
    const { answer, asked } = await ask({ env, flags, answers: [KEY], reply: () => list("a") });
    expect(answer).toMatchObject({ kind: "value", value: { verification: undefined } });
    expect(asked).toEqual([]);
  });

  test("asks for another key where it is refused", async () => {
    const { questions, login, said } = await ask({
      env,
      flags: { provider: "deepseek" },
      answers: ["sk-other-0123456789", KEY],
      reply: () => list("deepseek-v4-pro"),
    });
    expect(questions).toEqual([API_KEY, API_KEY]);
    expect(login).toMatchObject({ key: KEY });
    expect(said).toContain("the key");
  });

  test.each([
    ["yes", "value"],
    ["no", "cancelled"],
  ])("lets the person go on where the service is not well: %s", async (word, kind) => {
    const { answer, questions } = await ask({
      env,
      flags: { provider: "deepseek" },
      answers: [KEY, word],
      reply: () => new Response("down", { status: 503 }),
    });
    expect(answer.kind).toBe(kind as never);
    expect(questions.slice(0, 2)).toEqual([API_KEY, "Save without checking it?"]);
  });

  test.each([
    ["yes", "https://own.example/v1"],
    ["no", "https://own.example"],
  ])("offers the base URL that was probably meant: %s", async (word, baseUrl) => {
    const { login, questions } = await ask({
      env,
      flags: { "base-url": "https://own.example", model: ["a"] },
      answers: [KEY, word],
      reply: (url) =>
        url.startsWith("https://own.example/v1/") ? list("a") : new Response("", { status: 404 }),
    });
    expect(questions).toEqual([
      API_KEY,
      "https://own.example/v1 answers, https://own.example does not. Use it?",
    ]);
    expect(login).toMatchObject({ baseUrl });
  });

  test("finds the region with the key", async () => {
    const { answer, questions } = await ask({
      env,
      flags: { provider: "moonshot", region: "auto" },
      answers: [KEY],
      reply: (url) =>
        url.includes("api.moonshot.cn") ? list("kimi-k3") : new Response("", { status: 401 }),
    });
    expect(answer).toMatchObject({ value: { login: { region: "china" } } });
    expect(questions).toEqual([API_KEY]);
  });
});
