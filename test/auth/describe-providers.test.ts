import { describe, expect, test } from "bun:test";
import { describeOauth, describeProviders } from "../../src/auth/describe-providers.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import type { Account } from "../../src/settings/accounts.ts";
import { setUp } from "../connect/set-up.ts";
import { configuration, ofProject, settings, variableSource } from "../models/configuration.ts";

/** Id, base URL, and whether it is in force, of every row. */
async function rows(given: Parameters<typeof setUp>[0]) {
  const { load } = setUp(given);
  const { configuration, resolution } = await load();
  return describeProviders(configuration, resolution).map(({ id, baseUrl, active }) => [
    ...[id, baseUrl, active],
  ]);
}

const OAUTH = { security: { auth: { selectedType: "qwen-oauth" } } };
const TOKENS = {
  ...{ access_token: "access-0123456789", refresh_token: "refresh-0123456789" },
  ...{ token_type: "Bearer", expiry_date: Date.now() + 600_000, resource_url: "portal.qwen.ai" },
};

test("describeProviders() tells where the token of Qwen OAuth is good, if there is one", async () => {
  const files = { ".qwen/oauth_creds.json": TOKENS };
  expect(await rows({ settings: OAUTH, files })).toEqual([
    ["qwen-oauth", "https://portal.qwen.ai/v1", true],
  ]);
  expect(await rows({ settings: OAUTH })).toEqual([]);
});

test("describeProviders() tells of a key without a model where it would go", async () => {
  expect(
    await rows({
      env: { OPENAI_API_KEY: "sk-0123456789", OPENAI_BASE_URL: "https://a.example/v1" },
    }),
  ).toEqual([["a.example", "https://a.example/v1", true]]);
  expect(await rows({})).toEqual([]);
});

type Given = NonNullable<Parameters<typeof configuration>[0]>;

function list(given: Given, flags: ConnectionFlags = {}) {
  const known = configuration(given);
  return describeProviders(known, resolveConnection(known, flags, CATALOGUE));
}

const KEY = "sk-0123456789abcdefabcd";
const MASKED = "sk-…abcd";
const HERE = "https://a.example/v1";
const user = (openai: readonly object[], more: object = {}) => ({
  user: { modelProviders: { openai }, ...more },
});
const present = (name: string) => ({ present: true, masked: MASKED, source: variableSource(name) });
const MISSING = { present: false } as const;

describe("describeProviders() groups entries", () => {
  test("by endpoint and variable, in their order, with all that is known of them", () => {
    const openai = [
      { id: "a", name: "[Ours] a", baseUrl: `${HERE}/`, envKey: "A_KEY" },
      { id: "d", baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" },
      {
        id: "b",
        baseUrl: HERE,
        envKey: "A_KEY",
        anthropicBaseUrl: "https://a.example/anthropic/",
      },
      { id: "c", baseUrl: HERE, envKey: "B_KEY" },
    ];
    const rest = { protocol: "openai", baseUrl: HERE, active: false };
    const label = "Custom OpenAI-compatible endpoint";
    expect(
      list({
        settings: user(openai, { model: { name: "b" } }),
        variables: { A_KEY: KEY, B_KEY: "a b" },
      }),
    ).toEqual([
      {
        ...rest,
        id: "a.example",
        label: "Ours",
        anthropicBaseUrl: "https://a.example/anthropic",
        envKey: "A_KEY",
        key: present("A_KEY"),
        models: ["a", "b"],
        active: true,
      },
      {
        ...rest,
        id: "deepseek",
        label: "DeepSeek",
        baseUrl: "https://api.deepseek.com",
        envKey: "DEEPSEEK_API_KEY",
        key: MISSING,
        problem: {
          code: "key-missing",
          reason: "no key: DEEPSEEK_API_KEY is not set",
          hint: "run `export DEEPSEEK_API_KEY=YOUR_KEY`",
        },
        models: ["d"],
      },
      {
        ...rest,
        id: "a.example",
        label,
        envKey: "B_KEY",
        key: { ...MISSING, source: variableSource("B_KEY"), unusable: "it contains white space" },
        problem: {
          code: "invalid-key",
          reason: "the key of shell variable B_KEY cannot be sent: it contains white space",
          hint: "correct `B_KEY`",
        },
        models: ["c"],
      },
    ] as never);
  });

  test("of a server that wants no key, and of what is no endpoint", () => {
    const openai = [
      { id: "l", baseUrl: "http://127.0.0.1:8000/v1" },
      { id: "w", baseUrl: "no url", envKey: "A_KEY" },
    ];
    const [local, wrong] = list({ settings: user(openai) });
    expect(local).toEqual({
      id: "127.0.0.1:8000",
      label: "Custom OpenAI-compatible endpoint",
      protocol: "openai",
      baseUrl: "http://127.0.0.1:8000/v1",
      key: { present: false, needed: false },
      models: ["l"],
      active: true,
    });
    expect(wrong).toMatchObject({
      id: "custom",
      envKey: "A_KEY",
      key: MISSING,
      problem: { code: "settings-invalid" },
      models: ["w"],
      active: false,
    });
    expect(wrong && "baseUrl" in wrong).toBe(false);
  });

  test("by their host and path where hosts are the same", () => {
    const openai = ["v1", "v2"].map((path) => ({ id: path, baseUrl: `https://a.example/${path}` }));
    expect(list({ settings: user(openai) }).map(({ id }) => id)).toEqual([
      "a.example/v1",
      "a.example/v2",
    ]);
  });
});

describe("describeProviders() tells of keys without entries", () => {
  test("of a provider, where there is one place for them", () => {
    const row = { protocol: "openai", models: [], active: false };
    const variables = { DEEPSEEK_API_KEY: KEY, DASHSCOPE_API_KEY: KEY };
    expect(list({ variables })).toEqual([
      {
        ...row,
        id: "modelstudio",
        label: "Alibaba Cloud ModelStudio Standard API Key",
        envKey: "DASHSCOPE_API_KEY",
        key: present("DASHSCOPE_API_KEY"),
      },
      {
        ...row,
        id: "deepseek",
        label: "DeepSeek",
        baseUrl: "https://api.deepseek.com",
        envKey: "DEEPSEEK_API_KEY",
        key: present("DEEPSEEK_API_KEY"),
      },
    ] as never);
  });

  test("of the Coding Plan where settings choose the region, or name none", () => {
    const variables = { BAILIAN_CODING_PLAN_API_KEY: KEY };
    const of = (more: object) =>
      list(
        { settings: { user: { codingPlan: more, model: { name: "x" } } }, variables },
        { authType: "gemini" },
      )
        .filter(({ envKey }) => envKey === "BAILIAN_CODING_PLAN_API_KEY")
        .map(({ id, baseUrl }) => [id, baseUrl]);
    expect(of({ region: "global" })).toEqual([
      ["coding-plan", "https://coding-intl.dashscope.aliyuncs.com/v1"],
    ]);
    expect(of({ region: "nowhere" })).toEqual([["coding-plan", undefined]]);
    expect(of({})).toEqual([["coding-plan", undefined]]);
  });

  test("of a protocol where the user says where they go, and nowhere else", () => {
    const of = (url: object) =>
      list({ variables: { OPENAI_API_KEY: KEY, ...url } as NonNullable<Given["variables"]> }).map(
        ({ id, label, baseUrl, active }) => [id, label, baseUrl, active],
      );
    const custom = "Custom OpenAI-compatible endpoint";
    expect(of({ OPENAI_BASE_URL: HERE })).toEqual([["a.example", custom, HERE, true]]);
    expect(of({})).toEqual([["openai", "OpenAI", undefined, true]]);
    expect(of({ OPENAI_BASE_URL: "no url" })).toEqual([["openai", "OpenAI", undefined, false]]);
    const theirs = { OPENAI_BASE_URL: ofProject(HERE), OPENAI_MODEL: "m" };
    expect(
      list({
        settings: user([{ id: "m", baseUrl: "http://127.0.0.1:8000/v1" }]),
        variables: { OPENAI_API_KEY: KEY, ...theirs },
      }).map(({ id, baseUrl }) => [id, baseUrl]),
    ).toEqual([
      ["127.0.0.1:8000", "http://127.0.0.1:8000/v1"],
      ["openai", undefined],
    ]);
  });

  test("not of variables that an entry names, nor of those that are not set", () => {
    const openai = [{ id: "d", baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" }];
    const found = list({ settings: user(openai), variables: { DEEPSEEK_API_KEY: KEY } });
    expect(found.map(({ envKey }) => envKey)).toEqual(["DEEPSEEK_API_KEY"]);
    expect(list({})).toEqual([]);
  });

  test("that are in the keyring, without asking it", () => {
    const auth = { security: { auth: { keyring: ["DEEPSEEK_API_KEY"] } } };
    const [row] = list({ settings: user([], auth) });
    expect(row?.key).toEqual({
      present: true,
      source: { kind: "keyring", name: "DEEPSEEK_API_KEY", origin: "user" },
    });
  });
});

describe("describeProviders() tells of accounts without entries", () => {
  const accounts = (own: Readonly<Record<string, Account>>, envKey = "A_KEY") =>
    new Map([[envKey, new Map(Object.entries(own))]]);
  const of = (given: Given) =>
    list(given).map(({ id, envKey, baseUrl, accounts: named }) => [
      ...[id, envKey, baseUrl, named?.map(({ name, active }) => `${name} ${active}`)],
    ]);
  const [ONE, TWO] = [
    { key: KEY, baseUrl: HERE },
    { key: `${KEY}2`, baseUrl: `${HERE}/` },
  ];
  const FAR = { key: `${KEY}3`, baseUrl: "https://b.example/v1" };

  test("where all of them belong", () => {
    expect(of({ accounts: accounts({ one: ONE, two: TWO }) })).toEqual([
      ["a.example", "A_KEY", HERE, ["one false", "two false"]],
    ]);
  });

  test("nowhere where they differ, or one does not say", () => {
    for (const other of [FAR, { key: `${KEY}3` }]) {
      expect(of({ accounts: accounts({ one: ONE, other }) })).toEqual([
        ["custom", "A_KEY", undefined, ["one false", "other false"]],
      ]);
    }
  });

  test("where that one belongs whose key is in force", () => {
    const given = { accounts: accounts({ one: ONE, far: FAR }) };
    expect(of({ ...given, variables: { A_KEY: KEY } })).toEqual([
      ["a.example", "A_KEY", HERE, ["one true", "far false"]],
    ]);
    expect(of({ ...given, variables: { A_KEY: "sk-nobodys-0123456789" } })).toEqual([
      ["custom", "A_KEY", undefined, ["one false", "far false"]],
    ]);
  });

  test("of a provider with the provider, and none where there are none", () => {
    expect(of({ accounts: accounts({ one: { key: KEY } }, "DEEPSEEK_API_KEY") })).toEqual([
      ["deepseek", "DEEPSEEK_API_KEY", "https://api.deepseek.com", ["one false"]],
    ]);
    expect(of({ accounts: accounts({}) })).toEqual([]);
    expect(of({ accounts: accounts({}, "DEEPSEEK_API_KEY") })).toEqual([]);
  });
});

test("describeOauth() tells of tokens that are selected, and of those that would be", () => {
  const known = configuration();
  const source = settings("user", "x");
  const selected = resolveConnection(known, { authType: "qwen-oauth" }, CATALOGUE);
  const row = {
    id: "qwen-oauth",
    label: "Qwen OAuth (discontinued 2026-04-15)",
    protocol: "openai",
    key: MISSING,
    models: [],
  };
  expect(describeOauth(selected)).toMatchObject({ ...row, active: true });
  const model = { value: "coder-model", source, shadowed: [] };
  const endpoint = { value: HERE, source, shadowed: [] };
  const other = { ...selected, isQwenOauth: false, model, endpoint } as typeof selected;
  expect(describeOauth(other)).toMatchObject({
    ...row,
    baseUrl: HERE,
    models: ["coder-model"],
    active: false,
  });
  expect("baseUrl" in describeOauth(selected)).toBe(false);
});
