import { describe, expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readOptions, USAGE } from "../../build/options.ts";
import { ROOT } from "../../build/project.ts";
import { hostTarget, TARGETS } from "../../build/targets.ts";
import { testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** What matters of the options, in few words. */
function summary(args: readonly string[]): object {
  const { action, targets, out, steps, hasOfflineBundle, runtimes } = readOptions(args);
  const { isOffline } = runtimes;
  const ids = targets.map(({ id }) => id).join(" ");
  return { action, ids, out, steps, hasOfflineBundle, isOffline };
}

const all = TARGETS.map(({ id }) => id).join(" ");
const release = {
  action: "release",
  ids: all,
  out: join(ROOT, "dist"),
  steps: "both",
  hasOfflineBundle: false,
  isOffline: false,
};

describe("readOptions()", () => {
  const reason = hostTarget() === undefined ? "there is no target for this machine" : undefined;
  testUnless(reason)("builds the binary of this machine when nothing is said", () => {
    expect(summary([])).toEqual({ ...release, action: "host", ids: hostTarget()?.id });
  });

  test.each([
    ["--all", {}],
    ["--target linux-arm64", { ids: "linux-arm64" }],
    ["--target=windows-x64 --target=linux-x64", { ids: "linux-x64 windows-x64" }],
    ["--all --no-archive --offline", { steps: "compile", isOffline: true }],
    ["--all --prebuilt --offline-bundle", { steps: "pack", hasOfflineBundle: true }],
    ["--all --check-repro", { action: "check-repro" }],
    ["--all --out elsewhere", { out: resolve("elsewhere") }],
    ["--all --out /elsewhere", { out: "/elsewhere" }],
  ])("%s", (args, expected) => {
    expect(summary(args.split(" "))).toEqual({ ...release, ...expected });
  });

  test.each([
    ["--bogus", "--bogus"],
    ["linux-x64", "linux-x64"],
    ["--target", "target"],
    ["--target plan9-x64", 'unknown target "plan9-x64"'],
    ["--check-repro", "say for which targets"],
    ["--prebuilt", "say for which targets"],
    ["--no-archive", "say for which targets"],
    ["--offline-bundle", "say for which targets"],
    ["--all --no-archive --prebuilt", "leaves nothing to pack"],
    ["--all --no-archive --offline-bundle", "leaves nothing to pack"],
  ])("refuses %s", (args, message) => {
    expect(() => readOptions(args.split(" "))).toThrow(message);
  });
});

describe("bun build.ts", () => {
  test.each([
    ["--help", 0, USAGE, ""],
    ["--target=x", 1, "", 'Cannot build qwen: unknown target "x"'],
  ])("%s", (option, code, output, error) => {
    const command = [process.execPath, join(ROOT, "build.ts"), option];
    const { exitCode, stdout, stderr } = Bun.spawnSync(command);
    expect([exitCode, stdout.toString().trim(), stderr.toString().trim()]).toEqual([
      code,
      output,
      error,
    ]);
  });

  test("takes no other Bun than the pinned one", () => {
    const checkout = temporaryDirectory();
    cpSync(join(ROOT, "build.ts"), join(checkout, "build.ts"));
    cpSync(join(ROOT, "build"), join(checkout, "build"), { recursive: true });
    const project = readFileSync(join(ROOT, "package.json"), "utf8");
    const changed = project.replace(/"bun@[\d.]+"/, '"bun@0.9.9"');
    writeFileSync(join(checkout, "package.json"), changed);
    const command = [process.execPath, join(checkout, "build.ts")];
    const { exitCode, stderr } = Bun.spawnSync(command, { cwd: checkout });
    expect(exitCode).toBe(1);
    expect(stderr.toString()).toContain("the project is built with 0.9.9; run `npx -y bun@0.9.9");
    expect(readdirSync(checkout).sort()).toEqual(["build", "build.ts", "package.json"]);
  });
});
