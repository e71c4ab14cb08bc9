import { describe, expect, test } from "bun:test";
import { splitCommand } from "../../src/secrets/split-command.ts";

describe("splitCommand()", () => {
  test.each([
    ["pass show  qwen", ["pass", "show", "qwen"]],
    [" a\tb\nc ", ["a", "b", "c"]],
    ["a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]],
    [`a'b'"c"d`, ["abcd"]],
    [`a "b \\" \\\\ c" 'd\\'`, ["a", 'b " \\ c', "d\\"]],
    [`a 'it'\\''s'`, ["a", "it's"]],
    [`a '' ""`, ["a", "", ""]],
    [`op read "op://Vault/it's/key"`, ["op", "read", "op://Vault/it's/key"]],
    ["echo $HOME | cat; * `x` #y", ["echo", "$HOME", "|", "cat;", "*", "`x`", "#y"]],
    [
      `~/bin/x ~ ~/'a b' "~/y" '~/z' a~/b ~me`,
      ["/home/me/bin/x", "/home/me", "/home/me/a b", "~/y", "~/z", "a~/b", "~me"],
    ],
    ["", []],
    [" ", []],
    ["a 'b", undefined],
    ['a "b', undefined],
    ['a "b\\"', undefined],
    ["a\\", undefined],
  ])("makes of %j the words %j", (command, expected) => {
    expect(splitCommand(command, "/home/me")).toEqual(expected);
  });
});

test("splitCommand() takes linear time for a long word without an end", () => {
  expect(splitCommand(`${"a".repeat(50_000)}'`, "/home/me")).toBeUndefined();
});
