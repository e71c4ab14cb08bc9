import { describe, expect, test } from "bun:test";
import { isDeniedName } from "../../src/env/denied-names.ts";

describe("isDeniedName() is", () => {
  const cases: readonly (readonly [expected: boolean, names: readonly string[]])[] = [
    [true, ["BUN_OPTIONS", "BUN_BE_BUN", "NODE_OPTIONS", "NODE_TLS_REJECT_UNAUTHORIZED"]],
    [true, ["LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"]],
    [true, ["PATH", "HOME", "SHELL", "BASH_ENV", "ENV", "PROMPT_COMMAND"]],
    [true, ["GIT_SSH_COMMAND", "GIT_DIR"]],
    [true, ["QWEN_HOME", "QWEN_OFFLINE", "QWEN_TRUST_WORKSPACE", "QWEN_", "QWEN_MODEL_X"]],
    [true, ["GIT_SSL_KEY", "git_ssl_key", "QWEN_CLIENT_KEY"]],
    [true, ["QWEN_KEYS", "GIT_TOKEN_FILE", "NODE_KEY_PATH", "BUN_AUTH_TOKEN", "LD_API_KEY"]],
    [false, ["QWEN_API_KEY", "QWEN_LLM_KEY", "QWEN_TOKEN", "qwen_api_key"]],
    [false, ["GIT_TOKEN", "NODE_LLM_KEY", "NODE_AUTH_TOKEN", "QWEN_CUSTOM_API_KEY"]],
    [true, ["path", "Path", "bun_options", "Ld_Preload", "qwen_home"]],
    [false, ["QWEN_MODEL", "QWEN_CUSTOM_API_KEY_X", "QWEN_CUSTOM_API_KEY_"]],
    [false, ["OPENAI_API_KEY", "DASHSCOPE_API_KEY", "QWENHOME", "GITHUB_TOKEN", "NODEX"]],
    [false, ["MY_PATH", "PATHS", "ENVIRONMENT", "HOMEPAGE", "BUN", "LD", ""]],
    [false, ["__proto__", "constructor", "DEBUG"]],
  ];
  for (const [expected, names] of cases) {
    for (const name of names) {
      test(`${expected} for \`${name}\``, () => {
        expect(isDeniedName(name)).toBe(expected);
      });
    }
  }
});
