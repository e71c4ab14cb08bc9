import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordTrust } from "../../src/trust/record-trust.ts";
import { loadTrustRules } from "../../src/trust/trusted-folders.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const MACHINE = { uid: process.geteuid?.(), sleep: Bun.sleep };

/** A Qwen home that may have a trust file. */
function homeWith(text?: string) {
  const qwenHome = join(temporaryDirectory(), ".qwen");
  const path = join(qwenHome, "trustedFolders.json");
  if (text !== undefined) {
    mkdirSync(qwenHome, { mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
  }
  return { qwenHome, path };
}

describe("recordTrust()", () => {
  test("makes a file for its owner alone", async () => {
    const { qwenHome, path } = homeWith();
    await recordTrust(MACHINE, { qwenHome, folder: "/repo" });
    expect(await loadTrustRules(qwenHome)).toEqual({ "/repo": "TRUST_FOLDER" });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(qwenHome).mode & 0o777).toBe(0o700);
  });

  const written: readonly (readonly [name: string, before: string, after: string])[] = [
    [
      "keeps rules and comments",
      '// mine\n{\n  "/a": "DO_NOT_TRUST", // never\n  "/b": "TRUST_PARENT"\n}\n',
      '// mine\n{\n  "/a": "DO_NOT_TRUST", // never\n  "/b": "TRUST_PARENT",\n  "/repo": "TRUST_FOLDER"\n}\n',
    ],
    [
      "changes a rule that distrusts the folder",
      '{\n  "/repo": "DO_NOT_TRUST" // why?\n}\n',
      '{\n  "/repo": "TRUST_FOLDER" // why?\n}\n',
    ],
    [
      "leaves a rule that trusts the folder",
      '{"/repo":   "TRUST_FOLDER"}',
      '{"/repo":   "TRUST_FOLDER"}',
    ],
  ];
  test.each(written)("%s", async (_name, before, after) => {
    const { qwenHome, path } = homeWith(before);
    await recordTrust(MACHINE, { qwenHome, folder: "/repo" });
    expect(readFileSync(path, "utf8")).toBe(after);
  });

  test("writes the real path of the folder", async () => {
    const { qwenHome } = homeWith();
    const root = temporaryDirectory();
    mkdirSync(join(root, "repo"));
    symlinkSync("repo", join(root, "link"));
    await recordTrust(MACHINE, { qwenHome, folder: join(root, "link") });
    expect(await loadTrustRules(qwenHome)).toEqual({ [join(root, "repo")]: "TRUST_FOLDER" });
  });

  const broken: readonly (readonly [name: string, text: string])[] = [
    ["does not parse", '{"/a": '],
    ["is no object", "[]"],
    ["has unknown rules", '{"/a": "MAYBE"}'],
  ];
  test.each(broken)("leaves a file alone that %s", async (_name, text) => {
    const { qwenHome, path } = homeWith(text);
    await expect(recordTrust(MACHINE, { qwenHome, folder: "/repo" })).rejects.toMatchObject({
      name: "ConfigError",
      code: "trust-file-invalid",
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("leaves a file alone that belongs to another", async () => {
    const { qwenHome, path } = homeWith("{}");
    const machine = { ...MACHINE, uid: 4_000_000 };
    await expect(recordTrust(machine, { qwenHome, folder: "/repo" })).rejects.toMatchObject({
      code: "settings-unsafe",
    });
    expect(readFileSync(path, "utf8")).toBe("{}");
  });

  test("fails where no directory can be made", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    const qwenHome = join(file, ".qwen");
    await expect(recordTrust(MACHINE, { qwenHome, folder: "/repo" })).rejects.toMatchObject({
      code: "write-failed",
    });
    expect(existsSync(qwenHome)).toBe(false);
  });
});
