import { describe, expect, test } from "bun:test";
import { behindProxy } from "../../src/protocols/network-failure.ts";
import type { RequestFailure } from "../../src/protocols/request-failure.ts";
import { nextWait } from "../../src/protocols/retry.ts";

const PROXY = "http://me:some-word@proxy.example:3128";

describe("behindProxy()", () => {
  const ofTheProxy: readonly RequestFailure[] = [
    { kind: "dns", message: "the host name is unknown", code: "ENOTFOUND" },
    { kind: "refused", message: "there is no route to the host", code: "EHOSTUNREACH" },
  ];
  test.each(ofTheProxy)("says of $code that the proxy is meant, and tries again", (failure) => {
    const told = behindProxy(failure, PROXY);
    expect(told).toEqual({
      kind: "proxy",
      message: `the proxy proxy.example:3128 cannot be reached: ${failure.message}`,
      code: failure.code ?? "",
      shouldRetry: true,
    });
    expect(nextWait(told, { failed: 1, maxRetries: 1, random: () => 0 })).toBe(500);
  });

  const ofTheServer: readonly RequestFailure[] = [
    { kind: "tls", message: "its certificate is self-signed" },
    { kind: "reset", message: "the connection was closed without an answer" },
    { kind: "proxy", message: "the proxy did not connect (502)", code: "ERR_PROXY_TUNNEL" },
  ];
  test.each(ofTheServer)("leaves $message as it is", (failure) => {
    expect(behindProxy(failure, PROXY)).toBe(failure);
  });
});
