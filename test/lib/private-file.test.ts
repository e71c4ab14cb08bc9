import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REMOVED, updatePrivateFile } from "../../src/lib/private-file.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const MACHINE = { uid: process.geteuid?.(), sleep: Bun.sleep };

function remove(path: string) {
  return updatePrivateFile(MACHINE, {
    path,
    read: () => readFileSync(path, "utf8"),
    rewrite: () => REMOVED,
  });
}

describe("updatePrivateFile() with a rewrite that wants no file", () => {
  test("removes it, and leaves no lock", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "tokens"), "secret", { mode: 0o600 });
    expect(await remove(join(directory, "tokens"))).toMatchObject({ changed: true });
    expect(readdirSync(directory)).toEqual([]);
  });

  test("removes what a link leads to, where the secret is", async () => {
    const directory = temporaryDirectory();
    const target = join(directory, "real");
    writeFileSync(target, "secret", { mode: 0o600 });
    symlinkSync(target, join(directory, "link"));
    await remove(join(directory, "link"));
    expect(existsSync(target)).toBe(false);
  });

  test("has nothing to do where there is none", async () => {
    const directory = temporaryDirectory();
    expect(await remove(join(directory, "tokens"))).toMatchObject({ changed: false });
    expect(readdirSync(directory)).toEqual([]);
  });
});
