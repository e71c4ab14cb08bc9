import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "../../src/lib/run-tool.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** A process of which it is known who listens to which signal. */
function listening() {
  const actions = new Map<string, () => void>();
  const heard: string[] = [];
  return {
    actions,
    heard,
    self: {
      on: (signal: string, action: () => void) => {
        heard.push(`on ${signal}`);
        actions.set(signal, action);
      },
      off: (signal: string, action: () => void) => {
        heard.push(`off ${signal}`);
        expect(actions.get(signal)).toBe(action);
        actions.delete(signal);
      },
    },
  };
}

const ENV = { PATH: "/usr/bin:/bin", ONLY: "this" };
const sh = (script: string) => ({ argv: ["/bin/sh", "-c", script], env: ENV });

function program(text: string, mode = 0o755): string {
  const path = join(temporaryDirectory(), "tool");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** Waits until a script has made the file. */
async function made(path: string): Promise<void> {
  while (!existsSync(path)) {
    await Bun.sleep(1);
  }
}

describe("runTool() ends as the program does", () => {
  test.each([0, 1, 255])("with the code %i", async (code) => {
    expect(await runTool(listening().self, sh(`exit ${code}`))).toEqual({ kind: "exited", code });
  });

  test.each(["SIGTERM", "SIGKILL", "SIGINT"] as const)("by %s", async (signal) => {
    const ended = await runTool(listening().self, sh(`kill -s ${signal.slice(3)} $$`));
    expect(ended).toEqual({ kind: "signalled", signal });
  });

  test.each<[string, string, () => string]>([
    ["is not there", "ENOENT", () => "/none/here/tool"],
    ["may not be run", "EACCES", () => program("#!/bin/sh\n", 0o644)],
    ["is of another machine", "ENOEXEC", () => program("\u007fELF\0\0\0")],
  ])("where it %s", async (_what, code, make) => {
    const { self, heard } = listening();
    expect(await runTool(self, { argv: [make()], env: ENV })).toEqual({
      kind: "not-started",
      code,
    });
    expect(heard.filter((it) => it.startsWith("off"))).toHaveLength(4);
  });

  test("with the environment that it was given, and no more", async () => {
    const log = join(temporaryDirectory(), "log");
    await runTool(listening().self, sh(`/usr/bin/env > ${log}`));
    const names = readFileSync(log, "utf8").match(/^\w+(?==)/gm) ?? [];
    expect(names.filter((name) => !["PWD", "SHLVL", "_", "OLDPWD"].includes(name)).sort()).toEqual([
      "ONLY",
      "PATH",
    ]);
  });

  test("where a script does not say what reads it, as shells do it", async () => {
    const log = join(temporaryDirectory(), "log");
    const tool = program('echo "$0 $*" > "$1"; exit 3\n');
    const ended = await runTool(listening().self, { argv: [tool, log, "word"], env: ENV });
    expect(ended).toEqual({ kind: "exited", code: 3 });
    expect(readFileSync(log, "utf8")).toBe(`${tool} ${log} word\n`);
  });
});

test("runTool() listens before the program starts and never after it", async () => {
  const { self, heard, actions } = listening();
  await runTool(self, sh("exit 0"));
  const signals = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"];
  expect(heard).toEqual([
    ...signals.map((signal) => `on ${signal}`),
    ...signals.map((signal) => `off ${signal}`),
  ]);
  expect([...actions]).toEqual([]);
});

describe("runTool() with a signal", () => {
  /** Runs a script that says when it listens. */
  async function running(trap: string, end: string) {
    const ready = join(temporaryDirectory(), "ready");
    const { self, actions } = listening();
    const ended = runTool(self, sh(`${trap}; : > ${ready}; ${end}`));
    await made(ready);
    return { ended, actions };
  }
  const FOREVER = "while :; do sleep 0.05; done";

  test.each(["SIGTERM", "SIGHUP"])("hands %s on", async (signal) => {
    const { ended, actions } = await running(`trap "exit 7" ${signal.slice(3)}`, FOREVER);
    actions.get(signal)?.();
    expect(await ended).toEqual({ kind: "exited", code: 7 });
  });

  test.each(["SIGINT", "SIGQUIT"])("leaves %s to the terminal", async (signal) => {
    const { ended, actions } = await running(`trap "exit 7" ${signal.slice(3)}`, FOREVER);
    actions.get(signal)?.();
    actions.get("SIGTERM")?.();
    expect(await ended).toEqual({ kind: "signalled", signal: "SIGTERM" });
  });

  test("kills one that does not mind, when it is asked for the end twice", async () => {
    const { ended, actions } = await running('trap "" TERM HUP', FOREVER);
    actions.get("SIGTERM")?.();
    actions.get("SIGTERM")?.();
    expect(await ended).toEqual({ kind: "signalled", signal: "SIGKILL" });
  });
});
