import { describe, expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  isTrustedFolder,
  loadTrust,
  readTrustRules,
  type TrustRules,
  trustFilePath,
} from "../../src/trust/trusted-folders.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** A Qwen home with a trust file; none without text. */
function homeWith(text?: string): string {
  const home = temporaryDirectory();
  if (text !== undefined) {
    writeFileSync(join(home, "trustedFolders.json"), text, { mode: 0o600 });
  }
  return home;
}

describe("readTrustRules() reads", () => {
  const rules = { "/a": "TRUST_FOLDER", "/b/c": "TRUST_PARENT", "/d": "DO_NOT_TRUST" };
  const cases: readonly (readonly [name: string, text: string | undefined, rules: object])[] = [
    ["no rules where there is no file", undefined, {}],
    ["an empty object", "{}", {}],
    ["the three rules", JSON.stringify(rules), rules],
    ["comments", '// mine\n{"/a": "TRUST_FOLDER", /* more */}', { "/a": "TRUST_FOLDER" }],
    ["a byte order mark", '\ufeff{"/a": "TRUST_FOLDER"}', { "/a": "TRUST_FOLDER" }],
  ];
  for (const [name, text, expected] of cases) {
    test(name, async () => {
      expect<unknown>(await readTrustRules(trustFilePath(homeWith(text)))).toEqual(expected);
    });
  }
});

describe("loadTrust() takes from a file", () => {
  const rules = { "/a": "TRUST_FOLDER", "/b/c": "TRUST_PARENT", "/d": "DO_NOT_TRUST" } as const;
  const UID = process.getuid?.() ?? 0;
  const distrust = { "/d": "DO_NOT_TRUST" };
  type Case = readonly [
    name: string,
    set: { readonly mode: number; readonly isShared?: boolean },
    rules: object,
    says: string | undefined,
  ];
  const cases: readonly Case[] = [
    ["of one's own all of it", { mode: 0o600 }, rules, undefined],
    [
      "that others may write to only what distrusts",
      { mode: 0o602 },
      distrust,
      "others can write to it",
    ],
    [
      "that is shared on purpose all of it",
      { mode: 0o602, isShared: true },
      rules,
      "QWEN_SHARED_HOME",
    ],
    ["that the group may write to all of it", { mode: 0o660 }, rules, "its group can write"],
  ];
  test.each(cases)("%s", async (_name, { mode, isShared = false }, expected, says) => {
    const home = homeWith(JSON.stringify(rules));
    chmodSync(trustFilePath(home), mode);
    const loaded = await loadTrust(home, { uid: UID, homes: [home], isShared });
    expect<unknown>(loaded.rules).toEqual(expected);
    expect(loaded.warnings).toEqual(says === undefined ? [] : [expect.stringContaining(says)]);
  });
});

describe("readTrustRules() refuses", () => {
  const cases: readonly (readonly [name: string, text: string, why: string])[] = [
    ["what does not parse", '{\n  "/a": \n}', "line 3, column 1: expected a value"],
    ["an array", '["/a"]', "expected an object of folders and rules"],
    ["a scalar", "5", "expected an object of folders and rules"],
    [
      "an unknown rule",
      '{"/a": "TRUST_FOLDER", "/b": "TRUST"}',
      '"/b": expected TRUST_FOLDER, TRUST_PARENT or DO_NOT_TRUST',
    ],
  ];
  for (const [name, text, why] of cases) {
    test(name, async () => {
      const home = homeWith(text);
      await expect(readTrustRules(trustFilePath(home))).rejects.toMatchObject({
        name: "ConfigError",
        code: "trust-file-invalid",
        exitCode: 3,
        message: `Cannot use \`${join(home, "trustedFolders.json")}\`: ${why}`,
      });
    });
  }

  test("a directory", async () => {
    const home = homeWith();
    mkdirSync(join(home, "trustedFolders.json"));
    await expect(readTrustRules(trustFilePath(home))).rejects.toMatchObject({
      code: "trust-file-invalid",
    });
  });

  test("a file over 8 MiB, and none of 8 MiB", async () => {
    const rule = '{"/a": "TRUST_FOLDER"}';
    const path = trustFilePath(homeWith(rule.padEnd(8 * 1024 * 1024)));
    expect<unknown>(await readTrustRules(path)).toEqual({ "/a": "TRUST_FOLDER" });
    appendFileSync(path, " ");
    await expect(readTrustRules(path)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("it is larger than 8 MiB"),
    });
  });

  test("a pipe, without waiting for a writer", async () => {
    const home = homeWith();
    Bun.spawnSync(["mkfifo", join(home, "trustedFolders.json")]);
    const script = `
      import { readTrustRules } from ${JSON.stringify(join(import.meta.dir, "../../src/trust/trusted-folders.ts"))};
      await readTrustRules(process.argv[1] + "/trustedFolders.json").catch((error) => console.log(error.code));
    `;
    const child = Bun.spawn([process.execPath, "--no-env-file", "-e", script, home], {
      stdout: "pipe",
      timeout: 20_000,
    });
    expect((await child.stdout.text()).trim()).toBe("trust-file-invalid");
  });
});

describe("isTrustedFolder()", () => {
  const CWD = realpathSync(".");
  type Case = readonly [name: string, rules: TrustRules, folder: string, trusted: boolean];
  const cases: readonly Case[] = [
    ["trusts nothing without rules", {}, "/x/a", false],
    ["trusts the folder of a rule", { "/x/a": "TRUST_FOLDER" }, "/x/a", true],
    ["trusts what is below", { "/x/a": "TRUST_FOLDER" }, "/x/a/b/c", true],
    ["trusts nothing above", { "/x/a/b": "TRUST_FOLDER" }, "/x/a", false],
    ["trusts nothing beside", { "/x/a": "TRUST_FOLDER" }, "/x/ab", false],
    ["trusts everything below the root", { "/": "TRUST_FOLDER" }, "/x", true],
    ["takes a trailing slash", { "/x/a/": "TRUST_FOLDER" }, "/x/a/b", true],
    ["trusts the parent of a rule's folder", { "/x/a": "TRUST_PARENT" }, "/x", true],
    ["trusts what lies beside it then", { "/x/a": "TRUST_PARENT" }, "/x/b", true],
    ["distrusts a folder", { "/x/a": "DO_NOT_TRUST" }, "/x/a", false],
    [
      "lets the more specific distrust win",
      { "/x": "TRUST_FOLDER", "/x/a": "DO_NOT_TRUST" },
      "/x/a/b",
      false,
    ],
    [
      "lets the more specific trust win",
      { "/x": "DO_NOT_TRUST", "/x/a": "TRUST_FOLDER" },
      "/x/a/b",
      true,
    ],
    [
      "lets the most specific of three win, in any order",
      { "/x/a/b": "TRUST_FOLDER", "/x": "TRUST_FOLDER", "/x/a": "DO_NOT_TRUST" },
      "/x/a/b",
      true,
    ],
    [
      "compares a parent's rule by the parent",
      { "/x/a/b": "TRUST_PARENT", "/x/a/c": "DO_NOT_TRUST" },
      "/x/a/c",
      false,
    ],
    ["never trusts by a relative path", { "": "TRUST_FOLDER", ".": "TRUST_PARENT" }, CWD, false],
    ["distrusts by one", { "/": "TRUST_FOLDER", ".": "DO_NOT_TRUST" }, CWD, false],
    [
      "distrusts where two rules speak of the same folder",
      { "/x/a": "DO_NOT_TRUST", "/x/a/b": "TRUST_PARENT" },
      "/x/a",
      false,
    ],
    [
      "distrusts where two rules speak of the same folder, in any order",
      { "/x/a/b": "TRUST_PARENT", "/x/a": "DO_NOT_TRUST" },
      "/x/a",
      false,
    ],
  ];
  for (const [name, rules, folder, trusted] of cases) {
    test(name, () => {
      expect(isTrustedFolder(rules, folder)).toBe(trusted);
    });
  }

  test("compares by real path", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "real/below"), { recursive: true });
    symlinkSync("real", join(root, "link"));
    const rules: TrustRules = { [join(root, "link")]: "TRUST_FOLDER" };
    expect(isTrustedFolder(rules, join(root, "real/below"))).toBe(true);
    expect(isTrustedFolder({ [join(root, "link/x")]: "TRUST_PARENT" }, join(root, "real"))).toBe(
      true,
    );
  });

  test("distrusts where a link and its target are ruled otherwise", () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "real"));
    symlinkSync("real", join(root, "a-longer-link"));
    const rules: TrustRules = {
      [join(root, "a-longer-link")]: "TRUST_FOLDER",
      [join(root, "real")]: "DO_NOT_TRUST",
    };
    expect(isTrustedFolder(rules, join(root, "real"))).toBe(false);
  });
});
