import { expect, test } from "bun:test";
import { frameComplaint, frameNotes } from "../../src/terminal/frame-notes.ts";

const URL = "https://console.example/region?tab=plan";

test.each<readonly [name: string, notes: string, columns: number, rows: readonly string[]]>([
  ["leaves what fits", `made at ${URL}#/index`, 80, [`│  made at ${URL}#/index`]],
  ["takes the fragment off a URL without room", `made at ${URL}#/index`, 56, [`│  made at ${URL}`]],
  ["gives a URL a row of its own", `made at ${URL}`, 44, ["│  made at", `│  ${URL}`]],
  [
    "cuts what has no room on any row, behind the bar",
    `made at ${URL}`,
    30,
    ["│  made at", "│  https://console.example/reg", "│  ion?tab=plan"],
  ],
  ["breaks at words", "one two three", 10, ["│  one two", "│  three"]],
  ["keeps several notes", "one\ntwo", 10, ["│  one", "│  two"]],
  ["counts wide characters as two", "密钥密钥密钥", 9, ["│  密钥密", "│  钥密钥"]],
])("frameNotes() %s", (_name, notes, columns, rows) => {
  expect(frameNotes(`Key?\n${notes}`, columns)).toBe(["Key?", ...rows].join("\n"));
});

test("frameNotes() breaks a question at words, too, and leaves one that has room", () => {
  expect(frameNotes("Key?", 7)).toBe("Key?");
  expect(frameNotes("Enter your API key:", 15)).toBe("Enter your\n│  API key:");
});

test("frameComplaint() goes on below its words", () => {
  expect(frameComplaint("This is no key: it is empty.", 20)).toBe(
    "This is no key:\n   it is empty.",
  );
});
