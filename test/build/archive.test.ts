import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packArchive } from "../../build/archive.ts";
import { TARGETS } from "../../build/targets.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const MTIME = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;

const program = Buffer.from(Array.from({ length: 1537 }, (_, index) => index % 251));
const entries = [
  { name: "qwen", mode: 0o755, content: program },
  { name: "LICENSE", mode: 0o644, content: Buffer.from("licence\n") },
  { name: "empty", mode: 0o644, content: Buffer.alloc(0) },
];

const tar = pack("linux-x64");
const zip = pack("windows-x64");

function pack(id: string, packed = entries): Uint8Array {
  const target = TARGETS.find((candidate) => candidate.id === id);
  if (target === undefined) {
    throw new Error(`there is no target ${id}`);
  }
  return packArchive(target, { entries: packed, mtime: MTIME });
}

/** Runs a tool on an archive, in UTC, and returns what it printed. */
function run(archive: Uint8Array, command: (path: string) => readonly string[]): string {
  const path = join(temporaryDirectory(), "archive");
  writeFileSync(path, archive);
  const { stdout, stderr, exitCode } = Bun.spawnSync([...command(path)], {
    env: { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C" },
  });
  expect({ stderr: stderr.toString(), exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return stdout.toString("latin1");
}

/** Others list archives in other words. */
function missingGnuTar(): string | undefined {
  const isGnu = Bun.which("tar") && Bun.spawnSync(["tar", "--version"]).stdout.includes("GNU tar");
  return isGnu ? undefined : "GNU tar not found on PATH";
}

describe("packArchive()", () => {
  test.each(["linux-x64", "windows-x64"])("%s: the same bytes in whatever order", (id) => {
    expect(pack(id, entries.toReversed())).toEqual(pack(id));
  });

  testUnless(missingGnuTar())("tar lists names, modes, times and no owner", () => {
    expect(run(tar, (path) => ["tar", "-tvzf", path]).replace(/ +/g, " ")).toBe(
      [
        "-rw-r--r-- 0/0 8 2026-01-02 03:04 LICENSE",
        "-rw-r--r-- 0/0 0 2026-01-02 03:04 empty",
        "-rwxr-xr-x 0/0 1537 2026-01-02 03:04 qwen",
        "",
      ].join("\n"),
    );
  });

  testUnless(missingPrograms("tar"))("tar finds the same content", () => {
    expect(run(tar, (path) => ["tar", "-xzOf", path, "qwen"])).toBe(program.toString("latin1"));
  });

  testUnless(missingPrograms("unzip"))("unzip finds nothing wrong, and the same content", () => {
    expect(run(zip, (path) => ["unzip", "-tq", path])).toStartWith("No errors detected");
    expect(run(zip, (path) => ["unzip", "-pq", path, "qwen"])).toBe(program.toString("latin1"));
  });

  testUnless(missingPrograms("zipinfo"))("zipinfo lists names, modes and no time", () => {
    const lines = run(zip, (path) => ["zipinfo", "-l", path]).split("\n");
    const members = lines.filter((line) => line.includes("unx")).map((line) => line.split(/ +/));
    expect(members.map((words) => [words[0], words[3], words.at(-3), words.at(-1)])).toEqual([
      ["-rw-r--r--", "8", "80-Jan-01", "LICENSE"],
      ["-rw-r--r--", "0", "80-Jan-01", "empty"],
      ["-rwxr-xr-x", "1537", "80-Jan-01", "qwen"],
    ]);
  });

  test("the gzip header says neither when nor where", () => {
    expect([...tar.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
  });

  test("refuses a name that ustar has no room for", () => {
    const entry = { name: "n".repeat(101), mode: 0o644, content: Buffer.alloc(0) };
    expect(() => pack("linux-x64", [entry])).toThrow("longer than 100 bytes");
  });
});
