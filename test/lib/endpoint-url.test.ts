import { describe, expect, test } from "bun:test";
import {
  baseUrlComplaint,
  encodePath,
  hostOf,
  isLoopbackHost,
  isPlainPath,
  isPrivateHost,
  isWithinPair,
  parseEndpoint,
  requestPathOf,
  sameEndpoint,
  shownEndpoint,
} from "../../src/lib/endpoint-url.ts";

describe("parseEndpoint() gives the one form of", () => {
  test.each([
    ["https://api.example.com/v1", "https://api.example.com/v1"],
    ["http://localhost:8000/v1?a=b", "http://localhost:8000/v1?a=b"],
    ["HTTPS://API.Example.com:443//v1//", "https://api.example.com//v1"],
    ["  https://api.example.com/\n", "https://api.example.com"],
    ["https://api.example.com/v1#api.deepseek.com", "https://api.example.com/v1"],
    ["https://api.example.com/a/../b/%2e%2E/c", "https://api.example.com/c"],
    ["https://аpi.deepseek.com/v1", "https://xn--pi-6kc.deepseek.com/v1"],
    ["https://api.deep\u00adseek.com/v1", "https://api.deepseek.com/v1"],
    ["https://%65vil.example", "https://evil.example"],
    ["http://2130706433/ü", "http://127.0.0.1/%C3%BC"],
    ["https://a.example/\u202e?q=ü\u202e", "https://a.example/%E2%80%AE?q=%C3%BC%E2%80%AE"],
  ])("%j", (text, href) => {
    const parsed = parseEndpoint(text);
    expect(parsed.kind === "url" && parsed.href).toBe(href);
    expect(sameEndpoint(text, href)).toBe(true);
  });
});

describe("parseEndpoint() refuses", () => {
  const scheme = "it must begin with https:// or http://";
  const noUrl = `it is not a URL; ${scheme}`;
  const deceptive = "it must not contain a backslash or a control character";
  const user = "it must not contain a user name or password";
  const cases: readonly (readonly [name: string, text: string, reason: string])[] = [
    ["an empty text", "", noUrl],
    ["a path", "/v1", noUrl],
    ["a host without a scheme", "api.example.com/v1", noUrl],
    ["a host and port without a scheme", "localhost:8000/v1", scheme],
    ["another scheme", "ftp://example.com", scheme],
    ["a file", "file:///etc/passwd", scheme],
    ["a script", "javascript:alert(1)", scheme],
    ["a scheme without slashes", "https:evil.example", scheme],
    ["a scheme with one slash", "https:/evil.example", scheme],
    ["a scheme with three slashes", "https:///evil.example", scheme],
    ["a backslash in place of a slash", "https:\\\\evil.example", scheme],
    ["a backslash before a host", "http://127.0.0.1:1\\@api.deepseek.com", deceptive],
    ["a backslash in a path", "https://a.example/v1\\..", deceptive],
    ["a tab after the scheme", "https:\t//evil.example", scheme],
    ["a tab in a host", "https://api.deep\tseek.com", deceptive],
    ["a line end in a path", "https://a.example/\n/v1", deceptive],
    ["a carriage return", "https://a.example\r/v1", deceptive],
    ["an escape", "https://a.example/\u001b[2J", deceptive],
    ["a control character of C1", "https://a.example/\u009b", deceptive],
    ["a line separator", "https://a.example/\u2028x", deceptive],
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

describe("isWithinPair() accepts", () => {
  const cases: readonly Pair[] = [
    ["the endpoint itself", "https://a.example/v1", "https://a.example/v1"],
    ["with and without a trailing slash", "https://a.example/v1/", "https://a.example/v1"],
    ["without and with a trailing slash", "https://a.example/v1", "https://a.example/v1/"],
    ["a path below", "https://a.example/v1/x/y", "https://a.example/v1"],
    ["any path of a host", "https://a.example/v1", "https://a.example"],
    ["the default port", "https://a.example:443/v1", "https://a.example/v1"],
    ["a slash behind a path below", "https://a.example/v1/x/", "https://a.example/v1"],
    [
      "what the prefix itself has",
      "https://a.example/x;a//b/%2e/c",
      "https://a.example/x;a//b/%2e",
    ],
    ["the query of the endpoint", "https://a.example/v1/x?k=1&l=2", "https://a.example/v1?k=1&l=2"],
    ["what a protocol adds", "https://a.example/v1/m:s?alt=sse", "https://a.example/v1"],
    [
      "that beside a query",
      "https://a.example/v1?k=a+b&pageSize=1000",
      "https://a.example/v1?k=a%20b",
    ],
    ["that in place of another", "https://a.example/v1?limit=1000", "https://a.example/v1?limit=5"],
    ["a model as it is written", "https://a.example/v1/m%40x:s", "https://a.example/v1"],
  ];
  for (const [name, endpoint, known] of cases) {
    test(name, () => {
      expect(isWithinPair(endpoint, known)).toBe(true);
    });
  }
});

describe("isWithinPair() refuses", () => {
  const at = "https://a.example/v1";
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
    ...[
      "x/..%2fy",
      "..%2F..%2Fy",
      "%2E%2E%2fy",
      "..%5cy",
      "x%5C..",
      "..;/y",
      "...",
      "..%20/y",
      "%20../y",
      ". ./y",
      ".%E2%80%8B./y",
      ".%C2%AD./y",
      "..%E2%81%84y",
      "..%E2%88%95y",
      "x%E2%80%AEy",
      ";x",
      "x%3b",
      "x%252e%252e",
      "x%25252fy",
      "%2ex",
      "/y",
      "x//y",
      "x/",
      "https://evil.example",
      "https:/evil.example",
      "%C0%AE%C0%AE/y",
      "%E2%80%A5/y",
      "%EF%BC%8E%EF%BC%8E/y",
      "x%EF%BC%8Fy",
      "x%3Fto=evil",
      "x%23y",
      "x%00",
      "x%0d%0ay",
      "x%zz",
    ].map((rest): Pair => [rest, `https://a.example/v1/${rest}${rest === "x/" ? "/" : ""}`, at]),
    ["a query that the endpoint does not have", `${at}?upstream=https://evil`, at],
    ["another query", `${at}?k=2`, `${at}?k=1`],
    ["more than the query", `${at}?k=1&k=2`, `${at}?k=1`],
    ["less than the query", at, `${at}?k=1`],
    ["another order of it", `${at}?b=1&a=1`, `${at}?a=1&b=1`],
    ["another value of what protocols add", `${at}?alt=https://evil`, at],
    ["two of them", `${at}?alt=sse&alt=sse`, at],
    ["another letter case of them", `${at}?ALT=sse`, at],
    ["one less than the endpoint has", at, `${at}?alt=json`],
    ["user info", "https://u:p@a.example/v1", at],
    ["a text that is no URL", "a.example/v1", "https://a.example/v1"],
    ["a known text that is no URL", "https://a.example/v1", "a.example"],
    ["another host of another scheme", "left://a.example/v1", "right://b.example/v1"],
  ];
  for (const [name, endpoint, known] of cases) {
    test(name, () => {
      expect(isWithinPair(endpoint, known)).toBe(false);
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
    "0.0.0.0": true,
    "0.0.0.1": false,
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

test.each([
  ["https://a.example/v1/chat/completions", "/chat/completions"],
  ["https://a.example/v1/chat/completions/", "/chat/completions"],
  ["https://a.example/v1", undefined],
])("requestPathOf(%s) is %p", (url, path) => {
  expect(requestPathOf(new URL(url))).toBe(path);
});

test.each([
  ["https://a.example/v1", undefined],
  ["https://a.example/v1/", undefined],
  ["a.example", "it is not a URL; it must begin with https:// or http://"],
  [
    "https://a.example/v1/chat/completions",
    "it must end before `/chat/completions`, which is added to it",
  ],
  [
    "https://a.example/v1/chat/completions/",
    "it must end before `/chat/completions`, which is added to it",
  ],
  ["https://a.example/v1/responses", "it must end before `/responses`, which is added to it"],
  ["https://a.example/v1/messages", "it must end before `/messages`, which is added to it"],
  [
    "https://a.example/v1/messages/count_tokens",
    "it must end before `/messages/count_tokens`, which is added to it",
  ],
  ["https://a.example/v1/models", "it must end before `/models`, which is added to it"],
  ["https://a.example/models", "it must end before `/models`, which is added to it"],
  ["https://a.example/models//", "it must end before `/models//`, which is added to it"],
  [
    "https://a.example/v1beta/models/m:generateContent",
    "it must end before `/models/m:generateContent`, which is added to it",
  ],
  ["https://a.example/models/m:generateContent", undefined],
  ["https://a.example/messages/x", undefined],
  ["https://a.example/mymodels", undefined],
])("baseUrlComplaint(%j) is %j", (url, complaint) => {
  expect(baseUrlComplaint(url)).toBe(complaint as never);
});

test.each([
  [undefined, undefined],
  ["", undefined],
  ["no url", undefined],
  ["https://me:pass@a.example", undefined],
  ["HTTPS://A.example/v1/", "https://a.example/v1"],
])("shownEndpoint(%j) is %j", (text, shown) => {
  expect(shownEndpoint(text)).toBe(shown as never);
});

test.each([
  ["https://A.example:443/v1", "a.example"],
  ["https://a.example:8443/v1", "a.example:8443"],
  ["no url", "no url"],
])("hostOf(%j) is %j", (url, host) => {
  expect(hostOf(url)).toBe(host);
});

test.each([
  ["a/b c/ü", "a/b%20c/%C3%BC"],
  ["a%2fb", "a%252fb"],
  ["a\ud800", "a%EF%BF%BD"],
  ["", ""],
])("encodePath(%j) is %j", (path, encoded) => {
  expect(encodePath(path)).toBe(encoded);
});

test.each([
  ["a", true],
  ["a/b-c/d.e", true],
  ["a%20b", true],
  ["a//b", false],
  ["/a", false],
  ["a/", false],
  ["", false],
  [".", false],
  ["..", false],
  ["...", false],
  ["a/../b", false],
  ["%2e%2e", false],
  ["a%2eb", false],
  ["a%2Eb", false],
  ["%252e", false],
  ["a%2fb", false],
  ["a%5cb", false],
  ["a;b", false],
  ["a%3Fb", false],
  ["a%23b", false],
  ["a%25b", false],
  ["a%00b", false],
  ["a%E2%80%8Bb", false],
  ["a%E2%81%84b", false],
  ["a:b", true],
  ["https:", false],
  ["%20", false],
  ["a%zz", false],
  ["a%ff", false],
])("isPlainPath(%j) is %p", (path, expected) => {
  expect(isPlainPath(path)).toBe(expected);
});
