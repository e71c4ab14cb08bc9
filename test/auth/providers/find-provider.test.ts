import { describe, expect, test } from "bun:test";
import { CODING_PLAN, MODELSTUDIO } from "../../../src/auth/providers/alibaba-providers.ts";
import {
  findEndpoint,
  findProvider,
  findRegion,
  providerNames,
  regionChoices,
} from "../../../src/auth/providers/find-provider.ts";
import { CHINA, GLOBAL } from "../login/apply-plan.ts";

describe("findProvider() takes", () => {
  test.each([
    ["deepseek", "deepseek"],
    ["DeepSeek", "deepseek"],
    [" openai ", "openai"],
    ["dashscope", "modelstudio"],
    ["grok", "xai"],
    ["google", "gemini"],
    ["coding-plan", "coding-plan"],
    ["ollama", "ollama"],
  ])("%p for %s", (name, id) => {
    expect(findProvider(name)?.id).toBe(id);
  });

  test.each(["", "bogus", "open ai", "constructor", "__proto__"])("%p for nothing", (name) => {
    expect(findProvider(name)).toBeUndefined();
  });

  test("every name that it says it takes, each for one provider", () => {
    const names = providerNames();
    expect(names).toEqual([...new Set(names)]);
    expect(names.filter((name) => findProvider(name) === undefined)).toEqual([]);
  });
});

describe("findRegion() takes", () => {
  test.each([
    ["china", CHINA],
    ["CN", CHINA],
    ["Beijing", CHINA],
    ["global", GLOBAL],
    ["INTL", GLOBAL],
    ["international", GLOBAL],
    ["singapore", GLOBAL],
  ])("%p of the Coding Plan for %s", (name, baseUrl) => {
    expect<string | undefined>(findRegion(CODING_PLAN, name)?.baseUrl).toBe(baseUrl);
  });

  test.each(["", "mars", "us", "china2", "constructor", "toString", "undefined"])(
    "%p for nothing",
    (name) => {
      expect(findRegion(CODING_PLAN, name)).toBeUndefined();
      expect(findRegion({ endpoints: [{ baseUrl: "https://a" }] }, name)).toBeUndefined();
    },
  );

  test("each name of a provider's regions once", () => {
    for (const { endpoints } of [CODING_PLAN, MODELSTUDIO]) {
      const names = endpoints.flatMap(({ region, aliases }) => [region, ...(aliases ?? [])]);
      expect(names).toEqual([...new Set(names)]);
    }
  });
});

test("regionChoices() lists every name", () => {
  expect(regionChoices(CODING_PLAN)).toBe(
    "china (cn, beijing) or global (intl, international, singapore)",
  );
  expect(
    regionChoices({
      endpoints: [
        { region: "a", baseUrl: "" },
        { region: "b", baseUrl: "" },
        { region: "c", baseUrl: "" },
      ],
    }),
  ).toBe("a, b or c");
});

test("findEndpoint() knows an endpoint, a trailing slash aside", () => {
  const regions = [CHINA, `${CHINA}/`, GLOBAL].map((url) => findEndpoint(CODING_PLAN, url)?.region);
  expect(regions).toEqual(["china", "china", "global"]);
  for (const url of ["", "http://coding.dashscope.aliyuncs.com/v1", `${CHINA}/x`, "https://a"]) {
    expect(findEndpoint(CODING_PLAN, url)).toBeUndefined();
  }
});
