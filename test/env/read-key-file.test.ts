import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readKeyFile } from "../../src/env/read-key-file.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

function file(text: string): string {
  const path = join(temporaryDirectory(), "key");
  writeFileSync(path, text);
  return path;
}

test.each([
  ["sk-1", "sk-1"],
  ["\ufeff sk-1 \r\n", "sk-1"],
  ["", ""],
  [" \n", ""],
  ["x".repeat(64 * 1024), "x".repeat(64 * 1024)],
])("readKeyFile() reads %j, trimmed", (text, key) => {
  expect(readKeyFile(file(text))).toEqual({ kind: "text", text: key });
});

test("readKeyFile() reads no byte beyond 64 KiB, no directory, and nothing where nothing is", () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "d"));
  const kinds = [
    file("x".repeat(64 * 1024 + 1)),
    join(directory, "d"),
    join(directory, "none"),
  ].map((path) => readKeyFile(path).kind);
  expect(kinds).not.toContain("text");
});
