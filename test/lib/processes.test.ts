import { describe, expect, test } from "bun:test";
import { processesOf } from "../../src/lib/processes.ts";

/** A process that notes what is done to it; `kill` ends nothing. */
function ownProcess() {
  const done: string[] = [];
  const actions = new Map<string, () => void>();
  const note = (what: string) => (name: unknown, action?: () => void) => {
    done.push(`${what} ${String(name)}`);
    if (action !== undefined) {
      actions.set(String(name), action);
    }
  };
  const self = {
    pid: 4242,
    platform: "linux",
    arch: "x64",
    execPath: "/usr/bin/qwen",
    on: note("on"),
    off: note("off"),
    once: note("once"),
    removeAllListeners: note("forget"),
    kill: (pid: number, signal: string) => done.push(`kill ${pid} ${signal}`) > 0,
  };
  // What Node.js declares has overloads for every event.
  const processes = processesOf(self as unknown as Parameters<typeof processesOf>[0]);
  return { done, actions, processes };
}

test("processesOf() knows the path of this program", () => {
  expect(ownProcess().processes.executable).toBe("/usr/bin/qwen");
});

describe("endBy()", () => {
  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("ends this process by %s, or else has the status of shells", async (signal, code) => {
    const { done, processes } = ownProcess();
    expect(await processes.endBy(signal)).toBe(code);
    expect(done).toEqual([`forget ${signal}`, `kill 4242 ${signal}`]);
  });

  test.each([
    ["SIGPIPE", 141],
    ["SIGXFSZ", 153],
    ["SIGSTKFLT", 144],
    ["SIGPWR", 158],
  ] as const)("does not try %s, which never ends us", async (signal, code) => {
    const { done, processes } = ownProcess();
    expect(await processes.endBy(signal)).toBe(code);
    expect(done).toEqual([`forget ${signal}`]);
  });
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "untilStopped() tells %s, and minds no second one",
  async (signal) => {
    const { done, actions, processes } = ownProcess();
    const stopped = processes.untilStopped();
    expect(done).toEqual(["on SIGINT", "on SIGTERM", "on SIGHUP"]);
    actions.get(signal)?.();
    actions.get("SIGHUP")?.();
    expect(await stopped).toBe(signal);
  },
);
