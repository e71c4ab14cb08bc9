import { describe, expect, test } from "bun:test";
import {
  isEndpointWithin,
  isLoopbackHost,
  isPrivateHost,
  parseEndpoint,
  sameEndpoint,
} from "../../src/lib/endpoint-url.ts";

test("parseEndpoint() takes http and https URLs", () => {
  for (const text of ["https://api.example.com/v1", "http://localhost:8000/v1?a=b"]) {
    const parsed = parseEndpoint(text);
    expect(parsed.kind === "url" && parsed.url.href).toBe(text);
  }
});

describe("parseEndpoint() refuses", () => {
  const scheme = "it must begin with https:// or http://";
  const noUrl = `it is not a URL; ${scheme}`;
  const user = "it must not contain a user name or password";
  const cases: readonly (readonly [name: string, text: string, reason: string])[] = [
    ["an empty text", "", noUrl],
    ["a path", "/v1", noUrl],
    ["a host without a scheme", "api.example.com/v1", noUrl],
    ["a host and port without a scheme", "localhost:8000/v1", scheme],
    ["another scheme", "ftp://example.com", scheme],
    ["a file", "file:///etc/passwd", scheme],
    ["a script", "javascript:alert(1)", scheme],
    ["a user name", "https://me@example.com", user],
    ["a password", "https://:secret@example.com", user],
  ];
  for (const [name, text, reason] of cases) {
    test(name, () => {
      expect(parseEndpoint(text)).toEqual({ kind: "invalid", reason });
    });
  }
});

type Pair = readonly [name: string, left: string, right: string];

describe("sameEndpoint() takes for the same", () => {
  const cases: readonly Pair[] = [
    ["equal texts", "https://a.example/v1", "https://a.example/v1"],
    ["a trailing slash", "https://a.example/v1/", "https://a.example/v1"],
    ["a slash after the host", "https://a.example", "https://a.example/"],
    ["letter case of scheme and host", "HTTPS://A.Example/v1", "https://a.example/v1"],
    ["the default port", "https://a.example:443/v1", "https://a.example/v1"],
    ["equal texts that are no URLs", "not a URL", "not a URL"],
  ];
  for (const [name, left, right] of cases) {
    test(name, () => {
      expect(sameEndpoint(left, right)).toBe(true);
      expect(sameEndpoint(right, left)).toBe(true);
    });
  }
});

describe("sameEndpoint() tells apart", () => {
  const cases: readonly Pair[] = [
    ["schemes", "http://a.example/v1", "https://a.example/v1"],
    ["hosts", "https://a.example/v1", "https://b.example/v1"],
    ["ports", "https://a.example/v1", "https://a.example:8443/v1"],
    ["paths", "https://a.example/v1", "https://a.example/v2"],
    ["a path and its beginning", "https://a.example/v1", "https://a.example/v1/x"],
    ["letter case of paths", "https://a.example/v1", "https://a.example/V1"],
    ["queries", "https://a.example/v1?k=1", "https://a.example/v1?k=2"],
    ["hosts of other schemes", "left://a.example/v1", "right://b.example/v1"],
  ];
  for (const [name, left, right] of cases) {
    test(name, () => {
      expect(sameEndpoint(left, right)).toBe(false);
      expect(sameEndpoint(right, left)).toBe(false);
    });
  }
});

describe("isEndpointWithin() accepts", () => {
  const cases: readonly Pair[] = [
    ["the endpoint itself", "https://a.example/v1", "https://a.example/v1"],
    ["with and without a trailing slash", "https://a.example/v1/", "https://a.example/v1"],
    ["without and with a trailing slash", "https://a.example/v1", "https://a.example/v1/"],
    ["a path below", "https://a.example/v1/x/y", "https://a.example/v1"],
    ["any path of a host", "https://a.example/v1", "https://a.example"],
    ["the default port", "https://a.example:443/v1", "https://a.example/v1"],
  ];
  for (const [name, endpoint, known] of cases) {
    test(name, () => {
      expect(isEndpointWithin(endpoint, known)).toBe(true);
    });
  }
});

describe("isEndpointWithin() refuses", () => {
  const cases: readonly Pair[] = [
    ["another scheme", "http://a.example/v1", "https://a.example/v1"],
    ["another host", "https://b.example/v1", "https://a.example/v1"],
    ["a host that begins with the known one", "https://a.example.evil/v1", "https://a.example"],
    ["a host below the known one", "https://x.a.example/v1", "https://a.example/v1"],
    ["the known host as user info", "https://a.example@evil/v1", "https://a.example/v1"],
    ["another port", "https://a.example:444/v1", "https://a.example/v1"],
    ["a path above", "https://a.example/", "https://a.example/v1"],
    ["a segment that begins with the known one", "https://a.example/v10", "https://a.example/v1"],
    ["a path that climbs out", "https://a.example/v1/../evil", "https://a.example/v1"],
    ["a path that climbs out, encoded", "https://a.example/v1/%2e%2e/evil", "https://a.example/v1"],
    ["a path that climbs out backwards", "https://a.example/v1\\..\\evil", "https://a.example/v1"],
    ["another letter case of the path", "https://a.example/V1", "https://a.example/v1"],
    ["a text that is no URL", "a.example/v1", "https://a.example/v1"],
    ["a known text that is no URL", "https://a.example/v1", "a.example"],
    ["another host of another scheme", "left://a.example/v1", "right://b.example/v1"],
  ];
  for (const [name, endpoint, known] of cases) {
    test(name, () => {
      expect(isEndpointWithin(endpoint, known)).toBe(false);
    });
  }
});

describe("isPrivateHost()", () => {
  const isPrivate: Readonly<Record<string, boolean>> = {
    localhost: true,
    LOCALHOST: true,
    "localhost.": true,
    vllm: true,
    "gpu-box.local": true,
    "api.internal": true,
    "nas.lan": true,
    "host.docker.internal": true,
    "127.0.0.1": true,
    "127.255.255.254": true,
    "127.1": true,
    "10.0.0.1": true,
    "172.16.0.1": true,
    "172.31.255.255": true,
    "192.168.0.1": true,
    "169.254.169.254": true,
    "[::1]": true,
    "[fc00::1]": true,
    "[fd12:3456::1]": true,
    "[fe80::1]": true,
    "[febf::1]": true,
    "example.com": false,
    "local.example.com": false,
    "notlocal.example": false,
    "10.0.0.1.example.com": false,
    "10.example.com": false,
    "9.255.255.255": false,
    "11.0.0.1": false,
    "128.0.0.1": false,
    "172.15.255.255": false,
    "172.32.0.1": false,
    "192.167.0.1": false,
    "192.169.0.1": false,
    "169.253.0.1": false,
    "8.8.8.8": false,
    "[::2]": false,
    "[2001:db8::1]": false,
    "[fec0::1]": false,
    "[fe7f::1]": false,
    "[fc::1]": false,
    "[fd::1]": false,
    "[fe8::1]": false,
  };
  for (const [host, expected] of Object.entries(isPrivate)) {
    test(`says ${expected ? "yes" : "no"} to ${host}`, () => {
      expect(isPrivateHost(new URL(`http://${host}/`).hostname)).toBe(expected);
    });
  }
});

describe("isLoopbackHost()", () => {
  test.each([
    ["localhost", true],
    ["LOCALHOST", true],
    ["127.0.0.1", true],
    ["127.9.8.7", true],
    ["[::1]", true],
    ["127.0.0.1.example", false],
    ["localhost.example", false],
    ["10.0.0.1", false],
    ["0.0.0.0", false],
    ["[::2]", false],
  ])("%s: %p", (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected);
  });
});
