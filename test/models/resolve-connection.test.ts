import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { UsageError } from "../../src/errors.ts";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import type { Resolution } from "../../src/models/resolution.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { problemOf } from "../support/problem-of.ts";
import { configuration, settings, variableSource } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

function resolve(given: Given, flags: ConnectionFlags = {}): Resolution {
  return resolveConnection(configuration(given), flags, CATALOGUE);
}

/** What would be used, in short. */
function summary({ state, protocol, model, endpoint, key, isLegacyPlan }: Resolution) {
  return {
    state,
    protocol: protocol?.value,
    model: model?.value,
    endpoint: endpoint?.value,
    key: key.kind === "present" ? key.value : key.kind,
    isLegacyPlan,
  };
}

const PLAN_KEY = "BAILIAN_CODING_PLAN_API_KEY";
const CHINA = "https://coding.dashscope.aliyuncs.com/v1";
const GLOBAL = "https://coding-intl.dashscope.aliyuncs.com/v1";
const ENTRY = { id: "m", envKey: "A_KEY", baseUrl: "https://a.example/v1" };
const ONE = { settings: { user: { modelProviders: { openai: [ENTRY] } } } } as const;

describe("resolveConnection() is", () => {
  test("configured with entry and key, and says where each value comes from", () => {
    const resolution = resolve({ ...ONE, variables: { A_KEY: "a" } });
    expect(resolution).toMatchObject({
      state: "configured",
      protocol: { value: "openai", source: settings("user", "modelProviders.openai[0]") },
      model: { value: "m", source: settings("user", "modelProviders.openai[0].id") },
      endpoint: {
        value: ENTRY.baseUrl,
        source: settings("user", "modelProviders.openai[0].baseUrl"),
      },
      key: { kind: "present", value: "a", envKey: "A_KEY", source: variableSource("A_KEY") },
      pairing: { kind: "allowed" },
      isQwenOauth: false,
      isLegacyPlan: false,
      warnings: [],
    });
    expect(resolution.problem).toBeUndefined();
    expect(resolution.trustFolder).toBeUndefined();
  });

  test("configured by the standard variables alone", () => {
    const variables = { OPENAI_API_KEY: "k", OPENAI_MODEL: "m", OPENAI_BASE_URL: "https://a" };
    expect(summary(resolve({ variables }))).toMatchObject({
      state: "configured",
      model: "m",
      endpoint: "https://a",
      key: "k",
    });
  });

  test("configured without a key where none is needed", () => {
    const openai = [{ id: "m", baseUrl: "http://vllm:8000/v1" }];
    const given = { settings: { user: { modelProviders: { openai } } } };
    expect(summary(resolve(given))).toMatchObject({ state: "configured", key: "keyless" });
    expect(summary(resolve({ ...ONE, variables: { A_KEY: "not-needed" } }))).toMatchObject({
      state: "configured",
      key: "keyless",
    });
  });

  const incomplete: readonly (readonly [name: string, given: Given, flags?: ConnectionFlags])[] = [
    ["without a key", ONE],
    ["with a key for another vendor only", { ...ONE, variables: { OPENAI_API_KEY: "k" } }],
    ["with a key but no model", { variables: { OPENAI_API_KEY: "k" } }],
    [
      "with several protocols and none selected",
      { settings: { user: { modelProviders: { openai: [ENTRY], gemini: [{ id: "g" }] } } } },
    ],
    [
      "with Qwen OAuth",
      { settings: { user: { security: { auth: { selectedType: "qwen-oauth" } } } } },
    ],
  ];
  for (const [name, given, flags] of incomplete) {
    test(`incomplete ${name}`, () => {
      const resolution = resolve(given, flags);
      expect(resolution.state).toBe("incomplete");
      expect(resolution.problem).toBeUndefined();
    });
  }

  test("none where nothing is configured, whatever else stands in the files", () => {
    for (const given of [{}, { settings: { user: { ui: {}, modelProviders: {} } } }]) {
      expect(summary(resolve(given))).toEqual({
        state: "none",
        protocol: undefined,
        model: undefined,
        endpoint: undefined,
        key: "missing",
        isLegacyPlan: false,
      });
    }
  });
});

describe("resolveConnection() has a problem, and does not throw,", () => {
  const user = (value: object): Given => ({ settings: { user: { ...value } } });
  const entries = { modelProviders: { openai: [ENTRY] } };
  const cases: readonly (readonly [name: string, given: Given, problem: object])[] = [
    [
      "with an unknown `model.name`",
      user({ ...entries, model: { name: "n" } }),
      { exitCode: 3, code: "unknown-model" },
    ],
    [
      "with an unknown selected type",
      user({ security: { auth: { selectedType: "x" } } }),
      { exitCode: 3, code: "unknown-auth-type" },
    ],
    [
      "with vertex-ai",
      user({ security: { auth: { selectedType: "vertex-ai" } } }),
      { exitCode: 3, code: "unsupported" },
    ],
    [
      "with another enforced type",
      user({ security: { auth: { selectedType: "openai", enforcedType: "gemini" } } }),
      { exitCode: 4, code: "enforced-type" },
    ],
    [
      "with `wireApi` responses",
      user({ modelProviders: { openai: [{ ...ENTRY, wireApi: "responses" }] } }),
      { exitCode: 3, code: "unsupported" },
    ],
    [
      "with an endpoint that is none",
      user({ modelProviders: { openai: [{ ...ENTRY, baseUrl: "nowhere" }] } }),
      { exitCode: 3, code: "settings-invalid" },
    ],
    [
      "with a reserved `envKey`",
      user({ modelProviders: { openai: [{ ...ENTRY, envKey: "LD_PRELOAD" }] } }),
      { exitCode: 3, code: "settings-invalid" },
    ],
    [
      "with broken entries only",
      user({ modelProviders: { openai: [{}] } }),
      { exitCode: 3, code: "settings-invalid" },
    ],
  ];
  for (const [name, given, problem] of cases) {
    test(name, () => {
      const resolution = resolve(given);
      expect(resolution.state).toBe("incomplete");
      expect(resolution.problem).toMatchObject(problem);
    });
  }

  test("but throws what is wrong with the flags themselves", () => {
    expect(() => resolve({}, { baseUrl: "nowhere" })).toThrow(UsageError);
    expect(() => resolve({}, { authType: "gemini", apiKey: "k" })).toThrow(UsageError);
  });
});

test("resolveConnection() says all that was found on the way, model first", () => {
  const other = { ...ENTRY, baseUrl: "https://b.example/v1" };
  const given = {
    settings: { user: { modelProviders: { openai: [ENTRY, other] }, model: { name: "m" } } },
    variables: { A_KEY: "sk-0123456789abcdef," },
  };
  const account = { name: "work", from: "QWEN_ACCOUNT" } as const;
  expect(resolve(given, { account }).warnings).toEqual([
    expect.stringContaining('"m"'),
    '`QWEN_ACCOUNT` is passed over: `A_KEY` has no account "work"',
    "the key of `A_KEY`: it ends in `,`, which may not belong to it",
  ]);
});

describe("resolveConnection() refuses to guess where models stand that do not count", () => {
  const MISSPELT = { modelproviders: { openai: [ENTRY] } };
  const BROKEN = { modelProviders: { openai: "none" } };
  const problem = (user: JsonObject, flags: ConnectionFlags = {}, variables = {}) =>
    problemOf(() => {
      const { problem: found } = resolve({ settings: { user }, variables }, flags);
      if (found !== undefined) {
        throw found;
      }
    });
  const openai = { authType: "openai" };
  const KEY = { OPENAI_API_KEY: "sk-0123456789abcdef" };

  test.each([MISSPELT, BROKEN])("in %j", (user) => {
    expect(problem(user, openai, KEY)).toMatchObject({
      name: "ConfigError",
      code: "settings-invalid",
      message: expect.stringMatching(/^Cannot tell which model to use: `model[pP]roviders/),
    });
  });

  test.each<[string, JsonObject, ConnectionFlags, Readonly<Record<string, string>>]>([
    [
      "another protocol's group",
      BROKEN,
      { authType: "anthropic", model: "m" },
      { ANTHROPIC_API_KEY: "k" },
    ],
    [
      "an endpoint and its key that are named",
      MISSPELT,
      { ...openai, model: "m" },
      { ...KEY, OPENAI_BASE_URL: "https://a.example/v1" },
    ],
    [
      "entries of the protocol",
      { ...MISSPELT, modelProviders: { openai: [ENTRY] } },
      openai,
      { A_KEY: "k" },
    ],
  ])("but not beside %s", (_what, user, flags, variables) => {
    expect(resolve({ settings: { user }, variables }, flags).state).toBe("configured");
  });
});

describe("resolveConnection() takes a set-up without entries for the Coding Plan", () => {
  const plan = { state: "configured", protocol: "openai", isLegacyPlan: true, key: "sk-sp-1" };
  const key = { [PLAN_KEY]: "sk-sp-1" };
  const region = (name: string) => ({ user: { codingPlan: { region: name } } });
  const model = { user: { model: { name: "glm-5" } } };
  type Case = readonly [name: string, given: Given, expected: object];
  const cases: readonly Case[] = [
    [
      "with its key, in china",
      { variables: key },
      { ...plan, endpoint: CHINA, model: "qwen3.5-plus" },
    ],
    [
      "with its key in settings",
      { settings: { user: { env: key } } },
      { ...plan, endpoint: CHINA },
    ],
    [
      "with the region global",
      { variables: key, settings: region("global") },
      { ...plan, endpoint: GLOBAL },
    ],
    [
      "with the region china",
      { variables: key, settings: region("china") },
      { ...plan, endpoint: CHINA },
    ],
    [
      "with an endpoint of the plan's as variable",
      { variables: { ...key, OPENAI_BASE_URL: `${GLOBAL}/` } },
      { ...plan, endpoint: GLOBAL },
    ],
    [
      "with the region before that variable",
      { variables: { ...key, OPENAI_BASE_URL: GLOBAL }, settings: region("china") },
      { ...plan, endpoint: CHINA },
    ],
    [
      "whatever other endpoint that variable names",
      { variables: { ...key, OPENAI_BASE_URL: "https://a.example/v1" } },
      { ...plan, endpoint: CHINA },
    ],
    ["with `model.name`", { variables: key, settings: model }, { ...plan, model: "glm-5" }],
    [
      "incomplete without the key",
      { settings: region("global") },
      { ...plan, state: "incomplete", endpoint: GLOBAL, key: "missing" },
    ],
    [
      "beside entries of another protocol",
      {
        variables: key,
        settings: {
          user: {
            modelProviders: { gemini: [{ id: "g" }] },
            security: { auth: { selectedType: "openai" } },
          },
        },
      },
      { ...plan, endpoint: CHINA },
    ],
  ];
  for (const [name, given, expected] of cases) {
    test(name, () => {
      expect(summary(resolve(given))).toMatchObject(expected);
    });
  }

  test("with the built-in values as defaults of the user's", () => {
    const { endpoint, model: chosen } = resolve({ variables: key });
    const source = { kind: "default", origin: "user" } as const;
    expect([endpoint?.source, chosen?.source]).toEqual([source, source]);
  });

  test("but not where entries, flags or another type say otherwise", () => {
    const given = { ...ONE, variables: { ...key, A_KEY: "a" } };
    expect(summary(resolve(given))).toMatchObject({ key: "a", isLegacyPlan: false });
    expect(resolve({ variables: key }, { apiKey: "k", model: "m" }).isLegacyPlan).toBe(false);
    const auth = { security: { auth: { selectedType: "gemini" } } };
    expect(resolve({ variables: key, settings: { user: auth } }).isLegacyPlan).toBe(false);
  });

  for (const name of ["mars", "constructor", "toString", "__proto__"]) {
    test(`and warns of the unknown region ${name}`, () => {
      const { endpoint, warnings } = resolve({ variables: key, settings: region(name) });
      expect(endpoint?.value).toBe(CHINA);
      expect(warnings).toEqual([`\`codingPlan.region\` "${name}" is unknown; china is used`]);
    });
  }
});

test("resolveConnection() tells of what was not read where nothing can be asked, and only there", () => {
  const distrusted = ["`/repo/.env` was not read"];
  const variables = { DEEPSEEK_API_KEY: "sk-0123456789" };
  const none = { ...configuration({ variables }), distrusted };
  expect(resolveConnection(none, {}, CATALOGUE)).toMatchObject({
    state: "none",
    unread: [expect.stringContaining("DEEPSEEK_API_KEY is set, and nothing uses it")],
    distrusted,
  });
  const one = { ...configuration({ ...ONE, variables: { ...variables, A_KEY: "k" } }), distrusted };
  const configured = resolveConnection(one, {}, CATALOGUE);
  expect(configured.state).toBe("configured");
  expect(["unread" in configured, "distrusted" in configured]).toEqual([false, false]);
});

test.each([
  [{ anthropicBaseUrl: "https://a.example/anthropic" }, "https://a.example/anthropic"],
  [{}, undefined],
])(
  "resolveConnection() tells where an entry with %j speaks Anthropic's protocol",
  (more, value) => {
    const openai = [{ ...ENTRY, ...more }];
    const given = { settings: { user: { modelProviders: { openai } } }, variables: { A_KEY: "k" } };
    expect(resolve(given).anthropicBase?.value).toBe(value);
  },
);

test("resolveConnection() takes the Coding Plan whose key lies in the keyring alone", () => {
  const keyring = [PLAN_KEY];
  const user = { security: { auth: { selectedType: "openai", keyring } } };
  expect(summary(resolve({ settings: { user } }))).toMatchObject({
    state: "configured",
    key: "deferred",
    isLegacyPlan: true,
  });
  expect(
    resolve({ settings: { user: { security: { auth: { keyring: ["A_KEY"] } } } } }).state,
  ).toBe("none");
});
