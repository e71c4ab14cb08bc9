import { describe, expect, test } from "bun:test";
import { entryTitle, qualifiedId, shownName } from "../../../src/models/entries/match-entries.ts";
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
