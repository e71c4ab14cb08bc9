import { describe, expect, test } from "bun:test";
import { isPlainWord, throwIfCommand, unknownCommand } from "../../src/cli/unknown-command.ts";
import { UsageError } from "../../src/errors.ts";

const HASH = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const RANDOM = "u9Kq7vXz0123456789abcdefGHIJKLmn";

/** The message that a line is refused with; `undefined`: it is a question. */
function refusal(line: string): string | undefined {
  try {
    throwIfCommand(line.split(" "));
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error instanceof UsageError ? error.message : undefined;
  }
}

describe("throwIfCommand()", () => {
  const KEY = "Cannot ask this: a word of it looks like a key";
  const none = (name: string) => `Cannot run \`qwen ${name}\`: there is no such command`;
  test.each<readonly [line: string, message: string | undefined]>([
    ["sk-0123456789abcdefghijklmnop", KEY],
    ["what is sk-0123456789abcdefghijklmnop", KEY],
    ["what is AIzaSyA0123456789abcdefghijklmnopqrstuv", KEY],
    [RANDOM, KEY],
    [`what is ${RANDOM}`, undefined],
    [`show commit ${HASH}`, undefined],
    ["auth", none("auth")],
    ["auth what", none("auth what")],
    ["login", none("login")],
    ["login zai", none("login")],
    ["login to it", undefined],
    ["modles", none("modles")],
    ["modles are what", undefined],
    ["auht status", none("auht")],
    ["auht nonsense", undefined],
    ["hello", undefined],
    ["hello world", undefined],
  ])("%j: %p", (line, message) => {
    expect(refusal(line)).toBe(message);
  });
});

test.each([
  ["a", true],
  ["Auth-x", true],
  ["a".repeat(20), true],
  ["a".repeat(21), false],
  ["-a", false],
  ["a1", false],
  ["", false],
])("isPlainWord(%j) is %p", (word, expected) => {
  expect(isPlainWord(word)).toBe(expected);
});

describe("unknownCommand()", () => {
  test.each<readonly [line: string, message: string, hint: string, isSuggesting?: boolean]>([
    [
      "x1 y",
      "Cannot run this: there is no such command",
      "run `qwen --help`; a key goes to `--key-stdin`",
      false,
    ],
    [
      "auth x1",
      "Cannot run this: there is no such command",
      "run `qwen --help`; a key goes to `--key-stdin`",
      false,
    ],
    [
      "auth nonsense",
      "Cannot run `qwen auth nonsense`: there is no such command",
      "run `qwen auth --help`",
      true,
    ],
    [
      "auth use",
      "Cannot run `qwen auth use`: there is no such command",
      "run `qwen auth switch`",
      false,
    ],
    [
      "login zai",
      "Cannot run `qwen login`: there is no such command",
      "run `qwen auth`; to ask the model: `qwen -p login`",
      false,
    ],
    [
      "/auth",
      "Cannot run `qwen /auth`: there is no such command",
      "run `qwen auth`; to ask the model: `qwen -p /auth`",
      false,
    ],
    [
      "modles",
      "Cannot run `qwen modles`: there is no such command",
      "did you mean `qwen models`? To ask the model: `qwen -p modles`",
      false,
    ],
    [
      "tokne",
      "Cannot run `qwen tokne`: there is no such command",
      "did you mean `qwen auth token`? To ask the model: `qwen -p tokne`",
      false,
    ],
    [
      "zzzzzz",
      "Cannot run `qwen zzzzzz`: there is no such command",
      "run `qwen --help`; to ask the model: `qwen -p zzzzzz`",
      true,
    ],
  ])("%j", (line, message, hint, isSuggesting) => {
    const error = unknownCommand(line.split(" "));
    expect([error.message, error.hint, error.code]).toEqual([message, hint, "unknown-command"]);
    expect(error.suggest !== undefined).toBe(isSuggesting ?? false);
  });

  test("suggests those of the group, or of all", () => {
    const [inGroup, ofAll] = [unknownCommand(["auth", "nonsense"]), unknownCommand(["zzzzzz"])];
    expect(inGroup.suggest?.word).toBe("nonsense");
    expect(inGroup.suggest?.from).toContain("coding-plan");
    expect(inGroup.suggest?.from).not.toContain("models");
    expect(ofAll.suggest?.word).toBe("zzzzzz");
    expect(ofAll.suggest?.from).toEqual(expect.arrayContaining(["auth", "models", "help"]));
    expect(ofAll.suggest?.from).not.toContain("coding-plan");
  });
});
