import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeRunDirectory } from "../../../src/broker/tools/run-directory.ts";
import { problemOf } from "../../support/problem-of.ts";
import { modeOf } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

function place() {
  const root = temporaryDirectory();
  const qwenHome = join(root, ".qwen");
  const make = (env: Readonly<Record<string, string>> = {}) =>
    makeRunDirectory({ env: { TMPDIR: join(root, "tmp"), ...env }, qwenHome });
  return { root, qwenHome, make };
}

describe("makeRunDirectory()", () => {
  test("makes one of its own, closed to others, each time another", () => {
    const { root, make } = place();
    const runtime = join(root, "runtime");
    const before = process.umask(0);
    try {
      const [first, second] = [
        make({ XDG_RUNTIME_DIR: runtime }),
        make({ XDG_RUNTIME_DIR: runtime }),
      ];
      expect([dirname(first.path), dirname(second.path)]).toEqual([runtime, runtime]);
      expect(first.path).not.toBe(second.path);
      expect([modeOf(runtime), modeOf(first.path)]).toEqual(["0700", "0700"]);
      first.write([{ path: "a/b.json", content: { c: 1 } }]);
      const path = join(first.path, "a/b.json");
      expect([modeOf(join(first.path, "a")), modeOf(path)]).toEqual(["0700", "0600"]);
      expect(readFileSync(path, "utf8")).toBe('{"c":1}');
      first.remove();
      expect(readdirSync(runtime)).toEqual([second.path.slice(runtime.length + 1)]);
    } finally {
      process.umask(before);
    }
  });

  test("can be used by its owner whatever the system takes away", () => {
    const { root, make } = place();
    const before = process.umask(0o377);
    try {
      expect(modeOf(make({ XDG_RUNTIME_DIR: root }).path)).toBe("0700");
    } finally {
      process.umask(before);
    }
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["no directory of the session", {}],
    ["one that is relative", { XDG_RUNTIME_DIR: "runtime" }],
  ])("lies below ~/.qwen with %s", (_what, env) => {
    const { qwenHome, make } = place();
    expect(dirname(make(env).path)).toBe(join(qwenHome, "run"));
  });

  test("lies where temporary files go where home takes none, and else says why not", () => {
    const { root, qwenHome, make } = place();
    writeFileSync(qwenHome, "");
    expect(dirname(make().path)).toBe(join(root, "tmp"));
    writeFileSync(join(root, "file"), "");
    expect(problemOf(() => make({ TMPDIR: join(root, "file") }))).toMatchObject({
      code: "write-failed",
      message: expect.stringMatching(
        /^Cannot write the files of this run: .*\((?:EEXIST|ENOTDIR)\)$/,
      ),
    });
  });

  test("leaves nothing where a file cannot be written, and follows nothing that is there", () => {
    const { make } = place();
    const directory = make();
    const twice = { path: "a.json", content: { b: 1 } };
    expect(problemOf(() => directory.write([twice, twice]))?.message).toContain("EEXIST");
    expect(existsSync(directory.path)).toBe(false);
  });
});
