import { describe, expect, test } from "bun:test";
import {
  ENTRY_SPELLING,
  fileSlips,
  GENERATION_SPELLING,
  slipsOf,
  topSlips,
} from "../../src/settings/misspelt.ts";

describe("slipsOf() an entry finds", () => {
  test.each([
    ["baseURL", "baseUrl"],
    ["base_url", "baseUrl"],
    ["baseurl", "baseUrl"],
    ["bseUrl", "baseUrl"],
    ["basUl", "baseUrl"],
    ["env_key", "envKey"],
    ["envKye", "envKey"],
    ["customHeaders", "generationConfig.customHeaders"],
    ["timeout", "generationConfig.timeout"],
    ["Id", "id"],
    ["nam", "name"],
  ])("%s for %s", (field, meant) => {
    expect(slipsOf({ [field]: 1 }, ENTRY_SPELLING)).toEqual([{ field, meant }]);
  });

  test.each([
    "baseUrl",
    "envKey",
    "capabilities",
    "xyz",
    "basexyz",
    "ix",
    "na",
    "nameOfAll",
    "",
    "toString",
  ])("nothing in %j", (field) => {
    expect(slipsOf({ [field]: 1 }, ENTRY_SPELLING)).toEqual([]);
  });
});

test("slipsOf() finds every slip, in order, and no field of Qwen Code's alone", () => {
  const config = { modalities: {}, timeot: 1, enableCacheControl: true, max_retries: 2 };
  expect(slipsOf(config, GENERATION_SPELLING)).toEqual([
    { field: "timeot", meant: "timeout" },
    { field: "max_retries", meant: "maxRetries" },
  ]);
});

test("fileSlips() and topSlips() look where settings stand", () => {
  const file = {
    modelproviders: {},
    security: { auth: { selectedtype: "openai" } },
    model: { nam: "m" },
  };
  expect(topSlips(file)).toEqual([{ field: "modelproviders", meant: "modelProviders" }]);
  expect(fileSlips(file)).toEqual([
    { path: [], slip: { field: "modelproviders", meant: "modelProviders" } },
    { path: ["security", "auth"], slip: { field: "selectedtype", meant: "selectedType" } },
    { path: ["model"], slip: { field: "nam", meant: "name" } },
  ]);
  expect(fileSlips({ security: "none", model: [] })).toEqual([]);
});
