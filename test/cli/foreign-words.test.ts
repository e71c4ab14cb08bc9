import { expect, test } from "bun:test";
import { FOREIGN_WORDS, foreignCommand, isForeign } from "../../src/cli/foreign-words.ts";

test.each<readonly [line: string, command: string | undefined, isAlone: boolean]>([
  ["login", "qwen auth", true],
  ["login zai", "qwen auth", true],
  ["login to my account", "qwen auth", false],
  ["logout deepseek", "qwen auth logout", true],
  ["switch glm-5", "qwen auth switch", true],
  ["api-key zai", "qwen auth api-key", true],
  // Behind the others stands a question.
  ["status quo", "qwen auth status", false],
  ["status", "qwen auth status", true],
  ["auth", undefined, false],
  ["auth signin", "qwen auth", false],
  ["auth print-token", "qwen auth token", false],
  ["auth deepseek", "qwen auth api-key --provider deepseek", false],
  ["auth DeepSeek", "qwen auth api-key --provider deepseek", false],
  ["auth nonsense", undefined, false],
  ["deepseek", undefined, false],
  ["toString", undefined, false],
  ["auth constructor", undefined, false],
  ["/login", "qwen auth", true],
  ["hello", undefined, false],
  ["", undefined, false],
])("foreignCommand() of %j is %p, and alone it is one: %p", (line, command, isAlone) => {
  const words = line.split(" ").filter((word) => word !== "");
  expect([foreignCommand(words), isForeign(words)]).toEqual([command, isAlone]);
});

test("FOREIGN_WORDS are single words of letters", () => {
  expect(FOREIGN_WORDS).toContain("coding-plan");
  expect(FOREIGN_WORDS.filter((word) => /[ /]/.test(word))).toEqual([]);
  expect(FOREIGN_WORDS.every((word) => foreignCommand([word]) !== undefined)).toBe(true);
});
