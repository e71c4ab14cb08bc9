import { describe, expect, test } from "bun:test";
import { chmodSync, closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  isUtf16,
  type OpenFile,
  readContent,
  reasonUnopened,
  type UnopenedFile,
  UTF_16,
  unreadable,
  withOpenFile,
} from "../../../src/lib/files/open-file.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const UID = process.geteuid?.() ?? 0;
const TOO_LARGE = {
  kind: "unreadable",
  fault: "too-large",
  reason: "it is larger than 1 MiB",
} as const;
const MIB = 1024 * 1024;

function file(content: string | Uint8Array, mode = 0o600): string {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const found = (path: string) => withOpenFile(path, (it) => it);

function contentOf(path: string, largest: number) {
  return withOpenFile(path, (it) => (it.kind === "file" ? readContent(it, largest) : it));
}

describe("withOpenFile() finds", () => {
  test("a file with its mode, owner and size, and closes it", () => {
    const path = file("text", 0o640);
    const { descriptor, ...rest } = found(path) as OpenFile;
    expect(rest).toEqual({ kind: "file", path, mode: 0o640, uid: UID, size: 4 });
    expect(() => closeSync(descriptor)).toThrow("EBADF");
  });

  test("the file behind a link, by the path that was asked for", () => {
    const path = file("text");
    symlinkSync(path, `${path}.link`);
    expect(found(`${path}.link`)).toMatchObject({ kind: "file", path: `${path}.link`, size: 4 });
  });

  test("nothing, whichever part of the path is not there", () => {
    const path = file("text");
    symlinkSync("nowhere", `${path}.link`);
    for (const none of [`${path}.none`, join(path, "below"), `${path}.link`]) {
      expect(found(none)).toEqual({ kind: "missing" });
    }
  });

  test("what is no file", () => {
    const directory = temporaryDirectory();
    expect(found(directory)).toEqual({ kind: "other", description: "a directory" });
    expect(found("/dev/null")).toEqual({ kind: "other", description: "a device" });
  });

  testUnless(missingPrograms("mkfifo"))("a pipe, without waiting for who writes to it", () => {
    const path = join(temporaryDirectory(), "pipe");
    Bun.spawnSync(["mkfifo", path]);
    expect(found(path)).toEqual({ kind: "other", description: "a pipe" });
  });

  test("no way through a loop of links", () => {
    const directory = temporaryDirectory();
    symlinkSync("b", join(directory, "a"));
    symlinkSync("a", join(directory, "b"));
    expect(found(join(directory, "a"))).toMatchObject({
      kind: "inaccessible",
      error: { code: "ELOOP" },
    });
  });

  testUnless(UID === 0 ? "root may read everything" : undefined)("one that is closed", () => {
    expect(found(file("text", 0))).toMatchObject({
      kind: "closed",
      uid: UID,
      error: { code: "EACCES" },
    });
    const directory = join(temporaryDirectory(), "closed");
    mkdirSync(directory, { mode: 0 });
    expect(found(join(directory, "file"))).toMatchObject({
      kind: "inaccessible",
      error: { code: "EACCES" },
    });
  });

  test("what `use` throws, after the file was closed", () => {
    const path = file("text");
    let descriptor = -1;
    const use = (it: OpenFile | UnopenedFile): never => {
      descriptor = it.kind === "file" ? it.descriptor : -1;
      throw new Error("no use");
    };
    expect(() => withOpenFile(path, use)).toThrow("no use");
    expect(() => closeSync(descriptor)).toThrow("EBADF");
  });
});

describe("readContent()", () => {
  test.each([
    ["a text", "text", "text"],
    ["nothing", "", ""],
    ["a byte order mark with the rest", "\ufeff{}", "\ufeff{}"],
    ["bytes that are no UTF-8 as replacements", new Uint8Array([97, 0xff, 98]), "a\ufffdb"],
    ["all that is allowed", "x".repeat(MIB), "x".repeat(MIB)],
  ])("reads %s", (_what, content, text) => {
    expect(contentOf(file(content), MIB)).toEqual({ kind: "text", text });
  });

  test("reads no byte more than is allowed", () => {
    expect(contentOf(file("x".repeat(MIB + 1)), MIB)).toEqual(TOO_LARGE);
    expect(contentOf(file("12"), 1)).toMatchObject({ fault: "too-large" });
  });

  /** As the kernel's own files are: of no size for whoever asks. */
  function unsized(content: string | Uint8Array, largest: number) {
    const path = file(content);
    const descriptor = openSync(path, "r");
    try {
      const opened = { kind: "file", path, descriptor, mode: 0o600, uid: UID, size: 0 } as const;
      return readContent(opened, largest);
    } finally {
      closeSync(descriptor);
    }
  }

  test.each([
    ["a text", "text"],
    ["nothing", ""],
    ["a byte order mark with the rest", "\ufeff{}"],
    ["letters that are cut where a part ends", `x${"é".repeat(64 * 1024)}`],
    ["all that is allowed", "x".repeat(MIB)],
  ])("reads %s from what has no size", (_what, text) => {
    expect(unsized(text, MIB)).toEqual({ kind: "text", text });
  });

  test("ends what has no size with half a letter, and where it is too large", () => {
    expect(unsized(new Uint8Array([97, 0xc3]), 10)).toEqual({ kind: "text", text: "a\ufffd" });
    expect(unsized("x".repeat(MIB + 1), MIB)).toEqual(TOO_LARGE);
  });

  test("says what the system says", () => {
    const opened = { kind: "file", path: "", descriptor: -1, mode: 0, uid: 0, size: 1 } as const;
    expect(readContent(opened, 10)).toMatchObject({ kind: "unreadable", fault: "system" });
    const cause = Object.assign(new Error("no"), { code: "EIO" });
    expect(unreadable(cause)).toEqual({
      kind: "unreadable",
      fault: "system",
      reason: "input/output error (EIO)",
      cause,
    });
  });

  test.each([
    ["with a mark, the low byte first", [0xff, 0xfe, 97, 0, 98, 0]],
    ["with a mark, the high byte first", [0xfe, 0xff, 0, 97, 0, 98]],
    ["without a mark, the low byte first", [97, 0, 98, 0]],
    ["without a mark, the high byte first", [0, 97, 0, 98]],
  ])("knows UTF-16 %s", (_what, bytes) => {
    expect(contentOf(file(new Uint8Array(bytes)), 10)).toBe(UTF_16);
  });
});

test.each([
  ["text", false],
  ["", false],
  ["ab\0", false],
  ["\ufffd\ufffda", false],
  ["\ufffda\0", false],
  ["\ufffd\ufffda\0", true],
  ["\0a", true],
  ["a\0", true],
])("isUtf16(%j) is %p", (text, expected) => {
  expect(isUtf16(text)).toBe(expected);
});

test.each<[string, UnopenedFile, number | undefined, string | undefined]>([
  ["a pipe", { kind: "other", description: "a pipe" }, 4242, "it is a pipe"],
  ["a directory", { kind: "other", description: "a directory" }, 4242, undefined],
  ["nothing", { kind: "missing" }, 4242, undefined],
  ["what cannot be looked at", { kind: "inaccessible", error: 0 }, 4242, undefined],
  ["one's own", { kind: "closed", uid: 4242, error: 0 }, 4242, undefined],
  ["what is closed where there are no users", closedTo(4243), undefined, undefined],
  ["root's", closedTo(0), 4242, "it belongs to root and you may not read it"],
  [
    "another user's",
    closedTo(4243),
    4242,
    "it belongs to another user (uid 4243) and you may not read it",
  ],
])("reasonUnopened() of %s", (_what, unopened, uid, reason) => {
  expect(reasonUnopened(unopened, uid)).toBe(reason as never);
});

function closedTo(uid: number): UnopenedFile {
  return { kind: "closed", uid, error: 0 };
}
