import { describe, expect, test } from "bun:test";
import { type BrokerValues, toBrokerValues } from "../../src/flags/broker-flags.ts";
import type { FlagValues } from "../../src/flags/flag.ts";
import { problemOf } from "../support/problem-of.ts";

const NONE: BrokerValues = {
  anthropicBaseUrl: undefined,
  modelRule: "replace",
  budget: { requests: undefined, tokens: undefined },
  log: undefined,
};

describe("toBrokerValues()", () => {
  test.each<[FlagValues, object]>([
    [{}, {}],
    [{ log: "" }, {}],
    [{ log: "log.jsonl" }, { log: "log.jsonl" }],
    [{ log: "./-" }, { log: "./-" }],
    [{ "allow-any-model": true }, { modelRule: "pass" }],
    [{ "strict-model": true }, { modelRule: "refuse" }],
    [{ "allow-any-model": false, "strict-model": true }, { modelRule: "refuse" }],
    [{ "max-requests": "1" }, { budget: { requests: 1, tokens: undefined } }],
    [{ "max-tokens": "999999999999999" }, { budget: { requests: undefined, tokens: 1e15 - 1 } }],
    [{ "max-requests": "2", "max-tokens": "30" }, { budget: { requests: 2, tokens: 30 } }],
    [
      { "anthropic-base-url": "https://HOST.example/anthropic/" },
      { anthropicBaseUrl: "https://host.example/anthropic" },
    ],
  ])("turns %j into %j", (values, expected) => {
    expect(toBrokerValues(values)).toEqual({ ...NONE, ...expected });
  });

  const number = (name: string) => ({
    code: "invalid-value",
    message: `Cannot use \`--${name}\`: it is no number from 1 on`,
    hint: `write \`--${name} 100\``,
  });
  test.each<[FlagValues, object]>([
    [
      { log: "-" },
      {
        code: "invalid-value",
        message: "Cannot write the log to `-`: the streams are those of the tool",
        hint: "name a file with `--log FILE`",
      },
    ],
    [
      { "allow-any-model": true, "strict-model": true },
      {
        code: "usage",
        message: "Cannot use `--allow-any-model` with `--strict-model`",
        hint: "leave one of them out",
      },
    ],
    [
      { "anthropic-base-url": "host.example" },
      {
        code: "invalid-value",
        message:
          "Cannot use `--anthropic-base-url`: it is not a URL; it must begin with https:// or http://",
        hint: "name what clients append `/v1/messages` to, such as https://api.example.com/anthropic",
      },
    ],
    ...["0", "", "-1", "1.5", "01", "1e3", "1000000000000000", "many"].map(
      (text): [FlagValues, object] => [{ "max-tokens": text }, number("max-tokens")],
    ),
    [{ "max-requests": "0" }, number("max-requests")],
  ])("refuses %j", (values, expected) => {
    expect(problemOf(() => toBrokerValues(values))).toMatchObject(expected);
  });
});
