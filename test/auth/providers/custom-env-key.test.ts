import { expect, test } from "bun:test";
import { customEnvKey } from "../../../src/auth/providers/custom-env-key.ts";
import { isDeniedName } from "../../../src/env/denied-names.ts";
import { fixture } from "../login/apply-plan.ts";

test("customEnvKey() is the name that Qwen Code gives", () => {
  const name = customEnvKey("openai", "http://127.0.0.1:9/v1");
  expect(name).toBe("QWEN_CUSTOM_API_KEY_OPENAI_HTTP_127_0_0_1_9_V1_6244AC6CE01B");
  expect(fixture("qwen-code-0.24.4-custom-provider.json")).toContain(name);
});

test("customEnvKey() does not depend on a trailing slash", () => {
  expect(customEnvKey("openai", "https://a.example/v1//")).toBe(
    customEnvKey("openai", "https://a.example/v1"),
  );
});

test("customEnvKey() tells protocols and endpoints apart that read alike", () => {
  const names = [
    customEnvKey("openai", "https://a.example/v1"),
    customEnvKey("anthropic", "https://a.example/v1"),
    customEnvKey("openai", "https://a-example/v1"),
    customEnvKey("openai", "https://a.example/v1?x"),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[A-Z_][A-Z0-9_]*$/.test(name) || isDeniedName(name))).toEqual(
    [],
  );
});
