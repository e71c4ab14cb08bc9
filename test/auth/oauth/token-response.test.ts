import { describe, expect, test } from "bun:test";
import { parseCredentials, renderCredentials } from "../../../src/auth/oauth/credentials.ts";
import { newCredentials, refreshedCredentials } from "../../../src/auth/oauth/token-response.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

const old = parseCredentials(
  JSON.stringify({
    mine: [1],
    access_token: "old-access",
    refresh_token: "old-refresh",
    token_type: "Bearer",
    resource_url: "old.example",
    expiry_date: 1,
  }),
  "/creds",
);

describe("newCredentials()", () => {
  test("has what Qwen Code reads, and nothing of the login before but what nobody here knows", () => {
    const answer = { access_token: "a", refresh_token: "r", token_type: "Bearer", id_token: "x" };
    const { fields } = newCredentials({ ...answer, expires_in: 60, scope: "s" }, { now: NOW, old });
    expect(fields).toEqual({
      mine: [1],
      access_token: "a",
      refresh_token: "r",
      token_type: "Bearer",
      expiry_date: NOW + 60_000,
    });
  });

  test.each<readonly [name: string, expires_in: unknown, lifetime: number]>([
    ["is missing", undefined, HOUR],
    ["is 0", 0, HOUR],
    ["is negative", -5, HOUR],
    ["is no number", "soon", HOUR],
    ["is null", null, HOUR],
    ["is text", "60", 60_000],
    ["is a fraction", 1.0005, 1001],
    ["never ends", 1e300, 10 * 365 * 24 * HOUR],
  ])("has a date when `expires_in` %s", (_name, expires_in, lifetime) => {
    const { expiresAt } = newCredentials(
      { access_token: "a", expires_in },
      { now: NOW, old: undefined },
    );
    expect(expiresAt).toBe(NOW + lifetime);
  });

  test.each<readonly [name: string, answer: Record<string, unknown>]>([
    ["no token", { token_type: "Bearer" }],
    ["an empty token", { access_token: "" }],
    ["a token that no header can carry", { access_token: "a\r\nx: y" }],
    ["a token of another type", { access_token: "a", token_type: "DPoP" }],
    ["a place that is not safe", { access_token: "a", resource_url: "http://evil.example" }],
  ])("refuses %s", (_name, answer) => {
    expect(() => newCredentials(answer, { now: NOW, old })).toThrow();
  });

  test("renders what it parses", () => {
    const made = newCredentials({ access_token: "a" }, { now: NOW, old: undefined });
    expect(parseCredentials(renderCredentials(made), "/creds")).toEqual(made);
  });
});

describe("refreshedCredentials()", () => {
  test.each<readonly [name: string, answer: Record<string, unknown>, expected: object]>([
    [
      "keeps what the answer leaves out",
      {},
      { refreshToken: "old-refresh", baseUrl: "https://old.example/v1" },
    ],
    ["takes a rotated refresh token", { refresh_token: "new" }, { refreshToken: "new" }],
    ["keeps the old one for an empty one", { refresh_token: "" }, { refreshToken: "old-refresh" }],
    ["takes another place", { resource_url: "new.example" }, { baseUrl: "https://new.example/v1" }],
    ["keeps the old place for an empty one", { resource_url: "" }, { resourceUrl: "old.example" }],
    [
      "keeps it for one that is not safe",
      { resource_url: "http://x.example" },
      { resourceUrl: "old.example" },
    ],
    ["keeps it for one that is no text", { resource_url: null }, { resourceUrl: "old.example" }],
  ])("%s", (_name, answer, expected) => {
    const made = refreshedCredentials({ access_token: "a", ...answer }, { now: NOW, old });
    expect(made).toMatchObject({ ...expected, accessToken: "a", expiresAt: NOW + HOUR });
    expect(made.fields.mine).toEqual([1]);
  });
});
