import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  createTemporaryFile,
  makePrivate,
  randomName,
  removeIfPossible,
  sweepTemporaryFiles,
  syncDirectory,
  temporaryOwner,
  temporaryPath,
  writeAll,
  writeTemporaryFile,
} from "../../../src/lib/files/atomic-file.ts";
import { replaceFile } from "../../support/replace-in.ts";
import { cannotRunAs, nextOutput, runScript, startScript } from "../../support/run-script.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const skipReason = cannotRunAs(NOBODY);
if (skipReason !== undefined) {
  console.log(`skipped, what needs another user: ${skipReason}`);
}

function permissions(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

function fileWith(text: string, mode = 0o600): { directory: string; path: string } {
  const directory = temporaryDirectory();
  const path = join(directory, "settings.json");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { directory, path };
}

test("replaceFile() writes a file that did not exist", () => {
  const directory = temporaryDirectory();
  replaceFile(join(directory, "settings.json"), "né");
  expect(readFileSync(join(directory, "settings.json"), "utf8")).toBe("né");
  expect(readdirSync(directory)).toEqual(["settings.json"]);
});

test("replaceFile() writes a shorter text, also none", () => {
  const { path } = fileWith("old");
  replaceFile(path, "n");
  expect(readFileSync(path, "utf8")).toBe("n");
  replaceFile(path, "");
  expect(readFileSync(path, "utf8")).toBe("");
});

test("replaceFile() makes a lax file private", () => {
  const { path } = fileWith("old", 0o644);
  replaceFile(path, "new");
  expect(permissions(path)).toBe("600");
});

test.each(["000", "022", "077", "777"])(
  "replaceFile() gives 0600 under the umask %s",
  async (umask) => {
    const { directory, path } = fileWith("old");
    expect(await runScript("replace-file.ts", [path, "new", umask])).toBe("done");
    expect(permissions(path)).toBe("600");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readdirSync(directory)).toEqual(["settings.json"]);
  },
);

test.if(isRoot)("replaceFile() gives the file to its owner", () => {
  const { path } = fileWith("old");
  replaceFile(path, "new", { owner: { uid: NOBODY, gid: NOBODY } });
  expect(statSync(path)).toMatchObject({ uid: NOBODY, gid: NOBODY });
  expect(permissions(path)).toBe("600");
});

test("replaceFile() replaces a link itself, not what it points to", () => {
  const { directory, path } = fileWith("old");
  const link = join(directory, "link");
  symlinkSync(path, link);
  replaceFile(link, "new");
  expect(lstatSync(link).isFile()).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("old");
});

test("replaceFile() leaves the old bytes when `before` throws", () => {
  const { directory, path } = fileWith("old");
  const before = () => {
    throw new Error("the lock was lost");
  };
  expect(() => replaceFile(path, "new", { before })).toThrow("the lock was lost");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(directory)).toEqual(["settings.json"]);
});

test("replaceFile() leaves no temporary file when the path is a directory", () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "settings.json"));
  const path = join(directory, "settings.json");
  expect(() => replaceFile(path, "new")).toThrow(expect.objectContaining({ code: "EISDIR" }));
  expect(readdirSync(directory)).toEqual(["settings.json"]);
});

test("replaceFile() throws the error of the system when there is no directory", () => {
  const path = join(temporaryDirectory(), "missing", "settings.json");
  expect(() => replaceFile(path, "new")).toThrow(expect.objectContaining({ code: "ENOENT" }));
});

test("replaceFile() leaves the old bytes when the directory is read-only", async () => {
  if (isRoot && skipReason !== undefined) {
    console.log(`skipped: ${skipReason}`);
    return;
  }
  const { directory, path } = fileWith("old", 0o644);
  chmodSync(directory, 0o555);
  const uid = isRoot ? NOBODY : undefined;
  const output = await runScript("replace-file.ts", [path, "new", "022"], uid);
  chmodSync(directory, 0o755);
  expect(output).toBe("EACCES");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(directory)).toEqual(["settings.json"]);
});

test.if(skipReason === undefined)(
  "replaceFile() writes in a directory that cannot be listed",
  async () => {
    const { directory, path } = fileWith("old");
    chownSync(directory, NOBODY, NOBODY);
    chmodSync(directory, 0o300);
    expect(await runScript("replace-file.ts", [path, "new", "022"], NOBODY)).toBe("done");
    expect(readFileSync(path, "utf8")).toBe("new");
  },
);

test("replaceFile() leaves the old bytes when the disk is full", () => {
  const directory = temporaryDirectory();
  const mount = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]);
  if (!mount.success) {
    console.log(`skipped: cannot mount a small tmpfs: ${mount.stderr}`);
    return;
  }
  try {
    const path = join(directory, "settings.json");
    writeFileSync(path, "old");
    expect(() => replaceFile(path, "x".repeat(200_000))).toThrow(
      expect.objectContaining({ code: "ENOSPC" }),
    );
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(directory)).toEqual(["settings.json"]);
  } finally {
    Bun.spawnSync(["umount", directory]);
  }
});

test("replaceFile() leaves the old or the new bytes when it is killed at any instant", async () => {
  const { directory, path } = fileWith("a".repeat(100_000));
  const size = "100000";
  const seen = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const writer = startScript("replace-file-forever.ts", [path, size]);
    await nextOutput(writer);
    await Bun.sleep(Math.random() * 10);
    writer.kill("SIGKILL");
    await writer.exited;
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^(a{100000}|b{100000})$/);
    seen.add(text.slice(0, 1));
  }
  // Both were seen, or nothing was ever written.
  expect([...seen].sort()).toEqual(["a", "b"]);
  sweepTemporaryFiles(directory, "settings.json");
  expect(readdirSync(directory)).toEqual(["settings.json"]);
}, 60_000);

test("sweepTemporaryFiles() removes what dead writers left, and nothing else", async () => {
  const directory = temporaryDirectory();
  const child = Bun.spawn([process.execPath, "--version"], { stdout: "ignore" });
  await child.exited;
  const mine = temporaryPath(join(directory, "settings.json"));
  const others = [
    `.other.json.${child.pid}--abc.tmp`,
    `.settings.json.${child.pid}--abc.tmp.bak`,
    ".settings.json.tmp",
    "settings.json",
  ];
  const dead = [
    `.settings.json.${child.pid}-12.ab-0123456789ab.tmp`,
    `.settings.json.${child.pid}--0123456789ab.tmp`,
  ];
  for (const name of [...others, ...dead]) {
    writeFileSync(join(directory, name), "");
  }
  writeFileSync(mine, "");
  sweepTemporaryFiles(directory, "settings.json");
  const names = readdirSync(directory).map((name) => join(directory, name));
  expect(names.sort()).toEqual([mine, ...others.map((name) => join(directory, name))].sort());
});

test.if(process.platform === "linux")(
  "sweepTemporaryFiles() removes the file of an earlier process with a live pid",
  () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, `.settings.json.${process.pid}-1.ab-0123456789ab.tmp`), "");
    sweepTemporaryFiles(directory, "settings.json");
    expect(readdirSync(directory)).toEqual([]);
  },
);

test("sweepTemporaryFiles() ignores a directory that does not exist", () => {
  const missing = join(temporaryDirectory(), "missing");
  expect(() => sweepTemporaryFiles(missing, "settings.json")).not.toThrow();
});

describe("createTemporaryFile()", () => {
  const place = () => join(temporaryDirectory(), "f");
  const UID = process.getuid?.() ?? 0;
  const GID = process.getgid?.() ?? 0;

  test("makes an empty file beside the other, closed to others whatever the umask", () => {
    for (const umask of [0, 0o077, 0o277]) {
      const path = place();
      const before = process.umask(umask);
      try {
        const { path: temporary, file, ...rest } = createTemporaryFile(path);
        closeSync(file);
        expect(rest).toEqual({ hasOwner: true, isPrivate: true });
        const stats = statSync(temporary);
        expect([stats.size, stats.mode & 0o777, dirname(temporary)]).toEqual([
          0,
          0o600,
          dirname(path),
        ]);
      } finally {
        process.umask(before);
      }
    }
  });

  test("has the owner that it has already", () => {
    const { file, hasOwner } = createTemporaryFile(place(), { uid: UID, gid: GID });
    closeSync(file);
    expect(hasOwner).toBe(true);
  });

  test.skipIf(UID !== 0)("gets another owner or group from root", () => {
    for (const owner of [
      { uid: 4242, gid: GID },
      { uid: UID, gid: 4242 },
    ]) {
      const { path, file, hasOwner } = createTemporaryFile(place(), owner);
      closeSync(file);
      const { uid, gid } = statSync(path);
      expect([hasOwner, uid, gid]).toEqual([true, owner.uid, owner.gid]);
    }
  });

  test.skipIf(UID === 0)("says that it has not the owner that only root could give", () => {
    const { file, hasOwner } = createTemporaryFile(place(), { uid: 0, gid: 0 });
    closeSync(file);
    expect(hasOwner).toBe(false);
  });

  test("throws what the system says, and leaves nothing", () => {
    expect(() => createTemporaryFile("/none/here/f")).toThrow("ENOENT");
  });
});

test("writeTemporaryFile() has the text, and its own name each time", () => {
  const path = join(temporaryDirectory(), "f");
  const [one, two] = [writeTemporaryFile(path, "ключ"), writeTemporaryFile(path, "")];
  expect([readFileSync(one, "utf8"), readFileSync(two, "utf8")]).toEqual(["ключ", ""]);
  expect(one).not.toBe(two);
});

test("writeAll() writes every byte at its place", () => {
  const path = join(temporaryDirectory(), "f");
  writeFileSync(path, "0123456789");
  const file = openSync(path, "r+");
  writeAll(file, new TextEncoder().encode("abc"), 4);
  writeAll(file, new Uint8Array(), 0);
  closeSync(file);
  expect(readFileSync(path, "utf8")).toBe("0123abc789");
});

test.each([0o600, 0o644, 0o400, 0o666, 0o700])("makePrivate() of the mode %o", (mode) => {
  const path = join(temporaryDirectory(), "f");
  writeFileSync(path, "");
  chmodSync(path, mode);
  const file = openSync(path, "r");
  expect(makePrivate(file)).toBe(true);
  closeSync(file);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("syncDirectory() has nothing to say of one that is there, and the error of one that is not", () => {
  const directory = temporaryDirectory();
  expect(syncDirectory(directory)).toBeUndefined();
  expect(syncDirectory(join(directory, "none"))).toMatchObject({ code: "ENOENT" });
});

test("removeIfPossible() removes what is there, and throws nothing", () => {
  const directory = temporaryDirectory();
  const [file, folder] = [join(directory, "f"), join(directory, "d")];
  writeFileSync(file, "");
  mkdirSync(join(folder, "in"), { recursive: true });
  for (const path of [file, folder, join(directory, "none"), join(directory, "f", "below")]) {
    removeIfPossible(path);
  }
  expect(readdirSync(directory)).toEqual([]);
});

test("randomName() is sixteen hexadecimal digits, others each time", () => {
  expect(randomName()).toMatch(/^[\da-f]{16}$/);
  expect(randomName()).not.toBe(randomName());
});

test.each<[string, object | undefined]>([
  [".f.12-3.ab-0f.tmp", { basename: "f", pid: 12, startTime: "3.ab" }],
  [".f.12--0f.tmp", { basename: "f", pid: 12, startTime: undefined }],
  [".a.b.12--0f.tmp", { basename: "a.b", pid: 12, startTime: undefined }],
  ["f.12--0f.tmp", undefined],
  [".f.12--0f", undefined],
  [".f.x--0f.tmp", undefined],
  [".f.12--0g.tmp", undefined],
  ["..12--0f.tmp", undefined],
])("temporaryOwner(%j) is %j", (name, owner) => {
  expect(temporaryOwner(name)).toEqual(owner as never);
});

test("temporaryPath() names the writer so that it can be told", () => {
  const path = temporaryPath("/a/settings.json");
  expect(dirname(path)).toBe("/a");
  expect(temporaryOwner(basename(path))).toMatchObject({
    basename: "settings.json",
    pid: process.pid,
  });
});
