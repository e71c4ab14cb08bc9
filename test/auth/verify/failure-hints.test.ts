import { describe, expect, test } from "bun:test";
import { failureHint, rejectedHint } from "../../../src/auth/verify/failure-hints.ts";
import type { FailureKind, RequestFailure } from "../../../src/http/request-failure.ts";

const HERE = "https://a.example/v1";
const DEEPSEEK = "https://api.deepseek.com";
const CODING = "https://coding.dashscope.aliyuncs.com/v1";
const CHECK = "check the base URL in `qwen auth status`";
const VIA = { name: "HTTPS_PROXY", proxy: "http://p:1" };

function hint(kind: FailureKind, more: Partial<RequestFailure> = {}, baseUrl = HERE) {
  return failureHint({ kind, message: "", ...more }, { baseUrl });
}

describe("failureHint() of", () => {
  test.each<[FailureKind, string | undefined]>([
    ["dns", `${CHECK}, and \`HTTPS_PROXY\` where there is a proxy`],
    ["refused", `${CHECK}, and \`HTTPS_PROXY\` where there is a proxy`],
    ["tls", "give the certificate of your own authority with `--ca-cert FILE` or `QWEN_CA_CERT`"],
    ["proxy", "check `HTTPS_PROXY` and `NO_PROXY`, or give another one with `--proxy URL`"],
    ["server-error", undefined],
    ["forbidden", undefined],
    ["not-allowed", undefined],
    ["timeout", "try again, or allow more time with `generationConfig.timeout`"],
    ["unknown-model", "run `qwen models --remote` to see which ones there are"],
    ["model-not-allowed", "choose another one with `--model`; `qwen models --remote` lists them"],
    ["quota", "add credit to the account, or choose another model with `--model`"],
    [
      "window",
      "wait until it refills, or choose another model with `--model` (`/model` in a session)",
    ],
    ["rate-limited", "try again later, or choose another model with `--model`"],
    ["blocked", "put it in other words: a filter of the service does not let it through"],
    [
      "too-long",
      "shorten it (`/clear` in a session), or choose a model with a larger window with `--model`",
    ],
    ["not-found", CHECK],
    ["not-an-api", CHECK],
    ["bad-request", undefined],
    ["redirected", "give the address that it redirects to as the base URL, if you trust it"],
    ["reset", undefined],
    ["cut", undefined],
  ])("%s", (kind, expected) => {
    expect(hint(kind)).toBe(expected as never);
  });

  test.each([
    [
      "it wants a client certificate",
      "give it with `--client-cert FILE` and `--client-key FILE`, or `QWEN_CLIENT_CERT` and `QWEN_CLIENT_KEY`",
    ],
    ["it speaks HTTP/2 alone", CHECK],
    ["it does not speak TLS", CHECK],
    ["there is no TLS", CHECK],
  ])("TLS where %s", (message, expected) => {
    expect(hint("tls", { message })).toBe(expected);
  });

  test.each(["proxy", "server-error", "forbidden", "not-allowed"] as const)(
    "%s by way of a proxy, nearby or not",
    (kind) => {
      const via = VIA;
      expect(hint(kind, { via })).toBe(
        "check the proxy of `HTTPS_PROXY`, or name a.example in `NO_PROXY`",
      );
      expect(hint(kind, { via }, "http://10.0.0.1:8000/v1")).toBe(
        "name 10.0.0.1 in `NO_PROXY`, so that the proxy of `HTTPS_PROXY` is left out",
      );
    },
  );

  test("a field that a service does not take", () => {
    expect(hint("bad-request", { refusedField: "max_tokens" })).toBe(
      "take `max_tokens` out of `samplingParams` and `extra_body`",
    );
  });

  test.each([
    ["https://a.example", "openai", true],
    ["https://a.example/api", "openai", true],
    ["https://a.example/api", undefined, true],
    ["https://a.example/v1", "openai", false],
    ["https://a.example/v1beta/x", "openai", false],
    ["https://a.example", "anthropic", false],
    ["https://a.example", "gemini", false],
  ] as const)("a path that is not there at %s, %s", (baseUrl, protocol, isEnd) => {
    const end = isEnd ? "; for OpenAI-compatible servers it mostly ends in /v1" : "";
    expect(failureHint({ kind: "not-found", message: "" }, { baseUrl, protocol })).toBe(
      CHECK + end,
    );
  });

  test("quota at a service whose console is known", () => {
    expect(hint("quota", {}, DEEPSEEK)).toBe(
      "look at the account at https://platform.deepseek.com/api_keys, or choose another model with `--model`",
    );
    expect(hint("quota", {}, CODING)).toStartWith(
      "look at the account at https://bailian.console.aliyun.com/cn-beijing?tab=coding-plan",
    );
  });
});

test.each([
  [HERE, "check the key, and set another one with `qwen auth`"],
  ["no url", "check the key, and set another one with `qwen auth`"],
  [
    DEEPSEEK,
    "check the key at https://platform.deepseek.com/api_keys, and set another one with `qwen auth`",
  ],
  [
    CODING,
    "run `qwen auth coding-plan --region auto` to find where it works: a key of Alibaba Cloud (sk- or sk-sp-) only does in its own region and for its own plan",
  ],
])("rejectedHint() at %s", (baseUrl, expected) => {
  expect(rejectedHint(baseUrl)).toBe(expected);
  expect(hint("rejected", {}, baseUrl)).toBe(expected);
});
