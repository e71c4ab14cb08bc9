import { describe, expect, test } from "bun:test";
import { behindProxy, networkFailure, proxyFailure } from "../../src/http/network-failure.ts";
import type { RequestFailure } from "../../src/http/request-failure.ts";

const failed = (code: string | undefined, message = "") =>
  networkFailure(Object.assign(new Error(message), code === undefined ? {} : { code }));

const AUTHORITY = "its certificate comes from an authority that is not known here";
const HANDSHAKE = "the TLS handshake failed: the server may want a client certificate, or HTTP/2";

describe("networkFailure() tells of", () => {
  const cases: readonly (readonly [string, RequestFailure["kind"], string])[] = [
    ["ENOTFOUND", "dns", "the host name is unknown"],
    ["EAI_AGAIN", "dns", "the host name cannot be looked up; is there a network?"],
    ["ECONNREFUSED", "refused", "the connection was refused; is the server running?"],
    ["EHOSTUNREACH", "refused", "there is no route to the host"],
    ["ENETUNREACH", "refused", "the network is unreachable"],
    ["ETIMEDOUT", "timeout", "the connection took too long"],
    ["ECONNRESET", "reset", "the connection was closed without an answer"],
    ["ZlibError", "malformed", "the answer cannot be decompressed"],
    ["UnsupportedProxyProtocol", "proxy", "only http:// and https:// proxies are supported"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls", "its certificate is self-signed"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls", AUTHORITY],
    ["CERT_HAS_EXPIRED", "tls", "its certificate has expired; is the clock right?"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls", "its certificate is for another host"],
    ["CERT_OF_ANOTHER_KIND", "tls", "its certificate cannot be checked"],
    ["EPROTO", "tls", HANDSHAKE],
    ["ERR_SSL_ANYTHING", "tls", HANDSHAKE],
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "tls", "the server wants a client certificate"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls", "the server does not speak TLS on this port"],
  ];
  test.each(cases)("%s: %s, %s", (code, kind, message) => {
    expect(failed(code)).toEqual({ kind, message, code });
  });

  test("a handshake by its words", () => {
    expect(failed("EPROTO", "NO_APPLICATION_PROTOCOL").message).toBe(
      "the server speaks HTTP/2 alone, which is not supported",
    );
  });

  test.each([
    ["407", "the proxy wants a user name and password, or other ones (407)"],
    ["503", "the proxy did not connect (503)"],
    ["", "the proxy did not connect (no reason given)"],
  ])("a tunnel that a proxy answered with %s", (status, message) => {
    const failure = { kind: "proxy", message, code: "ERR_PROXY_TUNNEL" } as const;
    expect(failed("ERR_PROXY_TUNNEL", `the proxy answered ${status}`)).toEqual(failure);
    expect(proxyFailure(status)).toEqual(failure);
  });

  test("what nobody knows, by its code or its words", () => {
    expect(failed("EODD")).toEqual({ kind: "reset", message: "the request failed (EODD)" });
    expect(failed(undefined, "odd")).toEqual({
      kind: "reset",
      message: "the request failed (odd)",
    });
    expect(networkFailure("odd")).toEqual({ kind: "reset", message: "the request failed (odd)" });
    // What every object has is no code.
    expect(failed("constructor").message).toBe("the request failed (constructor)");
  });
});

describe("behindProxy()", () => {
  const via = { proxy: "http://p.example:3128", name: "HTTPS_PROXY" };
  const reason = (kind: RequestFailure["kind"]): RequestFailure => ({ kind, message: "why" });
  const named = "(named by `HTTPS_PROXY`)";
  test.each<[RequestFailure["kind"], string, boolean]>([
    ["dns", `the proxy http://p.example:3128 cannot be reached: why ${named}`, true],
    ["refused", `the proxy http://p.example:3128 cannot be reached: why ${named}`, true],
    ["proxy", `why ${named}`, false],
  ])("makes %s the proxy's", (kind, message, isUnreached) => {
    expect<unknown>(behindProxy(reason(kind), via)).toEqual({
      ...{ kind: "proxy", message, via },
      ...(isUnreached ? { shouldRetry: true } : {}),
    });
  });

  test.each<RequestFailure["kind"]>(["tls", "reset", "timeout"])("leaves %s as it is", (kind) => {
    const failure = reason(kind);
    expect(behindProxy(failure, via)).toBe(failure);
  });

  test("leaves all as it is where there is no proxy", () => {
    const failure = reason("dns");
    expect(behindProxy(failure, undefined)).toBe(failure);
  });
});
