import { describe, expect, test } from "bun:test";
import {
  isRefreshDue,
  isToken,
  parseCredentials,
  renderCredentials,
} from "../../../src/auth/oauth/credentials.ts";
import { problemOf } from "../../support/problem-of.ts";

const FIELDS = {
  access_token: "access-0123456789",
  refresh_token: "refresh-0123456789",
  token_type: "Bearer",
  expiry_date: 1_900_000_000_000,
};
const parse = (fields: object) => parseCredentials(JSON.stringify(fields), "/t.json");

describe("parseCredentials() takes", () => {
  test.each<[object, string | undefined, string]>([
    [{}, undefined, "https://dashscope.aliyuncs.com/compatible-mode/v1"],
    [{ resource_url: null }, undefined, "https://dashscope.aliyuncs.com/compatible-mode/v1"],
    [{ resource_url: "" }, undefined, "https://dashscope.aliyuncs.com/compatible-mode/v1"],
    [{ resource_url: "portal.qwen.ai" }, "portal.qwen.ai", "https://portal.qwen.ai/v1"],
  ])("what Qwen Code writes, with %j", (more, resourceUrl, baseUrl) => {
    const fields = { ...FIELDS, other: 1, ...more };
    const credentials = parse(fields);
    expect<unknown>(credentials).toEqual({
      accessToken: FIELDS.access_token,
      refreshToken: FIELDS.refresh_token,
      resourceUrl,
      baseUrl,
      expiresAt: FIELDS.expiry_date,
      fields,
    });
    expect(renderCredentials(credentials)).toBe(`${JSON.stringify(fields, undefined, 2)}\n`);
  });

  test("no refresh token for what it is, and a byte order mark", () => {
    const text = `\ufeff${JSON.stringify({ ...FIELDS, refresh_token: "" })}`;
    expect(parseCredentials(text, "/t.json").refreshToken).toBe("");
  });
});

test.each<[object | string, string]>([
  ["{", "it is not valid JSON"],
  ["[]", "expected an object"],
  [{ access_token: undefined }, "`access_token` is no token"],
  [{ access_token: "" }, "`access_token` is no token"],
  [{ access_token: "two words" }, "`access_token` is no token"],
  [{ refresh_token: undefined }, "`refresh_token` is no token"],
  [{ refresh_token: 3 }, "`refresh_token` is no token"],
  [{ refresh_token: "two words" }, "`refresh_token` is no token"],
  [{ token_type: 3 }, "`token_type` is no text"],
  [{ expiry_date: "soon" }, "`expiry_date` is no number"],
  [{ resource_url: 3 }, "`resource_url` is no text"],
  [{ resource_url: "http://portal.example" }, "`resource_url`: "],
])("parseCredentials() refuses %j: %s", (more, why) => {
  const text = typeof more === "string" ? more : JSON.stringify({ ...FIELDS, ...more });
  const problem = problemOf(() => parseCredentials(text, "/t.json"));
  expect(problem).toMatchObject({ name: "ConfigError", code: "oauth-file-invalid" });
  expect(problem?.message).toStartWith(`Cannot use \`/t.json\`: ${why}`);
});

test.each([
  ["a-0.~+/=", true],
  ["!~", true],
  ["", false],
  ["a b", false],
  ["a\n", false],
  ["é", false],
])("isToken(%j) is %p", (text, expected) => {
  expect(isToken(text)).toBe(expected);
});

test.each([
  [FIELDS.expiry_date - 30_001, false],
  [FIELDS.expiry_date - 30_000, true],
  [FIELDS.expiry_date + 1, true],
])("isRefreshDue() at %i is %p", (now, expected) => {
  expect(isRefreshDue(parse(FIELDS), now)).toBe(expected);
});
