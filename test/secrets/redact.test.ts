import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createRedactor } from "../../src/secrets/redact.ts";

/** A byte, a quote, a backslash and a letter that each spelling writes differently. */
const ODD = 'k"\\é/?>~0123';

describe("redact() hides a known secret", () => {
  const bytes = new TextEncoder().encode(ODD);
  const cases: readonly (readonly [name: string, spelling: string])[] = [
    ["as it is", ODD],
    ["URL-encoded", encodeURIComponent(ODD)],
    [
      "URL-encoded in lower case",
      encodeURIComponent(ODD).replace(/%../g, (it) => it.toLowerCase()),
    ],
    ["JSON-escaped", JSON.stringify(ODD).slice(1, -1)],
    ["JSON-escaped with its slashes", JSON.stringify(ODD).slice(1, -1).replaceAll("/", "\\/")],
    ["in hexadecimal digits", bytes.toHex()],
    ["in base64", bytes.toBase64()],
    ["in base64 without padding", bytes.toBase64().replace(/=+$/, "")],
    ["in base64url", bytes.toBase64({ alphabet: "base64url" })],
    ["in base64url without padding", bytes.toBase64({ alphabet: "base64url", omitPadding: true })],
  ];
  for (const [name, spelling] of cases) {
    test(name, () => {
      const text = redacted(`before ${spelling} after ${spelling}`, [ODD]);
      expect(text.replace(/=/g, "")).toBe("before *** after ***");
    });
  }

  test("of eight characters", () => {
    expect(redacted("a 12345678 b", ["12345678"])).toBe("a *** b");
  });

  test("as a whole where it contains another one", () => {
    const secrets = ["abcdefgh", "abcdefgh-ijkl", "fgh-ijkl"];
    expect(redacted("abcdefgh-ijkl abcdefgh fgh-ijkl", secrets)).toBe("*** *** ***");
  });
});

test("redact() leaves alone what is shorter than eight characters", () => {
  expect(redacted("a 1234567 b", ["1234567", ""])).toBe("a 1234567 b");
});

test("redact() leaves a text without secrets as it is", () => {
  const text = 'Cannot use "https://api.example.com/v1?page=2": the key-like value a@b.c is fine\n';
  expect(redacted(text, ["unrelated-secret"])).toBe(text);
});

describe("redact() hides the value of", () => {
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
      expect(redacted(text)).toBe(expected);
    });
  }

  const leaks: readonly (readonly [name: string, text: string])[] = [
    ["every cookie of a line", "Cookie: a=LEAK1; session=LEAK2"],
    ["a header in JSON inside a JSON string", JSON.stringify('{"x-api-key":"LEAK"}')],
    ["Authorization with parameters", 'Authorization: Digest username="LEAK1", response="LEAK2"'],
  ];
  for (const [name, text] of leaks) {
    test(name, () => {
      expect(redacted(text)).not.toContain("LEAK");
    });
  }
});

describe("redact() hides in a URL", () => {
  const cases: readonly (readonly [name: string, text: string, expected: string])[] = [
    ["a user and password", "via http://u:p@proxy:8080/x", "via http://***@proxy:8080/x"],
    ["a user alone", "https://token@host", "https://***@host"],
    ["a password with an @", "http://u:p@ss@proxy", "http://***@proxy"],
    ["the parameter key", "https://h/p?key=abc&a=b", "https://h/p?key=***&a=b"],
    ["the parameter api_key", "https://h/?a=b&api_key=abc#c", "https://h/?a=b&api_key=***#c"],
    ["the parameter access_token", "https://h/?access_token=abc", "https://h/?access_token=***"],
    ["the parameter client_secret", "https://h/?client_secret=a", "https://h/?client_secret=***"],
    ["no @ of a path", "https://h/a@b?c=d@e", "https://h/a@b?c=d@e"],
    ["no other parameter", "https://h/?model=abc&page=2", "https://h/?model=abc&page=2"],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => {
      expect(redacted(text)).toBe(expected);
    });
  }
});

test("redact() hides words that look like keys although nobody told", () => {
  const openai = `sk-sp-${"a1".repeat(12)}`;
  const google = `AIza${"b2".repeat(16)}`;
  expect(redacted(`qwen auth ${openai} "${google}", sk-short`)).toBe(
    'qwen auth *** "***", sk-short',
  );
});

test("redact() lets no spelling of a secret survive in any surroundings", () => {
  const alphabet = [..."abcXYZ019-_.+/=%&?#:@\\\"' é日😀"];
  const unit = fc.constantFrom(...alphabet);
  const secret = fc.string({ unit, minLength: 8, maxLength: 40 });
  const around = fc.string({ unit: fc.oneof(unit, fc.constant("\n")), maxLength: 30 });
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), around, (secrets, text) => {
      const [first = ""] = secrets;
      for (const spelling of spellings(first)) {
        const shown = redacted(text + spelling + text, secrets);
        expect(spellings(first).filter((other) => shown.includes(other))).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

describe("redact() leaves a JSON document valid", () => {
  const cases: readonly (readonly [name: string, value: unknown])[] = [
    ["with a quoted URL in a message", { message: 'GET "https://h/?key=abc" failed' }],
    ["with a quoted header in a message", { message: 'it sent authorization: "abc"' }],
    ["with a header that is no string", { authorization: null, "api-key": 1, cookie: [] }],
    ["with a header that is an object", { authorization: { scheme: "Bearer" } }],
    ["with a quote in a header", { "x-api-key": 'a"b' }],
    ["with a backslash in a parameter", { url: "https://h/?token=a\\", next: 1 }],
    ["with a backslash in user info", { url: 'https://a\\"b@h', next: 1 }],
  ];
  for (const [name, value] of cases) {
    test(name, () => {
      for (const text of [JSON.stringify(value), JSON.stringify(value, undefined, 2)]) {
        expect(() => JSON.parse(redacted(text))).not.toThrow();
      }
    });
  }

  test("whatever secrets stand in it", () => {
    const secret = fc.stringMatching(/^[A-Z][A-Za-z0-9_+/=.-]{7,39}$/);
    const words = fc.constantFrom(
      "Authorization: ",
      "?key=",
      "://",
      "@",
      '"',
      "\\",
      "\n",
      " ",
      "x",
    );
    fc.assert(
      fc.property(secret, fc.array(words, { maxLength: 8 }), (key, pieces) => {
        const text = pieces.join("");
        const document = { [`a${text}`]: [`${text}${key}${text}`, { [key]: key }], b: null };
        const shown = redacted(JSON.stringify(document), [key]);
        expect(() => JSON.parse(shown)).not.toThrow();
        expect(shown).not.toContain(key);
      }),
    );
  });
});

function redacted(text: string, secrets: readonly string[] = []): string {
  const { add, redact } = createRedactor();
  for (const secret of secrets) {
    add(secret);
  }
  return redact(text);
}

function spellings(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%../g, (octet) => octet.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"),
    bytes.toHex(),
    bytes.toBase64(),
    bytes.toBase64({ omitPadding: true }),
    bytes.toBase64({ alphabet: "base64url" }),
    bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
  ];
}
