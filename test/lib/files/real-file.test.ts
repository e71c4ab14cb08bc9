import { describe, expect, test } from "bun:test";
import { linkSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identityAt, identityOf, withRealFile } from "../../../src/lib/files/real-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

function file(): string {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, "text");
  return path;
}

describe("withRealFile()", () => {
  test("opens a file with its real path, once", () => {
    const realPath = file();
    const link = `${realPath}.link`;
    symlinkSync("file", link);
    const seen: unknown[] = [];
    expect(withRealFile(link, (found) => seen.push(found))).toBe(1);
    expect(seen).toMatchObject([{ kind: "file", path: link, realPath, size: 4 }]);
  });

  test.each([
    ["nothing", (path: string) => `${path}.none`, { kind: "missing" }],
    ["a directory", (path: string) => join(path, ".."), { kind: "other" }],
  ])("answers for %s what `use` does", (_what, at, found) => {
    expect(withRealFile(at(file()), (it) => it)).toMatchObject(found);
  });

  test("opens it anew as often as `use` wants, up to five times", () => {
    const path = file();
    for (const [until, result] of [
      [1, 1],
      [5, 5],
      [6, undefined],
    ] as const) {
      let times = 0;
      const use = () => {
        times += 1;
        return times < until ? undefined : times;
      };
      expect(withRealFile(path, use)).toBe(result as never);
      expect(times).toBe(Math.min(until, 5));
    }
  });

  test("opens what took the place of a file", () => {
    const path = file();
    const sizes: number[] = [];
    const use = (found: object) => {
      sizes.push("size" in found ? Number(found.size) : -1);
      if (sizes.length > 1) {
        return "done";
      }
      writeFileSync(`${path}.new`, "another");
      renameSync(`${path}.new`, path);
      return undefined;
    };
    expect(withRealFile(path, use)).toBe("done");
    expect(sizes).toEqual([4, 7]);
  });
});

describe("identityAt()", () => {
  test("is the same for all names of one file, and for no other", () => {
    const path = file();
    linkSync(path, `${path}.hard`);
    symlinkSync("file", `${path}.soft`);
    writeFileSync(`${path}.other`, "text");
    const own = identityAt(path);
    expect(own).toMatch(/^\d+:\d+$/);
    expect([`${path}.hard`, `${path}.soft`].map(identityAt)).toEqual([own, own]);
    expect(identityAt(`${path}.other`)).not.toBe(own as never);
  });

  test("is none of what is not there", () => {
    const path = file();
    rmSync(path);
    symlinkSync("nowhere", `${path}.soft`);
    expect([path, `${path}.soft`, join(path, "below")].map(identityAt)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test("identityOf() goes by the path where there is no inode", () => {
  expect(identityOf({ dev: 3n, ino: 0n }, "/a/b")).toBe("/a/b");
  expect(identityOf({ dev: 3n, ino: 1n }, "/a/b")).toBe("3:1");
});
