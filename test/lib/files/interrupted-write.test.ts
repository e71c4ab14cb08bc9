import { expect, test } from "bun:test";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { interruptedWrite } from "../../../src/lib/files/interrupted-write.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** More than any system gives: nobody has it. */
const DEAD = 2 ** 31 - 1;
const SINCE = 1_700_000_000;
const LARGEST = 1024 * 1024;

type Left = {
  readonly text: string;
  /** Seconds after the file itself. */
  readonly age: number;
  readonly pid?: number;
  readonly of?: string;
};

function found(left: readonly Left[], file: string | undefined = "old") {
  const directory = temporaryDirectory();
  const path = join(directory, "tokens");
  const write = (name: string, text: string, time: number) => {
    writeFileSync(join(directory, name), text);
    utimesSync(join(directory, name), time, time);
  };
  if (file !== "") {
    write("tokens", file, SINCE);
  }
  for (const [index, { text, age, pid = DEAD, of = "tokens" }] of left.entries()) {
    write(`.${of}.${pid}--000000000000000${index}.tmp`, text, SINCE + age);
  }
  return interruptedWrite(path, (text) => !text.startsWith("part"));
}

test.each<[string, readonly Left[], string | undefined]>([
  ["nothing where nothing is left", [], undefined],
  ["what is newer", [{ text: "new", age: 1 }], "new"],
  ["what is as new", [{ text: "new", age: 0 }], "new"],
  ["nothing older", [{ text: "new", age: -1 }], undefined],
  ["nothing that is not whole", [{ text: "part", age: 1 }], undefined],
  ["nothing of a writer that lives", [{ text: "new", age: 1, pid: process.pid }], undefined],
  ["nothing of another file", [{ text: "new", age: 1, of: "settings" }], undefined],
  [
    "the newest",
    [
      { text: "new", age: 1 },
      { text: "newest", age: 3 },
      { text: "newer", age: 2 },
      { text: "part", age: 4 },
    ],
    "newest",
  ],
  ["the largest text", [{ text: "x".repeat(LARGEST), age: 1 }], "x".repeat(LARGEST)],
  ["none that is larger", [{ text: "x".repeat(LARGEST + 1), age: 1 }], undefined],
])("interruptedWrite() finds %s", (_what, left, expected) => {
  expect(found(left)).toBe(expected as never);
});

test("interruptedWrite() finds nothing where the file was removed, or its directory", () => {
  expect(found([{ text: "new", age: 1 }], "")).toBeUndefined();
  expect(interruptedWrite("/none/here/tokens", () => true)).toBeUndefined();
});
