import { expect, test } from "bun:test";
import { describeProviders } from "../../src/auth/describe-providers.ts";
import { setUp } from "../connect/set-up.ts";

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
