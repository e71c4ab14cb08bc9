import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parseDotenv } from "../../src/env/parse-dotenv.ts";
import { readDotenv, removeFromDotenv, updateDotenv } from "../../src/env/update-dotenv.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const RUNTIME = { uid: process.geteuid?.(), sleep: Bun.sleep };

function set(path: string, name: string, value: string | undefined) {
  return updateDotenv(RUNTIME, { path, edits: [{ name, value }] });
}

describe("updateDotenv()", () => {
  test("makes a private file in a private directory", async () => {
    const directory = join(temporaryDirectory(), ".qwen");
    const path = join(directory, ".env");
    expect(await set(path, "K", "v")).toEqual({ changed: true, notes: [] });
    expect(readFileSync(path, "utf8")).toBe("K=v\n");
    expect([statSync(path).mode & 0o777, statSync(directory).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readdirSync(directory)).toEqual([".env"]);
  });

  test("makes no file just to remove something", async () => {
    const path = join(temporaryDirectory(), ".env");
    expect(await set(path, "K", undefined)).toEqual({ changed: false, notes: [] });
    expect(existsSync(path)).toBe(false);
  });

  test("makes a lax file private and says so, also when nothing else changes", async () => {
    const path = join(temporaryDirectory(), ".env");
    writeFileSync(path, "K=v\n");
    chmodSync(path, 0o644);
    const { changed, notes } = await set(path, "K", "v");
    expect([changed, notes]).toEqual([false, [`\`${path}\` is now 0600 (it was 0644)`]]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("follows a link and leaves it one", async () => {
    const home = temporaryDirectory();
    const real = join(home, "dotfiles", "env");
    mkdirSync(join(home, "dotfiles"));
    writeFileSync(real, "A=1\n");
    symlinkSync(real, join(home, ".env"));
    await set(join(home, ".env"), "K", "v");
    expect(lstatSync(join(home, ".env")).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toBe("A=1\nK=v\n");
  });

  test("refuses a directory, and a value that a .env cannot spell, and writes nothing", async () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, ".env"));
    await expect(set(join(home, ".env"), "K", "v")).rejects.toMatchObject({
      exitCode: 3,
      code: "dotenv-unreadable",
      message: expect.stringContaining("it is a directory"),
    });
    const path = join(home, "other");
    await expect(set(path, "K", "'\"`# x")).rejects.toMatchObject({
      exitCode: 2,
      code: "invalid-key",
    });
    expect(existsSync(path)).toBe(false);
  });

  test("loses nothing when many write at once", async () => {
    const path = join(temporaryDirectory(), ".env");
    const names = Array.from({ length: 20 }, (_, index) => `K${index}`);
    await Promise.all(names.map((name) => set(path, name, "v")));
    expect([...parseDotenv(readFileSync(path, "utf8")).keys()].sort()).toEqual(names.sort());
  });
});

describe("removeFromDotenv()", () => {
  test("takes out what is there and says so", async () => {
    const path = join(temporaryDirectory(), ".env");
    writeFileSync(path, "# mine\nA=1\nB=2\nC=3\n", { mode: 0o600 });
    expect(await removeFromDotenv(RUNTIME, path, ["C", "A", "NONE"])).toEqual({
      removed: new Map([
        ["A", "1"],
        ["C", "3"],
      ]),
      notes: [`\`A\` was removed from \`${path}\``, `\`C\` was removed from \`${path}\``],
    });
    expect(readFileSync(path, "utf8")).toBe("# mine\nB=2\n");
  });

  test.each([["NONE"], []])(
    "touches nothing where there is nothing to remove: %j",
    async (...names) => {
      const directory = temporaryDirectory();
      const path = join(directory, ".env");
      expect(await removeFromDotenv(RUNTIME, path, names)).toEqual({
        removed: new Map(),
        notes: [],
      });
      expect(readdirSync(directory)).toEqual([]);
      // A mode that a write would mend: nobody wrote.
      writeFileSync(path, "A=1\n");
      chmodSync(path, 0o644);
      expect(await removeFromDotenv(RUNTIME, path, names)).toEqual({
        removed: new Map(),
        notes: [],
      });
      expect([statSync(path).mode & 0o777, readdirSync(directory)]).toEqual([0o644, [".env"]]);
    },
  );
});

test("readDotenv() has no variables where there is no file", () => {
  expect(readDotenv(join(temporaryDirectory(), ".env")).size).toBe(0);
});
