import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isWholeText, readText } from "../../../src/lib/files/read-text.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

function file(content: string | Uint8Array): string {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, content);
  return path;
}

describe("readText()", () => {
  test.each([
    ["a text", "text\n"],
    ["nothing at all", ""],
    ["as much as is allowed", "0123456789"],
    ["letters of several bytes", "ключ"],
  ])("reads %s", (_what, text) => {
    const realPath = file(text);
    expect(readText(realPath, 10)).toEqual({ kind: "text", text, realPath });
  });

  test("says where a link leads", () => {
    const realPath = file("text");
    const link = `${realPath}.link`;
    symlinkSync(realPath, link);
    expect(readText(link, 10)).toEqual({ kind: "text", text: "text", realPath });
  });

  test("asks the objection about the file that was opened, and then does not read it", () => {
    const realPath = file("text");
    const seen: unknown[] = [];
    const objection = (found: object) => {
      seen.push(found);
      return "it is not liked";
    };
    expect(readText(realPath, 10, objection)).toEqual({
      kind: "unreadable",
      reason: "it is not liked",
    });
    expect(seen).toMatchObject([{ kind: "file", path: realPath, realPath, size: 4 }]);
    expect(readText(realPath, 10, () => undefined)).toMatchObject({ kind: "text" });
  });

  test.each<[string, () => string, string]>([
    ["nothing", () => join(temporaryDirectory(), "none"), "there is no such file"],
    ["a directory", () => temporaryDirectory(), "it is a directory"],
    ["a loop of links", loop, "it cannot be read"],
    ["one byte too much", () => file("x".repeat(1024 * 1024 + 1)), "it is larger than 1 MiB"],
    ["what is no UTF-8", () => file(new Uint8Array([97, 0xe9, 98])), "it is no text in UTF-8"],
    ["a zero byte", () => file("ab\0c"), "it is no text in UTF-8"],
    [
      "UTF-16",
      () => file(new Uint8Array([0xff, 0xfe, 97, 0, 98, 0])),
      "it is UTF-16; save it as UTF-8",
    ],
  ])("has a reason for %s", (_what, make, reason) => {
    expect(readText(make(), 1024 * 1024)).toEqual({ kind: "unreadable", reason });
  });
});

test("isWholeText() tells text from what was lost as it was decoded", () => {
  expect(["", "text", "é\n", "a\0b", "a\ufffdb"].map(isWholeText)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

function loop(): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "in"));
  symlinkSync("b", join(directory, "a"));
  symlinkSync("a", join(directory, "b"));
  return join(directory, "a");
}
