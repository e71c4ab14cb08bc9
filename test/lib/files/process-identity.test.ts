import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { currentProcess, isAlive, isKnownDead } from "../../../src/lib/files/process-identity.ts";

const onLinux = test.if(process.platform === "linux");

async function deadPid(): Promise<number> {
  const child = Bun.spawn([process.execPath, "--version"], { stdout: "ignore" });
  await child.exited;
  return child.pid;
}

async function waitForStat(pid: number, pattern: RegExp): Promise<void> {
  while (!pattern.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) {
    await Bun.sleep(1);
  }
}

test("currentProcess() names this process, the same each time", () => {
  expect(currentProcess().pid).toBe(process.pid);
  expect(currentProcess()).toEqual(currentProcess());
});

onLinux("currentProcess() tells the start time and the boot, safe in a file name", () => {
  const { startTime, host } = currentProcess();
  expect(startTime).toMatch(/^\d+\.[\da-f]{32}$/);
  expect(host).toMatch(/^[\w.-]+\+\d+$/);
});

test("isAlive() is true for this process", () => {
  expect(isAlive(currentProcess())).toBe(true);
});

test("isAlive() is false for a process that has ended", async () => {
  expect(isAlive({ pid: await deadPid(), startTime: undefined })).toBe(false);
});

onLinux("isAlive() is false when the pid was given to another process", () => {
  expect(isAlive({ pid: process.pid, startTime: "1.0" })).toBe(false);
});

onLinux("isAlive() goes by the pid alone when no start time is known", () => {
  expect(isAlive({ pid: process.pid, startTime: undefined })).toBe(true);
});

onLinux("isAlive() is false for a process that has ended but was not waited for", async () => {
  const parent = Bun.spawn(["sh", "-c", "sleep 600 & echo $!; exec cat"], {
    stdin: "pipe",
    stdout: "pipe",
  });
  const { value } = await parent.stdout.getReader().read();
  const pid = Number(new TextDecoder().decode(value));
  await waitForStat(parent.pid, /\(cat\)/);
  process.kill(pid, "SIGKILL");
  await waitForStat(pid, /\) Z /);
  expect(isAlive({ pid, startTime: undefined })).toBe(false);
  parent.kill("SIGKILL");
  await parent.exited;
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 31])("isAlive() is false for the pid %p", (pid) => {
  expect(isAlive({ pid, startTime: undefined })).toBe(false);
});

test("isKnownDead() is true for a process of this host that has ended", async () => {
  const dead = { ...currentProcess(), pid: await deadPid() };
  expect(isKnownDead(dead)).toBe(true);
});

test("isKnownDead() is false for a process of another host, and for a live one", async () => {
  const foreign = { ...currentProcess(), pid: await deadPid(), host: "elsewhere" };
  expect(isKnownDead(foreign)).toBe(false);
  expect(isKnownDead(currentProcess())).toBe(false);
});
