import { describe, expect, test } from "bun:test";
import type { LogoutTarget } from "../../../src/auth/login/apply-logout.ts";
import {
  activeTarget,
  consoleUrls,
  includesTarget,
  namedTargets,
} from "../../../src/auth/login/logout-target.ts";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import { providerNamed } from "../../../src/flags/endpoint-flags.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { resolveConnection } from "../../../src/models/resolve-connection.ts";
import { configuration } from "../../models/configuration.ts";

const DEEPSEEK = {
  id: "d",
  name: "[DeepSeek] d",
  baseUrl: "https://api.deepseek.com",
  envKey: "DEEPSEEK_API_KEY",
};
const OWN = { id: "o", name: "[Team] o", baseUrl: "https://own.example/v1", envKey: "O_KEY" };
const SECOND = { ...OWN, id: "p", envKey: "P_KEY" };

const known = (user: JsonObject) => configuration({ settings: { user } });
const openai = (...entries: readonly JsonObject[]) => ({
  modelProviders: { openai: [...entries] },
});
const selected = (type: string) => ({ security: { auth: { selectedType: type } } });

/** What a logout without `--provider` takes, by its name. */
function active(user: JsonObject): unknown {
  const at = known(user);
  const target = activeTarget(at, resolveConnection(at, {}, CATALOGUE));
  return target?.kind === "provider"
    ? [target.provider.id, target.envKeys]
    : target?.kind === "custom"
      ? [target.baseUrl, target.title, target.envKeys]
      : target?.kind;
}

describe("activeTarget() is", () => {
  const deepseek = ["deepseek", ["DEEPSEEK_API_KEY"]];
  const own = ["https://own.example/v1", "Team", ["O_KEY"]];
  test.each<[string, JsonObject, unknown]>([
    ["nothing of nothing", {}, undefined],
    ["nothing where a provider only comes first", openai(DEEPSEEK), undefined],
    ["the provider of `model.name`", { ...openai(DEEPSEEK), model: { name: "d" } }, deepseek],
    [
      "the provider of `selectedType` alone",
      { ...openai(DEEPSEEK), ...selected("openai") },
      deepseek,
    ],
    ["an endpoint of one's own", { ...openai(OWN), model: { name: "o" } }, own],
    [
      "with all its variables",
      { ...openai(OWN, SECOND), model: { name: "o" } },
      ["https://own.example/v1", "Team", ["O_KEY", "P_KEY"]],
    ],
    [
      "a provider's with the variables that its entries name",
      { ...openai(DEEPSEEK, { ...DEEPSEEK, id: "e", envKey: "E_KEY" }), model: { name: "d" } },
      ["deepseek", ["DEEPSEEK_API_KEY", "E_KEY"]],
    ],
    ["Qwen OAuth", selected("qwen-oauth"), "qwen-oauth"],
    [
      "an older set-up of the Coding Plan, though nothing selects it",
      { env: { BAILIAN_CODING_PLAN_API_KEY: "sk-sp-1" }, codingPlan: { region: "china" } },
      ["coding-plan", ["BAILIAN_CODING_PLAN_API_KEY"]],
    ],
  ])("%s", (_name, user, expected) => {
    expect(active(user)).toEqual(expected);
  });
});

const provider = (id: string): LogoutTarget => ({
  kind: "provider",
  provider: providerNamed(id),
  envKeys: [],
});
const custom = (baseUrl: string, protocol: "openai" | "gemini" = "openai"): LogoutTarget => ({
  ...{ kind: "custom", title: undefined, envKeys: [] },
  ...{ baseUrl, protocol },
});
const OAUTH: LogoutTarget = { kind: "qwen-oauth" };
const ALL: LogoutTarget = { kind: "all" };

test.each<[LogoutTarget, LogoutTarget | undefined, boolean]>([
  [ALL, undefined, true],
  [ALL, OAUTH, true],
  [ALL, provider("xai"), true],
  [OAUTH, undefined, false],
  [OAUTH, OAUTH, true],
  [OAUTH, provider("xai"), false],
  [provider("xai"), provider("xai"), true],
  [provider("xai"), provider("openai"), false],
  [provider("xai"), custom("https://api.x.ai/v1"), false],
  [custom("https://a/v1"), custom("https://a/v1/"), true],
  [custom("https://a/v1"), custom("https://b/v1"), false],
  [custom("https://a/v1"), custom("https://a/v1", "gemini"), false],
])("includesTarget() (%#)", (target, other, expected) => {
  expect(includesTarget(target, other)).toBe(expected);
});

describe("consoleUrls() are", () => {
  const urls = (user: JsonObject, target: LogoutTarget) => {
    const at = known(user);
    return consoleUrls(at, resolveConnection(at, {}, CATALOGUE), target);
  };
  const of = (id: string) => {
    const { endpoints, consoleUrl } = providerNamed(id);
    return endpoints.map((endpoint) => endpoint.consoleUrl ?? consoleUrl ?? "");
  };
  const [moonshotGlobal = "", moonshotChina = ""] = of("moonshot");
  const kimi = (baseUrl: string) =>
    openai({ id: "k", name: "[Moonshot Kimi] k", baseUrl, envKey: "MOONSHOT_API_KEY" });

  test("those of all regions where none is in use", () => {
    expect(moonshotGlobal).not.toBe(moonshotChina);
    expect(urls({}, provider("moonshot"))).toEqual([moonshotGlobal, moonshotChina]);
  });

  test.each([
    ["https://api.moonshot.ai/v1", moonshotGlobal],
    ["https://api.moonshot.cn/v1/", moonshotChina],
  ])("that of the region in use: %s", (baseUrl, expected) => {
    expect(urls(kimi(baseUrl), provider("moonshot"))).toEqual([expected]);
  });

  test("those of every provider that is configured, where all go", () => {
    const both = openai(DEEPSEEK, OWN);
    expect(urls(both, ALL)).toEqual(of("deepseek"));
    expect(urls(both, OAUTH)).toEqual([]);
    expect(urls(both, custom(OWN.baseUrl))).toEqual([]);
  });

  test("that of a provider without an endpoint", () => {
    expect(urls({}, provider("azure"))).toEqual([providerNamed("azure").consoleUrl ?? ""]);
  });
});

test.each<[string, unknown]>([
  ["QWEN-OAuth", [["QWEN-OAuth", "qwen-oauth"]]],
  ["DeepSeek", [["DeepSeek", "provider"]]],
  ["own.example", [["own.example", "custom"]]],
  ["nothing", []],
])("namedTargets() of %s", (word, expected) => {
  const named = namedTargets(known(openai(DEEPSEEK, OWN)), word);
  expect(named.map(({ name, target }) => [name, target.kind])).toEqual(expected as never);
});
