import { describe, expect, test } from "bun:test";
import { findProxy, usedProxy } from "../../src/http/choose-proxy.ts";

type Variables = Readonly<Record<string, string>>;

function choose(url: string, variables: Variables, explicit?: string): string | undefined {
  return usedProxy(findProxy(url, { explicit, variable: (name) => variables[name] }));
}

describe("findProxy() takes", () => {
  const plain = "http://a.example/v1";
  const secure = "https://a.example/v1";
  const cases: readonly (readonly [
    name: string,
    url: string,
    variables: Variables,
    proxy: string | undefined,
  ])[] = [
    ["none without a variable", secure, {}, undefined],
    ["HTTPS_PROXY for https", secure, { HTTPS_PROXY: "http://p:1" }, "http://p:1"],
    ["not HTTPS_PROXY for http", plain, { HTTPS_PROXY: "http://p:1" }, undefined],
    ["HTTP_PROXY for http", plain, { HTTP_PROXY: "http://p:1" }, "http://p:1"],
    ["not HTTP_PROXY for https", secure, { HTTP_PROXY: "http://p:1" }, undefined],
    ["ALL_PROXY for https", secure, { ALL_PROXY: "http://p:1" }, "http://p:1"],
    ["ALL_PROXY for http", plain, { ALL_PROXY: "http://p:1" }, "http://p:1"],
    [
      "the scheme's before ALL_PROXY",
      secure,
      { ALL_PROXY: "http://all:1", HTTPS_PROXY: "http://p:1" },
      "http://p:1",
    ],
    [
      "lower case before upper case",
      secure,
      { HTTPS_PROXY: "http://upper:1", https_proxy: "http://lower:1" },
      "http://lower:1",
    ],
    ["lower case alone", plain, { all_proxy: "http://lower:1" }, "http://lower:1"],
    [
      "an empty variable for none",
      secure,
      { https_proxy: "", HTTPS_PROXY: "", ALL_PROXY: "http://all:1" },
      "http://all:1",
    ],
    ["a proxy without a scheme for http", secure, { HTTPS_PROXY: "u:w@p:1" }, "http://u:w@p:1"],
    ["any scheme as it is", secure, { HTTPS_PROXY: "socks5://p:1" }, "socks5://p:1"],
    [
      "one for this machine, too",
      "http://127.0.0.1:1/",
      { HTTP_PROXY: "http://p:1" },
      "http://p:1",
    ],
  ];
  test.each(cases)("%s", (_name, url, variables, proxy) => {
    expect(choose(url, variables)).toBe(proxy);
  });

  test("the explicit one before all variables, for both schemes", () => {
    const variables = { HTTPS_PROXY: "http://p:1", HTTP_PROXY: "http://p:2" };
    for (const url of [plain, secure]) {
      expect(choose(url, variables, "own:3")).toBe("http://own:3");
    }
  });

  test("none for an exempt host, not even the explicit one", () => {
    expect(choose(secure, { NO_PROXY: "a.example" }, "http://own:3")).toBeUndefined();
    expect(choose(secure, { no_proxy: "b.example", NO_PROXY: "*" }, "own:3")).toBe("http://own:3");
  });
});

describe("NO_PROXY", () => {
  type Case = readonly [list: string, url: string, isExempt: boolean];
  const cases: readonly Case[] = [
    ["*", "https://a.example", true],
    ["a.example", "https://a.example", true],
    ["a.example", "https://x.a.example", true],
    ["a.example", "https://xa.example", false],
    ["a.example", "https://a.example.org", false],
    [".a.example", "https://x.a.example", true],
    [".a.example", "https://a.example", true],
    ["*.a.example", "https://x.a.example", true],
    ["*.a.example", "https://x.y.a.example", true],
    ["*.a.example", "https://xa.example", false],
    ["A.Example", "https://a.EXAMPLE", true],
    ["a.example", "https://a.example./v1", true],
    ["a.example:443", "https://a.example", true],
    ["a.example:80", "http://a.example", true],
    ["a.example:80", "https://a.example", false],
    ["a.example:8443", "https://a.example:8443", true],
    ["a.example:8443", "https://a.example", false],
    [".a.example:8443", "https://x.a.example:8443", true],
    ["b.example, a.example", "https://a.example", true],
    ["b.example a.example", "https://a.example", true],
    [" , ,", "https://a.example", false],
    ["", "https://a.example", false],
    [".", "https://a.example", false],
    ["localhost", "http://127.0.0.1:1", false],
    ["localhost", "http://localhost:1", true],
    ["127.0.0.1", "http://127.0.0.1:1", true],
    ["10.0.0.0/8", "http://10.1.2.3", true],
    ["10.0.0.0/8", "http://11.1.2.3", false],
    ["192.168.4.0/22", "http://192.168.7.255", true],
    ["192.168.4.0/22", "http://192.168.8.0", false],
    ["10.1.2.3/32", "http://10.1.2.3", true],
    ["10.1.2.3/32", "http://10.1.2.4", false],
    ["0.0.0.0/0", "http://10.1.2.3", true],
    ["10.0.0.0/8", "http://10.example", false],
    ["11.0.0.0/33", "http://11.0.0.0", false],
    ["11.0.0.0/", "http://10.1.2.3", false],
    ["11.0.0.0/-1", "http://10.1.2.3", false],
    ["11.0.0.0/x", "http://10.1.2.3", false],
    ["300.0.0.0/0", "http://10.1.2.3", false],
    ["::1", "http://[::1]:8000", true],
    ["[::1]", "http://[::1]:8000", true],
    ["[::1]:8000", "http://[::1]:8000", true],
    ["[::1]:8001", "http://[::1]:8000", false],
    ["::2", "http://[::1]:8000", false],
    ["FD00::1", "http://[fd00::1]", true],
  ];
  test.each(cases)("%p and %s: exempt %p", (list, url, isExempt) => {
    const variables = { ALL_PROXY: "http://p:1", NO_PROXY: list };
    expect(choose(url, variables)).toBe(isExempt ? undefined : "http://p:1");
  });
});
