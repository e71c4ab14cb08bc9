import { describe, expect, test } from "bun:test";
import { hideCredentials, hideCredentialWords } from "../../src/secrets/credentials.ts";

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

const SK = `sk-${"a".repeat(20)}`;
const AIZA = `AIza${"a".repeat(30)}`;

test.each<[string, string, string]>([
  ["nothing", "", ""],
  ["no word of ours", "Cannot read `f`: no", "Cannot read `f`: no"],
  ["a key", `it says ${SK}, then`, "it says ***, then"],
  ["a key of Google's", `key=${AIZA} x`, "key=*** x"],
  ["each of several", `${SK} ${AIZA} ${SK}`, "*** *** ***"],
  ["none that is a sign too short", SK.slice(1), SK.slice(1)],
  ["none of 19 signs", SK.slice(0, -1), SK.slice(0, -1)],
  ["none of Google's with 29 signs", AIZA.slice(0, -1), AIZA.slice(0, -1)],
  ["none within a word", `x${SK}`, `x${SK}`],
  ["a masked one as it is", "sk-****abcd", "sk-****abcd"],
  ["none in a path, but one beside it", `/w/${SK}/f ${SK}`, `/w/${SK}/f ***`],
  ["the user of a URL", "at https://me:p@ss@h/v1", "at https://***@h/v1"],
  ["no address of mail", "write to me@example.com", "write to me@example.com"],
  [
    "parameters of a URL",
    "https://h/?key=A&a=1&api_key=B#c",
    "https://h/?key=***&a=1&api_key=***#c",
  ],
  ["parameters of a form", "a=1&token=abc", "a=1&token=***"],
  [
    "each name that ends so",
    "?x-secret=1&PASSWORD=2&tokens=3",
    "?x-secret=***&PASSWORD=***&tokens=3",
  ],
  ["no sign of the sentence behind it", "see https://h/?key=abc.).", "see https://h/?key=***.)."],
  ["a value that is nothing but such signs", "https://h/?key=...", "https://h/?key=***"],
  ["no header", "x-api-key: abc", "x-api-key: abc"],
])("hideCredentialWords() hides %s", (_what, text, expected) => {
  expect(hideCredentialWords(text)).toBe(expected);
});

test.each<[string, string, string]>([
  ["a key in a path as well", `/w/${SK}/f`, "/w/***/f"],
  ["a key of Google's alone", AIZA, "***"],
  ["a header to the end of its line", "a\nCookie: a=b; c=d\nb", "a\nCookie: ***\nb"],
  ["a header with a colon or a sign of equality", "api-key = abc", "api-key = ***"],
  [
    "a quoted header to that quote",
    '"Authorization: Bearer abc" sent',
    '"Authorization: ***" sent',
  ],
  ["a value in single quotes", "{'x-api-key': 'abc', a: 1}", "{'x-api-key': '***', a: 1}"],
  ["a value without quotes", '{"x-api-key": abc, "a": 1}', '{"x-api-key": ***, "a": 1}'],
  ["nothing twice", "Authorization: ***", "Authorization: ***"],
  ["no other header", "Content-Type: text/plain", "Content-Type: text/plain"],
])("hideCredentials() hides %s", (_what, text, expected) => {
  expect(hideCredentials(text)).toBe(expected);
});
