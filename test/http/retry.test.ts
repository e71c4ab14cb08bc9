import { describe, expect, test } from "bun:test";
import type { FailureKind, RequestFailure } from "../../src/http/request-failure.ts";
import { nextWait, retryAfter } from "../../src/http/retry.ts";

const FIRST = { failed: 1, maxRetries: 3, random: () => 0 };

function failure(kind: FailureKind, more: Partial<RequestFailure> = {}): RequestFailure {
  return { kind, message: "no", ...more };
}

describe("nextWait()", () => {
  const kinds: Readonly<Record<FailureKind, number | undefined>> = {
    dns: 500,
    refused: 500,
    reset: 500,
    cut: 500,
    "rate-limited": 500,
    "server-error": 500,
    tls: undefined,
    proxy: undefined,
    timeout: undefined,
    silent: undefined,
    "ended-early": 500,
    malformed: undefined,
    rejected: undefined,
    forbidden: undefined,
    "not-allowed": undefined,
    "model-not-allowed": undefined,
    "too-long": undefined,
    window: undefined,
    "unknown-model": undefined,
    "not-found": undefined,
    quota: undefined,
    "bad-request": undefined,
    blocked: undefined,
    "not-an-api": undefined,
    redirected: undefined,
  };
  test.each(Object.entries(kinds))("after %s: %p", (kind, wait) => {
    expect(nextWait(failure(kind as FailureKind), FIRST)).toBe(wait);
  });

  const cases: readonly (readonly [
    name: string,
    failure: RequestFailure,
    wait: number | undefined,
  ])[] = [
    ["tries what it would not when told to", failure("bad-request", { shouldRetry: true }), 500],
    ["does not when told not to", failure("server-error", { shouldRetry: false }), undefined],
    ["waits as long as it is asked to", failure("rate-limited", { retryAfterMs: 7 }), 7],
    ["waits a minute", failure("rate-limited", { retryAfterMs: 60_000 }), 60_000],
    ["waits no longer", failure("rate-limited", { retryAfterMs: 60_001 }), undefined],
    [
      "is not moved by a time when told not to",
      failure("rate-limited", { retryAfterMs: 7, shouldRetry: false }),
      undefined,
    ],
  ];
  test.each(cases)("%s", (_name, given, wait) => {
    expect(nextWait(given, FIRST)).toBe(wait);
  });

  test("doubles up to 8 s and ends after the last retry", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((failed) =>
      nextWait(failure("reset"), { failed, maxRetries: 6, random: () => 0 }),
    );
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000, undefined]);
  });

  test("never tries again without retries, however it is asked to", () => {
    const given = failure("rate-limited", { retryAfterMs: 1, shouldRetry: true });
    expect(nextWait(given, { ...FIRST, maxRetries: 0 })).toBeUndefined();
  });

  test("takes off up to a quarter, but nothing of what the server asks for", () => {
    const random = (): number => 0.5;
    expect(nextWait(failure("reset"), { ...FIRST, random })).toBe(437.5);
    const asked = failure("rate-limited", { retryAfterMs: 1000 });
    expect(nextWait(asked, { ...FIRST, random })).toBe(1000);
  });
});

describe("retryAfter()", () => {
  const now = Date.parse("2026-05-01T00:00:00Z");
  const cases: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{}, undefined],
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": " 3 " }, 3000],
    [{ "retry-after-ms": "300", "retry-after": "9" }, 300],
    [{ "retry-after-ms": "0", "retry-after": "9" }, 9000],
    [{ "retry-after-ms": "soon", "retry-after": "9" }, 9000],
    [{ "retry-after": "Fri, 01 May 2026 00:00:05 GMT" }, 5000],
    [{ "retry-after": "Thu, 30 Apr 2026 23:59:59 GMT" }, undefined],
    [{ "retry-after": "0" }, undefined],
    [{ "retry-after": "-1" }, undefined],
    [{ "retry-after": "2027" }, 2_027_000],
    [{ "retry-after": "1-2" }, undefined],
    [{ "retry-after": "Infinity" }, undefined],
    [{ "retry-after": "NaN" }, undefined],
    [{ "retry-after": "later" }, undefined],
    [{ "retry-after": "" }, undefined],
  ];
  test.each(cases)("of %j is %p", (headers, wait) => {
    expect(retryAfter(new Headers(headers), now)).toBe(wait);
  });
});
