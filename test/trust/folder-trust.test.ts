import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { folderTrust } from "../../src/trust/folder-trust.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const NOTHING = { trustAll: false, env: {}, rules: {} } as const;

describe("folderTrust() trusts", () => {
  test("nothing by itself", () => {
    expect(folderTrust(NOTHING)("/repo")).toBe(false);
  });

  test("every folder with `--trust`", () => {
    const rules = { "/repo": "DO_NOT_TRUST" } as const;
    expect(folderTrust({ ...NOTHING, trustAll: true, rules })("/repo")).toBe(true);
  });

  for (const [value, trusted] of [
    ["true", true],
    ["", false],
    ["false", false],
    ["1", false],
    ["TRUE", false],
  ] as const) {
    test(`${trusted ? "every" : "no"} folder with QWEN_TRUST_WORKSPACE="${value}"`, () => {
      const trust = folderTrust({ ...NOTHING, env: { QWEN_TRUST_WORKSPACE: value } });
      expect(trust("/repo")).toBe(trusted);
    });
  }

  test("the folders of the rules, by real path", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "repo"));
    symlinkSync("repo", join(root, "link"));
    const trust = folderTrust({ ...NOTHING, rules: { [join(root, "repo")]: "TRUST_FOLDER" } });
    expect(trust(join(root, "repo"))).toBe(true);
    expect(trust(join(root, "link"))).toBe(true);
    expect(trust(root)).toBe(false);
  });
});
