import { describe, expect, test } from "bun:test";
import { apiKeyCommand } from "../../../src/commands/auth/api-key.ts";
import { UsageError } from "../../../src/errors.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";
import { toGlobals } from "../../../src/flags/global-flags.ts";

const GLOBALS = toGlobals({});

function options(values: FlagValues) {
  return apiKeyCommand.toOptions(values, GLOBALS);
}

describe("apiKeyCommand.toOptions()", () => {
  test.each<[FlagValues, object]>([
    [{}, { provider: undefined, endpoint: undefined, protocol: undefined, noKey: false }],
    [{ provider: "DeepSeek" }, { provider: { id: "deepseek" }, protocol: "openai" }],
    [{ provider: "claude" }, { provider: { id: "anthropic" }, protocol: "anthropic" }],
    [{ provider: "modelstudio", region: "Singapore" }, { endpoint: { region: "sg-singapore" } }],
    [
      { provider: "moonshot", "base-url": "https://api.moonshot.cn/v1/" },
      { endpoint: { region: "china" } },
    ],
    [
      { provider: "ollama", "base-url": "http://gpu:11434/v1" },
      { endpoint: { baseUrl: "http://gpu:11434/v1" } },
    ],
    [
      { provider: "azure", "base-url": "https://x.openai.azure.com/openai/v1" },
      { endpoint: { baseUrl: "https://x.openai.azure.com/openai/v1" } },
    ],
    [
      { "base-url": " http://vllm:8000/v1/ ", "no-key": true, model: ["m"] },
      { provider: undefined, endpoint: { baseUrl: "http://vllm:8000/v1" }, noKey: true },
    ],
    [{ "base-url": "https://a/v1", protocol: "Gemini" }, { protocol: "gemini" }],
    [{ model: ["a", "b", "a"] }, { models: ["a", "b"] }],
    [{ "env-key": "MY_KEY" }, { envKey: "MY_KEY" }],
    [{ "env-key": "QWEN_CUSTOM_API_KEY_X" }, { envKey: "QWEN_CUSTOM_API_KEY_X" }],
    [{ name: " Our vLLM " }, { label: "Our vLLM" }],
    [
      { store: "env-file", scope: "project" },
      { store: "env-file", scope: "project" },
    ],
  ])("turns %j into %j", (values, expected) => {
    expect(options(values)).toMatchObject(expected);
  });

  test.each<[FlagValues, string]>([
    [
      { provider: "deepseek", model: ["auto"], "no-verify": true },
      "Cannot use `--model auto` with `--no-verify`: it asks the service",
    ],
    [{ provider: "bogus" }, 'Cannot use the provider "bogus": it is unknown'],
    [{ provider: "deepseek", region: "mars" }, "it has no regions"],
    [{ provider: "modelstudio", region: "mars" }, 'Cannot use the region "mars": it is unknown'],
    [{ region: "china" }, "regions belong to a provider"],
    [{ provider: "deepseek", "base-url": "https://x/v1" }, "it is no endpoint of DeepSeek"],
    [
      { provider: "moonshot", region: "global", "base-url": "https://api.moonshot.cn/v1" },
      "that endpoint is the one of china",
    ],
    [{ "base-url": "vllm:8000/v1" }, "it must begin with https:// or http://"],
    [{ "base-url": "host.example/v1" }, "it is not a URL"],
    [{ "base-url": "ftp://host/v1" }, "it must begin with https:// or http://"],
    [{ "base-url": "https://user:secret@host/v1" }, "it must not contain a user name or password"],
    [{ "base-url": "" }, "it is not a URL"],
    [{ "base-url": "https://host/v1/chat/completions" }, "it must end before `/chat/completions`"],
    [{ "base-url": "https://host/v1/messages/" }, "it must end before `/messages`, which"],
    [{ protocol: "smtp" }, 'Cannot use the protocol "smtp": it is unknown'],
    [{ provider: "anthropic", protocol: "openai" }, "Anthropic speaks anthropic"],
    [{ model: [] }, "it names no model"],
    [{ model: ["a b"] }, 'the id "a b" contains white space'],
    [{ "env-key": "1KEY" }, "it is not the name of a variable"],
    [{ "env-key": "sk-secret-value" }, "it is not the name of a variable"],
    [{ "env-key": "NODE_OPTIONS" }, "Cannot keep a key in the variable `NODE_OPTIONS`"],
    [{ "env-key": "path" }, "Cannot keep a key in the variable `path`"],
    [{ "env-key": "OPENAI_BASE_URL" }, "it is reserved"],
    [{ "env-key": "QWEN_MODEL" }, "it is reserved"],
    [{ name: " " }, "Cannot use the value of `--name`"],
    [{ name: "a]b" }, "Cannot use the value of `--name`"],
    [{ name: "x", provider: "openai" }, "Cannot use `--name` with OpenAI"],
    [{ "no-key": true, key: "sk-1234567890" }, "Cannot use `--no-key` together with a key"],
    [{ "no-key": true, "env-key": "A_KEY" }, "Cannot use `--no-key` together with `--env-key`"],
    [{ "no-key": true, provider: "openai" }, "Cannot use `--no-key` with OpenAI: it wants a key"],
    [{ store: "cloud" }, 'Cannot use the store "cloud": it is unknown'],
    [{ scope: "world" }, 'Cannot use the scope "world": it is unknown'],
  ])("refuses %j", (values, message) => {
    expect(() => options(values)).toThrow(UsageError);
    expect(() => options(values)).toThrow(message);
  });

  test("repeats neither a password nor what could be a key", () => {
    for (const values of [
      { "base-url": "https://user:secret@host/v1" },
      { "env-key": "sk-secret" },
    ]) {
      expect(() => options(values)).not.toThrow("secret");
    }
  });
});
