import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../../src/lib/files/find-program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A place with two directories of programs, `a` before `b`. */
function place() {
  const cwd = temporaryDirectory();
  const write = (name: string, mode = 0o755): string => {
    const path = join(cwd, name);
    writeFileSync(path, "#!/bin/sh\n");
    chmodSync(path, mode);
    return path;
  };
  mkdirSync(join(cwd, "a/tool"), { recursive: true });
  mkdirSync(join(cwd, "b"));
  const path = `${join(cwd, "a")}:${join(cwd, "b")}`;
  const find = (word: string, entries = path) =>
    findProgram(word, { cwd, path: entries, platform: "linux" });
  return { cwd, write, find };
}

describe("findProgram() finds", () => {
  test("the first that can be run, also behind what cannot", () => {
    const { write, find } = place();
    const path = write("b/tool");
    expect(find("tool")).toEqual({ kind: "program", path, realPath: path });
    const other = write("b/other");
    write("a/other", 0o644);
    expect(find("other")).toEqual({ kind: "program", path: other, realPath: other });
    const first = write("a/both");
    write("b/both");
    expect(find("both")).toEqual({ kind: "program", path: first, realPath: first });
  });

  test("a path as it is, from the working directory, and what a link leads to", () => {
    const { cwd, write, find } = place();
    const realPath = write("b/tool");
    symlinkSync("tool", join(cwd, "b/link"));
    expect(find("b/link")).toEqual({ kind: "program", path: join(cwd, "b/link"), realPath });
    expect(find(realPath, "")).toEqual({ kind: "program", path: realPath, realPath });
  });
});

describe("findProgram() says", () => {
  test("that there is none", () => {
    const { cwd, write, find } = place();
    write("tool");
    expect(find("none")).toEqual({ kind: "missing" });
    expect(find("b/none")).toEqual({ kind: "missing" });
    // What is found by way of the working directory is no program of the person's.
    for (const entries of ["", ".", ":", "b/.."]) {
      expect([entries, find("tool", entries)]).toEqual([entries, { kind: "missing" }]);
    }
    symlinkSync("nowhere", join(cwd, "b/dangling"));
    expect(find("dangling")).toEqual({ kind: "missing" });
  });

  test("why what is there cannot be run", () => {
    const { cwd, write, find } = place();
    const closed = write("b/closed", 0o644);
    expect(find("closed")).toEqual({
      kind: "unfit",
      path: closed,
      reason: "it may not be executed",
    });
    expect(find("tool")).toEqual({
      kind: "unfit",
      path: join(cwd, "a/tool"),
      reason: "it is a directory",
    });
    Bun.spawnSync(["mkfifo", join(cwd, "b/pipe")]);
    expect(find("pipe")).toMatchObject({ kind: "unfit", reason: "it is no file" });
  });
});

test("findProgram() asks the system on Windows, with the PATH that it was given", () => {
  const { cwd, write } = place();
  const tool = write("b/only-here");
  const find = (path: string | undefined) =>
    findProgram("only-here", { cwd, path, platform: "win32" });
  expect(find(join(cwd, "b"))).toEqual({ kind: "program", path: tool, realPath: tool });
  expect(find(join(cwd, "a"))).toEqual({ kind: "missing" });
  expect(find(undefined)).toEqual({ kind: "missing" });
});
