import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { editJsonc } from "../../src/lib/json/jsonc-edit.ts";
import { applyRevoke, applyRule } from "../../src/trust/apply-trust.ts";
import {
  coveredFolder,
  isTrustedFolder,
  type TrustRule,
  type TrustRules,
} from "../../src/trust/trusted-folders.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

function after(rules: TrustRules, edits: ReturnType<typeof applyRule>): unknown {
  return JSON.parse(editJsonc(JSON.stringify(rules), edits));
}

describe("applyRule()", () => {
  type Case = readonly [
    name: string,
    rules: TrustRules,
    folder: string,
    rule: TrustRule,
    after: object,
  ];
  const cases: readonly Case[] = [
    ["adds the first rule", {}, "/x/a", "TRUST_FOLDER", { "/x/a": "TRUST_FOLDER" }],
    [
      "adds one beside others",
      { "/y": "DO_NOT_TRUST" },
      "/x/a",
      "TRUST_PARENT",
      { "/y": "DO_NOT_TRUST", "/x/a": "TRUST_PARENT" },
    ],
    [
      "leaves a rule that stands there",
      { "/x/a": "TRUST_FOLDER" },
      "/x/a",
      "TRUST_FOLDER",
      { "/x/a": "TRUST_FOLDER" },
    ],
    [
      "leaves a folder that a parent's rule trusts",
      { "/x": "TRUST_FOLDER" },
      "/x/a",
      "TRUST_FOLDER",
      { "/x": "TRUST_FOLDER" },
    ],
    [
      "leaves a folder whose parent is trusted by a rule of its own",
      { "/x/a": "TRUST_PARENT" },
      "/x/a",
      "TRUST_FOLDER",
      { "/x/a": "TRUST_PARENT" },
    ],
    [
      "replaces a distrust",
      { "/x/a": "DO_NOT_TRUST" },
      "/x/a",
      "TRUST_FOLDER",
      { "/x/a": "TRUST_FOLDER" },
    ],
    [
      "replaces a distrust that is spelled with a slash",
      { "/x/a/": "DO_NOT_TRUST" },
      "/x/a",
      "TRUST_FOLDER",
      { "/x/a": "TRUST_FOLDER" },
    ],
    [
      "trusts below a distrusted folder",
      { "/x": "DO_NOT_TRUST" },
      "/x/a",
      "TRUST_FOLDER",
      { "/x": "DO_NOT_TRUST", "/x/a": "TRUST_FOLDER" },
    ],
    [
      "removes what distrusts the parent that is to be trusted",
      { "/x": "DO_NOT_TRUST", "/x/b": "DO_NOT_TRUST" },
      "/x/a",
      "TRUST_PARENT",
      { "/x/b": "DO_NOT_TRUST", "/x/a": "TRUST_PARENT" },
    ],
    [
      "distrusts below a trusted folder",
      { "/x": "TRUST_FOLDER" },
      "/x/a",
      "DO_NOT_TRUST",
      { "/x": "TRUST_FOLDER", "/x/a": "DO_NOT_TRUST" },
    ],
    [
      "distrusts by an own rule also where a parent is distrusted",
      { "/x": "DO_NOT_TRUST" },
      "/x/a",
      "DO_NOT_TRUST",
      { "/x": "DO_NOT_TRUST", "/x/a": "DO_NOT_TRUST" },
    ],
    [
      "replaces a trust",
      { "/x/a": "TRUST_FOLDER" },
      "/x/a",
      "DO_NOT_TRUST",
      { "/x/a": "DO_NOT_TRUST" },
    ],
  ];
  for (const [name, rules, folder, rule, expected] of cases) {
    test(name, () => {
      const edits = applyRule(rules, { folder, rule });
      expect(after(rules, edits)).toEqual(expected);
      const now = after(rules, edits) as TrustRules;
      expect(isTrustedFolder(now, coveredFolder(folder, rule))).toBe(rule !== "DO_NOT_TRUST");
      expect(applyRule(now, { folder, rule })).toEqual([]);
    });
  }

  test("replaces the rule of a link to the folder", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "real"));
    symlinkSync("real", join(root, "link"));
    const rules: TrustRules = { [join(root, "link")]: "DO_NOT_TRUST" };
    const edits = applyRule(rules, { folder: join(root, "real"), rule: "TRUST_FOLDER" });
    expect(after(rules, edits)).toEqual({ [join(root, "real")]: "TRUST_FOLDER" });
  });
});

describe("applyRevoke()", () => {
  test.each<[string, TrustRules, object]>([
    ["removes a rule", { "/x/a": "TRUST_FOLDER" }, {}],
    ["removes a distrust", { "/x/a": "DO_NOT_TRUST" }, {}],
    ["removes every spelling", { "/x/a": "TRUST_FOLDER", "/x/a/": "TRUST_PARENT" }, {}],
    [
      "leaves those of parents, children and others",
      {
        "/x": "TRUST_FOLDER",
        "/x/a": "TRUST_FOLDER",
        "/x/a/b": "TRUST_PARENT",
        "/x/ab": "DO_NOT_TRUST",
      },
      { "/x": "TRUST_FOLDER", "/x/a/b": "TRUST_PARENT", "/x/ab": "DO_NOT_TRUST" },
    ],
    ["does nothing without a rule", {}, {}],
  ])("%s", (_name, rules, expected) => {
    expect(after(rules, applyRevoke(rules, "/x/a"))).toEqual(expected);
  });
});
