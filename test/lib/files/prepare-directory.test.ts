import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { prepareDirectory } from "../../../src/lib/files/prepare-directory.ts";
import { testUnless } from "../../support/needs.ts";
import { modeOf } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const UID = process.geteuid?.();

function home(mode?: number) {
  const root = temporaryDirectory();
  const directory = join(root, "home");
  if (mode !== undefined) {
    mkdirSync(directory);
    chmodSync(directory, mode);
  }
  return { root, directory, path: join(directory, "settings.json") };
}

/** Does something under a umask, which is that of the whole process. */
function under<T>(umask: number, action: () => T): T {
  const before = process.umask(umask);
  try {
    return action();
  } finally {
    process.umask(before);
  }
}

describe("prepareDirectory() makes a directory", () => {
  test.each([0o022, 0, 0o277])("that is private under the umask %o", (umask) => {
    const { directory, path } = home();
    expect(under(umask, () => prepareDirectory({ path }, UID))).toEqual([]);
    expect([modeOf(directory), readdirSync(directory)]).toEqual(["0700", []]);
  });

  test("with all that are above it", () => {
    const { directory } = home();
    expect(prepareDirectory({ path: join(directory, "a", "b", "f") }, UID)).toEqual([]);
    expect(modeOf(join(directory, "a", "b"))).toBe("0700");
  });

  test("of a project, for all to read", () => {
    const { root, directory, path } = home();
    const notes = under(0o022, () => prepareDirectory({ path, confinedTo: root }, UID));
    expect([notes, modeOf(directory)]).toEqual([[], "0755"]);
  });
});

describe("prepareDirectory() of one that is there", () => {
  test.each([
    [0o700, "0700"],
    [0o500, "0500"],
    // Its owner made it read-only, which a login is no reason to undo.
    [0o555, "0555"],
  ])("leaves the mode %o", (mode, after) => {
    const { directory, path } = home(mode);
    expect(prepareDirectory({ path }, UID)).toEqual([]);
    expect(modeOf(directory)).toBe(after);
  });

  test.each([
    [0o755, "0755"],
    [0o710, "0710"],
    [0o701, "0701"],
    [0o777, "0777"],
  ])("closes the mode %o, and says so", (mode, old) => {
    const { directory, path } = home(mode);
    expect(prepareDirectory({ path }, UID)).toEqual([
      `\`${directory}\` is now 0700 (it was ${old})`,
    ]);
    expect(modeOf(directory)).toBe("0700");
    expect(prepareDirectory({ path }, UID)).toEqual([]);
  });

  test("leaves that of a project, and any where there are no users", () => {
    const { root, directory, path } = home(0o755);
    expect(prepareDirectory({ path, confinedTo: root }, UID)).toEqual([]);
    expect(prepareDirectory({ path }, undefined)).toEqual([]);
    expect(modeOf(directory)).toBe("0755");
  });

  test("leaves what a link leads to", () => {
    const { root, directory } = home(0o755);
    symlinkSync("home", join(root, "link"));
    expect(prepareDirectory({ path: join(root, "link", "settings.json") }, UID)).toEqual([]);
    expect(modeOf(directory)).toBe("0755");
  });

  testUnless(UID === 0 ? undefined : "only root can give a directory away")(
    "leaves that of another user, and says so",
    () => {
      const { directory, path } = home(0o755);
      chownSync(directory, 4242, 4242);
      expect(prepareDirectory({ path }, UID)).toEqual([
        `\`${directory}\` belongs to another user (uid 4242) and keeps its mode (0755)`,
      ]);
      expect(modeOf(directory)).toBe("0755");
    },
  );
});
