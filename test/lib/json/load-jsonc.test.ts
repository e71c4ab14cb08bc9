import { describe, expect, test } from "bun:test";
import { editableText, loadJsonc } from "../../../src/lib/json/load-jsonc.ts";
import { parseJson } from "../../../src/lib/json/parse-json.ts";

describe("loadJsonc()", () => {
  test.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    ['\ufeff{"a":1}', { a: 1 }],
    ['\ufeff{"a":1,} // plain', { a: 1 }],
    ["null", null],
    [`${"[".repeat(256)}${"]".repeat(256)}`, JSON.parse("[".repeat(256) + "]".repeat(256))],
  ])("reads %j", async (text, value) => {
    expect(await loadJsonc(text)).toEqual({ kind: "value", value });
  });

  test.each([
    ['{\n "a" 1}', { message: "expected a colon", line: 2, column: 6 }],
    ["", { message: "the file is empty", line: 1, column: 1, isEmpty: true }],
    [`{\n"a":${"[".repeat(300)}`, { message: "the nesting is too deep", line: 2, column: 5 + 255 }],
  ])("says where %j is wrong", async (text, error) => {
    expect(await loadJsonc(text)).toEqual({ kind: "error", ...error } as never);
  });
});

test.each([
  [undefined, "{}\n"],
  ["", "{}\n"],
  [" \n", "{}\n"],
  ["// mine\n", "// mine\n{}\n"],
  ["\n/* mine */", "\n/* mine */\n{}\n"],
  ['{"a":1}', '{"a":1}'],
  // What is broken is for whoever edits it to refuse.
  ["{", "{"],
])("editableText(%j) is %j", async (text, expected) => {
  expect(await editableText(text, "{}\n")).toBe(expected);
});

test("parseJson() reads what is JSON, and nothing else", () => {
  expect(["1", "null", '{"a":[]}', "", "{", "// no"].map(parseJson)).toEqual([
    1,
    null,
    { a: [] },
    undefined,
    undefined,
    undefined,
  ]);
});
