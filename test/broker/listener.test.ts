import { describe, expect, test } from "bun:test";
import { hostsOf, isOpenToOthers, parseListener, urlOf } from "../../src/broker/listener.ts";
import type { Listener } from "../../src/broker/serve-broker.ts";
import { problemOf } from "../support/problem-of.ts";

const parse = (text: string | undefined) => parseListener(text, (path) => `/cwd/${path}`);
const tcp = (hostname: string, port: number): Listener => ({ kind: "tcp", hostname, port });

describe("parseListener()", () => {
  test.each<[string | undefined, Listener]>([
    [undefined, tcp("127.0.0.1", 0)],
    ["localhost:8765", tcp("localhost", 8765)],
    ["0.0.0.0:0", tcp("0.0.0.0", 0)],
    ["[::1]:65535", tcp("[::1]", 65_535)],
    ["unix:a/b", { kind: "unix", path: "/cwd/a/b" }],
    [`unix:${"a".repeat(98)}`, { kind: "unix", path: `/cwd/${"a".repeat(98)}` }],
  ])("reads %p", (text, listener) => {
    expect(parse(text)).toEqual(listener);
  });

  test.each([
    ["localhost", "it is no HOST:PORT and no unix:PATH"],
    [":80", "it is no HOST:PORT and no unix:PATH"],
    ["a:65536", "it is no HOST:PORT and no unix:PATH"],
    ["::1:80", "it is no HOST:PORT and no unix:PATH"],
    ["http://a:80", "it is no HOST:PORT and no unix:PATH"],
    ["", "it is no HOST:PORT and no unix:PATH"],
    ["unix:", "the path is missing"],
    [`unix:${"a".repeat(99)}`, "the path is too long for a socket"],
  ])("refuses %j: %s", (text, why) => {
    expect(problemOf(() => parse(text))).toMatchObject({
      name: "UsageError",
      code: "invalid-value",
      message: `Cannot use \`--listen\`: ${why}`,
    });
  });
});

test.each<[Listener, boolean, string, readonly string[]]>([
  [
    tcp("127.0.0.1", 0),
    false,
    "http://127.0.0.1:9",
    ["127.0.0.1:9", "localhost:9", "[::1]:9", "other:9"],
  ],
  [tcp("[::1]", 0), false, "http://[::1]:9", ["127.0.0.1:9", "localhost:9", "[::1]:9", "other:9"]],
  [
    tcp("0.0.0.0", 0),
    true,
    "http://127.0.0.1:9",
    ["127.0.0.1:9", "localhost:9", "[::1]:9", "0.0.0.0:9", "other:9"],
  ],
  [
    tcp("[::]", 0),
    true,
    "http://127.0.0.1:9",
    ["127.0.0.1:9", "localhost:9", "[::1]:9", "[::]:9", "other:9"],
  ],
  [
    tcp("Box", 0),
    true,
    "http://Box:9",
    ["127.0.0.1:9", "localhost:9", "[::1]:9", "box:9", "other:9"],
  ],
  [{ kind: "unix", path: "/s" }, false, "http://localhost", ["localhost", "other"]],
])("the listener %j is open to others: %p, at %s", (listener, isOpen, url, hosts) => {
  expect(isOpenToOthers(listener)).toBe(isOpen);
  expect(urlOf(listener, 9)).toBe(url);
  expect([...hostsOf(listener, 9, ["OTHER"])]).toEqual([...hosts]);
});

test("hostsOf() of port 80 has names without it, as clients send them", () => {
  expect([...hostsOf(tcp("127.0.0.1", 80), 80, [])]).toEqual([
    ...["127.0.0.1", "127.0.0.1:80", "localhost", "localhost:80", "[::1]", "[::1]:80"],
  ]);
});
