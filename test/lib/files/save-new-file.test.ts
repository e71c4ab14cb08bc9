import { expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { saveNewFile } from "../../../src/lib/files/save-new-file.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MACHINE = { uid: process.geteuid?.(), sleep: Bun.sleep };

test("saveNewFile() makes a file for its owner alone, in a folder that stays as it is", async () => {
  const folder = join(temporaryDirectory(), "folder");
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  await saveNewFile(MACHINE, join(folder, "new"), "text\n");
  expect(readFileSync(join(folder, "new"), "utf8")).toBe("text\n");
  expect([modeOf(join(folder, "new")), modeOf(folder)]).toEqual(["0600", "0755"]);
  expect(readdirSync(folder)).toEqual(["new"]);
});

test.each<[string, (path: string) => unknown]>([
  ["a file", (path) => writeFileSync(path, "old")],
  ["an empty file", (path) => writeFileSync(path, "")],
  ["a directory", (path) => mkdirSync(path)],
  ["a link to nothing", (path) => symlinkSync("nowhere", path)],
])("saveNewFile() leaves %s that stands there", async (_what, make) => {
  const folder = temporaryDirectory();
  const path = join(folder, "taken");
  make(path);
  const before = snapshot(folder);
  await expect(saveNewFile(MACHINE, path, "text\n")).rejects.toMatchObject({
    message: `Cannot save \`${path}\`: something stands there already`,
    code: "invalid-value",
    hint: "name another file",
    exitCode: 2,
  });
  expect(snapshot(folder)).toEqual(before);
});
