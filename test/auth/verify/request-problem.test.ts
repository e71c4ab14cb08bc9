import { describe, expect, test } from "bun:test";
import { describeFailure, requestProblem } from "../../../src/auth/verify/request-problem.ts";
import type { ErrorCode, ExitCode } from "../../../src/errors.ts";
import type { RequestFailure } from "../../../src/http/request-failure.ts";

const ASKED = { doing: 'ask "m"', baseUrl: "https://a.example/v1", keyName: "the key of A_KEY" };

describe("requestProblem()", () => {
  const address = "check the base URL in `qwen auth status`";
  const proxy = `${address}, and \`HTTPS_PROXY\` where there is a proxy`;
  const later = "try again later, or choose another model with `--model`";
  const shorten =
    "shorten it (`/clear` in a session), or choose a model with a larger window with `--model`";
  type Case = readonly [
    failure: RequestFailure,
    exitCode: ExitCode,
    code: ErrorCode,
    why: string,
    hint?: string | undefined,
  ];
  const cases: readonly Case[] = [
    [{ kind: "dns", message: "unknown" }, 5, "unreachable", "a.example: unknown", proxy],
    [{ kind: "refused", message: "refused" }, 5, "unreachable", "a.example: refused", proxy],
    [{ kind: "reset", message: "closed" }, 5, "unreachable", "a.example: closed", undefined],
    [
      { kind: "tls", message: "self-signed" },
      5,
      "tls-failed",
      "a.example: self-signed",
      "give the certificate of your own authority with `--ca-cert FILE` or `QWEN_CA_CERT`",
    ],
    [
      { kind: "proxy", message: "the proxy says no (407)" },
      5,
      "proxy-failed",
      "a.example: the proxy says no (407)",
      "check `HTTPS_PROXY` and `NO_PROXY`, or give another one with `--proxy URL`",
    ],
    [
      { kind: "timeout", message: "no answer within 2 s" },
      5,
      "timeout",
      "a.example: no answer within 2 s",
      "try again, or allow more time with `generationConfig.timeout`",
    ],
    [{ kind: "silent", message: "nothing" }, 5, "timeout", "a.example: nothing", undefined],
    [{ kind: "cut", message: "closed" }, 5, "stream-cut", "a.example: closed", undefined],
    [{ kind: "ended-early", message: "ended" }, 5, "stream-cut", "a.example: ended", undefined],
    [
      { kind: "malformed", message: "no JSON" },
      5,
      "malformed-answer",
      "a.example: no JSON",
      undefined,
    ],
    [
      { kind: "rate-limited", status: 429, message: "slow down" },
      5,
      "rate-limited",
      "a.example takes no more requests for now (429: slow down)",
      later,
    ],
    [
      { kind: "rate-limited", status: 429, message: "slow down", retryAfterMs: 89_001 },
      5,
      "rate-limited",
      "a.example takes no more requests for now, and asks to wait 90 s (429: slow down)",
      later,
    ],
    [
      { kind: "server-error", code: "503", message: "away" },
      5,
      "server-error",
      "a.example has a problem (503: away)",
      undefined,
    ],
    [
      { kind: "rejected", status: 401, message: "Incorrect\n key" },
      4,
      "key-rejected",
      "a.example does not accept the key of A_KEY (401: Incorrect key)",
      "check the key, and set another one with `qwen auth`",
    ],
    [
      { kind: "unknown-model", status: 404, message: "no m" },
      1,
      "unknown-model",
      "a.example does not have this model (404: no m)",
      "run `qwen models --remote` to see which ones there are",
    ],
    [
      { kind: "not-found", status: 404, message: "nothing" },
      1,
      "not-found",
      "there is no such service at https://a.example/v1 (404: nothing)",
      address,
    ],
    [
      { kind: "quota", status: 402, code: "billing", message: "pay" },
      1,
      "quota-exceeded",
      "the account at a.example has nothing left to spend (402: pay)",
      "add credit to the account, or choose another model with `--model`",
    ],
    [
      { kind: "bad-request", status: 400, message: "too long" },
      1,
      "bad-request",
      "a.example does not understand the request (400: too long)",
      undefined,
    ],
    [
      { kind: "forbidden", status: 403, message: "no" },
      1,
      "not-allowed",
      "a.example refuses the request (403: no)",
      undefined,
    ],
    [
      { kind: "not-allowed", status: 403, message: "no", hint: "do this" },
      1,
      "not-allowed",
      "a.example refuses the request (403: no)",
      "do this",
    ],
    [
      { kind: "model-not-allowed", status: 403, message: "no" },
      1,
      "not-allowed",
      "a.example does not allow this model (403: no)",
      "choose another one with `--model`; `qwen models --remote` lists them",
    ],
    [
      { kind: "window", status: 429, message: "hour", says: "the plan's 5-hour quota is used up" },
      1,
      "quota",
      "the plan's 5-hour quota is used up (429: hour)",
      "wait until it refills, or choose another model with `--model` (`/model` in a session)",
    ],
    [
      { kind: "rate-limited", status: 429, message: "no", says: "HOST takes no more today" },
      5,
      "rate-limited",
      "a.example takes no more today (429: no)",
      later,
    ],
    [
      {
        kind: "too-long",
        status: 400,
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 9021 tokens.",
      },
      1,
      "prompt-too-long",
      "the conversation is too long for this model (9,021 of 8,192 tokens)",
      shorten,
    ],
    [
      { kind: "too-long", status: 413, message: "Too large" },
      1,
      "prompt-too-long",
      "the conversation is too long for this model (413: Too large)",
      shorten,
    ],
    [
      { kind: "server-error", status: 500, message: "oops", tries: 4 },
      5,
      "server-error",
      "a.example has a problem (500: oops) (tried 4 times)",
      undefined,
    ],
    [
      { kind: "blocked", code: "SAFETY", message: "blocked" },
      1,
      "prompt-blocked",
      "a.example refused the prompt (SAFETY: blocked)",
      "put it in other words: a filter of the service does not let it through",
    ],
    [
      { kind: "not-an-api", message: "the answer is a web page" },
      1,
      "not-an-api",
      "https://a.example/v1 is not the interface of a model (the answer is a web page)",
      address,
    ],
    [
      { kind: "redirected", status: 307, message: "a redirects to b" },
      1,
      "redirected",
      "a redirects to b",
      "give the address that it redirects to as the base URL, if you trust it",
    ],
  ];
  test.each(cases)("of %j", (failure, exitCode, code, why, hint) => {
    const problem = requestProblem(failure, ASKED);
    expect({
      exitCode: problem.exitCode,
      code: problem.code,
      message: problem.message,
      hint: problem.hint,
    }).toEqual({ exitCode, code, message: `Cannot ask "m": ${why}`, hint });
  });

  test("speaks of /v1 where the base URL of an OpenAI-compatible server has none", () => {
    const failure: RequestFailure = { kind: "not-found", status: 404, message: "no" };
    const baseUrl = "https://a.example";
    expect(requestProblem(failure, { ...ASKED, baseUrl }).hint).toBe(
      `${address}; for OpenAI-compatible servers it mostly ends in /v1`,
    );
    expect(requestProblem(failure, { ...ASKED, baseUrl, protocol: "anthropic" }).hint).toBe(
      address,
    );
  });

  test("offers the models that are known to be there", () => {
    const failure: RequestFailure = { kind: "unknown-model", status: 404, message: "no" };
    const model = { id: "glm-6", known: ["glm-5", "kimi"] };
    const { suggest } = requestProblem(failure, { ...ASKED, model });
    expect(suggest).toEqual({ word: "glm-6", from: ["glm-5", "kimi"] });
  });

  test("names the place where a service of the catalogue shows keys and accounts", () => {
    const baseUrl = "https://api.deepseek.com";
    const rejected = requestProblem({ kind: "rejected", message: "no" }, { ...ASKED, baseUrl });
    const quota = requestProblem({ kind: "quota", message: "no" }, { ...ASKED, baseUrl });
    expect([rejected.hint, quota.hint]).toEqual([
      "check the key at https://platform.deepseek.com/api_keys, and set another one with `qwen auth`",
      "look at the account at https://platform.deepseek.com/api_keys, or choose another model with `--model`",
    ]);
  });

  test("explains plans and regions for a key that Alibaba Cloud rejects", () => {
    const failure: RequestFailure = { kind: "rejected", status: 401, message: "no" };
    const baseUrl = "https://coding.dashscope.aliyuncs.com/v1";
    expect(requestProblem(failure, { ...ASKED, baseUrl }).hint).toBe(
      "run `qwen auth coding-plan --region auto` to find where it works: a key of Alibaba Cloud (sk- or sk-sp-) only does in its own region and for its own plan",
    );
  });
});

test("describeFailure() asks for a key where none was sent", () => {
  const failure: RequestFailure = { kind: "rejected", status: 403, message: "no" };
  const asked = { baseUrl: "http://localhost:8000/v1", keyName: undefined };
  expect(describeFailure(failure, asked)).toBe("localhost:8000 wants a key (403: no)");
});

test("describeFailure() repeats five hundred signs of what a server says, on one line", () => {
  const said = (message: string) =>
    describeFailure({ kind: "bad-request", status: 400, message }, ASKED);
  const most = "x".repeat(500);
  expect(said(most)).toBe(`a.example does not understand the request (400: ${most})`);
  expect(said(`a ${most}`)).toBe("a.example does not understand the request (400: a …)");
  expect(said(" a\n  b\t")).toBe("a.example does not understand the request (400: a b)");
});
