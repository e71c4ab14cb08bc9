import { describe, expect } from "bun:test";
import { checkReproducible } from "../../build/check-repro.ts";
import { testUnless } from "../support/needs.ts";
import { host, noHost, STAMP } from "./built-release.ts";

const TIMEOUT_MS = 120_000;

describe("checkReproducible()", () => {
  testUnless(noHost)(
    "finds that two builds differ when they do",
    async () => {
      // A clock that goes on, in place of the time of the commit.
      const seconds = [1, 2];
      const stamp = {
        ...STAMP,
        get epoch() {
          return seconds.shift() ?? 3;
        },
      };
      const check = checkReproducible([host()], { stamp, runtimes: undefined });
      await expect(check).rejects.toThrow(`two builds differ for ${host().id}`);
    },
    TIMEOUT_MS,
  );
});
