import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyRule } from "../../src/trust/apply-trust.ts";
import { readTrustRules, trustFilePath } from "../../src/trust/trusted-folders.ts";
import { updateTrust } from "../../src/trust/update-trust.ts";
import { identity, modeOf, snapshot } from "../support/snapshot.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const MACHINE = { uid: process.geteuid?.(), sleep: Bun.sleep };

/** A Qwen home that does not exist yet, or one with a trust file. */
function homeWith(text?: string): string {
  const home = join(temporaryDirectory(), ".qwen");
  if (text !== undefined) {
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, "trustedFolders.json"), text, { mode: 0o600 });
  }
  return home;
}

function trust(qwenHome: string, folder: string) {
  return updateTrust(MACHINE, {
    qwenHome,
    edits: (rules) => applyRule(rules, { folder, rule: "TRUST_FOLDER" }),
  });
}

describe("updateTrust()", () => {
  test("makes the file, private, and answers the rules in it", async () => {
    const home = homeWith();
    const path = join(home, "trustedFolders.json");
    expect(await trust(home, "/x/a")).toEqual({
      changed: true,
      notes: [],
      path,
      rules: { "/x/a": "TRUST_FOLDER" },
    });
    expect([modeOf(home), modeOf(path)]).toEqual(["0700", "0600"]);
    expect(readFileSync(path, "utf8")).toBe('{\n  "/x/a": "TRUST_FOLDER"\n}\n');
  });

  test("keeps comments, order and indentation", async () => {
    const home = homeWith(
      '// mine\n{\n\t"/y": "DO_NOT_TRUST", // never\n\t"/z/z": "TRUST_PARENT"\n}\n',
    );
    await trust(home, "/x/a");
    expect(readFileSync(join(home, "trustedFolders.json"), "utf8")).toBe(
      '// mine\n{\n\t"/y": "DO_NOT_TRUST", // never\n\t"/z/z": "TRUST_PARENT",\n\t"/x/a": "TRUST_FOLDER"\n}\n',
    );
  });

  test("keeps the comment of a rule that it replaces", async () => {
    const home = homeWith('{\n  "/x/a": "DO_NOT_TRUST" // why?\n}\n');
    await trust(home, "/x/a");
    expect(readFileSync(join(home, "trustedFolders.json"), "utf8")).toBe(
      '{\n  "/x/a": "TRUST_FOLDER" // why?\n}\n',
    );
  });

  test("touches nothing where nothing changes", async () => {
    const home = homeWith('{"/x": "TRUST_FOLDER"}');
    const before = identity(join(home, "trustedFolders.json"));
    expect(await trust(home, "/x/a")).toMatchObject({ changed: false });
    expect(identity(join(home, "trustedFolders.json"))).toEqual(before);
    const none = homeWith();
    await updateTrust(MACHINE, { qwenHome: none, edits: () => [] });
    expect(existsSync(none)).toBe(false);
  });

  test.each(["{", '{"/x": "TRUST"}', "[]"])("leaves the broken file %j as it is", async (text) => {
    const home = homeWith(text);
    const before = snapshot(home);
    await expect(trust(home, "/x/a")).rejects.toMatchObject({ code: "trust-file-invalid" });
    expect(snapshot(home)).toEqual(before);
  });

  test.each(["", "\n", "// mine\n"])(
    "fills a file that was only made to be there: %j",
    async (text) => {
      const home = homeWith(text);
      expect(await trust(home, "/x/a")).toMatchObject({ changed: true });
      const written = readFileSync(join(home, "trustedFolders.json"), "utf8");
      expect(written).toBe(`${text.trim() === "" ? "" : text}{\n  "/x/a": "TRUST_FOLDER"\n}\n`);
    },
  );

  test("leaves a file alone that belongs to another", async () => {
    const home = homeWith("{}");
    const update = updateTrust(
      { ...MACHINE, uid: 4_000_000 },
      {
        qwenHome: home,
        edits: (rules) => applyRule(rules, { folder: "/x", rule: "DO_NOT_TRUST" }),
      },
    );
    await expect(update).rejects.toMatchObject({ code: "settings-unsafe" });
    expect(readFileSync(join(home, "trustedFolders.json"), "utf8")).toBe("{}");
  });

  test("fails where no directory can be made", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    await expect(trust(join(file, ".qwen"), "/x/a")).rejects.toMatchObject({
      code: "write-failed",
    });
  });

  test("loses no rule of several writers at once", async () => {
    const home = homeWith("{}\n");
    const folders = Array.from({ length: 8 }, (_, index) => `/x/${index}`);
    await Promise.all(folders.map((folder) => trust(home, folder)));
    expect(Object.keys(await readTrustRules(trustFilePath(home))).sort()).toEqual(folders);
  });
});
