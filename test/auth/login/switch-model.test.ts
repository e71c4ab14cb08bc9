import { describe, expect, test } from "bun:test";
import {
  applySwitch,
  throwIfElsewhere,
  throwIfSecond,
} from "../../../src/auth/login/switch-model.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import type { ModelEntry } from "../../../src/models/entries/model-entries.ts";
import { configuration, PATHS } from "../../models/configuration.ts";
import { problemOf } from "../../support/problem-of.ts";

const ONE = { id: "a", baseUrl: "https://one.example/v1", envKey: "K1" };
const TWO = { id: "a", baseUrl: "https://two.example/v1", envKey: "K2" };

const openai = (...entries: readonly JsonObject[]) => ({
  modelProviders: { openai: [...entries] },
});

function first(entries: readonly ModelEntry[], at = 0): ModelEntry {
  const entry = entries[at];
  if (entry === undefined) {
    throw new Error("no entry");
  }
  return entry;
}

describe("applySwitch()", () => {
  const url = ["model", "baseUrl"];
  const remove = { kind: "remove", path: url } as const;
  test.each<[string, JsonObject, object]>([
    ["the only one of its id", openai(ONE), remove],
    ["one of two", openai(ONE, TWO), { kind: "set", path: url, value: ONE.baseUrl }],
    ["one of two without an address", openai({ id: "a", envKey: "K1" }, TWO), remove],
    ["one of another protocol's", { modelProviders: { openai: [ONE], gemini: [TWO] } }, remove],
    ["one beside others", openai(ONE, { ...TWO, id: "b" }), remove],
  ])("of %s", (_name, user, last) => {
    const { entries } = configuration({ settings: { user } }).models;
    expect(applySwitch(first(entries), entries) as unknown).toEqual([
      { kind: "set", path: ["security", "auth", "selectedType"], value: "openai" },
      { kind: "set", path: ["model", "name"], value: "a" },
      last,
    ]);
  });
});

describe("throwIfElsewhere()", () => {
  const of = (settings: { user?: JsonObject; project?: JsonObject }, scope: "user" | "project") => {
    const known = configuration({ settings });
    const entry = first(known.models.entries);
    return problemOf(() => throwIfElsewhere(known, entry, scope));
  };

  test.each([
    ["the user's own", { user: openai(ONE) }, "user"],
    ["the project's, in the project", { project: openai(ONE) }, "project"],
    ["both their", { user: openai(ONE), project: openai(ONE) }, "user"],
  ] as const)("has nothing against %s", (_name, settings, scope) => {
    expect(of(settings, scope)).toBeUndefined();
  });

  test.each([
    ["alone", { project: openai(ONE) }],
    ["at another address", { user: openai(TWO), project: openai(ONE) }],
  ])("refuses one that the project has %s", (_name, settings) => {
    expect(of(settings, "user")).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message: `Cannot switch to "a" in your settings: only \`${PATHS.project}\` has it`,
      hint: "add `--scope project`",
    });
  });
});

describe("throwIfSecond()", () => {
  const of = (user: JsonObject, at: number) => {
    const known = configuration({ settings: { user } });
    const entry = first(known.models.entries, at);
    return problemOf(() => throwIfSecond(known, entry));
  };
  const twins = openai(ONE, { ...ONE, envKey: "K3" });

  test("has nothing against the first, nor against others", () => {
    expect(of(twins, 0)).toBeUndefined();
    expect(of(openai(ONE, TWO), 1)).toBeUndefined();
    expect(of({ modelProviders: { openai: [ONE], gemini: [ONE] } }, 1)).toBeUndefined();
  });

  test("refuses one that another stands before", () => {
    expect(of(twins, 1)).toMatchObject({
      name: "UsageError",
      code: "invalid-value",
      message: expect.stringContaining('Cannot make "a" with `K3` the default'),
      hint: expect.stringMatching(
        /^use it with `--model a@.*`, or move it up in `modelProviders`$/,
      ),
    });
  });
});
