import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createLock,
  isOfDeadProcess,
  LockError,
  parseRecord,
  readLock,
} from "../../../src/lib/files/lock-file.ts";
import { currentProcess } from "../../../src/lib/files/process-identity.ts";
import { modeOf } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const lockPath = () => join(temporaryDirectory(), "f.lock");

describe("readLock()", () => {
  test("finds none", () => {
    expect(readLock(lockPath())).toBeUndefined();
  });

  test.each([
    ["a lock", "{}\n", "{}\n"],
    ["an empty one", "", ""],
    ["the largest", "x".repeat(4096), "x".repeat(4096)],
    ["none of what is larger", "x".repeat(4097), ""],
  ])("has the text of %s", (_what, written, text) => {
    const path = lockPath();
    writeFileSync(path, written);
    const found = readLock(path);
    expect(found?.text).toBe(text);
    expect(found?.token).toMatch(/^\d+:[\d.]+:/);
    expect(found?.token).toEndWith(`:${text}`);
  });

  test.each<[string, (path: string) => unknown]>([
    ["a directory", (path) => mkdirSync(path)],
    ["a link", (path) => symlinkSync("nowhere", path)],
  ])("throws for %s", (_what, make) => {
    const path = lockPath();
    make(path);
    const expected = new LockError(`the lock \`${path}\` is not a regular file`);
    expect(() => readLock(path)).toThrow(expected);
  });
});

test("createLock() makes a lock with its text, for one alone, and leaves nothing else", () => {
  const path = lockPath();
  expect(createLock(path, "first\n")).toBe(true);
  expect(createLock(path, "second\n")).toBe(false);
  expect([readFileSync(path, "utf8"), modeOf(path)]).toEqual(["first\n", "0600"]);
  expect(readdirSync(join(path, ".."))).toEqual(["f.lock"]);
});

test("createLock() throws what the system says", () => {
  expect(() => createLock("/none/here/f.lock", "")).toThrow("ENOENT");
});

test.each<[string, object | undefined]>([
  ['{"pid":1,"startTime":"2.a","host":"h"}', { pid: 1, startTime: "2.a", host: "h" }],
  ['{"pid":1,"host":"h","more":true}', { pid: 1, startTime: undefined, host: "h" }],
  ['{"pid":1,"startTime":2,"host":"h"}', { pid: 1, startTime: undefined, host: "h" }],
  ['{"pid":"1","host":"h"}', undefined],
  ['{"pid":1}', undefined],
  ['{"host":"h"}', undefined],
  ["[]", undefined],
  ["null", undefined],
  ["", undefined],
  ["{", undefined],
])("parseRecord(%j) is %j", (text, expected) => {
  expect(parseRecord(text)).toEqual(expected as never);
});

test("isOfDeadProcess() is true of one of this host that has ended, and of nobody else", () => {
  const dead = { ...currentProcess(), pid: 2 ** 31 - 1 };
  const owners = [dead, currentProcess(), { ...dead, host: "elsewhere" }, undefined];
  expect(owners.map(isOfDeadProcess)).toEqual([true, false, false, false]);
});
