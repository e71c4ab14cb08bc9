import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBounded } from "../../../src/lib/files/read-bounded.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const read = (path: string) => readBounded(path, { maxKib: 1 });

/** The path of a file with this text. */
function file(content: string | Uint8Array): string {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, content);
  return path;
}

/** The path of a pipe on which a shell writes. */
function pipe(shell: string): string {
  const path = join(temporaryDirectory(), "pipe");
  Bun.spawnSync(["mkfifo", path]);
  Bun.spawn(["sh", "-c", shell, "sh", path], { stdio: ["ignore", "ignore", "ignore"] });
  return path;
}

describe("readBounded() reads", () => {
  test.each([
    ["", ""],
    ["\ufefftext\n", "text\n"],
    ["a".repeat(1024), "a".repeat(1024)],
  ])("a file of %j", (content, text) => {
    expect(read(file(content))).toEqual({ kind: "text", text });
  });

  test("a pipe whose writer is slow", () => {
    const path = pipe('{ sleep 0.1; printf a; sleep 0.1; printf b; } >"$1"');
    expect(read(path)).toEqual({ kind: "text", text: "ab" });
  });

  test("a pipe on which nobody writes as one that is empty", () => {
    expect(read(pipe(":"))).toEqual({ kind: "text", text: "" });
  });
});

describe("readBounded() refuses", () => {
  test("more than it may read", () => {
    const tooMuch = { kind: "unreadable", reason: "it is larger than 1 KiB" } as const;
    expect(read(file("a".repeat(1025)))).toEqual(tooMuch);
    expect(read(pipe('yes >"$1"'))).toEqual(tooMuch);
  });

  test("what is neither a file nor a pipe, and says why", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "d"));
    expect(read(join(directory, "d"))).toEqual({
      kind: "unreadable",
      reason: "it is neither a file nor a pipe",
    });
    expect(read("/dev/null")).toEqual({
      kind: "unreadable",
      reason: "it is neither a file nor a pipe",
    });
    expect(read(join(directory, "none"))).toMatchObject({
      kind: "unreadable",
      reason: "no such file or directory (ENOENT)",
      cause: { code: "ENOENT" },
    });
  });

  test("UTF-16, which is no text that anybody meant", () => {
    expect(read(file(Buffer.from("\ufeffa key", "utf16le")))).toMatchObject({ kind: "unreadable" });
  });
});

test.if(process.platform === "linux")("readBounded() leaves nothing open", () => {
  const path = file("text");
  const open = () => readdirSync("/proc/self/fd").length;
  const before = open();
  for (let times = 0; times < 20; times += 1) {
    read(path);
  }
  expect(open()).toBeLessThan(before + 20);
});
