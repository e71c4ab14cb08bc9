import { expect, test } from "bun:test";
import { keyHeaderAt } from "../../../src/auth/providers/key-header.ts";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";

test("keyHeaderAt() is the catalogue's for every base URL of Anthropic's messages that it has", () => {
  for (const { anthropic } of PROVIDERS.flatMap(({ endpoints }) => endpoints)) {
    if (anthropic !== undefined) {
      expect(keyHeaderAt(anthropic.baseUrl)).toBe(anthropic.credential);
      expect(keyHeaderAt(`${anthropic.baseUrl}/`)).toBe(anthropic.credential);
    }
  }
});

test.each([
  "https://gateway.example/anthropic",
  "https://api.anthropic.com",
  "http://127.0.0.1:8080",
])("keyHeaderAt() knows nothing of %s", (baseUrl) => {
  expect(keyHeaderAt(baseUrl)).toBeUndefined();
});
