import { describe, expect, test } from "bun:test";
import { AuthError, ConfigError, UsageError } from "../../src/errors.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import { enforcedTypeProblem, resolveProtocol } from "../../src/models/resolve-protocol.ts";
import type { Source } from "../../src/source.ts";
import { configuration, PATHS, settings, variableSource } from "./configuration.ts";

type Given = Parameters<typeof configuration>[0];

const ENTRIES = {
  openai: [{ id: "gpt" }, { id: "both" }],
  anthropic: [{ id: "claude" }, { id: "both" }],
};
const flag = (name: string): Source => ({ kind: "flag", name, origin: "user" });

function user(value: object): Given {
  return { settings: { user: { ...value } } };
}

function selected(selectedType: string, rest: object = {}): Given {
  return user({ security: { auth: { selectedType } }, ...rest });
}

describe("resolveProtocol() takes", () => {
  type Case = readonly [
    name: string,
    given: Given,
    flags: ConnectionFlags,
    protocol: string,
    source: Source,
  ];
  const modelName = settings("user", "model.name");
  const selectedType = settings("user", "security.auth.selectedType");
  const keys = { variables: { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k", GEMINI_API_KEY: "k" } };
  const cases: readonly Case[] = [
    [
      "`--auth-type` first",
      selected("openai"),
      { authType: "gemini" },
      "gemini",
      flag("--auth-type"),
    ],
    [
      "`--auth-type openai` with another openai flag",
      {},
      { authType: "openai", apiKey: "k" },
      "openai",
      flag("--auth-type"),
    ],
    [
      "`--openai-api-key` for openai",
      selected("gemini"),
      { apiKey: "k" },
      "openai",
      flag("--openai-api-key"),
    ],
    [
      "`--openai-base-url` for openai",
      selected("gemini"),
      { baseUrl: "http://a" },
      "openai",
      flag("--openai-base-url"),
    ],
    ["the selected type", { ...keys, ...selected("gemini") }, {}, "gemini", selectedType],
    [
      "the selected type for a model that it has",
      selected("anthropic", { modelProviders: ENTRIES, model: { name: "both" } }),
      {},
      "anthropic",
      selectedType,
    ],
    [
      "the selected type for a model that no protocol has",
      selected("anthropic", { modelProviders: ENTRIES, model: { name: "new" } }),
      {},
      "anthropic",
      selectedType,
    ],
    [
      "the other protocol that alone has `model.name`",
      selected("openai", { modelProviders: ENTRIES, model: { name: "claude" } }),
      {},
      "anthropic",
      modelName,
    ],
    [
      "the other protocol that alone has the model of `--model`",
      selected("openai", { modelProviders: ENTRIES, model: { name: "gpt" } }),
      { model: "claude" },
      "anthropic",
      flag("--model"),
    ],
    [
      "the protocol of `--model` without a selected type",
      user({ modelProviders: ENTRIES }),
      { model: "claude" },
      "anthropic",
      flag("--model"),
    ],
    [
      "the protocol of `model.name` without a selected type",
      { ...keys, ...user({ modelProviders: ENTRIES, model: { name: "claude" } }) },
      {},
      "anthropic",
      modelName,
    ],
    [
      "the first protocol that has the model",
      user({ modelProviders: ENTRIES }),
      { model: "both" },
      "openai",
      flag("--model"),
    ],
    ["OPENAI_API_KEY before other keys", keys, {}, "openai", variableSource("OPENAI_API_KEY")],
    [
      "ANTHROPIC_API_KEY before GEMINI_API_KEY",
      { variables: { ANTHROPIC_API_KEY: "k", GEMINI_API_KEY: "k" } },
      {},
      "anthropic",
      variableSource("ANTHROPIC_API_KEY"),
    ],
    [
      "the only configured protocol before a key that has no model",
      {
        ...user({ modelProviders: { openai: [{ id: "m" }] } }),
        variables: { GEMINI_API_KEY: "k" },
      },
      {},
      "openai",
      settings("user", "modelProviders.openai[0]"),
    ],
    [
      "a key that has a model before the only configured protocol",
      {
        ...user({ modelProviders: { openai: [{ id: "m" }] } }),
        variables: { GEMINI_API_KEY: "k", GEMINI_MODEL: "g" },
      },
      {},
      "gemini",
      variableSource("GEMINI_API_KEY"),
    ],
    ...["ANTHROPIC_AUTH_TOKEN", "GOOGLE_API_KEY"].map(
      (name): Case => [
        name,
        { variables: { [name]: "k" } },
        {},
        name.startsWith("A") ? "anthropic" : "gemini",
        variableSource(name),
      ],
    ),
    [
      "the only configured protocol",
      user({ modelProviders: { anthropic: [{ id: "m" }, { id: "n" }], openai: [] } }),
      {},
      "anthropic",
      settings("user", "modelProviders.anthropic[0]"),
    ],
  ];
  for (const [name, given, flags, protocol, source] of cases) {
    test(name, () => {
      expect<unknown>(resolveProtocol(configuration(given), flags)).toMatchObject({
        kind: "protocol",
        protocol: { value: protocol, source },
      });
    });
  }

  test("Qwen OAuth where it is selected", () => {
    expect(resolveProtocol(configuration(selected("qwen-oauth")), {})).toEqual({
      kind: "qwen-oauth",
      source: selectedType,
    });
  });

  test("none where several protocols are configured, or none is", () => {
    const given = user({ modelProviders: ENTRIES });
    expect(resolveProtocol(configuration(given), {})).toEqual({ kind: "none" });
    expect(resolveProtocol(configuration(), {})).toEqual({ kind: "none" });
  });

  test("none by a model's or an endpoint's variable", () => {
    const variables = { OPENAI_MODEL: "m", OPENAI_BASE_URL: "https://a.example" };
    expect(resolveProtocol(configuration({ variables }), {})).toEqual({ kind: "none" });
  });
});

describe("resolveProtocol() refuses", () => {
  test("openai flags with another `--auth-type`", () => {
    for (const [name, flags] of [
      ["--openai-api-key", { apiKey: "k" }],
      ["--openai-base-url", { baseUrl: "https://a" }],
    ] as const) {
      const resolve = () => resolveProtocol(configuration(), { ...flags, authType: "gemini" });
      expect(resolve).toThrow(UsageError);
      expect(resolve).toThrow(`Cannot use \`${name}\` with \`--auth-type gemini\``);
    }
  });

  for (const type of ["vertex-ai", "openai-responses"]) {
    test(`${type}, which is not supported here`, () => {
      const resolve = () => resolveProtocol(configuration(selected(type)), {});
      expect(resolve).toThrow(ConfigError);
      expect(resolve).toThrow("not supported here");
      expect(resolve).toThrow(PATHS.user);
    });
  }

  test("an unknown selected type, with what may have been meant", () => {
    try {
      resolveProtocol(configuration(selected("open-ai")), {});
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect(error).toMatchObject({
        code: "unknown-auth-type",
        suggest: { word: "open-ai", from: ["openai", "anthropic", "gemini", "qwen-oauth"] },
      });
    }
  });

  test("an unknown `--auth-type` as a usage error", () => {
    const resolve = () => resolveProtocol(configuration(), { authType: "open-ai" });
    expect(resolve).toThrow(UsageError);
  });
});

describe("enforcedTypeProblem()", () => {
  const problem = (enforcedType: string, selectedType?: string) => {
    const auth = { enforcedType, ...(selectedType === undefined ? {} : { selectedType }) };
    const given = configuration(user({ security: { auth } }));
    return enforcedTypeProblem(given, resolveProtocol(given, {}));
  };

  test("is an error for another type", () => {
    const error = problem("anthropic", "openai");
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code: "enforced-type", exitCode: 4 });
    expect(error?.message).toBe(`Cannot use "openai": \`${PATHS.user}\` enforces "anthropic"`);
    expect(problem("openai", "qwen-oauth")?.message).toContain('"qwen-oauth"');
  });

  test("is nothing for the same type, and where nothing is configured", () => {
    expect(problem("openai", "openai")).toBeUndefined();
    expect(problem("qwen-oauth", "qwen-oauth")).toBeUndefined();
    expect(problem("openai")).toBeUndefined();
  });
});
