import { describe, expect, test } from "bun:test";
import { gatherBroker } from "../../src/doctor/gather-broker.ts";

describe("gatherBroker()", () => {
  test.each([
    [{}, undefined],
    [{ HTTP_PROXY: "http://p.example:1" }, "HTTP_PROXY"],
    [{ HTTP_PROXY: "http://p.example:1", NO_PROXY: "127.0.0.1" }, undefined],
    [{ HTTP_PROXY: "http://p.example:1", NO_PROXY: "other.example" }, "HTTP_PROXY"],
    // The server speaks HTTP.
    [{ HTTPS_PROXY: "http://p.example:1" }, undefined],
  ])("with %j finds that %p takes tools elsewhere", async (env, proxy) => {
    expect(await gatherBroker(env, { isTried: false })).toEqual({ proxy, loopback: undefined });
  });

  test("listens and connects where that may be tried", async () => {
    expect(await gatherBroker({}, { isTried: true })).toEqual({
      proxy: undefined,
      loopback: { failure: undefined },
    });
  });
});
