import { expect, test } from "bun:test";
import { toConnectionFlags } from "../../src/flags/connection-flags.ts";
import type { FlagValues } from "../../src/flags/flag.ts";

const NONE = {
  authType: undefined,
  model: undefined,
  apiKey: undefined,
  baseUrl: undefined,
  account: undefined,
};

test.each<[FlagValues, object]>([
  [{}, {}],
  [{ "auth-type": " openai " }, { authType: "openai" }],
  [{ model: "m\n" }, { model: "m" }],
  [{ "openai-api-key": " sk-1 " }, { apiKey: "sk-1" }],
  [{ "openai-base-url": "https://a/v1 " }, { baseUrl: "https://a/v1" }],
  [{ "auth-type": "", model: " ", "openai-api-key": "\t", "openai-base-url": "" }, {}],
  [{ account: "work" }, { account: { name: "work", from: "--account" } }],
  [
    { account: "deepseek@work" },
    { account: { name: "work", envKey: "DEEPSEEK_API_KEY", from: "--account" } },
  ],
])("toConnectionFlags() turns %j into %j", (values, expected) => {
  expect(toConnectionFlags(values)).toEqual({ ...NONE, ...expected });
});

test("toConnectionFlags() refuses an empty account", () => {
  expect(() => toConnectionFlags({ account: "" })).toThrow("Cannot use the value of `--account`");
});
