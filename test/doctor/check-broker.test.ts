import { describe, expect, test } from "bun:test";
import { checkBroker } from "../../src/doctor/check-broker.ts";
import { gatherBroker } from "../../src/doctor/gather-broker.ts";

describe("checkBroker()", () => {
  test.each([
    [{}, "tools reach `auth run` without a proxy"],
    [{ HTTPS_PROXY: "http://p:1" }, "tools reach `auth run` without a proxy"],
    [
      { HTTP_PROXY: "http://p:1", NO_PROXY: "localhost,127.0.0.1" },
      "tools reach `auth run` without a proxy",
    ],
    [
      { http_proxy: "http://p:1", NO_PROXY: ".corp" },
      "`http_proxy` is for this machine as well: `auth run` adds to NO_PROXY, clients of `auth serve` must",
    ],
    [
      { ALL_PROXY: "http://p:1" },
      "`ALL_PROXY` is for this machine as well: `auth run` adds to NO_PROXY, clients of `auth serve` must",
    ],
  ])("%j", async (env: Record<string, string>, summary) => {
    const facts = await gatherBroker(env, { isTried: false });
    expect(checkBroker(facts)).toEqual({ id: "broker", status: "ok", summary });
  });

  test("tries a port of this machine where it may", async () => {
    expect((await gatherBroker({}, { isTried: true })).loopback).toEqual({ failure: undefined });
    expect(
      checkBroker({ proxy: undefined, loopback: { failure: "permission denied" } }),
    ).toMatchObject({
      status: "failed",
      summary: "`auth run` cannot listen on 127.0.0.1: permission denied",
    });
  });
});
