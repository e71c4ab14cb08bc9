import { describe, expect, test } from "bun:test";
import { refusal, refusalResponse } from "../../src/broker/refusal.ts";

const text = "qwen auth run: no";

async function told(status: number, mount: Parameters<typeof refusalResponse>[1]) {
  const response = refusalResponse(refusal(status, "upstream", "no"), mount);
  expect(response.status).toBe(status);
  return response.json();
}

describe("refusalResponse() has the words of the protocol for", () => {
  // What a client takes for a reason to ask for another key, to wait or to give up.
  const rows: readonly (readonly [
    status: number,
    openai: string,
    anthropic: string,
    gemini: string,
  ])[] = [
    [400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"],
    [401, "authentication_error", "authentication_error", "UNAUTHENTICATED"],
    [403, "permission_error", "permission_error", "PERMISSION_DENIED"],
    [404, "invalid_request_error", "not_found_error", "NOT_FOUND"],
    [413, "invalid_request_error", "request_too_large", "INVALID_ARGUMENT"],
    [502, "api_error", "api_error", "UNAVAILABLE"],
    [503, "api_error", "api_error", "UNAVAILABLE"],
    [504, "api_error", "api_error", "DEADLINE_EXCEEDED"],
  ];
  test.each(rows)("%p", async (status, openai, anthropic, gemini) => {
    const plain = { error: { message: text, type: openai, code: "upstream" } };
    expect(await told(status, "openai")).toEqual(plain);
    expect(await told(status, undefined)).toEqual(plain);
    expect(await told(status, "anthropic")).toEqual({
      type: "error",
      error: { type: anthropic, message: text },
    });
    expect(await told(status, "gemini")).toEqual({
      error: { code: status, message: text, status: gemini },
    });
  });
});

test("refusalResponse() asks for no other try, unless the service may be there by then", () => {
  const header = (reason: "upstream" | "budget" | "token") =>
    refusalResponse(refusal(503, reason, "no"), "openai").headers.get("x-should-retry");
  expect([header("upstream"), header("budget"), header("token")]).toEqual([null, "false", "false"]);
});
