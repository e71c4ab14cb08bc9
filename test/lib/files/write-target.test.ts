import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  findWriteTarget,
  throwIfNotWritable,
  throwIfProtected,
} from "../../../src/lib/files/write-target.ts";
import { cannotProtect } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { snapshot } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const UID = process.geteuid?.();

describe("findWriteTarget()", () => {
  test("is the path itself where no link is on the way", () => {
    const directory = temporaryDirectory();
    const path = join(directory, "a", "b", "settings.json");
    expect(findWriteTarget({ path }, UID)).toEqual({
      path,
      realPath: path,
      facts: { kind: "missing" },
      way: "replace",
    });
  });

  test("is what a link leads to, also when only the directory of that exists", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "volume"));
    const path = join(directory, "settings.json");
    symlinkSync("volume/new.json", path);
    expect(findWriteTarget({ path }, UID)).toMatchObject({
      realPath: join(directory, "volume/new.json"),
      facts: { kind: "dangling" },
    });
  });

  type Case = readonly [name: string, make: (directory: string) => unknown, why: string];
  const nowhere: readonly Case[] = [
    [
      "a file that is a link into a directory that is not there",
      (directory) => {
        mkdirSync(join(directory, ".qwen"));
        symlinkSync("/no/such/volume/settings.json", join(directory, ".qwen/settings.json"));
      },
      "it is a link into `/no/such/volume`",
    ],
    [
      "a file that is a link to such a link",
      (directory) => {
        mkdirSync(join(directory, ".qwen"));
        symlinkSync("/no/such/volume/settings.json", join(directory, "other"));
        symlinkSync("../other", join(directory, ".qwen/settings.json"));
      },
      "it is a link into `/no/such/volume`",
    ],
    [
      "a directory that is a link to nothing",
      (directory) => symlinkSync("/no/such/volume", join(directory, ".qwen")),
      "`DIR/.qwen` is a link to `/no/such/volume`",
    ],
    [
      "a directory below a link to nothing",
      (directory) => {
        rmSync(directory, { recursive: true });
        symlinkSync("/no/such/volume", directory);
      },
      "`DIR` is a link to `/no/such/volume`",
    ],
  ];
  test.each(nowhere)("refuses %s", (_name, make, why) => {
    const directory = join(temporaryDirectory(), "home");
    mkdirSync(directory);
    make(directory);
    const path = join(directory, ".qwen/settings.json");
    expect(() => findWriteTarget({ path }, UID)).toThrow(
      expect.objectContaining({
        message: `Cannot write \`${path}\`: ${why.replace("DIR", directory)}, which does not exist`,
        hint: "mount the volume that the link leads to, or remove the link",
        exitCode: 3,
      }),
    );
  });
});

describe("findWriteTarget() of a file of another user", () => {
  const place = () => {
    const path = join(temporaryDirectory(), "settings.json");
    writeFileSync(path, "{}");
    return path;
  };
  const OTHER = (UID ?? 0) + 4242;

  test("refuses it", () => {
    const path = place();
    expect(() => findWriteTarget({ path }, OTHER)).toThrow(
      expect.objectContaining({
        message: `Cannot write \`${path}\`: it belongs to another user (uid ${UID})`,
        code: "settings-unsafe",
        hint: "remove the file or make it your own; it was left as it is",
      }),
    );
    expect(() => findWriteTarget({ path, purpose: "remove" }, OTHER)).toThrow(
      `Cannot remove \`${path}\`: it belongs`,
    );
  });

  test.each([UID, 0, undefined])(
    "takes it for the owner, for root and where there are none: %p",
    (uid) => {
      const path = place();
      expect(findWriteTarget({ path }, uid)).toMatchObject({ realPath: path, way: "replace" });
    },
  );
});

describe("findWriteTarget() of a project's file", () => {
  function project() {
    const root = temporaryDirectory();
    const directory = join(root, "project");
    mkdirSync(directory);
    const path = join(directory, "settings.json");
    return {
      root,
      directory,
      path,
      find: () => findWriteTarget({ path, confinedTo: directory }, UID),
    };
  }
  const HINT = "remove the file or make it your own; it was left as it is";

  test("takes what stands in the directory, or is to be made there", () => {
    const { path, find } = project();
    expect(find()).toMatchObject({ realPath: path, facts: { kind: "missing" } });
    writeFileSync(path, "{}");
    expect(find()).toMatchObject({ realPath: path, facts: { kind: "file" } });
  });

  test("takes a link within it", () => {
    const { directory, path, find } = project();
    symlinkSync("real.json", path);
    expect(find().realPath).toBe(join(directory, "real.json"));
  });

  test.each(["outside", "project-more/f"])("refuses a link out of it, to %s", (name) => {
    const { root, path, find } = project();
    mkdirSync(join(root, "project-more"));
    const outside = join(root, name);
    writeFileSync(outside, "{}");
    symlinkSync(outside, path);
    expect(find).toThrow(
      expect.objectContaining({
        message: `Cannot write \`${path}\`: it is a link that leads out of the project, to \`${outside}\``,
        hint: HINT,
      }),
    );
  });

  test("refuses what others can write to, and says so", () => {
    const { path, find } = project();
    writeFileSync(path, "{}");
    chmodSync(path, 0o602);
    expect(find).toThrow(
      expect.objectContaining({
        message: `Cannot write \`${path}\`: others can write to it (mode 0602)`,
        hint: HINT,
      }),
    );
  });
});

describe("throwIfNotWritable()", () => {
  test("minds nothing of a directory, or one that can be made", () => {
    const directory = temporaryDirectory();
    expect(() => {
      throwIfNotWritable(directory);
      throwIfNotWritable(join(directory, "a", "b"));
    }).not.toThrow();
  });

  test("says of a file in its place, or above, that it is no directory", () => {
    const path = join(temporaryDirectory(), "file");
    writeFileSync(path, "");
    for (const directory of [path, join(path, "below")]) {
      expect(() => throwIfNotWritable(directory)).toThrow(
        expect.objectContaining({ code: "ENOTDIR" }),
      );
    }
  });
});

describe("throwIfProtected()", () => {
  test("minds neither a mode nor that there is no file, and changes nothing", () => {
    const directory = temporaryDirectory();
    const path = join(directory, "settings.json");
    throwIfProtected(findWriteTarget({ path }, UID));
    writeFileSync(path, "{}", { mode: 0o400 });
    const before = snapshot(directory);
    throwIfProtected(findWriteTarget({ path }, UID));
    expect(snapshot(directory)).toEqual(before);
  });

  testUnless(cannotProtect()).each(["i", "a"])("sees the flag %s of a file", (flag) => {
    const path = join(temporaryDirectory(), "settings.json");
    writeFileSync(path, "{}");
    Bun.spawnSync(["chattr", `+${flag}`, path]);
    try {
      expect(() => throwIfProtected(findWriteTarget({ path }, UID))).toThrow(
        expect.objectContaining({ code: "EPERM" }),
      );
    } finally {
      Bun.spawnSync(["chattr", `-${flag}`, path]);
    }
  });
});
