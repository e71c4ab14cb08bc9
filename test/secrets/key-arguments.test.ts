import { describe, expect, test } from "bun:test";
import { keyArguments } from "../../src/secrets/key-arguments.ts";

const KEY = "u9Kq-USERSECRET0123456789abcdefghi";
const KNOWN = "sk-0123456789abcdefghij";

describe("keyArguments() finds the key of", () => {
  const cases: readonly (readonly [argv: readonly string[], masked: readonly string[]])[] = [
    [
      ["--openai-api-key", "short"],
      ["--openai-api-key", "***"],
    ],
    [["--openai-api-key=a=b"], ["--openai-api-key=***"]],
    [
      ["auth", "api-key", "--key", KEY, "-q"],
      ["auth", "api-key", "--key", "***", "-q"],
    ],
    [
      ["-k", KEY],
      ["-k", "***"],
    ],
    [[`-k${KEY}`], ["-k***"]],
    [[`-k=${KEY}`], ["-k=***"]],
    [
      ["--api-key", KEY],
      ["--api-key", "***"],
    ],
    [
      ["-p", "Hi", `--api-key=${KEY}`],
      ["-p", "Hi", "--api-key=***"],
    ],
  ];
  for (const [argv, masked] of cases) {
    test(argv.join(" "), () => {
      const found = keyArguments(argv);
      expect(found.masked).toEqual(masked);
      expect(found.keys).toHaveLength(1);
    });
  }
});

describe("keyArguments() suspects a key in", () => {
  const cases: readonly (readonly [argument: string, masked: string])[] = [
    [KEY, "***"],
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
    ["--proxy=user:pass@proxy.test:3128", "--proxy=***@proxy.test:3128"],
    ["--proxy=https://user:p@ss@proxy.test", "--proxy=https://***@proxy.test"],
  ];
  for (const [argument, masked] of cases) {
    test(argument, () => {
      expect(keyArguments([argument]).masked).toEqual([masked]);
    });
  }
});

describe("keyArguments() finds none in", () => {
  const cases: readonly string[] = [
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
      expect(keyArguments([argument])).toEqual({ keys: [], suspects: [], masked: [argument] });
    });
  }
});
