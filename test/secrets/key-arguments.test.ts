import { describe, expect, test } from "bun:test";
import { keyArguments } from "../../src/secrets/key-arguments.ts";

const KEY = "u9Kq-USERSECRET0123456789abcdefghi";
const KNOWN = "sk-0123456789abcdefghij";

describe("keyArguments() hides what a flag calls secret:", () => {
  test.each([
    ["the next word", ["--key", KEY, "-q"], { index: 1, text: KEY }, ["--key", "***", "-q"]],
    ["the end of a word", [`--key=${KEY}`], { index: 0, text: KEY }, ["--key=***"]],
    ["what is short", ["-kab"], { index: 0, text: "ab" }, ["-k***"]],
  ] as const)("%s", (_, argv, { index, text }, masked) => {
    const found = keyArguments(argv, [{ index, text, kind: "whole" }]);
    expect(found).toEqual({ keys: [text], suspects: [], masked });
  });

  test.each([
    ["u:pass@proxy.test:3128", "***@proxy.test:3128"],
    ["https://u:p@ss@proxy.test", "https://***@proxy.test"],
    ["proxy.test:3128", "proxy.test:3128"],
  ])("the user of %s", (text, masked) => {
    const argv = [`--proxy=${text}`, "--proxy", text];
    const secrets = [
      { index: 0, text, kind: "user" },
      { index: 2, text, kind: "user" },
    ] as const;
    expect(keyArguments(argv, secrets).masked).toEqual([`--proxy=${masked}`, "--proxy", masked]);
  });
});

describe("keyArguments() suspects a key in", () => {
  const cases: readonly (readonly [argument: string, masked: string])[] = [
    [KEY, "***"],
    ["sk-0123456789abc", "***"],
    [`--${KEY}`, "--***"],
    [`--provider=${KEY}`, "--provider=***"],
    [`-m${KNOWN}`, "-m***"],
    [`glm-5,${KEY},m`, "glm-5,***,m"],
    [`${KEY}.${KEY}`, "***.***"],
    [`openai/${KEY}`, "openai/***"],
    [`/w/${KNOWN}/file`, "/w/***/file"],
    [`https://h.test/${KNOWN}/v1`, "https://h.test/***/v1"],
    [`--openai-base-url=https://h.test/?key=${KNOWN}`, "--openai-base-url=https://h.test/?key=***"],
    ["http://user:pass@proxy.test:3128", "http://***@proxy.test:3128"],
  ];
  for (const [argument, masked] of cases) {
    test(argument, () => {
      expect(keyArguments([argument], []).masked).toEqual([masked]);
    });
  }
});

describe("keyArguments() finds none in", () => {
  const cases: readonly string[] = [
    "sk-0123456789ab",
    "deepseek-ai/DeepSeek-V4-Flash-Instruct-2026",
    "claude-3-5-sonnet-20241022",
    "https://gateway.test/v1/0123456789abcdef0123456789abcdef/gw/openai",
    "https://0123456789abcdef0123456789abcdef.openai.test/v1",
    "--openai-base-url=https://0123456789abcdef0123456789abcdef.openai.test/v1",
    "/nix/store/0123456789abcdef0123456789abcdef-qwen/bin",
    "../0123456789abcdef0123456789abcdef",
    `What is ${KEY}?`,
    "--key-stdin",
    "",
  ];
  for (const argument of cases) {
    test(argument, () => {
      expect(keyArguments([argument], [])).toEqual({ keys: [], suspects: [], masked: [argument] });
    });
  }
});
