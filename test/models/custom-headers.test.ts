import { describe, expect, test } from "bun:test";
import { ConfigError } from "../../src/errors.ts";
import {
  headerSecrets,
  headersFault,
  readCustomHeaders,
  typedCredentials,
} from "../../src/models/custom-headers.ts";
import type { Source } from "../../src/source.ts";

const SOURCE: Source = { kind: "settings", name: "customHeaders", path: "/f", origin: "user" };
const PLACE = "`customHeaders` of `/f`";
const LETTERS = "use letters, digits and `-` in names of headers";

describe("readCustomHeaders() takes", () => {
  test.each<[string, object, object, readonly string[]]>([
    ["none", {}, {}, []],
    [
      "texts, numbers and booleans as texts",
      { "X-A": "a", "X-B": 1.5, "X-C": false, "X-D": "" },
      { "X-A": "a", "X-B": "1.5", "X-C": "false", "X-D": "" },
      [],
    ],
    ["null as none", { "X-A": null, "X-B": "b" }, { "X-B": "b" }, []],
    ["every sign of a name", { "!#$%&'*+.^`|~-_aZ9": "a" }, { "!#$%&'*+.^`|~-_aZ9": "a" }, []],
    ["a tab and letters of Latin-1", { a: "~\té~" }, { a: "~\té~" }, []],
    ["text without what is around it", { a: " b \r\n", c: "\ufeffd" }, { a: "b", c: "d" }, []],
    [
      "what stands beside a reference that nothing fills",
      { "X-A": "Bearer $NONE", "X-B": "b", "X-C": `$${"{N-O}"}`, "X-D": "$5" },
      { "X-B": "b", "X-D": "$5" },
      [
        `the header "X-A" of ${PLACE} is left out: nothing fills \`$NONE\``,
        `the header "X-C" of ${PLACE} is left out: nothing fills \`\${N-O}\``,
      ],
    ],
    [
      "what stands beside a host",
      { HOST: "h", hosts: "a" },
      { hosts: "a" },
      [`the header "HOST" of ${PLACE} is left out: it is the endpoint's`],
    ],
  ])("%s", (_what, given, headers, warnings) => {
    expect(readCustomHeaders(given, SOURCE)).toEqual({ headers, warnings } as never);
  });
});

describe("readCustomHeaders() refuses", () => {
  const value = (name: string) => `the value of "${name}" is no text that a header can hold`;
  test.each<[string, unknown, string, string]>([
    [
      "a text",
      "X-A: a",
      "expected an object of names and texts",
      'write headers as {"name": "value"}',
    ],
    ["an array", [], "expected an object of names and texts", 'write headers as {"name": "value"}'],
    ["an empty name", { "": "a" }, '"" is no name of a header', LETTERS],
    ["a space in a name", { "X A": "a" }, '"X A" is no name of a header', LETTERS],
    ["a colon in a name", { "X:": "a" }, '"X:" is no name of a header', LETTERS],
    ["an object", { "X-A": {} }, value("X-A"), "write it as a text"],
    ["an array of texts", { "X-A": ["a"] }, value("X-A"), "write it as a text"],
    ["a line break", { "X-A": "a\nb" }, value("X-A"), "use ASCII only: headers hold nothing else"],
    ["a zero", { "X-A": "a\0" }, value("X-A"), "use ASCII only: headers hold nothing else"],
    ["DEL", { "X-A": "\x7f" }, value("X-A"), "use ASCII only: headers hold nothing else"],
    [
      "what is beyond Latin-1",
      { a: "\u0100" },
      value("a"),
      "use ASCII only: headers hold nothing else",
    ],
    ...[
      "Connection",
      "keep-alive",
      "content-length",
      "content-encoding",
      "transfer-encoding",
      "upgrade",
      "http2-settings",
      "expect",
      "proxy-authorization",
      "te",
      "trailer",
    ].map((name): [string, unknown, string, string] => [
      `\`${name}\``,
      { [name]: "a" },
      `the header "${name}" is not for settings to set`,
      `remove "${name}"`,
    ]),
  ])("%s", (_what, given, why, hint) => {
    const read = () => readCustomHeaders(given, SOURCE);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      expect.objectContaining({
        message: `Cannot use ${PLACE}: ${why}`,
        hint,
        code: "settings-invalid",
      }),
    );
  });

  test("with the name alone of what stands in no file", () => {
    const { path: _path, ...source } = SOURCE as Source & { path: string };
    expect(() => readCustomHeaders([], source)).toThrow("Cannot use `customHeaders`: expected");
  });
});

describe("headersFault()", () => {
  test("has none of what can be kept", () => {
    expect(headersFault([])).toBeUndefined();
    expect(
      headersFault([
        ["X-A", "a"],
        ["X-B", null],
        ["X-C", 3],
      ]),
    ).toBeUndefined();
  });

  test.each<[readonly (readonly [string, unknown])[], string, string]>([
    [
      [
        ["X-A", "a"],
        ["Host", "h"],
      ],
      'the header "Host" is the endpoint\'s',
      'leave "Host" out',
    ],
    [
      [
        ["X-A", "a"],
        ["x-a", "b"],
      ],
      '"x-a" is given twice',
      "give each header once",
    ],
    [[["__proto__", "a"]], '"__proto__" is no name of a header', LETTERS],
    [[["a b", "a"]], '"a b" is no name of a header', LETTERS],
    [[["te", "a"]], 'the header "te" is not for settings to set', 'remove "te"'],
    [[["a", []]], 'the value of "a" is no text that a header can hold', "write it as a text"],
  ])("of %j", (headers, why, hint) => {
    expect(headersFault(headers)).toEqual({ why, hint });
  });
});

test("headerSecrets() are credentials by name or look, with and without a scheme", () => {
  expect(
    headerSecrets({
      Authorization: "Bearer abc def",
      "X-API-Key": "one",
      "x-Token": "two",
      "a-secret": "three",
      Cookie: "four",
      "X-Trace": "sk-0123456789abcdef0123456789abcdef",
      "X-Plain": "five",
      "X-Key-Number": 6,
    }),
  ).toEqual([
    ...["Bearer abc def", "abc def", "one", "one", "two", "two", "three", "three", "four", "four"],
    ...["sk-0123456789abcdef0123456789abcdef", "sk-0123456789abcdef0123456789abcdef"],
  ]);
});

test.each<[object | undefined, readonly string[]]>([
  [undefined, []],
  [{}, []],
  [{ customHeaders: ["Authorization"] }, []],
  [{ customHeaders: { Authorization: "$A_KEY", "X-Key": `$${"{B_KEY}"}`, "X-A": "plain" } }, []],
  [{ customHeaders: { "X-Key": "typed", "X-Token": 5 } }, ["typed", "typed"]],
])("typedCredentials() of %j are %j", (config, secrets) => {
  expect(typedCredentials(config as never)).toEqual([...secrets]);
});
