import { describe, expect, test } from "bun:test";
import type { FlagValues } from "../../src/flags/flag.ts";
import { toGenerationConfig } from "../../src/flags/to-generation-config.ts";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import { problemOf } from "../support/problem-of.ts";

describe("toGenerationConfig()", () => {
  test.each<[FlagValues, JsonObject | undefined]>([
    [{}, undefined],
    [{ header: [] }, undefined],
    [{ timeout: "1" }, { timeout: 1000 }],
    [{ timeout: " 86400 " }, { timeout: 86_400_000 }],
    [{ "context-window": "131072" }, { contextWindowSize: 131_072 }],
    [{ "context-window": "999999999999999" }, { contextWindowSize: 1e15 - 1 }],
    [{ header: ["X-A=b"] }, { customHeaders: { "X-A": "b" } }],
    [{ header: ["X-A= b=c ", "x-b=$KEY"] }, { customHeaders: { "X-A": "b=c", "x-b": "$KEY" } }],
    [{ "extra-body": ' {"a": [1, null]} ' }, { extra_body: { a: [1, null] } }],
    [
      { timeout: "2", "context-window": "3", header: ["a=b"], "extra-body": '{"c": {}}' },
      { timeout: 2000, contextWindowSize: 3, customHeaders: { a: "b" }, extra_body: { c: {} } },
    ],
  ])("turns %j into %j", (values, expected) => {
    expect(toGenerationConfig(values)).toEqual(expected);
  });

  const whole = "it is no whole number above 0";
  const numbers: readonly [FlagValues, string, string, string][] = [
    "0",
    "",
    "-1",
    "1.5",
    "1e3",
    "07",
    "1000000000000000",
    "5m",
  ].flatMap((text): [FlagValues, string, string, string][] => [
    [{ timeout: text }, "timeout", whole, "write it like `--timeout 300`"],
    [
      { "context-window": text },
      "context-window",
      whole,
      "write it like `--context-window 131072`",
    ],
  ]);
  const bodies = ["", "{}", "[1]", "null", "3", "{a: 1}", "true"].map(
    (text): [FlagValues, string, string, string] => [
      { "extra-body": text },
      "extra-body",
      "it is no JSON object",
      "write it like `--extra-body '{\"enable_thinking\": true}'`",
    ],
  );
  const unkept = ["__proto__", "constructor", "prototype"].flatMap(
    (name): [FlagValues, string, string, string][] => [
      [
        { header: [`${name}=a`] },
        "header",
        `"${name}" is no name of a header`,
        "use letters, digits and `-` in names of headers",
      ],
      ...[`{"${name}": 1}`, `{"a": [{"${name}": {}}]}`].map(
        (text): [FlagValues, string, string, string] => [
          { "extra-body": text },
          "extra-body",
          `no settings keep a field named \`${name}\``,
          "leave that field out",
        ],
      ),
    ],
  );
  const deep = [300, 30_000].map((depth): [FlagValues, string, string, string] => [
    { "extra-body": `{"a": ${"[".repeat(depth)}${"]".repeat(depth)}}` },
    "extra-body",
    "the nesting is too deep",
    "give fields that are less deep",
  ]);
  const inexact = ["1e999", "-1e999", "12345678901234567890", "[9007199254740993]"].map(
    (number): [FlagValues, string, string, string] => [
      { "extra-body": `{"a": ${number}}` },
      "extra-body",
      "it holds a number that cannot be kept exactly",
      "write that number as a text",
    ],
  );
  test.each<[FlagValues, string, string, string]>([
    ...numbers,
    ...bodies,
    ...unkept,
    ...deep,
    ...inexact,
    [
      { timeout: "86401" },
      "timeout",
      "it is more than a day",
      "write seconds, such as `--timeout 300`",
    ],
    [{ header: ["a"] }, "header", "it has no name and value", "write `--header NAME=VALUE`"],
    [{ header: ["=a"] }, "header", "it has no name and value", "write `--header NAME=VALUE`"],
    [{ header: ["a="] }, "header", "its value is empty", "write `--header NAME=VALUE`"],
    [{ header: ["a=b", "c= "] }, "header", "its value is empty", "write `--header NAME=VALUE`"],
    [{ header: ["A=b", "a=c"] }, "header", '"a" is given twice', "give each header once"],
    [{ header: ["host=a"] }, "header", 'the header "host" is the endpoint\'s', 'leave "host" out'],
    ...[
      ...["Connection", "keep-alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade"],
      ...["Proxy-Authorization", "proxy-connection", "Content-Length", "CONTENT-ENCODING"],
      ...["Expect", "HTTP2-Settings"],
    ].map((name): [FlagValues, string, string, string] => [
      { header: [`${name}=gzip`] },
      "header",
      `the header "${name}" is not for settings to set`,
      `remove "${name}"`,
    ]),
    [
      { header: ["a b=c"] },
      "header",
      '"a b" is no name of a header',
      "use letters, digits and `-` in names of headers",
    ],
  ])("refuses %j", (values, flag, why, hint) => {
    expect(problemOf(() => toGenerationConfig(values))).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message: `Cannot use the value of \`--${flag}\`: ${why}`,
      hint,
    });
  });
});
