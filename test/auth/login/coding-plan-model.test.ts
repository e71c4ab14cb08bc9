import { describe, expect, test } from "bun:test";
import { plannedModel } from "../../../src/auth/login/apply-login.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { answer, applied, CHINA, type Changes, GLOBAL, KEY } from "./apply-plan.ts";

describe("plannedModel() of the Coding Plan is", () => {
  const plan = (id: string, baseUrl = CHINA) => ({ id, envKey: KEY, baseUrl });
  const other = { id: "glm-5", envKey: "X", baseUrl: "https://x/v1" };
  const file = (openai: readonly object[], model: object): JsonObject => ({
    modelProviders: { openai },
    model,
  });
  type Case = readonly [name: string, JsonObject, Changes, model: string];
  const cases: readonly Case[] = [
    ["the first in an empty file", {}, {}, "qwen3.5-plus"],
    [
      "the one that is asked for",
      file([plan("glm-5")], { name: "glm-5" }),
      { model: "kimi-k2.5" },
      "kimi-k2.5",
    ],
    ["a plan model chosen earlier", file([plan("glm-5")], { name: "glm-5" }), {}, "glm-5"],
    [
      "a plan model chosen earlier in the other region",
      file([plan("glm-5", GLOBAL)], { name: "glm-5" }),
      {},
      "glm-5",
    ],
    [
      "a plan model chosen by its endpoint",
      file([other, plan("glm-5")], { name: "glm-5", baseUrl: CHINA }),
      {},
      "glm-5",
    ],
    [
      "the first where another provider's model was chosen",
      file([other], { name: "glm-5" }),
      {},
      "qwen3.5-plus",
    ],
    [
      "the first where another provider's model of that id was chosen",
      file([other, plan("glm-5")], { name: "glm-5", baseUrl: "https://x/v1" }),
      {},
      "qwen3.5-plus",
    ],
    [
      "the first of the given models where the earlier choice is none of them",
      file([plan("glm-5")], { name: "glm-5" }),
      { models: ["a", "b"] },
      "a",
    ],
  ];
  for (const [name, current, changes, model] of cases) {
    test(name, async () => {
      expect(plannedModel(current, answer(changes))).toBe(model);
      expect((await applied(current, changes)).model).toMatchObject({ name: model });
    });
  }
});

test("applyLogin() writes `model.baseUrl` only where another entry has the same id", async () => {
  const other = { id: "qwen3.5-plus", envKey: "X", baseUrl: "https://x/v1" };
  const stale = { model: { name: "qwen3.5-plus", baseUrl: CHINA } };
  expect((await applied({ modelProviders: { openai: [other] } })).model).toEqual({
    name: "qwen3.5-plus",
    baseUrl: CHINA,
  });
  expect((await applied(stale)).model).toEqual({ name: "qwen3.5-plus" });
});
