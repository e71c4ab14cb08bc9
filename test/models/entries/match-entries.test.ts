import { describe, expect, test } from "bun:test";
import {
  endpointName,
  entryTitle,
  isEndpointNamed,
  meantEntries,
  qualifiedId,
  shownName,
} from "../../../src/models/entries/match-entries.ts";
import { configuration } from "../configuration.ts";

/** How each entry of openai is called so that nothing else is meant. */
function qualified(...openai: readonly object[]): string[] {
  const { entries } = configuration({ settings: { user: { modelProviders: { openai } } } }).models;
  return entries.map((entry) => qualifiedId(entry, entries));
}

describe("qualifiedId()", () => {
  const A = { id: "m", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
  test.each<[string, readonly object[], readonly string[]]>([
    ["by its host", [A, { ...A, baseUrl: "https://b.example/v1" }], ["m@a.example", "m@b.example"]],
    [
      "by its path where the host is the same",
      [A, { ...A, baseUrl: "https://a.example/v2/" }],
      ["m@a.example/v1", "m@a.example/v2"],
    ],
    [
      "by its variable where the endpoint is the same",
      [A, { ...A, envKey: "B_KEY" }],
      ["m@A_KEY", "m@B_KEY"],
    ],
    ["by nothing where it names no endpoint", [{ id: "m" }, A], ["m", "m@a.example"]],
    ["whatever other ids there are", [A, { ...A, id: "n" }], ["m@a.example", "n@a.example"]],
  ])("calls an entry %s", (_what, entries, ids) => {
    expect(qualified(...entries)).toEqual([...ids]);
  });
});

test.each([
  ["[Our vLLM] m", "Our vLLM", "Our vLLM"],
  ["m", undefined, undefined],
  ["mine", undefined, "mine"],
  ["[] m", undefined, "[] m"],
  ["[a] n", undefined, "[a] n"],
  [undefined, undefined, undefined],
])("an entry named %p has the title %p and is shown as %p", (name, title, shown) => {
  expect([entryTitle({ id: "m", name }), shownName({ id: "m", name })]).toEqual([title, shown]);
});

test.each([
  ["https://a.example/v1", "a.example", true],
  ["https://a.example/v1", "a.example/v1", true],
  ["https://a.example/v1", "a.example/v1/", true],
  ["https://a.example/v1", "https://a.example/v1/", true],
  ["https://a.example:8443/v1", "a.example:8443", true],
  ["https://a.example:8443/v1", "a.example", false],
  ["https://a.example/v1", "a.example/v2", false],
  ["https://a.example/v1", "http://a.example/v1", false],
  ["https://a.example/v1", "b.example", false],
  ["https://a.example/v1", "", false],
  ["no url", "no url", true],
  ["no url", "no", false],
])("isEndpointNamed(%j, %j) is %p", (baseUrl, word, expected) => {
  expect(isEndpointNamed(baseUrl, word)).toBe(expected);
});

test.each([
  [[], "a.example"],
  [["https://b.example/v1"], "a.example"],
  [["https://a.example/v1/"], "a.example"],
  [["https://a.example/v2"], "a.example/v1"],
  [["https://a.example/v2", "https://a.example/v1"], "a.example/v1"],
  [["http://a.example/v1"], "https://a.example/v1"],
])("endpointName() beside %j is %s", (others, name) => {
  expect(endpointName("https://a.example/v1", others)).toBe(name);
});

test("endpointName() of what is no URL is all of it", () => {
  expect(endpointName("no url", [])).toBe("no url");
});

describe("meantEntries()", () => {
  const all = [
    { id: "m", name: "Mine", baseUrl: "https://a.example/v1", envKey: "A_KEY" },
    { id: "m", name: "Yours", baseUrl: "https://b.example/v1", envKey: "B_KEY" },
    { id: "n", name: "m@b.example", baseUrl: undefined, envKey: undefined },
    { id: "Mine", name: undefined, baseUrl: undefined, envKey: "A_KEY" },
  ];
  test.each<[string, readonly number[]]>([
    ["m", [0, 1]],
    ["m@a.example", [0]],
    ["m@b.example/v1", [1]],
    ["m@https://b.example/v1", [1]],
    ["m@B_KEY", [1]],
    // Where it is qualified, no name counts, and where it is an id, neither does.
    ["m@b.example", [1]],
    ["Mine", [3]],
    ["Yours", [1]],
    ["n@A_KEY", []],
    ["Mine@A_KEY", [3]],
    ["m@", []],
    ["M", []],
  ])("of %j are %j", (word, indexes) => {
    const found = meantEntries({ models: { entries: all } }, word);
    expect(found.map((entry) => all.indexOf(entry))).toEqual([...indexes]);
  });
});
