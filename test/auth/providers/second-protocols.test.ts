import { describe, expect, test } from "bun:test";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";

const rows = PROVIDERS.flatMap(({ id, endpoints }) =>
  endpoints.flatMap(({ baseUrl, anthropic, responses }) => [
    ...(anthropic === undefined ? [] : [[id, baseUrl, anthropic.baseUrl] as const]),
    ...(typeof responses === "object" ? [[id, baseUrl, responses.baseUrl] as const] : []),
  ]),
);

describe("a second protocol of a provider", () => {
  test.each(rows)("%s: the key of %s stays on the same site at %s", (_, baseUrl, second) => {
    const [one, other] = [new URL(baseUrl), new URL(second)];
    expect([other.protocol, other.host]).toEqual([one.protocol, one.host]);
    expect(second).not.toMatch(/\/$|\/v1$|\/messages$|[?#]/);
  });

  test("is there for the plans that tools are run with", () => {
    const withAnthropic = PROVIDERS.filter(({ endpoints }) =>
      endpoints.some(({ anthropic }) => anthropic !== undefined),
    ).map(({ id }) => id);
    expect(withAnthropic).toEqual([
      "coding-plan",
      "token-plan",
      "modelstudio",
      "openrouter",
      "fireworks",
      "deepseek",
      "moonshot",
      "zai",
      "minimax",
      "requesty",
      "ark",
      "ollama",
      "lmstudio",
      "litellm",
    ]);
  });

  test("Responses are claimed of nobody whose pages do not have them", () => {
    const without = PROVIDERS.filter(
      ({ protocol, endpoints }) =>
        protocol === "openai" &&
        endpoints.length > 0 &&
        endpoints.every(({ responses }) => responses === undefined),
    ).map(({ id }) => id);
    expect(without).toEqual([
      ...["coding-plan", "token-plan", "modelscope", "zai"],
      ...["mistral", "cerebras", "siliconflow", "hunyuan", "together", "nvidia", "github-models"],
      ...["vllm", "llamacpp"],
    ]);
  });
});
