import { describe, expect, test } from "bun:test";
import { hideCredentials } from "../../src/secrets/credentials.ts";

describe("hideCredentials() hides the value of", () => {
  const cases: readonly (readonly [name: string, text: string, expected: string])[] = [
    ["Authorization", "Authorization: Bearer abc.def", "Authorization: ***"],
    ["Authorization with Basic", "authorization: Basic dTpw", "authorization: ***"],
    ["Authorization with another scheme", "Authorization: Token abc", "Authorization: ***"],
    ["Proxy-Authorization", "Proxy-Authorization: Basic dTpw", "Proxy-Authorization: ***"],
    ["x-api-key", "x-api-key: abc", "x-api-key: ***"],
    ["api-key", "api-key: abc", "api-key: ***"],
    ["x-goog-api-key", "X-Goog-Api-Key: abc", "X-Goog-Api-Key: ***"],
    ["Cookie", "Cookie: a=b", "Cookie: ***"],
    ["Set-Cookie", "set-cookie: a=b", "set-cookie: ***"],
    ["a header in JSON", '{"x-api-key": "abc", "a": 1}', '{"x-api-key": "***", "a": 1}'],
    ["a header in single quotes", "-H 'x-api-key: abc'", "-H 'x-api-key: ***'"],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => {
      expect(hideCredentials(text)).toBe(expected);
    });
  }

  const leaks: readonly (readonly [name: string, text: string])[] = [
    ["every cookie of a line", "Cookie: a=LEAK1; session=LEAK2"],
    ["a header in JSON inside a JSON string", JSON.stringify('{"x-api-key":"LEAK"}')],
    ["Authorization with parameters", 'Authorization: Digest username="LEAK1", response="LEAK2"'],
  ];
  for (const [name, text] of leaks) {
    test(name, () => {
      expect(hideCredentials(text)).not.toContain("LEAK");
    });
  }
});

test("hideCredentials() hides the same in a URL and in a path as anywhere else", () => {
  const text =
    "at https://h/sk-aaaaaaaaaaaaaaaaaaaaaaaa/?key=abc as /w/AIzaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  expect(hideCredentials(text)).toBe("at https://h/***/?key=*** as /w/***");
  const sentence = "see https://h/?key=abc.&b=c, or https://h/?a=b&token=abc, then.";
  expect(hideCredentials(sentence)).toBe(
    "see https://h/?key=***&b=c, or https://h/?a=b&token=***, then.",
  );
});
