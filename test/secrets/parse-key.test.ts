import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseKey } from "../../src/secrets/parse-key.ts";

describe("parseKey() takes", () => {
  const cases: readonly (readonly [name: string, text: string, key: string])[] = [
    ["a key as it is", "sk-sp-1", "sk-sp-1"],
    ["a line", "sk-sp-1\n", "sk-sp-1"],
    ["a line that ends as on Windows", "sk-sp-1\r\n", "sk-sp-1"],
    ["a line that ends as on old Macs", "sk-sp-1\r", "sk-sp-1"],
    ["a line and empty lines below it", "sk-sp-1\n\r\n\n", "sk-sp-1"],
    ["a line after an empty one", "\nsk-sp-1", "sk-sp-1"],
    ["a line after a byte order mark", "\ufeffsk-sp-1\n", "sk-sp-1"],
    ["a byte order mark behind it", "sk-sp-1\ufeff", "sk-sp-1"],
    ["blanks and tabs around it", " \t sk-sp-1 \t ", "sk-sp-1"],
    ["no-break spaces around it", "\u00a0sk-sp-1\u3000", "sk-sp-1"],
    ["punctuation inside", "a/b+c=.:_~!$'\"\\{}", "a/b+c=.:_~!$'\"\\{}"],
    ["the padding of base64", "ABCD_EFGH==", "ABCD_EFGH=="],
    ["one = at its end", "ABCD_EFGH=", "ABCD_EFGH="],
    ["a name without _ before =", "ABCDEFGH=x", "ABCDEFGH=x"],
    ["small letters before =", "abcd_efg=x", "abcd_efg=x"],
  ];
  for (const [name, text, key] of cases) {
    test(name, () => {
      expect(parseKey(text)).toEqual({ kind: "key", key, notes: [] });
    });
  }
});

describe("parseKey() takes off", () => {
  const notes = ["it stood in quotes, which were taken off"];
  const cases = [
    '"sk-sp-1"',
    "'sk-sp-1'",
    " `sk-sp-1`\n",
    "“sk-sp-1”",
    "‘sk-sp-1’",
    "「sk-sp-1」",
    "„sk-sp-1“",
    "＂sk-sp-1＂",
    '" sk-sp-1\t"',
  ];
  for (const text of cases) {
    test(`the quotes of ${JSON.stringify(text)}`, () => {
      expect(parseKey(text)).toEqual({ kind: "key", key: "sk-sp-1", notes });
    });
  }
  test.each(['""', "''", "``", "「」", '" "'])("the quotes of %s, in which nothing is", (text) => {
    expect(parseKey(text)).toEqual({ kind: "invalid", reason: "it is empty" });
  });

  test.each(['"', '"sk-sp-1', "sk-sp-1'", "'sk-sp-1\""])(
    "no quote of %s, which is no pair",
    (text) => {
      expect(parseKey(text)).toMatchObject({ kind: "key", key: text });
    },
  );

  test("one pair of quotes and not two", () => {
    expect(parseKey(`"'sk-sp-1'"`)).toMatchObject({ kind: "key", key: "'sk-sp-1'" });
  });
});

describe("parseKey() takes off the scheme of a header", () => {
  const notes = ["it stood behind `Bearer`, which was taken off"];
  test.each([
    "Bearer sk-sp-1",
    "bearer sk-sp-1",
    "BEARER   sk-sp-1\n",
    "bearer:sk-sp-1",
    "Bearer: sk-sp-1",
    "Authorization: Bearer sk-sp-1",
    "authorization:bearer sk-sp-1",
  ])("%j", (text) => {
    expect(parseKey(text)).toEqual({ kind: "key", key: "sk-sp-1", notes });
  });
  test.each(["bearer", "bearersk-sp-1", "Bearer:", "bearer-sk-sp-1"])("but %j has none", (key) => {
    expect(parseKey(key)).toMatchObject({ kind: "key", key });
  });
  test("in quotes too, and not twice", () => {
    expect(parseKey('"Bearer sk-sp-1"')).toMatchObject({ key: "sk-sp-1" });
    expect(parseKey("Bearer Bearer sk-sp-1")).toMatchObject({ kind: "invalid" });
  });
});

describe("parseKey() refuses", () => {
  const SHORTENED =
    'it holds "…": copy the whole key, not the shortened one that is shown on screens';
  const HIDDEN = "it is the hidden form of a key: copy the key itself";
  const REFERENCE = "it is the name of a variable, which nothing replaced: give its value";
  const ASSIGNMENT = "it is an assignment (NAME=value): give the value alone";
  const cases: readonly (readonly [name: string, text: string, reason: string])[] = [
    ["an empty text", "", "it is empty"],
    ["an empty line", "\r\n", "it is empty"],
    ["a byte order mark alone", "\ufeff\n", "it is empty"],
    ["blanks only", " \t ", "it is empty"],
    ["quotes around nothing", '" "', "it is empty"],
    ["two lines", "sk-sp-1\nsk-sp-2\n", "it has more than one line"],
    ["a space inside", "sk-sp 1", "it contains white space"],
    ["a tab inside", "sk-sp\t1", "it contains white space"],
    ["a no-break space inside", "sk-sp\u00a01", "it contains white space"],
    ["an exported variable", "export A_KEY=sk-1", "it contains white space"],
    ["an arrow key", "sk-sp-1\x1b[A", "it contains control characters"],
    ["an interrupt", "sk-sp-1\x03", "it contains control characters"],
    ["a null character", "sk-sp\x001", "it contains control characters"],
    ["a delete character", "sk-sp-1\x7f", "it contains control characters"],
    ["a C1 control", "sk-sp-1\x9b", "it contains control characters"],
    ["a bidirectional control", "sk-sp-\u202e1", "it contains control characters"],
    ["a zero-width space", "sk-sp-\u200b1", "it contains control characters"],
    ["a byte order mark inside", "sk-\ufeffsp-1", "it contains white space"],
    ["the mask of our own screens", "sk-sp-…a289", SHORTENED],
    ["the mask after a piece of a key", "sk-sp-0123456789abcdef…cdef", SHORTENED],
    ["a mask of stars", "***", HIDDEN],
    ["a mask of stars inside", "sk-***a289", HIDDEN],
    ["a letter outside ASCII", "sk-é", "it holds a character that no key has (U+00E9)"],
    ["Chinese characters", "我的密钥", "it holds a character that no key has (U+6211)"],
    [
      "full-width letters",
      "ｓｋ-1",
      'it holds full-width characters, such as "ｓ": type it with the input method off',
    ],
    [
      "a full-width sign",
      "sk－sp-1",
      'it holds full-width characters, such as "－": type it with the input method off',
    ],
    ["Chinese", "密钥sk-1", "it holds a character that no key has (U+5BC6)"],
    ["an en dash", "sk–1", "it holds a character that no key has (U+2013)"],
    ["a curly quote at one end", "“sk-1", "it holds a character that no key has (U+201C)"],
    ["an emoji", "sk-🔑", "it holds a character that no key has (U+1F511)"],
    ["a broken character", "sk-\ufffd1", "it holds a character that no key has (U+FFFD)"],
    ["a URL", "https://coding.dashscope.aliyuncs.com/v1", "it is a URL"],
    ["a URL in capitals", "HTTP://localhost:8000", "it is a URL"],
    ["a socket's URL", "wss://h/v1", "it is a URL"],
    ["a reference", "$OPENAI_API_KEY", REFERENCE],
    ["a reference in braces and quotes", `"$${"{OPENAI_API_KEY:-none}"}"`, REFERENCE],
    ["an assignment", "BAILIAN_CODING_PLAN_API_KEY=sk-sp-1", ASSIGNMENT],
    ["an assignment in quotes", "'A_KEY=sk-1'", ASSIGNMENT],
    ["an assignment of a quoted value", 'A_KEY="sk-1"', ASSIGNMENT],
    ["an assignment of something with =", "A_KEY==x=", ASSIGNMENT],
    ["an assignment of PowerShell", '$env:A_KEY="sk-1"', ASSIGNMENT],
    ["UTF-16 with a mark", "\ufffd\ufffds\0k\0-\0", "it is UTF-16 text; save it as UTF-8"],
    ["UTF-16 without one", "s\0k\0-\x001\0", "it is UTF-16 text; save it as UTF-8"],
    ["UTF-16, big end first", "\0s\0k\0-\x001", "it is UTF-16 text; save it as UTF-8"],
  ];
  for (const [name, text, reason] of cases) {
    test(name, () => {
      expect(parseKey(text)).toEqual({ kind: "invalid", reason });
    });
  }
});

describe("parseKey() takes with a doubt", () => {
  const PLACEHOLDER = "it looks like a placeholder: put your own key in its place";
  const placeholders = [
    "YOUR_API_KEY",
    "YOUR_KEY",
    "your-api-key-here",
    "sk-your-key",
    "sk-sp-xxxxxxxxx",
    "sk-xxx",
    "XXXX",
    "<your-key>",
    "<KEY>",
    "{{API_KEY}}",
    "sk-...",
    "sk-sp-...a289",
    "undefined",
    "null",
    "changeme",
    "MY_API_KEY",
    "api-key",
    "Insert-Your-Own-KEY-Here",
    "SK-XXX",
    "sk-xx*x",
    "Change_Me",
    "..",
  ];
  for (const key of placeholders) {
    test(`the placeholder ${key}`, () => {
      expect(parseKey(key)).toEqual({ kind: "key", key, notes: [PLACEHOLDER] });
    });
  }
  for (const begin of ['"', "'"]) {
    test(`${begin} at the beginning`, () => {
      const notes = [`it begins with \`${begin}\`, which may not belong to it`];
      expect(parseKey(`${begin}sk-sp-1`)).toEqual({ kind: "key", key: `${begin}sk-sp-1`, notes });
    });
  }
  for (const end of [",", ";", '"', "'"]) {
    test(`${end} at the end`, () => {
      const notes = [`it ends in \`${end}\`, which may not belong to it`];
      expect(parseKey(`sk-sp-1${end}`)).toEqual({ kind: "key", key: `sk-sp-1${end}`, notes });
    });
  }
  for (const key of [
    "sk-sp-0123456789abcdef",
    "ollama",
    "EMPTY",
    "not-needed",
    "AIzaXxxX9-yourself",
    "sk-monkey-0123456789",
    "sk-yours0123456789",
    "sk-0123456789abcdefx",
  ]) {
    test(`no placeholder: ${key}`, () => {
      expect(parseKey(key)).toEqual({ kind: "key", key, notes: [] });
    });
  }
});

test("parseKey() never repeats the text in a reason", () => {
  const fault = fc.constantFrom(" ", "\t", "\n", "\x1b", "\u202e", "é", "…", "***", "_=", "\0");
  const word = fc.stringMatching(/^[A-Z0-9]{8,20}$/);
  fc.assert(
    fc.property(word, fault, word, (left, middle, right) => {
      const parsed = parseKey(left + middle + right);
      expect(parsed.kind).toBe("invalid");
      expect(JSON.stringify(parsed)).not.toContain(left);
      expect(JSON.stringify(parsed)).not.toContain(right);
    }),
  );
});

test("parseKey() makes no key that a header cannot hold", () => {
  const pieces = fc.constantFrom("a", "-", "é", " ", "\n", '"', "'", "\x00", "\x9f", "\ufeff", "=");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
      const parsed = parseKey(parts.join(""));
      if (parsed.kind === "key") {
        expect(parsed.key).toMatch(/^[\x21-\x7e]+$/);
        expect(() => new Headers({ authorization: `Bearer ${parsed.key}` })).not.toThrow();
      }
    }),
  );
});
