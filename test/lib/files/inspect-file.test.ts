import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  formatMode,
  inspectFile,
  isDirectory,
  isWithin,
  realDirectory,
  reasonOfLink,
  reasonToPassOver,
} from "../../../src/lib/files/inspect-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const UID = process.getuid?.() ?? 0;
const onLinux = test.if(process.platform === "linux");

type RegularFile = Extract<ReturnType<typeof inspectFile>, { kind: "file" }>;

describe("inspectFile() finds", () => {
  test("nothing where nothing is", () => {
    const path = fileIn(temporaryDirectory(), "file");
    expect(inspectFile(`${path}.missing`)).toEqual({ kind: "missing" });
    expect(inspectFile(join(path, "below a file"))).toEqual({ kind: "missing" });
  });

  test("a file with its mode, owner and size", () => {
    const path = fileIn(temporaryDirectory(), "file", 0o640);
    expect(inspectFile(path)).toEqual({
      kind: "file",
      realPath: path,
      mode: 0o640,
      uid: UID,
      size: 4,
      links: 1,
    });
  });

  test("the file behind links", () => {
    const root = temporaryDirectory();
    const path = fileIn(root, "file");
    symlinkSync("file", join(root, "link"));
    symlinkSync(join(root, "link"), join(root, "link to a link"));
    expect(inspectFile(join(root, "link to a link"))).toEqual(inspectFile(path));
  });

  test("a directory", () => {
    const root = temporaryDirectory();
    expect(inspectFile(root)).toEqual({ kind: "other", description: "a directory" });
    symlinkSync(".", join(root, "link"));
    expect(inspectFile(join(root, "link"))).toEqual({ kind: "other", description: "a directory" });
  });

  test("a socket", () => {
    const path = join(temporaryDirectory(), "socket");
    const listener = Bun.listen({ unix: path, socket: { data: () => {} } });
    afterAll(() => listener.stop(true));
    expect(inspectFile(path)).toEqual({ kind: "other", description: "a socket" });
  });

  test("a pipe", () => {
    const path = join(temporaryDirectory(), "pipe");
    Bun.spawnSync(["mkfifo", path]);
    expect(inspectFile(path)).toEqual({ kind: "other", description: "a pipe" });
  });

  test("a device", () => {
    expect(inspectFile("/dev/null")).toEqual({ kind: "other", description: "a device" });
  });

  test("a link that points to nothing", () => {
    const path = join(temporaryDirectory(), "link");
    symlinkSync("nowhere", path);
    expect(inspectFile(path)).toEqual({ kind: "dangling" });
  });

  test("no way through a loop of links", () => {
    const root = temporaryDirectory();
    symlinkSync("b", join(root, "a"));
    symlinkSync("a", join(root, "b"));
    expect(inspectFile(join(root, "a"))).toMatchObject({
      kind: "inaccessible",
      error: { code: "ELOOP" },
    });
  });

  test("no way to a name that is too long", () => {
    expect(inspectFile(join(tmpdir(), "a".repeat(300)))).toMatchObject({
      kind: "inaccessible",
      error: { code: "ENAMETOOLONG" },
    });
  });
});

describe("reasonToPassOver() lets pass", () => {
  test("an own file in its directory", () => {
    const root = temporaryDirectory();
    expect(reason(fileIn(root, "file", 0o664), root)).toBeUndefined();
  });

  test("a file of root's", () => {
    const root = temporaryDirectory();
    const facts = { ...inspected(fileIn(root, "file")), uid: 0 };
    expect(reasonToPassOver(facts, { directory: root, uid: 4242 })).toBeUndefined();
  });

  test("a link that stays in the directory", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "below"));
    fileIn(root, "below/file");
    symlinkSync("below/file", join(root, "link"));
    expect(reason(join(root, "link"), root)).toBeUndefined();
  });

  test("a directory that is itself reached through a link", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "real"));
    fileIn(root, "real/file");
    symlinkSync("real", join(root, "link"));
    expect(reason(join(root, "link/file"), join(root, "link"))).toBeUndefined();
  });

  test("any owner and mode where there are no user ids", () => {
    const root = temporaryDirectory();
    const facts = inspected(fileIn(root, "file", 0o666));
    expect(reasonToPassOver(facts, { directory: root, uid: undefined })).toBeUndefined();
  });
});

describe("reasonToPassOver() complains of", () => {
  test("a file with another name, and says how to copy it", () => {
    const root = temporaryDirectory();
    const path = fileIn(root, "file");
    linkSync(path, join(root, "other"));
    expect(reason(path, root)).toBe(
      `it has 2 hard links; run \`cp ${path} ${path}.new && mv ${path}.new ${path}\``,
    );
  });

  test("a file of another user for root, and says how to do without", () => {
    const facts = { ...inspected(fileIn(temporaryDirectory(), "file")), uid: 4242 };
    expect(reasonToPassOver(facts, { directory: "/", uid: 0 })).toBe(
      "it belongs to another user (uid 4242); run as that user (`docker run --user $(id -u)`), or use flags and variables",
    );
  });

  test("a file of another user", () => {
    const root = temporaryDirectory();
    const path = fileIn(root, "file");
    if (UID === 0) {
      chownSync(path, 4242, 4242);
    }
    const facts = inspected(path);
    expect(reasonToPassOver(facts, { directory: root, uid: UID + 1 })).toBe(
      `it belongs to another user (uid ${facts.uid})`,
    );
  });

  test("a file that others can write to", () => {
    const root = temporaryDirectory();
    expect(reason(fileIn(root, "file", 0o602), root)).toBe("others can write to it (mode 0602)");
  });

  test("a link that leaves the directory, by both paths", () => {
    const root = temporaryDirectory();
    const target = fileIn(root, "target");
    mkdirSync(join(root, "repo"));
    symlinkSync("../target", join(root, "repo/link"));
    expect(reason(join(root, "repo/link"), join(root, "repo"))).toBe(
      `it is a link that leads out of its directory, to \`${target}\``,
    );
  });

  test("a link into a directory whose name begins alike", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "repo"));
    mkdirSync(join(root, "repo-evil"));
    const target = fileIn(root, "repo-evil/file");
    symlinkSync(target, join(root, "repo/link"));
    expect(reason(join(root, "repo/link"), join(root, "repo"))).toContain(target);
  });

  test("a file below a directory that is a link out", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "repo"));
    mkdirSync(join(root, "elsewhere"));
    const target = fileIn(root, "elsewhere/file");
    symlinkSync("../elsewhere", join(root, "repo/.qwen"));
    expect(reason(join(root, "repo/.qwen/file"), join(root, "repo"))).toContain(target);
  });

  onLinux("a link to the kernel's files, even in the root directory", () => {
    const root = temporaryDirectory();
    for (const target of ["/proc/version", "/sys/kernel/mm/transparent_hugepage/enabled"]) {
      const facts = inspectFile(target);
      if (facts.kind === "file") {
        const own = { ...facts, uid: UID };
        expect(reasonToPassOver(own, { directory: "/", uid: UID })).toContain(target);
      }
    }
    symlinkSync("/proc/version", join(root, "link"));
    expect(reason(join(root, "link"), root)).toContain("/proc/version");
  });
});

test("isDirectory() follows links, and is true of directories alone", () => {
  const root = temporaryDirectory();
  const path = fileIn(root, "file");
  symlinkSync(".", join(root, "link"));
  const asked = [root, join(root, "link"), path, `${path}.none`, "/dev/null"];
  expect(asked.map(isDirectory)).toEqual([true, true, false, false, false]);
});

test("reasonOfLink() objects to what leaves the directory alone", () => {
  const root = temporaryDirectory();
  expect(reasonOfLink(join(root, "f"), root)).toBeUndefined();
  expect(reasonOfLink("/none/f", root)).toBe(
    "it is a link that leads out of its directory, to `/none/f`",
  );
  expect(["/proc/x", "/sys/x"].map((path) => reasonOfLink(path, "/") !== undefined)).toEqual([
    true,
    true,
  ]);
  expect(["/procx", "/sysx", "/a/proc/x"].map((path) => reasonOfLink(path, "/"))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("isWithin() compares whole names", () => {
  const cases: readonly (readonly [path: string, directory: string, expected: boolean])[] = [
    ["/a/b", "/a/b", true],
    ["/a/b/c", "/a/b", true],
    ["/a/b/c", "/a/b/", true],
    ["/a", "/", true],
    ["/a/bc", "/a/b", false],
    ["/a", "/a/b", false],
  ];
  for (const [path, directory, expected] of cases) {
    expect([path, directory, isWithin(path, directory)]).toEqual([path, directory, expected]);
  }
});

test("realDirectory() resolves what exists and keeps the rest", () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, "real"));
  symlinkSync("real", join(root, "link"));
  expect(realDirectory(join(root, "link"))).toBe(join(root, "real"));
  expect(realDirectory(join(root, "link/new/newer"))).toBe(join(root, "real/new/newer"));
  expect(realDirectory("/no-such-directory/a")).toBe("/no-such-directory/a");
});

test("formatMode() writes modes as chmod takes them", () => {
  expect([0o600, 0o755, 0o7, 0o100644].map(formatMode)).toEqual(["0600", "0755", "0007", "0644"]);
});

/** Writes a file of four bytes and returns its path. */
function fileIn(root: string, name: string, mode = 0o600): string {
  const path = join(root, name);
  writeFileSync(path, "text");
  chmodSync(path, mode);
  return path;
}

function inspected(path: string): RegularFile {
  const facts = inspectFile(path);
  if (facts.kind !== "file") {
    throw new Error(`\`${path}\` is no file but ${facts.kind}`);
  }
  return facts;
}

function reason(path: string, directory: string): string | undefined {
  return reasonToPassOver(inspected(path), { directory, uid: inspected(path).uid });
}
