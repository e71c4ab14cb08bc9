import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stampInstaller } from "../../build/installer.ts";
import { ROOT } from "../../build/project.ts";
import { testUnless } from "../support/needs.ts";
import { INSTALLER } from "./built-release.ts";

const values = { repository: "o/n", version: "1.2.3", sums: "aa  a\nbb  b\n" };

describe("stampInstaller()", () => {
  test("fills in the three constants and changes nothing else", () => {
    expect(stampInstaller(INSTALLER, values)).toBe(`#!/bin/sh
{
  QWEN_DEFAULT_REPO='o/n'
  QWEN_DEFAULT_VERSION='1.2.3'
  QWEN_DEFAULT_SUMS='aa  a
bb  b'
}
`);
  });

  test.each([
    ["no constant", INSTALLER.replace("  QWEN_DEFAULT_SUMS=''\n", ""), values, "0 lines"],
    ["one twice", INSTALLER.replace("{\n", "{\nQWEN_DEFAULT_REPO=''\n"), values, "2 lines"],
    ["one filled in", INSTALLER.replace("REPO=''", "REPO='x/y'"), values, "0 lines"],
    ["a quote", INSTALLER, { ...values, repository: "o/n'; rm -rf ~; '" }, "holds a quote"],
  ])("refuses %s", (_name, script, given, message) => {
    expect(() => stampInstaller(script, given)).toThrow(message);
  });

  const installer = readFileSync(join(ROOT, "install.sh"), "utf8");
  const onlySources = installer.includes("QWEN_DEFAULT_REPO")
    ? undefined
    : "install.sh can only build a checkout";
  testUnless(onlySources)("fits install.sh", () => {
    const stamped = stampInstaller(installer, values);
    expect(stamped).toContain("QWEN_DEFAULT_REPO='o/n'\n");
    const { exitCode } = Bun.spawnSync(["sh", "-n"], { stdin: Buffer.from(stamped) });
    expect(exitCode).toBe(0);
  });
});
