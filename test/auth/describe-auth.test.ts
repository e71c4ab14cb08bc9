import { describe, expect, test } from "bun:test";
import { type AuthStatus, describeAuth } from "../../src/auth/describe-auth.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import {
  configuration,
  ofProject,
  PATHS,
  settings,
  variableSource,
} from "../models/configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

function status(given: Given): AuthStatus {
  const all = configuration(given);
  return describeAuth(all, resolveConnection(all, {}, CATALOGUE));
}

/** User settings with one entry of openai, and every key that the cases name. */
function withEntry(entry: object, rest: object = {}): Given {
  const user = { modelProviders: { openai: [{ id: "m", ...entry }] }, ...rest };
  return { settings: { user }, variables: VARIABLES };
}

const SECRET = "sk-sp-0123456789abcdefa289";
const VARIABLES = {
  BAILIAN_CODING_PLAN_API_KEY: SECRET,
  BAILIAN_TOKEN_PLAN_API_KEY: SECRET,
  DASHSCOPE_API_KEY: SECRET,
  OPENROUTER_API_KEY: SECRET,
  A_KEY: SECRET,
};
const PLAN = {
  envKey: "BAILIAN_CODING_PLAN_API_KEY",
  baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
};

test("describeAuth() says everything about a configured plan", () => {
  const entry = "modelProviders.openai[0]";
  const given = withEntry(PLAN, { env: { BAILIAN_CODING_PLAN_API_KEY: "sk-sp-hidden" } });
  expect(
    status({ ...given, shadowed: [{ path: "/home/me/.env", origin: "user", names: [] }] }),
  ).toEqual({
    schemaVersion: 1,
    loggedIn: true,
    method: "coding-plan",
    state: "configured",
    provider: "coding-plan",
    region: "china",
    protocol: "openai",
    protocolSource: settings("user", entry),
    baseUrl: { value: PLAN.baseUrl, source: settings("user", `${entry}.baseUrl`) },
    model: { id: "m", source: settings("user", `${entry}.id`) },
    key: {
      present: true,
      masked: "sk-sp-…a289",
      source: variableSource(PLAN.envKey),
      envKey: PLAN.envKey,
      shadowed: [settings("user", `env.${PLAN.envKey}`)],
    },
    settings: [
      { scope: "system-defaults", path: PATHS["system-defaults"], exists: false },
      { scope: "user", path: PATHS.user, exists: true, mode: "0600" },
      { scope: "project", path: PATHS.project, exists: false },
      { scope: "system", path: PATHS.system, exists: false },
    ],
    dotenv: { path: "/repo/.env", shadowed: ["/home/me/.env"] },
    trust: { folder: "/repo", trusted: false, required: false },
    verified: { state: "unchecked" },
    warnings: ["BAILIAN_TOKEN_PLAN_API_KEY", "DASHSCOPE_API_KEY", "OPENROUTER_API_KEY"].map(
      (name) => expect.stringContaining(`${name} is set, and nothing uses it: run \`qwen auth`),
    ),
  });
});

describe("describeAuth() calls", () => {
  const { baseUrl } = PLAN;
  const tokenPlan = {
    envKey: "BAILIAN_TOKEN_PLAN_API_KEY",
    baseUrl: "https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1",
  };
  const standard = {
    envKey: "DASHSCOPE_API_KEY",
    baseUrl: "https://dashscope-us.aliyuncs.com/compatible-mode/v1",
  };
  const openrouter = { envKey: "OPENROUTER_API_KEY", baseUrl: "https://openrouter.ai/api/v1" };
  const custom = { envKey: "A_KEY", baseUrl: "https://a.example/v1" };
  type Case = readonly [
    name: string,
    given: Given,
    method: AuthStatus["method"],
    provider: string | undefined,
    region: string | undefined,
  ];
  const oauth = { settings: { user: { security: { auth: { selectedType: "qwen-oauth" } } } } };
  const legacy = { variables: { [PLAN.envKey]: SECRET } };
  const cases: readonly Case[] = [
    ["the Coding Plan", withEntry(PLAN), "coding-plan", "coding-plan", "china"],
    ["the Coding Plan without entries", legacy, "coding-plan", "coding-plan", "china"],
    [
      "the plan's endpoint with another key an API key",
      withEntry({ envKey: "A_KEY", baseUrl }),
      "api-key",
      "coding-plan",
      "china",
    ],
    ["the Token Plan", withEntry(tokenPlan), "token-plan", "token-plan", "global"],
    ["ModelStudio", withEntry(standard), "standard-api-key", "modelstudio", "us-virginia"],
    ["another provider", withEntry(openrouter), "api-key", "openrouter", undefined],
    ["a custom endpoint", withEntry(custom), "api-key", "custom", undefined],
    ["Qwen OAuth", oauth, "qwen-oauth", "qwen-oauth", undefined],
    ["nothing", {}, "none", undefined, undefined],
  ];
  for (const [name, given, method, provider, region] of cases) {
    test(`${name}: ${method}`, () => {
      const described = status(given);
      expect([described.method, described.provider, described.region]).toEqual([
        method,
        provider,
        region,
      ]);
    });
  }
});

describe("describeAuth() is", () => {
  test("logged in without a key where none is needed", () => {
    const local = withEntry({ baseUrl: "http://localhost:8000/v1" });
    expect(status(local)).toMatchObject({ loggedIn: true, state: "configured" });
    expect(status(local).key).toEqual({ present: false, shadowed: [] });
    const named = withEntry({ envKey: "N_KEY", baseUrl: "https://a.example" });
    const keyless = status({ ...named, variables: { N_KEY: "not-needed" } });
    expect(keyless).toMatchObject({ loggedIn: true, state: "configured" });
    expect(keyless.key).toEqual({ present: false, envKey: "N_KEY", shadowed: [] });
  });

  test("incomplete without a key, and names the variable", () => {
    const described = status({ ...withEntry(PLAN), variables: {} });
    expect(described).toMatchObject({ loggedIn: false, state: "incomplete" });
    expect(described.key).toEqual({ present: false, envKey: PLAN.envKey, shadowed: [] });
  });

  test("incomplete with what can be no key, and says where that stands", () => {
    const given = { ...withEntry(PLAN), variables: { [PLAN.envKey]: "two words" } };
    expect(status(given).key).toEqual({
      present: false,
      unusable: "it contains white space",
      source: variableSource(PLAN.envKey),
      envKey: PLAN.envKey,
      shadowed: [],
    });
    const auth = { security: { auth: { apiKey: "two words" } }, model: { name: "m" } };
    expect(status({ settings: { user: auth } }).key).not.toHaveProperty("envKey");
  });

  test("incomplete where the key is withheld, and says whose trust is asked for", () => {
    const project = {
      modelProviders: { openai: [{ id: "m", envKey: "A_KEY", baseUrl: "https://evil.example" }] },
    };
    const given = { settings: { project }, variables: { A_KEY: SECRET } };
    expect(status(given)).toMatchObject({
      loggedIn: false,
      state: "incomplete",
      trust: { folder: "/repo", trusted: false, required: true },
    });
    expect(status({ ...given, trusted: ["/repo"] })).toMatchObject({
      loggedIn: true,
      state: "configured",
      trust: { folder: "/repo", trusted: true, required: true },
    });
    expect(status({ ...given, variables: { A_KEY: ofProject(SECRET) } })).toMatchObject({
      loggedIn: true,
      trust: { required: false },
    });
  });

  test("none, with what is unknown absent rather than null", () => {
    const described = status({});
    expect(described).toMatchObject({ loggedIn: false, state: "none", method: "none" });
    expect(Object.keys(described)).toEqual([
      "schemaVersion",
      "loggedIn",
      "method",
      "state",
      "problem",
      "key",
      "settings",
      "dotenv",
      "trust",
      "verified",
      "warnings",
    ]);
    expect(described.key).toEqual({ present: false, shadowed: [] });
    expect(JSON.stringify(described)).not.toContain("null");
  });
});

test("describeAuth() has the warnings of files and of the resolution", () => {
  const openai = [{ id: "m" }, {}];
  const given = { settings: { user: { modelProviders: { openai, odd: [] } } } };
  const { warnings } = status({ ...given, variables: { OPENAI_BASE_URL: "http://a.example" } });
  expect(warnings).toHaveLength(3);
  expect(warnings.join("\n")).toMatch(/odd[\s\S]*openai\[1\]\.id[\s\S]*plain http/);
});

test("describeAuth() shows no key", () => {
  const givens = [withEntry(PLAN), withEntry({ envKey: "A_KEY", baseUrl: "https://a.example" })];
  for (const given of givens) {
    expect(JSON.stringify(status(given))).not.toContain(SECRET);
  }
});

describe("describeAuth() of Qwen OAuth", () => {
  const known = configuration();
  const resolution = resolveConnection(known, { authType: "qwen-oauth" }, CATALOGUE);
  const ended = { discontinuedOn: "2026-04-15" };
  const of = (expiresAt: number) => {
    const oauth = { path: "/t", expiresAt, isExpired: false, isRefreshDue: true, warnings: [] };
    return describeAuth(known, { ...resolution, oauth }).oauth;
  };

  test("tells of its tokens, if there are any", () => {
    expect(describeAuth(known, resolution).oauth).toEqual(ended);
    expect(of(Date.UTC(2026, 10, 30, 8))).toEqual({
      ...ended,
      path: "/t",
      expiresAt: "2026-11-30T08:00:00.000Z",
      refreshDue: true,
    });
  });

  test("tells no time that is none", () => {
    expect(of(8.64e15 + 1)).toEqual({ ...ended, path: "/t", refreshDue: true });
  });
});

test("describeAuth() of what is unusable, missing or not wanted tells what it knows of the key", () => {
  const key = (entry: object, variables: NonNullable<Given["variables"]> = {}) =>
    status({
      settings: { user: { modelProviders: { openai: [{ id: "m", ...entry }] } } },
      variables,
    }).key;
  const far = { baseUrl: "https://a.example/v1", envKey: "A_KEY" };
  const near = { ...far, baseUrl: "http://127.0.0.1:8000/v1" };
  expect(key(far)).toEqual({ present: false, envKey: "A_KEY", shadowed: [] });
  expect(key(near)).toEqual({ present: false, envKey: "A_KEY", shadowed: [] });
  expect(key({ baseUrl: near.baseUrl })).toEqual({ present: false, shadowed: [] });
  expect(key({ baseUrl: far.baseUrl })).toEqual({ present: false, shadowed: [] });
  expect(key(far, { A_KEY: "a b" })).toEqual({
    present: false,
    unusable: "it contains white space",
    source: variableSource("A_KEY"),
    envKey: "A_KEY",
    shadowed: [],
  });
});
