import { expect, test } from "bun:test";
import type { FlagValues } from "../../src/flags/flag.ts";
import { type KeyInput, toKeyInput } from "../../src/flags/key-flags.ts";
import { problemOf } from "../support/problem-of.ts";

test.each<[FlagValues, KeyInput | undefined]>([
  [{}, undefined],
  [{ "key-stdin": false }, undefined],
  [{ "key-stdin": true }, { kind: "stdin", flag: "--key-stdin" }],
  [{ "key-file": "-" }, { kind: "stdin", flag: "--key-file -" }],
  [{ "key-file": "./-" }, { kind: "file", path: "./-" }],
  [{ "key-file": "" }, { kind: "file", path: "" }],
  [{ "key-env": "MY_KEY" }, { kind: "variable", name: "MY_KEY" }],
  [{ key: "sk-1" }, { kind: "flag", key: "sk-1" }],
  [{ key: "" }, { kind: "flag", key: "" }],
])("toKeyInput() of %j is %j", (values, expected) => {
  expect(toKeyInput(values)).toEqual(expected);
});

const ALL: FlagValues = { "key-stdin": true, "key-file": "f", "key-env": "E", key: "sk-1" };

test.each([
  ["key-stdin", "key-file"],
  ["key-stdin", "key-env"],
  ["key-stdin", "key"],
  ["key-file", "key-env"],
  ["key-file", "key"],
  ["key-env", "key"],
])("toKeyInput() refuses --%s with --%s", (first, second) => {
  const values = { [first]: ALL[first], [second]: ALL[second] };
  expect(problemOf(() => toKeyInput(values))).toEqual({
    name: "UsageError",
    code: "invalid-value",
    message: `Cannot take the key from both \`--${first}\` and \`--${second}\``,
    hint: "give one of the two",
  });
});
