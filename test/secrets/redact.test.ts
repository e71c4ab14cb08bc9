import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createRedactor } from "../../src/secrets/redact.ts";

/** A byte, a quote, a backslash and a letter that each spelling writes differently. */
const ODD = 'k"\\é/?>~0123';

const codeUnit = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

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
    ["URL-encoded but for its slashes", encodeURIComponent(ODD).replaceAll("%2F", "/")],
    ["URL-encoded as a whole address", encodeURI(ODD)],
    ["URL-encoded twice", encodeURIComponent(encodeURIComponent(ODD))],
    [
      "URL-encoded with every sign",
      [...ODD]
        .map((it) =>
          /\w/.test(it) ? it : new TextEncoder().encode(it).toHex().replace(/../g, "%$&"),
        )
        .join(""),
    ],
    ["escaped for JSON by code", ODD.replace(/[^\w-]/g, codeUnit)],
    ["escaped for JSON by code, only its plus", ODD.replace(/\+/g, codeUnit)],
    ["in a string of JSON in JSON", JSON.stringify(JSON.stringify(ODD)).slice(3, -3)],
    ["escaped for HTML", ODD.replace(/[^\w-]/g, (it) => `&#${it.charCodeAt(0)};`)],
    [
      "escaped for HTML in hex",
      ODD.replace(/[^\w-]/g, (it) => `&#x${it.charCodeAt(0).toString(16).toUpperCase()};`),
    ],
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

describe("redact() hides in a URL", () => {
  const cases: readonly (readonly [name: string, text: string, expected: string])[] = [
    ["a user and password", "via http://u:p@proxy:8080/x", "via http://***@proxy:8080/x"],
    ["a user alone", "https://token@host", "https://***@host"],
    ["a password with an @", "http://u:p@ss@proxy", "http://***@proxy"],
    ["the parameter key", "https://h/p?key=abc&a=b", "https://h/p?key=***&a=b"],
    ["the parameter api_key", "https://h/?a=b&api_key=abc#c", "https://h/?a=b&api_key=***#c"],
    ["the parameter access_token", "https://h/?access_token=abc", "https://h/?access_token=***"],
    ["no comma behind it", "get https://h/?key=abc, then", "get https://h/?key=***, then"],
    ["no sign of its sentence", "(see https://h/?a=b&key=abc).", "(see https://h/?a=b&key=***)."],
    ["no sign in front of the next line", "https://h/?key=abc;\nb", "https://h/?key=***;\nb"],
    ["signs within it", "https://h/?key=a,b.c:d, then", "https://h/?key=***, then"],
    ["what is nothing but signs", "https://h/?key=,.) then", "https://h/?key=*** then"],
    ["signs before another parameter", "https://h/?key=abc.&b=c", "https://h/?key=***&b=c"],
    ["every such parameter", "https://h/?key=A&api_key=B", "https://h/?key=***&api_key=***"],
    ["a parameter of a form", "a=1&token=abc", "a=1&token=***"],
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

describe("redact() hides words that look like keys although nobody told", () => {
  const openai = `sk-sp-${"a1".repeat(12)}`;
  const google = `AIza${"b2".repeat(16)}`;
  const cases: readonly (readonly [text: string, expected: string])[] = [
    [`qwen auth ${openai}`, "qwen auth ***"],
    [`qwen auth "${google}"`, 'qwen auth "***"'],
    [`--x=${openai}, sk-short`, "--x=***, sk-short"],
    [`key:${google}`, "key:***"],
  ];
  for (const [text, expected] of cases) {
    test(text, () => expect(redacted(text)).toBe(expected));
  }
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
}, 60_000);

/** The fragment of a text that holds a key within what was encoded in base64. */
const encoded = (text: string, alphabet: "base64" | "base64url" = "base64") =>
  new TextEncoder().encode(text).toBase64({ alphabet });

describe("redact() hides a secret within what was encoded in base64", () => {
  const odd = "k>>>???/0123~~~é-secret";
  for (const key of ["sk-canary-USERSECRET0123456789abcdef", odd, "12345678"]) {
    const cases = [
      `Bearer ${key}`,
      `user:${key}`,
      `u:${key}`,
      `us:${key}`,
      `:${key}`,
      `${key}:`,
      `{"authorization":"Bearer ${key}","n":1}`,
    ];
    for (const text of cases) {
      test(text, () => {
        const hidden = 'sent "***" to it';
        expect(redacted(`sent "${encoded(text)}" to it`, [key])).toBe(hidden);
        expect(redacted(`sent "${encoded(text, "base64url")}" to it`, [key])).toBe(hidden);
      });
    }
  }

  test("with the slashes of JSON, or in a URL", () => {
    const text = encoded(`user:${odd}`);
    const escaped = JSON.stringify({ a: text }).replaceAll("/", "\\/");
    expect(redacted(escaped, [odd])).not.toContain(text.replaceAll("/", "\\/").slice(8, -8));
    const url = `https://h/?a=${encodeURIComponent(text)}`;
    expect(redacted(url, [odd])).not.toContain(encodeURIComponent(text).slice(10, -10));
  });
});

test("redact() leaves other base64 beside a secret as it is", () => {
  const other = encoded("Bearer another-secret-of-nobody");
  expect(redacted(`a ${other} b`, ["sk-canary-USERSECRET0123456789abcdef"])).toBe(`a ${other} b`);
});

describe("redact() lets no text of a project's hide more than itself:", () => {
  const host = "https://api.deepseek.com.sk-aaaaaaaaaaaaaaaaaaaaaaaa.example/v1";
  const path = "https://gw.test/v1/AIzaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/v1";
  const cases: readonly (readonly [name: string, text: string])[] = [
    ["a host like a key", `the key goes to ${host}`],
    ["a path like a key", `the key goes to ${path}`],
    ["a folder like a key", "as `/w/sk-aaaaaaaaaaaaaaaaaaaaaaaa/.qwen/settings.json` says"],
    [
      "a model like a header",
      "asked x-authorization: m, and the key is withheld from evil.example",
    ],
    ["a model like a quoted header", 'asked "x-api-key": , the key is withheld from evil.example'],
    ["a model like a cookie", "Cannot ask Cookie: x: the key is withheld"],
    ["a backslash in an authority", "http://127.0.0.1:4711\\@api.deepseek.com/v1"],
  ];
  for (const [name, text] of cases) {
    test(name, () => expect(redacted(text)).toBe(text));
  }
});

describe("redactJson()", () => {
  const key = 'incomplete",{';
  const { add, redactJson, hideSecretsInJson } = createRedactor();
  for (const secret of [key, "incomplete", "schemaVersion", "key-withheld", '"type":"result"']) {
    add(secret);
  }

  test("hides secrets in texts, and leaves keys and the words that scripts compare", () => {
    const document = {
      schemaVersion: 1,
      type: "result",
      state: "incomplete",
      error: { code: "key-withheld", message: `it said ${key} and "type":"result"` },
      list: [key, { [key]: key }, 5, null, true],
    };
    expect(redactJson(document)).toEqual({
      schemaVersion: 1,
      type: "result",
      state: "incomplete",
      error: { code: "key-withheld", message: "it said *** and ***" },
      list: ["***", { [key]: "***" }, 5, null, true],
    });
  });

  test("hides user info and credentials in URLs, each text for itself", () => {
    const texts = ["https://u:p@h/?key=abc", "AIzaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 'a"b'];
    expect(redactJson({ texts })).toEqual({ texts: ["https://***@h/?key=***", "***", 'a"b'] });
  });

  test("hideSecretsInJson() leaves what only looks like a credential", () => {
    const example = "curl https://u:p@h/?key=abc -H 'x-api-key: sk-aaaaaaaaaaaaaaaaaaaaaaaa'";
    expect(hideSecretsInJson({ text: `${example} ${key}` })).toEqual({ text: `${example} ***` });
  });

  test("gives JSON whatever the secrets are", () => {
    const secret = fc.string({ minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(secret, fc.array(fc.string(), { maxLength: 3 }), (known, list) => {
        const redactor = createRedactor();
        redactor.add(known);
        const document = { a: [known, list], b: `x${known}y` };
        const shown = JSON.stringify(redactor.redactJson(document));
        expect(JSON.parse(shown).b).toBe("x***y");
      }),
      { numRuns: 50 },
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
