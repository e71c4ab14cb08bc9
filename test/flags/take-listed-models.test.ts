import { describe, expect, test } from "bun:test";
import type { Login } from "../../src/auth/login/login.ts";
import { UNCHECKED, type Verification } from "../../src/auth/verify/verification.ts";
import { takeListedModels } from "../../src/flags/take-listed-models.ts";
import { problemOf } from "../support/problem-of.ts";

const LOGIN: Login = {
  provider: undefined,
  region: undefined,
  protocol: "openai",
  baseUrl: "https://host.example/v1",
  envKey: "A_KEY",
  key: "sk-1",
  store: "settings",
  models: [],
  model: undefined,
  label: undefined,
};

function verified(...ids: readonly string[]): Verification {
  const models = ids.map((id) => ({ id }));
  return { state: "ok", checkedAt: "2026-01-01T00:00:00.000Z", detail: "", models };
}

const hundred = Array.from({ length: 100 }, (_, at) => `m${at}`);

describe("takeListedModels()", () => {
  test.each([
    [["a"], ["a"]],
    [
      ["text-embedding-3", "b", "a"],
      ["b", "a"],
    ],
    [["a b", "c"], ["c"]],
    [hundred, hundred],
    [[...hundred, "whisper-1"], hundred],
  ])("takes of %j those that can be talked to, the first as the default", (listed, models) => {
    expect(takeListedModels(LOGIN, verified(...listed))).toEqual({
      ...LOGIN,
      models,
      model: models[0],
    });
  });

  const none = "give `--model ID`";
  const unlisted: Verification = { state: "ok", checkedAt: "", detail: "" };
  test.each<[Verification, string, string]>([
    [UNCHECKED, "none", none],
    [unlisted, "none", none],
    [verified(), "none", none],
    [verified("whisper-1"), "none", none],
    [verified(...hundred, "a"), "101", "give `--model ID`, such as `--model m0`"],
  ])("refuses %j", (verification, count, hint) => {
    expect(problemOf(() => takeListedModels(LOGIN, verification))).toEqual({
      name: "UsageError",
      code: "missing-input",
      message: `Cannot choose a model: none was given, and host.example lists ${count}`,
      hint,
    });
  });
});
