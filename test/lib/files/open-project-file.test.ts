import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openProjectFile, type ProjectRule } from "../../../src/lib/files/open-project-file.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const UID = process.geteuid?.() ?? 0;

function project(rule: Partial<ProjectRule> = {}) {
  const root = temporaryDirectory();
  const directory = join(root, "project");
  mkdirSync(directory);
  const path = join(directory, "settings.json");
  const complete: ProjectRule = {
    own: { uid: UID, homes: [], isShared: false },
    directory,
    userFiles: [],
    largest: 10,
    ...rule,
  };
  return { root, directory, path, open: () => openProjectFile(path, complete) };
}

const PASSED = "passed-over";

describe("openProjectFile() reads", () => {
  test("a file of the project, with all that is known of it", () => {
    const { path, open } = project();
    writeFileSync(path, "text");
    chmodSync(path, 0o664);
    expect(open()).toEqual({
      kind: "file",
      origin: "project",
      mode: 0o664,
      uid: UID,
      realPath: path,
      content: { kind: "text", text: "text" },
    });
  });

  test("one that is too large, and says so", () => {
    const { path, open } = project();
    writeFileSync(path, "01234567890");
    expect(open()).toMatchObject({
      origin: "project",
      content: { kind: "unreadable", fault: "too-large" },
    });
  });

  test("the person's own file by another name, as the person's", () => {
    const { root, directory, path } = project();
    const own = join(root, "own.json");
    writeFileSync(own, "own");
    chmodSync(own, 0o620);
    linkSync(own, path);
    const open = () =>
      openProjectFile(path, {
        own: { uid: UID, homes: [], isShared: false },
        directory,
        userFiles: [join(root, "none"), own],
        largest: 10,
      });
    const warning = `its group can write to \`${path}\` (mode 0620): run \`chmod go-w ${path}\``;
    expect(open()).toEqual({
      kind: "file",
      origin: "user",
      mode: 0o620,
      uid: UID,
      realPath: path,
      content: { kind: "text", text: "own" },
      warning,
    });
  });
});

describe("openProjectFile() passes over", () => {
  test("a file with another name", () => {
    const { root, path, open } = project();
    writeFileSync(path, "text");
    linkSync(path, join(root, "other"));
    expect(open()).toEqual({
      kind: PASSED,
      realPath: path,
      reason: `it has 2 hard links; run \`cp ${path} ${path}.new && mv ${path}.new ${path}\``,
    });
  });

  test("one that others can write", () => {
    const { path, open } = project();
    writeFileSync(path, "text");
    chmodSync(path, 0o602);
    const reason = "others can write to it (mode 0602)";
    expect(open()).toEqual({ kind: PASSED, realPath: path, reason });
  });

  test.each([
    ["a file of anybody", []],
    ["the person's own", ["outside"]],
  ])("a link that leads out of the directory, to %s", (_whose, userFiles) => {
    const { root, path } = project();
    const outside = join(root, "outside");
    writeFileSync(outside, "text");
    symlinkSync("../outside", path);
    const rule = {
      own: { uid: UID, homes: [], isShared: false },
      directory: join(root, "project"),
      userFiles: userFiles.map((name) => join(root, name)),
      largest: 10,
    };
    expect(openProjectFile(path, rule)).toEqual({
      kind: PASSED,
      realPath: outside,
      reason: `it is a link that leads out of its directory, to \`${outside}\``,
    });
  });

  test("one whose directory is objected to, by its real path", () => {
    const asked: string[] = [];
    const objection = (directory: string) => {
      asked.push(directory);
      return "nobody trusts it";
    };
    const { directory, path, open } = project({ objection });
    mkdirSync(join(directory, "real"));
    writeFileSync(join(directory, "real", "f"), "text");
    symlinkSync("real/f", path);
    const realPath = join(directory, "real", "f");
    expect(open()).toEqual({ kind: PASSED, realPath, reason: "nobody trusts it" });
    expect(asked).toEqual([join(directory, "real")]);
  });

  testUnless(missingPrograms("mkfifo"))("a pipe", () => {
    const { path, open } = project();
    Bun.spawnSync(["mkfifo", path]);
    expect(open()).toEqual({ kind: PASSED, reason: "it is a pipe" });
  });

  testUnless(UID === 0 ? undefined : "only root can give a file away")("another user's", () => {
    const { path, open } = project();
    writeFileSync(path, "text");
    chownSync(path, 4242, 4242);
    expect(open()).toMatchObject({
      kind: PASSED,
      realPath: path,
      reason: expect.stringContaining("it belongs to another user (uid 4242)"),
    });
  });

  testUnless(UID === 0 ? "root may enter every directory" : undefined)(
    "one in a directory that is closed",
    () => {
      const { directory, open } = project();
      chmodSync(directory, 0);
      expect(open()).toEqual({ kind: PASSED, reason: "you may not enter its directory" });
      chmodSync(directory, 0o700);
    },
  );
});

describe("openProjectFile() says that there is", () => {
  test("nothing", () => {
    expect(project().open()).toEqual({ kind: "missing" });
  });

  test("a directory", () => {
    const { path, open } = project();
    mkdirSync(path);
    expect(open()).toEqual({ kind: "other", description: "a directory" });
  });

  test("a loop of links", () => {
    const { path, open } = project();
    symlinkSync("settings.json", path);
    expect(open()).toMatchObject({ kind: "inaccessible", error: { code: "ELOOP" } });
  });
});
