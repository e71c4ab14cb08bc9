import { expect, test } from "bun:test";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeTemporaryFile } from "../../../src/lib/files/atomic-file.ts";
import { withFileLock } from "../../../src/lib/files/file-lock.ts";
import { findTemporaryFiles } from "../../../src/lib/files/find-temporary-files.ts";
import { currentProcess } from "../../../src/lib/files/process-identity.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const found = (directory: string) =>
  findTemporaryFiles(directory)
    .map(({ path, isOfDead }) => [path, isOfDead])
    .sort();

/** A process that has ended. */
async function deadProcess() {
  const child = Bun.spawn(["true"]);
  await child.exited;
  return { ...currentProcess(), pid: child.pid, startTime: undefined };
}

test("findTemporaryFiles() finds what is in use, and what dead processes left", async () => {
  const directory = temporaryDirectory();
  const at = (name: string) => join(directory, name);
  const { pid, host } = await deadProcess();
  const used = writeTemporaryFile(at("settings.json"), "{}");
  writeFileSync(at(`.settings.json.${pid}--0123456789abcdef.tmp`), "");
  writeFileSync(at(".env.lock"), JSON.stringify({ pid, host }));
  mkdirSync(at("history.lock"));
  for (const other of ["settings.json", ".env", "notes.tmp", ".x.tmp", "yarn.lock"]) {
    writeFileSync(at(other), "");
  }
  await withFileLock(
    at("trustedFolders.json"),
    () => {
      expect(found(directory)).toEqual(
        [
          [at(".env.lock"), true],
          [at(`.settings.json.${pid}--0123456789abcdef.tmp`), true],
          [used, false],
          [at("history.lock"), true],
          [at("trustedFolders.json.lock"), false],
        ].sort(),
      );
    },
    { sleep: Bun.sleep },
  );
});

test("findTemporaryFiles() tells when a file was changed last", () => {
  const directory = temporaryDirectory();
  const path = writeTemporaryFile(join(directory, "x"), "");
  utimesSync(path, 1000, 1000);
  expect(findTemporaryFiles(directory)).toEqual([{ path, isOfDead: false, modified: 1_000_000 }]);
});

test("findTemporaryFiles() finds nothing where there is no directory", () => {
  expect(findTemporaryFiles(join(temporaryDirectory(), "nowhere"))).toEqual([]);
});
