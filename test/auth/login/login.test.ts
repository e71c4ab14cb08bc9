import { describe, expect, test } from "bun:test";
import { isOwnEntry, isSameEntry, type Login } from "../../../src/auth/login/login.ts";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";

const AT = "https://a.example/v1";

function login(id: string | undefined, more: Partial<Login> = {}): Login {
  return {
    provider: PROVIDERS.find((provider) => provider.id === id),
    ...{ region: undefined, protocol: "openai", baseUrl: AT, envKey: "A_KEY", key: "k" },
    ...{ store: "settings", models: undefined, model: undefined, label: undefined },
    ...more,
  };
}

describe("isOwnEntry() of an endpoint of one's own", () => {
  test.each<[unknown, boolean]>([
    [{ id: "m", baseUrl: AT, envKey: "A_KEY" }, true],
    [{ id: "m", baseUrl: `${AT}/`, envKey: "A_KEY" }, true],
    [{ id: "m", baseUrl: "https://b.example/v1", envKey: "A_KEY" }, false],
    [{ id: "m", baseUrl: AT, envKey: "B_KEY" }, false],
    [{ id: "m", envKey: "A_KEY" }, false],
    ["m", false],
  ])("of %j is %p", (item, expected) => {
    expect(isOwnEntry(item, login(undefined))).toBe(expected);
  });
});

describe("isOwnEntry() of a provider", () => {
  const azure = PROVIDERS.find(({ exampleUrl }) => exampleUrl !== undefined);
  const there = { id: "m", name: `[${azure?.label}] m`, baseUrl: AT, envKey: azure?.envKey };
  const elsewhere = { ...there, baseUrl: "https://b.example/v1" };
  const named = { id: "m", name: "[DeepSeek] m" };
  const deepseek = { baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" };
  test.each<[string, unknown, Login, boolean]>([
    ["with endpoints of its own", { ...named, ...deepseek }, login("deepseek", deepseek), true],
    [
      "for another variable",
      { ...named, ...deepseek, envKey: "A_KEY" },
      login("deepseek", deepseek),
      false,
    ],
    ["that asks for its endpoint", there, login(azure?.id, { envKey: azure?.envKey ?? "" }), true],
    [
      "at another place of its kind",
      elsewhere,
      login(azure?.id, { envKey: azure?.envKey ?? "" }),
      false,
    ],
  ])("%s", (_what, item, wanted, expected) => {
    expect(wanted.provider).toBeDefined();
    expect(isOwnEntry(item, wanted)).toBe(expected);
  });
});

test.each<[unknown, boolean]>([
  [{ id: "m", baseUrl: `${AT}/` }, true],
  [{ id: "n", baseUrl: AT }, false],
  [{ id: "m", baseUrl: "https://b.example" }, false],
  [undefined, false],
])("isSameEntry() of %j is %p", (item, expected) => {
  expect(isSameEntry(item, "m", AT)).toBe(expected);
});
