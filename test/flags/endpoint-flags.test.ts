import { describe, expect, test } from "bun:test";
import {
  checkedBaseUrl,
  chosenEndpoint,
  isAutoRegion,
  offeredRegions,
  providerNamed,
} from "../../src/flags/endpoint-flags.ts";
import { problemOf } from "../support/problem-of.ts";

const CHINA = "https://api.moonshot.cn/v1";
const GLOBAL = "https://api.moonshot.ai/v1";

/** What `--provider`, `--region` and `--base-url` choose. */
const choose = (provider: string, region?: string, baseUrl?: string) =>
  chosenEndpoint(providerNamed(provider), { region, baseUrl });

test.each([
  ["auto", true],
  [" AUTO ", true],
  ["automatic", false],
  ["", false],
  [undefined, false],
])("isAutoRegion(%p) is %p", (region, expected) => {
  expect(isAutoRegion(region)).toBe(expected);
});

test.each([
  ["deepseek", []],
  ["azure", []],
  ["moonshot", ["global", "china", "auto"]],
  ["modelstudio", ["cn-beijing", "sg-singapore", "us-virginia", "cn-hongkong", "auto"]],
])("offeredRegions() of %s are %j", (provider, expected) => {
  expect(offeredRegions(providerNamed(provider))).toEqual(expected);
});

test("offeredRegions() of one region is that, with nothing to choose", () => {
  const endpoints = [{ region: "china", baseUrl: CHINA }];
  expect(offeredRegions({ endpoints })).toEqual(["china"]);
});

describe("providerNamed()", () => {
  test.each([
    ["deepseek", "deepseek"],
    [" Claude ", "anthropic"],
  ])("%p is %s", (name, id) => {
    expect(providerNamed(name).id).toBe(id);
  });

  test("tells which there are, and hands on what may have been meant", () => {
    const problem = problemOf(() => providerNamed("depseek"));
    expect(problem).toMatchObject({
      name: "UsageError",
      code: "invalid-value",
      message: 'Cannot use the provider "depseek": it is unknown',
      hint: expect.stringMatching(
        /^choose one of coding-plan, .*, deepseek, .*; any other endpoint takes `--base-url`$/,
      ),
    });
    expect(() => providerNamed("depseek")).toThrow(
      expect.objectContaining({
        suggest: { word: "depseek", from: expect.arrayContaining(["deepseek", "claude"]) },
      }),
    );
  });
});

describe("chosenEndpoint()", () => {
  test.each([
    ["deepseek", undefined, undefined, undefined],
    ["moonshot", "auto", undefined, undefined],
    ["moonshot", " China", undefined, CHINA],
    ["moonshot", "cn", undefined, CHINA],
    ["moonshot", undefined, `${CHINA}/`, CHINA],
    ["moonshot", "global", GLOBAL, GLOBAL],
    ["ollama", undefined, "http://gpu:11434/v1", "http://gpu:11434/v1"],
    ["azure", undefined, "https://x.openai.azure.com", "https://x.openai.azure.com/openai/v1"],
    [
      "modelstudio",
      undefined,
      "https://ws-1.maas.aliyuncs.com/compatible-mode/v1",
      "https://ws-1.maas.aliyuncs.com/compatible-mode/v1",
    ],
  ])("%s with --region %p and --base-url %p is %p", (provider, region, baseUrl, expected) => {
    expect(choose(provider, region, baseUrl)?.baseUrl).toBe(expected);
  });

  const noRegions = ["it has no regions", "leave `--region` out"] as const;
  type Case = readonly [
    provider: string,
    region: string | undefined,
    baseUrl: string | undefined,
    message: string,
    hint: string,
  ];
  const cases: readonly Case[] = [
    [
      "deepseek",
      "china",
      undefined,
      `Cannot use \`--region\` with DeepSeek: ${noRegions[0]}`,
      noRegions[1],
    ],
    [
      "deepseek",
      "auto",
      undefined,
      `Cannot use \`--region\` with DeepSeek: ${noRegions[0]}`,
      noRegions[1],
    ],
    [
      "azure",
      "auto",
      undefined,
      `Cannot use \`--region\` with Azure OpenAI: ${noRegions[0]}`,
      noRegions[1],
    ],
    [
      "moonshot",
      "mars",
      undefined,
      'Cannot use the region "mars": it is unknown',
      "choose global (intl, international) or china (cn)",
    ],
    [
      "moonshot",
      "global",
      CHINA,
      "Cannot use `--region global` with `--base-url`: that endpoint is the one of china",
      "leave one of the two out",
    ],
    [
      "modelstudio",
      "hk",
      "https://ws-1.maas.aliyuncs.com/compatible-mode/v1",
      "Cannot use `--region cn-hongkong` with `--base-url`: that endpoint is another one",
      "leave one of the two out",
    ],
    [
      "moonshot",
      "auto",
      CHINA,
      "Cannot use `--region auto` with `--base-url`: that names the endpoint",
      "leave one of the two out",
    ],
    [
      "moonshot",
      undefined,
      "https://api.moonshot.example/v1",
      'Cannot use "https://api.moonshot.example/v1": it is no endpoint of Moonshot Kimi',
      `choose ${GLOBAL} or ${CHINA}`,
    ],
    [
      "modelstudio",
      undefined,
      "http://ws-1.maas.aliyuncs.com/compatible-mode/v1",
      'Cannot use "http://ws-1.maas.aliyuncs.com/compatible-mode/v1": it is no endpoint of Alibaba Cloud ModelStudio Standard API Key',
      expect.stringContaining("choose https://dashscope.aliyuncs.com/compatible-mode/v1 or "),
    ],
  ];
  test.each(cases)("refuses %s with --region %p and --base-url %p", (...given) => {
    const [provider, region, baseUrl, message, hint] = given;
    expect(problemOf(() => choose(provider, region, baseUrl))).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message,
      hint,
    });
  });

  test("hands on which region may have been meant", () => {
    expect(() => choose("moonshot", "chine")).toThrow(
      expect.objectContaining({
        suggest: { word: "chine", from: ["global", "intl", "international", "china", "cn"] },
      }),
    );
  });
});

describe("checkedBaseUrl()", () => {
  test.each([
    [" https://HOST.example/v1/ ", "https://host.example/v1"],
    ["https://x.openai.azure.com/", "https://x.openai.azure.com/openai/v1"],
    ["http://localhost:1234/v1", "http://localhost:1234/v1"],
  ])("writes %p as %p", (text, expected) => {
    expect(checkedBaseUrl(text)).toBe(expected);
  });

  test.each([
    ["host.example/v1", "https://host.example/v1"],
    ["host.example:8000/v1", "https://host.example/v1"],
    ["localhost:8000/v1", "http://localhost:8000/v1"],
    [" 192.168.1.2:8000 ", "http://192.168.1.2:8000"],
    ["localhost/v1", "https://host.example/v1"],
    ["localhost:8000/v1?a", "https://host.example/v1"],
    ["https://x.openai.azure.com/chat/completions", "https://NAME.openai.azure.com/openai/v1"],
    ["", "https://host.example/v1"],
  ])("tells who writes %p to write %p", (text, like) => {
    expect(problemOf(() => checkedBaseUrl(text))).toMatchObject({
      name: "UsageError",
      code: "invalid-value",
      message: expect.stringMatching(/^Cannot use the value of `--base-url`: it /),
      hint: `write it like \`--base-url ${like}\``,
    });
  });

  test("repeats no password", () => {
    const problem = problemOf(() => checkedBaseUrl("https://me:hunter2@host.example/v1"));
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });
});
