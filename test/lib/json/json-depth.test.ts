import { describe, expect, test } from "bun:test";
import { tooDeepAt } from "../../../src/lib/json/json-depth.ts";

const deep = (count: number) => '{"a":['.repeat(count);

describe("tooDeepAt()", () => {
  const cases: readonly (readonly [name: string, text: string, at: number | undefined])[] = [
    ["takes 256 levels", deep(128), undefined],
    ["names the first bracket of the next", `${deep(128)}[[`, 128 * 6],
    ["names the first bracket that is one too many, of both kinds", `${deep(128)}[`, 128 * 6],
    ["counts what is open alone", "[]".repeat(1000), undefined],
    ["takes 256 brackets of one kind", `${"[".repeat(256)}`, undefined],
    ["names the 257th bracket", "[".repeat(257), 256],
    ["names the 257th brace", "{".repeat(257), 256],
    ["ends a string behind an escaped backslash", `"\\\\"${"[".repeat(257)}`, 4 + 256],
    ["ends a string behind any other escape", `"\\n"${"[".repeat(257)}`, 4 + 256],
    ["does not look into strings", `"\\"${"[".repeat(1000)}"`, undefined],
    ["does not look into a string without an end", `"${"[".repeat(1000)}`, undefined],
    ["does not look into comments", `/*${"[".repeat(1000)}*/ //${"{".repeat(1000)}\n`, undefined],
    ["looks behind comments", `/**///"\n${"[".repeat(257)}`, 264],
    [
      "looks for the end of a comment behind its beginning",
      `*/\n/*/${"[".repeat(1000)}*/`,
      undefined,
    ],
    ["looks for the end of a line behind its beginning", `\n//${"[".repeat(1000)}`, undefined],
    ["is not led astray by a slash", `/${"[".repeat(257)}`, 257],
  ];
  test.each(cases)("%s", (_name, text, at) => {
    expect(tooDeepAt(text)).toBe(at);
  });
});
