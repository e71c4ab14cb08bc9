import { describe, expect, test } from "bun:test";
import { behindProxy } from "../../src/http/network-failure.ts";
import type { RequestFailure } from "../../src/http/request-failure.ts";
import { nextWait } from "../../src/http/retry.ts";

const VIA = { proxy: "proxy.example:3128", name: "http_proxy" };

describe("behindProxy()", () => {
  const ofTheProxy: readonly RequestFailure[] = [
    { kind: "dns", message: "the host name is unknown", code: "ENOTFOUND" },
    { kind: "refused", message: "there is no route to the host", code: "EHOSTUNREACH" },
  ];
  test.each(ofTheProxy)("says of $code that the proxy is meant, and tries again", (failure) => {
    const told = behindProxy(failure, VIA);
    expect(told).toEqual({
      kind: "proxy",
      message: `the proxy proxy.example:3128 cannot be reached: ${failure.message} (named by \`http_proxy\`)`,
      code: failure.code ?? "",
      via: VIA,
      shouldRetry: true,
    });
    expect(nextWait(told, { failed: 1, maxRetries: 1, random: () => 0 })).toBe(500);
  });

  const ofTheServer: readonly RequestFailure[] = [
    { kind: "tls", message: "its certificate is self-signed" },
    { kind: "reset", message: "the connection was closed without an answer" },
  ];
  test.each(ofTheServer)("leaves $message as it is", (failure) => {
    expect(behindProxy(failure, VIA)).toBe(failure);
  });

  test("names the variable of a proxy that does not connect, and does not try again", () => {
    const failure: RequestFailure = { kind: "proxy", message: "the proxy did not connect (502)" };
    expect(behindProxy(failure, VIA)).toEqual({
      kind: "proxy",
      message: "the proxy did not connect (502) (named by `http_proxy`)",
      via: VIA,
    });
    expect(behindProxy(failure, undefined)).toBe(failure);
  });
});
