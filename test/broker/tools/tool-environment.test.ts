import { describe, expect, test } from "bun:test";
import { toolEnvironment } from "../../../src/broker/tools/tool-environment.ts";

const GIVEN = {
  keyNames: ["MY_KEY", "DASHSCOPE_API_KEY"],
  variables: {
    OPENAI_BASE_URL: "http://127.0.0.1:1/openai/v1",
    OPENAI_API_KEY: "T",
    UNUSED: undefined,
  },
  token: "T",
  key: "sk-real-0123456789",
  kept: [],
  url: "http://127.0.0.1:1",
};

function environment(env: Record<string, string>, more: Partial<typeof GIVEN> = {}) {
  return toolEnvironment({ ...GIVEN, env, ...more });
}

describe("toolEnvironment()", () => {
  test.each([
    "MY_KEY",
    "MY_KEY_FILE",
    "DASHSCOPE_API_KEY",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_CUSTOM_HEADERS",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CODEX_API_KEY",
    "GOOGLE_API_KEY",
    "QWEN_OPENAI_API_KEY",
    "QWEN_CUSTOM_API_KEY_X",
    "BUN_CONFIG_VERBOSE_FETCH",
    "BUN_OPTIONS",
  ])("takes %s out, and says so", (name) => {
    const { env, removed } = environment({ [name]: "x", HOME: "/h" });
    expect([env[name], removed, env.HOME]).toEqual([undefined, [name], "/h"]);
  });

  test("takes out the key under any name, also as a part of a value", () => {
    const { removed } = environment({
      A: "sk-real-0123456789",
      B: "Bearer sk-real-0123456789",
      C: "c",
    });
    expect(removed).toEqual(["A", "B"]);
  });

  test("keeps what --keep names", () => {
    const { env, removed } = environment(
      { ANTHROPIC_API_KEY: "x" },
      { kept: ["ANTHROPIC_API_KEY"] as never[] },
    );
    expect([env.ANTHROPIC_API_KEY, removed]).toEqual(["x", []]);
  });

  test("sets what the recipe sets, and does not call that removed", () => {
    const { env, set, removed } = environment({
      OPENAI_API_KEY: "sk-other",
      OPENAI_BASE_URL: "https://x",
    });
    expect(env.OPENAI_API_KEY).toBe("T");
    expect(env.OPENAI_BASE_URL).toBe("http://127.0.0.1:1/openai/v1");
    expect("UNUSED" in env).toBe(false);
    expect(set).toEqual([
      "AUTH_RUN_API_KEY",
      "NO_PROXY",
      "OPENAI_API_KEY",
      "OPENAI_BASE_URL",
      "QWEN_RUN",
      "QWEN_RUN_URL",
      "no_proxy",
    ]);
    expect(removed).toEqual([]);
  });

  test("takes this machine out of every proxy", () => {
    const { env } = environment({ HTTPS_PROXY: "http://p:1", NO_PROXY: ".corp", no_proxy: "" });
    expect([env.HTTPS_PROXY, env.NO_PROXY, env.no_proxy]).toEqual([
      "http://p:1",
      ".corp,127.0.0.1,localhost,::1",
      "127.0.0.1,localhost,::1",
    ]);
  });

  test("without a broker no proxy is changed, and nobody is told of a run", () => {
    const { env } = environment({ NO_PROXY: "x" }, { url: undefined as never });
    expect([env.NO_PROXY, env.QWEN_RUN, env.QWEN_RUN_URL]).toEqual(["x", undefined, undefined]);
  });
});
