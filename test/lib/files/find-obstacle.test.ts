import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findObstacle } from "../../../src/lib/files/find-obstacle.ts";
import { testUnless } from "../../support/needs.ts";
import { snapshot } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const UID = process.geteuid?.();

describe("findObstacle() finds none, and changes nothing,", () => {
  test.each<[string, (directory: string) => unknown]>([
    ["for a file that is there", (directory) => writeFileSync(join(directory, "f"), "")],
    ["for one that its owner may not write", (directory) => lockedFile(directory)],
    ["for a new file", () => undefined],
  ])("%s", (_what, make) => {
    const directory = temporaryDirectory();
    make(directory);
    const before = snapshot(directory);
    expect(findObstacle({ path: join(directory, "f") }, UID)).toBeUndefined();
    expect(findObstacle({ path: join(directory, "f") }, 0)).toBeUndefined();
    expect(findObstacle({ path: join(directory, "a", "b", "f") }, UID)).toBeUndefined();
    expect(snapshot(directory)).toEqual(before);
  });

  const asRoot = UID === 0 && process.platform === "linux";
  testUnless(asRoot ? undefined : "root alone may write to `/proc`")(
    "where blocks and files are not counted",
    () => {
      expect(findObstacle({ path: "/proc/self/task/none" }, UID)).toBeUndefined();
      expect(findObstacle({ path: "/proc/self/task/none" }, 4242)).toBeUndefined();
    },
  );
});

describe("findObstacle() finds", () => {
  test("a file in the place of a directory", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    const path = join(file, "settings.json");
    expect(findObstacle({ path }, UID)).toMatchObject({
      code: "write-failed",
      message: `Cannot write \`${path}\`: a part of the path is not a directory (ENOTDIR)`,
    });
  });

  test("a directory in the place of a file, and changes nothing", () => {
    const directory = temporaryDirectory();
    const path = join(directory, "settings.json");
    const link = join(directory, "link");
    mkdirSync(path);
    symlinkSync(path, link);
    const before = snapshot(directory);
    for (const [each, where] of [
      [path, ""],
      [link, ` (it leads to \`${path}\`)`],
    ] as const) {
      expect(findObstacle({ path: each }, UID)).toMatchObject({
        code: "write-failed",
        message: `Cannot write \`${each}\`${where}: it is a directory (EISDIR)`,
        hint: `remove the directory \`${path}\``,
      });
    }
    expect(snapshot(directory)).toEqual(before);
  });

  test("a link that leads nowhere", () => {
    const path = join(temporaryDirectory(), "settings.json");
    symlinkSync("/no/such/volume/settings.json", path);
    expect(findObstacle({ path }, UID)).toMatchObject({ code: "settings-unsafe", exitCode: 3 });
  });

  testUnless(UID === 0 ? "root may write everywhere" : undefined).each([
    ["of a directory that is there", "f"],
    ["of one that is to be made", "new/f"],
  ])("the closed directory %s", (_what, name) => {
    const directory = join(temporaryDirectory(), "closed");
    mkdirSync(directory);
    chmodSync(directory, 0o500);
    expect(findObstacle({ path: join(directory, name) }, UID)).toMatchObject({
      code: "write-failed",
      message: expect.stringContaining("permission denied (EACCES)"),
    });
    chmodSync(directory, 0o700);
  });
});

function lockedFile(directory: string): void {
  writeFileSync(join(directory, "f"), "", { mode: 0o400 });
}
