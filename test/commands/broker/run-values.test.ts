import { describe, expect, test } from "bun:test";
import { type RunValues, toRunValues } from "../../../src/commands/broker/run-values.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";
import { problemOf } from "../../support/problem-of.ts";

const NONE: RunValues = {
  anthropicBaseUrl: undefined,
  modelRule: "replace",
  budget: { requests: undefined, tokens: undefined },
  log: undefined,
  recipe: undefined,
  kept: [],
  summary: undefined,
  isDirect: false,
  isDry: false,
};

describe("toRunValues()", () => {
  test.each<[FlagValues, object]>([
    [{}, {}],
    [{ recipe: "codex" }, { recipe: "codex" }],
    [{ keep: ["A", "B"] }, { kept: ["A", "B"] }],
    [{ summary: true }, { summary: true }],
    [{ "no-summary": true }, { summary: false }],
    [{ summary: false, "no-summary": false }, {}],
    [{ "no-broker": true }, { isDirect: true }],
    [{ "dry-run": true }, { isDry: true }],
    [
      { "strict-model": true, log: "l" },
      { modelRule: "refuse", log: "l" },
    ],
  ])("turns %j into %j", (values, expected) => {
    expect(toRunValues(values)).toEqual({ ...NONE, ...expected });
  });

  test("refuses a recipe that is not there, and says which are", () => {
    const work = () => toRunValues({ recipe: "codecs" });
    expect(problemOf(work)).toMatchObject({
      code: "invalid-value",
      message: 'Cannot use the recipe "codecs": it is unknown',
      hint: expect.stringMatching(/^choose one of .*codex/),
    });
    expect(work).toThrow(
      expect.objectContaining({
        suggest: { word: "codecs", from: expect.arrayContaining(["codex"]) },
      }),
    );
  });

  test("refuses to say and not to say", () => {
    expect(problemOf(() => toRunValues({ summary: true, "no-summary": true }))).toMatchObject({
      name: "UsageError",
      message: "Cannot use `--summary` with `--no-summary`",
      hint: "leave one of them out",
    });
  });
});
