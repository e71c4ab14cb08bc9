import { expect, test } from "bun:test";
import {
  modelsOf,
  PLAN_MODELS,
  PLAN_REGIONS,
  PROVIDER_IDS,
  regionsOf,
} from "../../../src/flags/auth/provider-offers.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";

test.each<[FlagValues, regions: readonly string[], models: readonly string[]]>([
  [{}, [], []],
  [{ provider: "nobody" }, [], []],
  [{ provider: true }, [], []],
  [{ provider: "deepseek" }, [], ["deepseek-v4-pro", "deepseek-v4-flash"]],
  [{ provider: "Kimi" }, ["global", "china", "auto"], ["kimi-k3", "kimi-k2.6"]],
])("behind %j completion offers %j and %j", (given, regions, models) => {
  expect([regionsOf(given), modelsOf(given)]).toEqual([regions, models]);
});

test("of the plan it offers regions and models at once", () => {
  expect(PLAN_REGIONS).toEqual(["china", "global", "auto"]);
  expect(PLAN_MODELS.slice(0, 2)).toEqual(["qwen3.5-plus", "qwen3.6-plus"]);
  expect(PROVIDER_IDS.slice(0, 2)).toEqual(["coding-plan", "token-plan"]);
});
