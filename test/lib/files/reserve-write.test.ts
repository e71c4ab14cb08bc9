import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspectFile } from "../../../src/lib/files/inspect-file.ts";
import { reserveWrite } from "../../../src/lib/files/reserve-write.ts";
import type { WriteTarget } from "../../../src/lib/files/write-target.ts";
import { modeOf } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const NEVER_LOST = () => undefined;

function place(text: string | undefined, way: WriteTarget["way"]) {
  const directory = temporaryDirectory();
  const realPath = join(directory, "tokens");
  if (text !== undefined) {
    writeFileSync(realPath, text, { mode: 0o644 });
  }
  const target: WriteTarget = { path: realPath, realPath, facts: inspectFile(realPath), way };
  return { directory, realPath, target };
}

describe.each(["replace", "in-place"] as const)("reserveWrite(), %s", (way) => {
  test("leaves everything as it was when it is cancelled", () => {
    const { directory, realPath, target } = place("old", way);
    const room = reserveWrite(target, { size: 100_000 });
    expect(readdirSync(directory)).toHaveLength(2);
    expect(readFileSync(realPath, "utf8")).toBe("old");
    room.cancel();
    expect(readdirSync(directory)).toEqual(["tokens"]);
    expect(readFileSync(realPath, "utf8")).toBe("old");
  });

  test("has a file of that size beside the target, closed to others", () => {
    const { directory, target } = place("old", way);
    const room = reserveWrite(target, { size: 100_000 });
    const [name = ""] = readdirSync(directory).filter((it) => it !== "tokens");
    expect([statSync(join(directory, name)).size, modeOf(join(directory, name))]).toEqual([
      100_000,
      "0600",
    ]);
    room.cancel();
  });

  test.each(["", "n", "new", "n".repeat(200_000)])(
    "puts a text in place, and nothing more",
    (text) => {
      for (const size of [0, 10, 100_000]) {
        const { directory, realPath, target } = place("old text", way);
        reserveWrite(target, { size }).commit(text, NEVER_LOST);
        expect(readFileSync(realPath, "utf8")).toBe(text);
        expect(modeOf(realPath)).toBe("0600");
        expect(readdirSync(directory)).toEqual(["tokens"]);
      }
    },
  );

  test("leaves the old text when the lock is lost", () => {
    const { directory, realPath, target } = place("old", way);
    const lost = () => {
      throw new Error("the lock was lost");
    };
    expect(() => reserveWrite(target, { size: 10 }).commit("new", lost)).toThrow("was lost");
    expect(readFileSync(realPath, "utf8")).toBe("old");
    expect(readdirSync(directory)).toEqual(["tokens"]);
  });
});

test("reserveWrite() keeps the file itself in place, and says so", () => {
  const { realPath, target } = place("old", "in-place");
  const { ino } = statSync(realPath);
  expect(reserveWrite(target, { size: 0 }).commit("new", NEVER_LOST)).toEqual([
    `\`${realPath}\` cannot be replaced (a mount point), so it was written in place`,
  ]);
  expect(statSync(realPath).ino).toBe(ino);
});

test("reserveWrite() makes a file that is not there", () => {
  const { realPath, target } = place(undefined, "replace");
  expect(reserveWrite(target, { size: 0 }).commit("new", NEVER_LOST)).toEqual([]);
  expect(readFileSync(realPath, "utf8")).toBe("new");
});

test("reserveWrite() in place fails before anything is known where the file is gone", () => {
  const { directory, target } = place(undefined, "in-place");
  expect(() => reserveWrite(target, { size: 10 })).toThrow("ENOENT");
  expect(readdirSync(directory)).toEqual([]);
});
