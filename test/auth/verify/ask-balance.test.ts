import { describe, expect, test } from "bun:test";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";
import { askBalance } from "../../../src/auth/verify/ask-balance.ts";
import type { Http } from "../../../src/http/http.ts";

const KEY = "sk-0123456789abcdef";

/** What is left according to a service that answers this to everybody. */
async function left(baseUrl: string, answer: unknown, status = 200) {
  const asked: string[] = [];
  const http: Http = {
    fetch: async (url, options) => {
      asked.push(`${url} ${new Headers(options?.headers).get("authorization")}`);
      const body = typeof answer === "string" ? answer : JSON.stringify(answer);
      return new Response(body, { status });
    },
    sleep: Bun.sleep,
    now: () => 0,
    random: () => 0,
    userAgent: "test",
    network: { proxyFor: () => undefined, authorities: undefined },
  };
  const found = await askBalance(http, {
    protocol: "openai",
    baseUrl,
    credential: { value: KEY, scheme: "key" },
    customHeaders: {},
  });
  return { found, asked };
}

const DEEPSEEK = "https://api.deepseek.com";
const CONSOLE = { consoleUrl: "https://platform.deepseek.com/api_keys" };
const info = (total_balance: unknown, currency: unknown = "CNY") => ({
  balance_infos: [{ currency, total_balance }],
});

describe("askBalance() reads", () => {
  test.each<[unknown, string]>([
    ["110.00", "110.00 CNY"],
    ["-0.5", "-0.5 CNY"],
    [12.345, "12.35 CNY"],
    [0, "0 CNY"],
    ["9".repeat(15), `${"9".repeat(15)} CNY`],
  ])("the amount %j", async (amount, told) => {
    const { found, asked } = await left(DEEPSEEK, info(amount));
    expect(found).toEqual({ left: told });
    expect(asked).toEqual([`${DEEPSEEK}/user/balance Bearer ${KEY}`]);
  });
});

describe("askBalance() says where it is told instead of", () => {
  test.each<[string, unknown, number?]>([
    ["no amount", {}],
    ["words", info("ten")],
    ["too many digits", info("1".repeat(16))],
    ["no number", info(null)],
    ["no currency", info("5", "")],
    ["a currency of words", info("5", "dollars")],
    ["small letters", info("5", "cny")],
    ["no JSON", "<html>"],
    ["a refusal", info("5"), 401],
    ["an outage", info("5"), 500],
  ])("%s", async (_what, answer, status = 200) => {
    expect((await left(DEEPSEEK, answer, status)).found).toEqual(CONSOLE);
  });
});

test("askBalance() asks nobody who tells no balance", async () => {
  expect(await left("https://api.openai.com/v1", {})).toEqual({
    found: { consoleUrl: "https://platform.openai.com/api-keys" },
    asked: [],
  });
  expect(await left("https://a.example/v1", {})).toEqual({ found: {}, asked: [] });
});

test("askBalance() takes the console of the region", async () => {
  for (const { endpoints, consoleUrl } of PROVIDERS.filter(
    ({ protocol }) => protocol === "openai",
  )) {
    for (const { baseUrl, balance, consoleUrl: own = consoleUrl } of endpoints) {
      if (balance === undefined && own !== undefined) {
        expect((await left(baseUrl, {})).found).toEqual({ consoleUrl: own });
      }
    }
  }
});
