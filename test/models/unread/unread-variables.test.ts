import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import { resolveConnection } from "../../../src/models/resolve-connection.ts";
import { unreadVariables } from "../../../src/models/unread/unread-variables.ts";
import { configuration, ofProject, PATHS } from "../configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

function unread(given: Given): readonly string[] {
  const known = configuration(given);
  return unreadVariables(known, resolveConnection(known, {}, CATALOGUE), CATALOGUE);
}

const not = (name: string, ours: string): string => `${name} is not read: use ${ours}`;
const login = (name: string, command: string): string =>
  `${name} is set, and nothing uses it: run \`qwen auth ${command} --key-env ${name}\``;

describe("unreadVariables() names alone", () => {
  const cases: readonly (readonly [name: string, said: string])[] = [
    ["OPENAI_API_BASE", not("OPENAI_API_BASE", "OPENAI_BASE_URL")],
    ["OPENAI_API_URL", not("OPENAI_API_URL", "OPENAI_BASE_URL")],
    ["OPENAI_KEY", not("OPENAI_KEY", "OPENAI_API_KEY")],
    ["OPENAI_MODEL_NAME", not("OPENAI_MODEL_NAME", "OPENAI_MODEL")],
    ["QWEN_BASE_URL", not("QWEN_BASE_URL", "OPENAI_BASE_URL")],
    ["ANTHROPIC_API_BASE", not("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL")],
    ["ANTHROPIC_API_URL", not("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL")],
    ["GEMINI_API_BASE", not("GEMINI_API_BASE", "GEMINI_BASE_URL")],
    [
      "DASHSCOPE_API_KEY",
      login("DASHSCOPE_API_KEY", "api-key --provider modelstudio --region REGION"),
    ],
    [
      "BAILIAN_TOKEN_PLAN_API_KEY",
      login("BAILIAN_TOKEN_PLAN_API_KEY", "api-key --provider token-plan --region REGION"),
    ],
    ["OPENROUTER_API_KEY", login("OPENROUTER_API_KEY", "api-key --provider openrouter")],
    ["DEEPSEEK_API_KEY", login("DEEPSEEK_API_KEY", "api-key --provider deepseek")],
    ["ZAI_API_KEY", login("ZAI_API_KEY", "api-key --provider zai --region REGION")],
    ["XAI_API_KEY", login("XAI_API_KEY", "api-key --provider xai")],
    ["QWEN_API_KEY", login("QWEN_API_KEY", "api-key --base-url URL")],
  ];
  test.each(cases)("%s", (name, said) => {
    expect(unread({ variables: { [name]: "x-0123456789" } })).toEqual([said]);
    // No login takes a key from a project's file.
    const typed = said.replace(`--key-env ${name}`, "--key-stdin");
    expect(unread({ variables: { [name]: ofProject("x-0123456789") } })).toEqual([typed]);
    expect(unread({ settings: { user: { env: { [name]: "x-0123456789" } } } })).toEqual([said]);
  });
});

describe("unreadVariables() is silent about", () => {
  const entry = { id: "m", baseUrl: "https://a.example/v1", envKey: "DASHSCOPE_API_KEY" };
  const other = { id: "n", baseUrl: "https://b.example/v1", envKey: "QWEN_API_KEY" };
  type Case = readonly [name: string, given: Given];
  const cases: readonly Case[] = [
    ["nothing", {}],
    [
      "the plan's key, which serves without an entry",
      { variables: { BAILIAN_CODING_PLAN_API_KEY: "k" } },
    ],
    [
      "the standard names",
      { variables: { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "https://a.example/v1" } },
    ],
    [
      "an address beside the one that is read",
      { variables: { OPENAI_API_BASE: "https://a", OPENAI_BASE_URL: "https://b.example/v1" } },
    ],
    [
      "a key that the entry in force names",
      {
        settings: { user: { modelProviders: { openai: [entry] } } },
        variables: { DASHSCOPE_API_KEY: "k" },
      },
    ],
    [
      "a key that an entry names which is not in force",
      {
        settings: { user: { modelProviders: { openai: [entry, other] }, model: { name: "m" } } },
        variables: { DASHSCOPE_API_KEY: "k", QWEN_API_KEY: "k" },
      },
    ],
    ["keys that are empty", { settings: { user: { env: { DASHSCOPE_API_KEY: " " } } } }],
    [
      "a model of the shell that serves",
      {
        variables: { OPENAI_MODEL: "m", OPENAI_API_KEY: "k", OPENAI_BASE_URL: "https://a.example" },
      },
    ],
  ];
  test.each(cases)("%s", (_, given) => {
    expect(unread(given)).toEqual([]);
  });
});

describe("unreadVariables() names what settings go before:", () => {
  const user = {
    modelProviders: { openai: [{ id: "m", baseUrl: "https://a.example/v1", envKey: "K1" }] },
    model: { name: "m" },
    env: { K1: "sk-0123456789" },
  };
  const all = {
    OPENAI_BASE_URL: "https://b.example/v1",
    OPENAI_API_KEY: "sk-of-the-shell",
    OPENAI_MODEL: "other",
  };
  const before = (names: string, verb: string, setting = "model.name"): string =>
    `${names} of the shell ${verb} not used: \`${setting}\` in \`${PATHS.user}\` goes before`;
  const oauth = { user: { security: { auth: { selectedType: "qwen-oauth" } } } };
  type Case = readonly [name: string, given: Given, said: readonly string[]];
  const cases: readonly Case[] = [
    [
      "endpoint and model of the shell",
      { settings: { user }, variables: all },
      [before("OPENAI_BASE_URL and OPENAI_MODEL", "are")],
    ],
    [
      "one of them",
      { settings: { user }, variables: { QWEN_MODEL: "other" } },
      [before("QWEN_MODEL", "is")],
    ],
    ["none of another protocol", { settings: { user }, variables: { GEMINI_MODEL: "other" } }, []],
    [
      "none of a `.env`, which the settings' author may not know",
      { settings: { user }, variables: { OPENAI_MODEL: ofProject("other") } },
      [],
    ],
    [
      "all of the shell where Qwen OAuth is selected",
      { settings: oauth, variables: { ...all, ANTHROPIC_API_KEY: "k" } },
      [
        before(
          "OPENAI_API_KEY and OPENAI_BASE_URL and OPENAI_MODEL",
          "are",
          "security.auth.selectedType",
        ),
        before("ANTHROPIC_API_KEY", "is", "security.auth.selectedType"),
      ],
    ],
  ];
  test.each(cases)("%s", (_, given, said) => {
    expect(unread(given)).toEqual(said);
  });
});
