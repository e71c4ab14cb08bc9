import { expect, test } from "bun:test";
import { PROVIDERS } from "../../src/auth/providers.ts";
import { isDeniedName } from "../../src/env/denied-names.ts";
import { parseEndpoint } from "../../src/lib/endpoint-url.ts";

test("PROVIDERS has each id, each label and each key variable once", () => {
  for (const field of ["id", "label", "envKey"] as const) {
    const values = PROVIDERS.map((provider) => provider[field]);
    expect(values).toEqual([...new Set(values)]);
  }
});

test("PROVIDERS names regions where there are several endpoints, each once", () => {
  for (const { id, endpoints } of PROVIDERS) {
    const regions = endpoints.map(({ region }) => region ?? "");
    expect([id, regions]).toEqual([id, [...new Set(regions)]]);
    expect([id, regions.includes("")]).toEqual([id, endpoints.length === 1]);
  }
});

test("PROVIDERS has https endpoints only, each once and without a trailing slash", () => {
  const urls = PROVIDERS.flatMap(({ endpoints }) => endpoints.map(({ baseUrl }) => baseUrl));
  expect(urls).toEqual([...new Set(urls)]);
  for (const url of urls) {
    const parsed = parseEndpoint(url);
    expect([url, parsed.kind === "url" && parsed.url.protocol]).toEqual([url, "https:"]);
    expect(url).not.toEndWith("/");
  }
});

test("PROVIDERS has key variables that may be an `envKey`", () => {
  for (const { envKey } of PROVIDERS) {
    expect(envKey).toMatch(/^[A-Z][A-Z0-9_]*_API_KEY$/);
    expect(isDeniedName(envKey)).toBe(false);
  }
});
