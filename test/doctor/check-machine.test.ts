import { describe, expect, test } from "bun:test";
import { checkLeftovers } from "../../src/doctor/check-leftovers.ts";
import { checkBuild, checkClock, checkTerminal } from "../../src/doctor/check-machine.ts";

describe("checkBuild()", () => {
  const facts = {
    version: "1.2.3",
    platform: "linux",
    arch: "arm64",
    build: undefined,
    bun: "1.4.5",
  };

  test("tells version and target", () => {
    expect(checkBuild(facts)).toEqual({
      id: "version",
      status: "ok",
      summary: "qwen 1.2.3 (linux-arm64, Bun 1.4.5)",
    });
  });

  test("tells what a binary is stamped with", () => {
    const build = { commit: "0123456789abcdef", target: "linux-arm64-musl", repository: "" };
    expect(checkBuild({ ...facts, build })).toEqual({
      id: "version",
      status: "ok",
      summary: "qwen 1.2.3 (linux-arm64-musl, Bun 1.4.5)",
      detail: ["commit 0123456789ab"],
    });
  });
});

test.each([
  ["1970-01-01T00:00:01Z", "failed"],
  ["2025-12-31T23:59:59Z", "failed"],
  ["2026-01-01T00:00:00Z", "ok"],
  ["2056-12-31T23:59:59Z", "ok"],
  ["2057-01-01T00:00:00Z", "failed"],
])("checkClock() at %s: %s", (time, status) => {
  const { remedy, ...found } = checkClock(Date.parse(time));
  const summary = status === "ok" ? `its year, ${time.slice(0, 4)}, can be right` : `it is ${time}`;
  expect<object>(found).toEqual({ id: "clock", status, summary });
  expect(remedy === undefined).toBe(status === "ok");
});

describe("checkTerminal()", () => {
  test.each([
    [
      {
        term: "xterm",
        terminals: ["stdin", "stdout"],
        hasColor: true,
        canPrompt: true,
        columns: 120,
      },
      "TERM is xterm, colour, questions can be asked, 120 columns",
      "terminals: stdin, stdout",
    ],
    [
      { term: "", terminals: ["stderr"], hasColor: false, canPrompt: true, columns: 80 },
      "TERM is not set, no colour, questions can be asked",
      "terminals: stderr",
    ],
    [
      { term: undefined, terminals: [], hasColor: false, canPrompt: false, columns: 80 },
      "TERM is not set, no colour, no questions",
      "terminals: none",
    ],
  ])("%j", (facts, summary, detail) => {
    expect(checkTerminal(facts)).toEqual({
      id: "terminal",
      status: "ok",
      summary,
      detail: [detail],
    });
  });
});

describe("checkLeftovers()", () => {
  const now = 1_000_000;
  const lock = { path: "/h/.qwen/settings.json.lock", isOfDead: false, modified: now - 1000 };

  test("leaves alone what is in use", () => {
    const young = { ...lock, modified: now - 60_000 };
    expect(checkLeftovers([lock, young], now)).toEqual({
      id: "leftovers",
      status: "ok",
      summary: "no temporary files, no stale locks",
    });
  });

  test.each([
    ["what a dead process left", { ...lock, isOfDead: true }],
    ["what is older than a minute", { ...lock, modified: now - 60_001 }],
  ])("names %s", (_name, left) => {
    expect(checkLeftovers([lock, left], now)).toEqual({
      id: "leftovers",
      status: "warning",
      summary: "1 left by programs that were ended while they wrote",
      detail: ["`/h/.qwen/settings.json.lock`"],
      remedy: "remove them when no `qwen` runs",
    });
  });
});
