import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeTarget } from "../../build/manifest.ts";
import { ROOT } from "../../build/project.ts";
import { signMachO } from "../../build/sign-mach-o.ts";
import { TARGETS } from "../../build/targets.ts";
import { craftElf, craftMachO, craftPe } from "./craft-images.ts";

const CONTENT: Readonly<Record<string, Buffer>> = {
  glibc: craftElf(),
  musl: craftElf({ interpreter: "/lib/ld-musl-x86_64.so.1", version: "CXXABI_1.3" }),
  darwin: signMachO(craftMachO()),
  windows: craftPe(),
};

/** The oldest systems that a manifest says its targets run on. */
function oldest(): object[] {
  return TARGETS.map((target) => {
    const content = Buffer.from(CONTENT[target.libc ?? target.os] ?? "");
    const binary = { target, content, sha256: "b", unsignedSha256: "u", runtimeSha256: "r" };
    const facts = describeTarget(binary, { name: "a", content, sha256: "a" });
    return Object.fromEntries(Object.entries(facts).filter(([key]) => key.startsWith("min_")));
  });
}

test("the manifest says for each target how old a system may be", () => {
  expect(TARGETS.map(({ id }, index) => [id, oldest()[index]])).toEqual([
    ["linux-x64", { min_glibc: "2.17" }],
    ["linux-arm64", { min_glibc: "2.17" }],
    ["linux-x64-musl", {}],
    ["linux-arm64-musl", {}],
    ["darwin-arm64", { min_macos: "13.0" }],
    ["darwin-x64", { min_macos: "13.0" }],
    ["windows-x64", { min_windows: "10.0.17763" }],
    ["windows-arm64", { min_windows: "10.0.17763" }],
  ]);
});

describe("installers and guides say the same:", () => {
  const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

  test.each([
    ["install.sh", ['is older than 13"', "1[12].*)"]],
    ["build/packaging/install.ps1", ["-lt 17763)", "older than Windows 10 1809'"]],
    ["docs/releases.md", ["macOS 13 or newer", "Windows 10 1809 or newer", "glibc 2.17 or newer"]],
    ["docs/installing.md", ["macOS is 13 or newer", "Windows 10 1809 or newer"]],
    ["docs/air-gapped.md", ["macOS (13 or newer)", "Windows (10 1809 or newer)"]],
  ])("%s", (path, words) => {
    const text = read(path);
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });
});
