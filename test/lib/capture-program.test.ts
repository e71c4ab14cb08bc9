import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { captureProgram } from "../../src/lib/capture-program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const { kill } = process;
const env = { PATH: "/usr/bin:/bin", SHOWN: "yes", HIDDEN: undefined };

function sh(script: string, options: { timeoutMs?: number; maxBytes?: number; cwd?: string } = {}) {
  const limits = { cwd: "/", timeoutMs: 10_000, maxBytes: 1000, ...options };
  return captureProgram({ env, kill }, ["/bin/sh", "-c", script], limits);
}

describe("captureProgram()", () => {
  test.each([
    ["echo out; echo err >&2", { exitCode: 0, stdout: "out\n", stderr: "err\n" }],
    ["printf a; exit 7", { exitCode: 7, stdout: "a", stderr: "" }],
    ["kill -9 $$", { exitCode: undefined, stdout: "", stderr: "" }],
    ['echo "$SHOWN-$HIDDEN-$HOME"; pwd', { exitCode: 0, stdout: "yes--\n/\n", stderr: "" }],
    ["cat; echo end", { exitCode: 0, stdout: "end\n", stderr: "" }],
    ["head -c 100000 /dev/zero >&2; echo x", { exitCode: 0, stdout: "x\n" }],
  ])("runs %j", async (script, expected) => {
    expect(await sh(script)).toMatchObject({ kind: "ended", ...expected });
  });

  test("puts other variables in place of those that there are", async () => {
    const options = {
      cwd: "/",
      timeoutMs: 10_000,
      maxBytes: 1000,
      env: { SHOWN: "no", HOME: "/h" },
    };
    const script = 'echo "$SHOWN-$HOME-$PATH"';
    expect(await captureProgram({ env, kill }, ["/bin/sh", "-c", script], options)).toMatchObject({
      stdout: "no-/h-/usr/bin:/bin\n",
    });
  });

  test("does not wait for what a program that has ended left behind", async () => {
    const pidFile = join(temporaryDirectory(), "pid");
    const ran = await sh(`sleep 600 & echo $! >${pidFile}; echo key`);
    expect(ran).toMatchObject({ kind: "ended", exitCode: 0, stdout: "key\n" });
    process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
  });

  test("ends a program that takes too long, with all that it started", async () => {
    const pidFile = join(temporaryDirectory(), "pid");
    const ran = sh(`sleep 600 & echo $! >${pidFile}; wait`, { timeoutMs: 500 });
    expect(await ran).toEqual({ kind: "timeout" });
    await untilGone(Number(readFileSync(pidFile, "utf8")));
  });

  test("ends a program that prints without end", async () => {
    expect(await sh("yes")).toEqual({ kind: "too-much" });
    expect(await sh("head -c 1000 /dev/zero")).toMatchObject({ kind: "ended", exitCode: 0 });
    expect(await sh("head -c 1001 /dev/zero")).toEqual({ kind: "too-much" });
  });

  test("says why a program was not started", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "program");
    writeFileSync(path, "#!/bin/sh\n");
    chmodSync(path, 0o600);
    const limits = { cwd: directory, timeoutMs: 1000, maxBytes: 10 };
    const start = (program: string) => captureProgram({ env, kill }, [program], limits);
    expect(await start(path)).toEqual({
      kind: "not-started",
      reason: "permission denied (EACCES)",
    });
    expect(await start(join(directory, "none"))).toEqual({
      kind: "not-started",
      reason: "no such file or directory (ENOENT)",
    });
  });
});

/** A process that was killed is gone when nothing of it is left, or only its exit code. */
async function untilGone(pid: number): Promise<void> {
  const isThere = (): boolean =>
    existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  for (let tries = 0; tries < 500 && isThere(); tries += 1) {
    await Bun.sleep(10);
  }
  expect(isThere()).toBe(false);
}
