import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { findProblems } from "../../build/check-binary.ts";
import { ROOT } from "../../build/project.ts";
import { signMachO } from "../../build/sign-mach-o.ts";
import { hostTarget, TARGETS, type Target } from "../../build/targets.ts";
import { testUnless } from "../support/needs.ts";
import { QWEN } from "../support/qwen.ts";
import { craftElf, craftMachO, craftPe, PROGRAM } from "./craft-images.ts";

function target(id: string): Target {
  const found = TARGETS.find((candidate) => candidate.id === id);
  if (found === undefined) {
    throw new Error(`there is no target ${id}`);
  }
  return found;
}

const MUSL = {
  interpreter: "/lib/ld-musl-x86_64.so.1",
  libraries: ["libc.musl-x86_64.so.1", "libstdc++.so.6"],
  version: "CXXABI_1.3",
};
const ARM = { machine: 183, interpreter: "/lib/ld-linux-aarch64.so.1" };
const SIGNED = signMachO(craftMachO());

describe("findProblems()", () => {
  test.each([
    ["linux-x64", craftElf()],
    ["linux-arm64", craftElf(ARM)],
    ["linux-x64-musl", craftElf(MUSL)],
    ["darwin-x64", SIGNED],
    ["windows-x64", craftPe()],
  ])("has nothing to say about a good binary for %s", (id, file) => {
    expect(findProblems(file, target(id))).toEqual([]);
  });

  test.each([
    ["linux-x64", "of another CPU", craftElf(ARM), "is elf for arm64, not elf for x64"],
    ["linux-arm64", "of another CPU", craftElf(), "is elf for x64, not elf for arm64"],
    ["linux-x64", "for macOS", SIGNED, "is mach-o for x64, not elf for x64"],
    ["darwin-x64", "for Windows", craftPe(), "is pe for x64, not mach-o for x64"],
    ["windows-x64", "for Linux", craftElf(), "is elf for x64, not pe for x64"],
    [
      "linux-x64",
      "for musl",
      craftElf(MUSL),
      "asks for the loader /lib/ld-musl-x86_64.so.1, not /lib64/ld-linux-x86-64.so.2",
    ],
    [
      "linux-x64",
      "that needs a C++ library",
      craftElf({ libraries: ["libc.so.6", "libstdc++.so.6"] }),
      "needs libstdc++.so.6",
    ],
    ["linux-x64", "without libraries", craftElf({ libraries: [] }), "needs no library at all"],
    [
      "linux-x64",
      "for a newer glibc",
      craftElf({ version: "GLIBC_2.18" }),
      "needs glibc 2.18, newer than 2.17",
    ],
    [
      "darwin-x64",
      "that needs Homebrew",
      signMachO(craftMachO({ library: "/opt/homebrew/lib/libicu.dylib" })),
      "needs /opt/homebrew/lib/libicu.dylib",
    ],
    [
      "darwin-x64",
      "for a newer macOS",
      signMachO(craftMachO({ macos: 14 })),
      "needs macOS 14.0, newer than 13.0",
    ],
    [
      "windows-x64",
      "that needs a C run time",
      craftPe({ library: "VCRUNTIME140.dll" }),
      "needs vcruntime140.dll",
    ],
    ["linux-x64", "that is plain Bun", craftElf({ payload: "\0\0" }), "holds no program"],
    [
      "linux-x64",
      "with a path",
      craftElf({ payload: `${ROOT}/src${PROGRAM}` }),
      `this machine: ${ROOT}`,
    ],
    [
      "linux-x64",
      "with a key",
      craftElf({ payload: `sk-sp-${"a1".repeat(16)}${PROGRAM}` }),
      "holds what looks like a secret",
    ],
    ["linux-x64", "that is no ELF file", Buffer.alloc(PAGE_AND_MORE), "neither ELF, Mach-O nor PE"],
    ["linux-x64", "that is cut short", craftElf().subarray(0, -1), "is cut short"],
    ["windows-x64", "that is cut short", craftPe().subarray(0, -1), "is cut short"],
    ["darwin-x64", "that is cut short", SIGNED.subarray(0, -1), "is cut short"],
    ["linux-x64", "that is a script", Buffer.from("#!/bin/sh\n"), "too short for an executable"],
    ["linux-x64", "of 32 bits", withByte(craftElf(), 4, 1), "not a 64-bit little-endian ELF file"],
    ["windows-x64", "of 32 bits", withByte(craftPe(), 0x99, 1), "not a 64-bit PE file"],
    [
      "linux-x64",
      "that is too large",
      Buffer.concat([craftElf(), Buffer.alloc(120 * 1024 * 1024)]),
      "more than 125829120",
    ],
  ])("refuses one for %s %s", (id, _what, file, problem) => {
    expect(findProblems(file, target(id)).join("\n")).toContain(problem);
  });

  testUnless(host().reason)("finds that Bun holds no program, and the built binary does", () => {
    const { target: here } = host();
    expect(findProblems(readFileSync(QWEN), here)).toEqual([]);
    expect(findProblems(readFileSync(process.execPath), here)).toEqual([
      "holds no program: it is plain Bun",
    ]);
  });
});

describe("the signature of a macOS binary", () => {
  const limit = craftMachO().readUInt32LE(32 + 3 * 72 + 56 + 8);
  test.each([
    ["none at all", craftMachO(), "without a code directory"],
    ["one of other code", withByte(SIGNED, 5000, 0), "1 pages that do not match"],
    ["one of other commands", withByte(SIGNED, 24, 1), "1 pages that do not match"],
    ["one with another hash", withByte(SIGNED, SIGNED.length - 1, 0), "1 pages"],
    ["one of less than all", withByte(SIGNED, limit + 20 + 34, 0), "not of all"],
    ["one of another name", withByte(SIGNED, limit + 20 + 88, 0x51), "is signed as Qwen, not qwen"],
    ["one with weak hashes", withByte(SIGNED, limit + 20 + 37, 1), "not SHA-256"],
  ])("%s is refused", (_name, file, problem) => {
    expect(findProblems(file, target("darwin-x64")).join("\n")).toContain(problem);
  });

  test("is made again, byte for byte, from a signed file", () => {
    expect(signMachO(SIGNED).equals(SIGNED)).toBe(true);
  });

  test("grows the last segment when it needs more room", () => {
    const linkedit = 32 + 2 * 72;
    const unsigned = craftMachO();
    const signed = signMachO(unsigned);
    expect(signed.length).toBeGreaterThan(unsigned.length);
    expect(Number(signed.readBigUInt64LE(linkedit + 48))).toBe(signed.length - 3 * 4096);
    expect(Number(signed.readBigUInt64LE(linkedit + 32)) % 0x4000).toBe(0);
  });
});

const PAGE_AND_MORE = 5000;

function withByte(file: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(file);
  changed[at] = value;
  return changed;
}

function host(): { target: Target; reason: string | undefined } {
  const found = hostTarget();
  const reason = found && existsSync(QWEN) ? undefined : "there is no binary of this machine";
  return { target: found ?? target("linux-x64"), reason };
}
